#!/usr/bin/env python3
"""Makes a synthetic run's folder, for looking at figures and reports without measuring.

SPDX-License-Identifier: MIT

    make_run.py DIR [--threads 1,2] [--strategies N] [--launches N] [--status S] [--host NAME]
                    [--variants gcc,clang] [--objects 1,16] [--boundaries 8:L3,64:package]
                    [--quick] [--counters] [--workloads getput,...]
    another machine: [--seed N] [--speed 1.5] [--cpu NAME] [--started 2026-11-22T10:00:00Z]
"""
import argparse
import itertools
import json
import math
import os
import random

STRATEGIES = ("none plain atomic seqcst refcount cas mutex spinlock urcu_ref "
              "flags rcuref lockref percpu sloppy refcache biased snzi acqrel tracked my_own"
              ).split() + ["other_%d" % i for i in range(21, 41)]
QUEUES = "queue_mutex queue_mutex_free_outside queue_put_mutex queue_put_lock queue_unless_zero " \
         "queue_rcu queue_rcu_qsbr queue_rcu_sync".split()
SERIES = [("getput", "held"), ("handoff_spawn", "churn"), ("handoff_queue", "churn"),
          ("handoff_queue_extra", "churn")] + [(q, s) for q in QUEUES for s in ("held", "churn")]
COST = dict(none=0.3, plain=1.2, atomic=6.1, seqcst=6.15, refcount=7.4, cas=9.8, mutex=31,
            spinlock=14, urcu_ref=12.5)
COUNTERS = "cycles instructions cache_misses moved_local moved_remote rfo_hitm stall_cycles".split()
SAMPLES = "launch,round,position,workload,strategy,variant,kind,deferred,setting,placement,threads," \
          "objects,node,work_ns,layout,replace_permille,window_ns,batch_ops,ops,mops,ns_per_op," \
          "fairness,ticks,counted_ops,cycles,instructions,cache_misses,switches,migrations," \
          "retries,failed,total_ops,reclaim_ns,delays,delay_ns,garbage_objects,garbage_bytes," \
          "kref_bytes,thread_bytes,flags,counter_group"
KEY = "workload,placement,threads,objects,node"


def number(x):
    return "" if x is None else "%.6g" % x


def ns_per_op(rng, workload, strategy, threads, work, twist):
    base = COST.get(strategy, 5 + sum(map(ord, strategy)) % 23)
    slope = 1.1 if strategy in ("none", "percpu", "sloppy") else 2.3 + twist[strategy]
    own = base * slope ** math.log2(threads) + work
    extra = 0 if workload == "getput" else 40 + 10 * (sum(map(ord, workload)) % 9)
    return (own + extra * (1 + 0.3 * (threads - 1))) * rng.uniform(0.995, 1.005)


def counted(strategy, threads, ns):
    """cycles, instructions, cache misses; lines moved in the socket and from another; RFOs; stalls."""
    alone = strategy in ("none", "plain", "percpu", "sloppy") or threads == 1
    lines = 0 if alone else 1.6 * (1 - 1 / threads) * (0.8 + sum(map(ord, strategy)) % 9 / 10)
    return [number(x) for x in (ns * 3, 20 + ns / 10, 0.001 + lines / 50, lines * 0.8, lines * 0.2,
                                lines * 0.9, ns / 2)]


def windows_of_group(rng, args, group, cells, samples):
    """A launch has two windows of each point; launches differ by a percent, now and then by much."""
    workload, setting, placement, threads, objects, work = group
    ops = 1000000
    for launch in range(1, args.launches + 1):
        far = {n: rng.lognormvariate(0, 0.01) * (1.5 if rng.random() < 0.03 else 1) for n in cells}
        for turn, (name, (ns, kind)) in itertools.product((1, 2), cells.items()):
            strategy, variant = name.split("@")
            own = ns * far[name] * rng.lognormvariate(0, 0.003)
            fair = 1 if threads == 1 else 0.4 + sum(map(ord, strategy)) % 60 / 100
            count = counted(strategy, threads, ns) if args.counters else [""] * len(COUNTERS)
            count = [number(ops * float(x)) if x else "" for x in count]
            retries = ops * 0.3 if strategy in ("cas", "spinlock") and threads > 1 else 0
            samples.append([
                launch, turn, 1, workload, strategy, variant, kind, 0, setting, placement,
                threads, objects, "", work, "padded", 0, 500000, 1000, ops,
                number(1000 * threads / own), number(own), number(fair), number(ops * ns * 2.1),
                ops, *count[:3], 0, 0, number(retries), 0, ops, "", "", "", "", "", 4, 0, "",
                1 if args.counters else "", *(count[3:] if args.counters else [])])


