#!/usr/bin/env python3
"""Sets the mean of sampled ops, less that of their stamps, beside ns per op, and tells what sampling cost.

SPDX-License-Identifier: MIT

    latency_means.py DIR [WORKLOAD]

At one thread both tell the same time, as far as an op does not overlap with its neighbours. Windows that
were disturbed are left out here: one stall is more than all else that a window holds.
"""
import csv
import json
import statistics
import sys

KEY = "workload setting strategy variant threads work_ns".split()


def total(buckets):
    """Sum and number of what NS:COUNT tell, each in the middle of its bucket."""
    ns = number = 0
    for least, count in (map(int, bucket.split(":")) for bucket in buckets.split()):
        width = 1 if least < 64 else 1 << (least.bit_length() - 6)
        ns += count * (least + (width - 1) / 2)
        number += count
    return ns, number


def main():
    folder, workload = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "getput"
    sums, spent = {}, 0
    for row in csv.DictReader(open(folder + "/latency.csv")):
        # A deferred group's guard is as long as its window, another's two batches.
        spent += int(row["window_ns"]) + (int(row["window_ns"]) if row["deferred"] == "1" else 40000)
        if row["workload"] != workload or row["threads"] != "1" or row["flags"]:
            continue
        own = sums.setdefault(tuple(row[name] for name in KEY), [0] * 4)
        for i, value in enumerate(total(row["ops"]) + total(row["stamps"])):
            own[i] += value
    loops, inside = {}, 0
    for row in csv.DictReader(open(folder + "/samples.csv")):
        inside += int(row["window_ns"])
        key = tuple(row[name] for name in KEY)
        if key in sums and row["ns_per_op"]:
            loops.setdefault(key, []).append(float(row["ns_per_op"]))
    print("%-44s %8s %8s %8s" % ("at one thread, ns", "samples", "- stamps", "ns/op"))
    for key, (ops, nr_ops, stamps, nr_stamps) in sums.items():
        if nr_ops and nr_stamps:
            print("%-44s %8.1f %8.1f %8.1f" % (" ".join(key[:3]), ops / nr_ops,
                  ops / nr_ops - stamps / nr_stamps, statistics.median(loops[key])))
    measuring = json.load(open(folder + "/meta.json"))["measuring_s"]
    print("windows of samples: %.1f s beside %.1f s inside those of rounds, in %.0f s of measuring" %
          (spent / 1e9, inside / 1e9, measuring))


if __name__ == "__main__":
    main()
