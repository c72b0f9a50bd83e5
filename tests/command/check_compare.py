#!/usr/bin/python3
# Holds what `compare A B` printed (on standard input) to the same figures by another way: SciPy's exact
# test, turned round for the intervals. For runs with one object, compact and padded.
# SPDX-License-Identifier: MIT

import csv
import math
import re
import sys
from statistics import median

from scipy.stats import mannwhitneyu

NEVER_NS = 1e12


def value(rounds, bursty):
    deferred, ns, window_ns, mops, threads = zip(*rounds)
    if not deferred[0] and not bursty:
        return median(ns)
    done = sum(w * m for w, m in zip(window_ns, mops))
    return 1000 * threads[0] * sum(window_ns) / done if done else NEVER_NS


def cell_of(row):
    threads = row["threads"] + (" thread" if row["threads"] == "1" else " threads")
    work = f", work {row['work_ns']} ns" if row["work_ns"] != "0" else ""
    return (f"{row['workload']} {row['setting']}{work}, {threads}",
            f"{row['strategy']}@{row['variant']}")


def bursty_cells(folder):
    with open(folder + "/summary.csv", newline="") as file:
        return {cell_of(row) for row in csv.DictReader(file) if "bursty" in row["flags"]}


def launches(folder, bursty):
    """{(group, point): {launch: ns per op}}, the median over rounds or that of totals."""
    windows = {}
    with open(folder + "/samples.csv", newline="") as file:
        for row in csv.DictReader(file):
            launch = windows.setdefault(cell_of(row), {}).setdefault(int(row["launch"]), [])
            launch.append((row["deferred"] == "1", float(row["ns_per_op"] or NEVER_NS),
                           float(row["window_ns"]), float(row["mops"]), int(row["threads"])))
    return {cell: {n: value(rounds, cell in bursty) for n, rounds in of.items()}
            for cell, of in windows.items()}


def samples(a, b):
    """{(group, point or None or all None): (A's, B's)}, as logarithms over the median of A's."""
    all_points = {}
    for cell in a:
        if cell in b:
            centre = median(math.log(ns) for ns in a[cell].values())
            all_points[cell] = {
                (run, n): math.log(ns) - centre
                for run, of in enumerate((a[cell], b[cell])) for n, ns in of.items()}
    groups = {group for group, _ in all_points}
    at = next(iter(all_points.values()))
    for group in groups:
        own = [x for (of, point), x in all_points.items() if of == group]
        all_points[group, None] = {n: median(x[n] for x in own) for n in at}
    all_points[None, None] = {n: median(all_points[g, None][n] for g in groups) for n in at}
    return all_points


def ends(said):
    """The logarithms between which a printed percentage may lie."""
    half = (0.6 if "." not in said else 0.06) / 100
    return (math.log1p(float(said) / 100 + off) for off in (-half, half))


def check(what, x, said):
    """The three percentages of x: the median of differences, and where the test turns at 0.05."""
    a = [v for (run, _), v in x.items() if run == 0]
    b = [v for (run, _), v in x.items() if run == 1]

    def significant(shift):
        return mannwhitneyu(a, [v - shift for v in b], method="exact").pvalue <= 0.05

    least, most = ends(said[0])
    assert least < median(v - u for u in a for v in b) < most, (what, said)
    (below_lo, above_lo), (below_hi, above_hi) = ends(said[1]), ends(said[2])
    assert significant(below_lo) and significant(above_hi), (what, said)
    if above_lo < below_hi:
        assert not significant(above_lo) and not significant(below_hi), (what, said)


def main():
    a, b = sys.argv[1:3]
    bursty = bursty_cells(a) & bursty_cells(b)
    x = samples(launches(a, bursty), launches(b, bursty))
    three = r"\s*([-+][\d.]+)% \[\s*([-+][\d.]+)%\s+([-+][\d.]+)%\]"
    group, nr = None, 0
    for line in sys.stdin:
        if line.rstrip() in {g for g, _ in x if g}:
            group = line.rstrip()
        row = re.match(r"  (all of it|\S+@\S+)\s[\s\d.e+]*?" + three + three, line)
        if not row:
            whole = re.match("  " + three + "$", line)
            if whole:
                check("whole", x[None, None], whole.groups())
                nr += 1
            continue
        point = None if row[1] == "all of it" else row[1]
        above = x[group, None] if point else x[None, None]
        total = x[group, point]
        check((group, point), total, row.groups()[1:4])
        check((group, point), {n: total[n] - above[n] for n in total}, row.groups()[4:7])
        nr += 1
    assert nr == len(x), (nr, len(x))
    print(nr, "rows agree")


main()