def rows_of_group(rng, args, group, out, ratios, samples, twist):
    workload, setting, placement, threads, objects, work = group
    cells = []
    for variant in args.variants:
        for s in STRATEGIES[:args.strategies]:
            if s == "plain" and threads > 1:
                continue
            if workload.startswith("queue_put_lock") and s == "urcu_ref":
                continue
            cells.append((s, variant, "floor" if s in ("none", "plain") else "candidate"))
    cells.append(("refcount", "aa", "control"))
    if workload == "getput":
        cells += [("refcount", "asm", "control"), ("atomic", "asm", "control")]
    cells.append(("empty", args.variants[0], "control"))
    few = args.launches < 6
    values = {}
    for s, v, kind in cells:
        ns = 31.5 if s == "empty" else ns_per_op(rng, workload, s, threads, work, twist) / args.speed
        w = rng.uniform(0.004, 0.04)
        values[s + "@" + v] = (ns, kind)
        flags = "+".join(f for f in ["few-launches" if few else "",
                                     "bursty" if s == "urcu_ref" and threads > 1 else ""] if f)
        out.append([workload, s, v, placement, threads, objects, "", args.launches, 320, number(ns),
                    number(ns * (1 - w)), number(ns * (1 + w)), number(1000 * threads / ns),
                    number(1 if threads == 1 else rng.uniform(0.4, 1)), number(ns * 2.1),
                    *(counted(s, threads, ns)[:3] if args.counters else ("", "", "")),
                    number(rng.uniform(0.1, 1.5)) if s in ("cas", "spinlock") else "", flags,
                    setting, work, "padded", kind, "", "", number(1e-6), "0", 0, 4, 0, "", "",
                    ""] + (counted(s, threads, ns)[3:] if args.counters else []))
    windows_of_group(rng, args, group, values, samples)
    floor = rng.uniform(0.005, 0.02)
    names = [n for n in values if not n.startswith("empty")]
    base = "refcount@" + args.variants[0]
    for i, first in enumerate(names):
        for second in names[i + 1:]:
            a, b = (second, first) if first == base else (first, second)
            r = values[a][0] / values[b][0]
            lo, hi = r * 0.985, r * 1.017
            verdict = ""
            if b == base and not few and values[a][1] == "candidate":
                verdict = "tie" if lo <= 1 + floor and hi >= 1 - floor else \
                    "faster" if r < 1 else "slower"
            ratios.append([workload, placement, threads, objects, "", a, b, args.launches,
                           number(r),
                           number(lo), number(hi), verdict, setting, work, "padded", number(floor),
                           "median", number(0.002) if verdict else "", 0])


def meta(args):
    return {
        "format": 1, "host": args.host, "started_utc": args.started,
        "finished_utc": "2026-11-22T10:21:07Z", "status": args.status,
        "status_reason": "" if args.status == "complete" else "stopped by the user",
        "command": ["./run.sh"] + (["--quick"] if args.quick else []), "seed": 7,
        "launches_planned": 12, "launches_done": args.launches, "commit": "0123456789abcdef",
        "machine": {"cpu": args.cpu, "arch": "x86_64", "packages": 1,
                    "cores": max(args.threads), "pus": max(args.threads), "numa_nodes": 1,
                    "l3": ["32 MiB"], "smt": False, "memory_bytes": 8 << 30,
                    "virtualisation": "kvm"},
        "kernel": "Linux 6.1.0", "governor": None,
        "mitigations": {"meltdown": "Not affected", "spectre_v2": "Mitigation: Retpolines"},
        "toolchain": [{"variant": v, "compiler": v + " 12.2", "flags": "-O2 -falign-functions=64"}
                      for v in args.variants],
        "libraries": {"liburcu": "0.13.2", "hwloc": "2.9.0"},
        "clock": {"source": "tsc", "ticks_per_ns": 2.4, "max_offset_ns": 31},
        "counters": dict.fromkeys(COUNTERS) if args.counters else
        dict.fromkeys(COUNTERS, "no PMU in this virtual machine"),
        "counter_events": {"rfo_hitm": "spr::OCR:DEMAND_RFO_L3_HIT_SNOOP_HITM",
                           "stall_cycles": "spr::EXE_ACTIVITY:BOUND_ON_STORES"},
        "counters_user_mode": args.counters,
        "saturating": ["refcount", "flags", "cas", "mutex", "spinlock", "rcuref"],
        "placements": {"compact": list(range(max(args.threads)))}, "threads": args.threads,
        "boundaries": {"compact": [{"n": int(n), "kind": kind} for n, kind in
                                   (b.split(":") for b in args.boundaries.split(",") if b)]},
        "measured_s": 812.4, "measuring_s": 1260, "quick": args.quick}


