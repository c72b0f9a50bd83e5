#!/bin/sh
# A disk that is full, at each moment, or that cannot be written.
# SPDX-License-Identifier: MIT

# shellcheck disable=SC2086,SC2016,SC2030,SC2031,SC2034 # measure is words; evaluated later; faults.sh reads them
. tests/faults/faults.sh
mkdir "$scratch/disk"
if ! mount -t tmpfs -o size=10m none "$scratch/disk" 2>/dev/null; then
	skip 'disk full or read-only' 'needs root and mount(8) for a disk of its own'
	exit
fi
undo='umount "$scratch/disk"'
dir=$scratch/disk/run

disk() { # options of tmpfs
	umount "$scratch/disk"
	mount -t tmpfs -o "$1" none "$scratch/disk"
}

disk size=16k
fault 'disk full when the run begins' 2 'No space left on device' none $measure --filter "$one" --out "$dir"

disk size=16k
name='the same with a folder that was there, and stays' wanted=2 text='No space left on device' state='empty'
mkdir "$dir"
$measure --filter "$one" --out "$dir" >"$scratch/out" 2>"$scratch/err" </dev/null
code=$?
judge_it

# Of two launches the first fits in part.
roomy='mount -o remount,size=10m,nr_inodes=1000 "$scratch/disk"'
disk size=80k
after=$roomy
fault 'disk full when samples.csv grows' 1 'cannot write samples.csv: No space left' rows \
	$measure --launches 2 --filter "$one" --out "$dir"
goes_on 'the same with room again: --resume'

# Inodes: folder, samples, topology, holes, meta.json and the one that replaces it, latency.csv. After the first
# launch none is left.
disk size=10m,nr_inodes=7
after=$roomy
fault 'disk full when meta.json is rewritten' 1 'meta.json.new: No space left' rows \
	$measure --launches 2 --filter "$one" --out "$dir"
goes_on 'the same with room again: --resume'

disk size=10m,nr_inodes=8
after=$roomy
fault 'disk full when summary.csv is written' 1 'summary.csv.new: No space left' rows \
	$measure --filter "$one" --out "$dir"
disk size=10m,nr_inodes=18
after=$roomy
fault 'disk full when figures are written' 1 'figures: ' rows $measure --filter "$one" --out "$dir"
disk size=232k
after=$roomy
fault 'disk full when the report is written' 1 'report.html: No space left' rows \
	$measure --launches 2 --filter "$one" --out "$dir"

after=:
disk ro
fault 'disk read-only' 2 'cannot be written: Read-only file system' none $measure --filter "$one" --out "$dir"
