#!/usr/bin/env python3
"""A run's folder as a kill before its first look left it: look_again.py RUN COPY SPENT_S. With --compare: do both
runs measure the same points in the launches after it, and each launch the points that were planned?"""
# SPDX-License-Identifier: MIT

import csv
import json
import os
import shutil
import sys

FIRST = 12


def load(folder):
    with open(os.path.join(folder, "meta.json"), encoding="utf-8") as file:
        return json.load(file)


def look_again(run, copy, spent_s):
    shutil.copytree(run, copy)
    meta = load(run)
    meta["status"] = "running"
    meta["launches_done"] = FIRST
    meta["measuring_s"] = spent_s
    schedule = meta["schedule"]
    schedule["blocks"] = schedule["blocks"][:1]
    schedule["ended"] = False
    schedule["widths"] = " ".join(["inf"] * len(schedule["widths"].split()))
    with open(os.path.join(copy, "meta.json"), "w", encoding="utf-8") as file:
        json.dump(meta, file)
    for name in ("samples.csv", "latency.csv"):
        with open(os.path.join(run, name), encoding="utf-8") as file:
            lines = file.readlines()
        with open(os.path.join(copy, name), "w", encoding="utf-8") as file:
            file.writelines(line for i, line in enumerate(lines)
                            if not i or int(line.split(",", 1)[0]) <= FIRST)


def points_of_launches(folder):
    """Of each launch the set of its points."""
    points = {}
    with open(os.path.join(folder, "samples.csv"), encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            points.setdefault(int(row["launch"]), set()).add(
                (row["workload"], row["strategy"], row["variant"], row["threads"]))
    return points


def planned(folder):
    """Of each launch which points of the plan it was to measure."""
    masks = []
    for block in load(folder)["schedule"]["blocks"]:
        masks += [block["points"]] * block["launches"]
    return masks


def compare(first, second):
    for folder in (first, second):
        masks, points = planned(folder), points_of_launches(folder)
        if sorted(points) != list(range(1, len(masks) + 1)):
            sys.exit(f"{folder}: {len(masks)} launches were planned, there are {sorted(points)}")
        for launch, mask in enumerate(masks, 1):
            if len(points[launch]) != mask.count("1"):
                sys.exit(f"{folder}: launch {launch} has not the points that were planned")
    a, b = planned(first), planned(second)
    if len(a) <= FIRST or len(b) <= FIRST:
        print("no launches after the look: the machine is too slow to compare any")
    elif a[FIRST] != b[FIRST] or \
            points_of_launches(first)[FIRST + 1] != points_of_launches(second)[FIRST + 1]:
        sys.exit("the look planned other points")


if sys.argv[1] == "--compare":
    compare(sys.argv[2], sys.argv[3])
else:
    look_again(sys.argv[1], sys.argv[2], float(sys.argv[3]))