def main():
    p = argparse.ArgumentParser()
    p.add_argument("dir")
    p.add_argument("--threads", default="1,2")
    p.add_argument("--strategies", type=int, default=9)
    p.add_argument("--launches", type=int, default=12)
    p.add_argument("--status", default="complete")
    p.add_argument("--host", default="example")
    p.add_argument("--variants", default="gcc")
    p.add_argument("--objects", default="1")
    p.add_argument("--boundaries", default="")
    p.add_argument("--quick", action="store_true")
    p.add_argument("--counters", action="store_true")
    p.add_argument("--workloads", default="")
    p.add_argument("--seed", type=int, default=7)
    p.add_argument("--speed", type=float, default=1)
    p.add_argument("--cpu", default="Synthetic Processor 9000 @ 2.40GHz")
    p.add_argument("--started", default="2026-11-22T10:00:00Z")
    args = p.parse_args()
    args.threads = [int(t) for t in args.threads.split(",")]
    args.objects = [int(t) for t in args.objects.split(",")]
    args.variants = args.variants.split(",")
    rng = random.Random(args.seed)
    twist = {s: rng.uniform(-0.5, 0.6) for s in STRATEGIES}
    out, ratios, samples = [], [], []
    for workload, setting in SERIES:
        if args.workloads and workload not in args.workloads.split(","):
            continue
        for objects in args.objects:
            for threads in args.threads:
                if workload.startswith("handoff") and threads % 2:
                    continue
                works = [0]
                if workload == "getput" and threads == max(args.threads):
                    works += [10, 30, 100, 300, 1000, 3000]
                for work in works:
                    rows_of_group(rng, args, (workload, setting, "compact", threads, objects, work),
                                  out, ratios, samples, twist)
    os.makedirs(args.dir, exist_ok=True)
    write(args, "summary.csv", "workload,strategy,variant,placement,threads,objects,node,launches,"
          "windows,ns_per_op,ns_per_op_lo,ns_per_op_hi,mops,fairness,ticks_per_op,cycles_per_op,"
          "instructions_per_op,cache_misses_per_op,retries_per_op,flags,setting,work_ns,layout,"
          "kind,failed_per_op,reclaim_ns_per_op,switches_per_op,migrations_per_op,"
          "replace_permille,kref_bytes,thread_bytes,reclaim_delay_ns,garbage_objects,"
          "garbage_bytes" + (",moved_local_per_op,moved_remote_per_op,rfo_hitm_per_op,"
                             "stall_cycles_per_op" if args.counters else ""), out)
    write(args, "ratios.csv", KEY + ",a,b,launches,ratio,ratio_lo,ratio_hi,verdict,setting,work_ns,"
          "layout,floor,judged,p_holm,replace_permille", ratios)
    write(args, "samples.csv", SAMPLES + (",moved_local,moved_remote,rfo_hitm,stall_cycles"
                                          if args.counters else ""), samples)
    write(args, "holes.csv", "workload,strategy,variant,setting,reason",
          [["queue_put_lock", "urcu_ref", args.variants[0], "held",
            "its put does not say whether it released"]])
    with open(os.path.join(args.dir, "meta.json"), "w") as f:
        json.dump(meta(args), f, indent=1)


def write(args, name, header, rows):
    with open(os.path.join(args.dir, name), "w") as f:
        f.write(header + "\n")
        f.writelines(",".join(map(str, r)) + "\n" for r in rows)


if __name__ == "__main__":
    main()
