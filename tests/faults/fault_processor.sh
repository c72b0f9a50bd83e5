#!/bin/sh
# A processor that leaves the cpuset during a run.
# SPDX-License-Identifier: MIT

# shellcheck disable=SC2015,SC2086,SC2016,SC2030,SC2031,SC2034 # measure is words; evaluated later; faults.sh reads them
. tests/faults/faults.sh
name='a processor leaves the cpuset'
set=/sys/fs/cgroup/cpuset/krefbench-fault.$$
[ "$(nproc)" -ge 2 ] || { skip "$name" 'needs two processors'; exit; }
mkdir "$set" 2>/dev/null && cat "$set/../cpuset.cpus" >"$set/cpuset.cpus" 2>/dev/null &&
	cat "$set/../cpuset.mems" >"$set/cpuset.mems" ||
	{ skip "$name" 'needs root and the cpuset controller of cgroup v1'; exit; }
undo='rmdir "$set"'
all=$(cat "$set/cpuset.cpus")
last=$(taskset -pc $$ | sed 's/.*[ ,-]//')

sh -c 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"' sh "$set" $measure --launches 12 --budget 20s \
	--filter "$two" --out "$dir" >"$scratch/out" 2>"$scratch/err" </dev/null &
while kill -0 $! 2>/dev/null && { [ ! -s "$dir/samples.csv" ] || [ "$(wc -l <"$dir/samples.csv")" -lt 500 ]; }; do
	sleep 0.1
done
echo "0-$((last - 1))" >"$set/cpuset.cpus"
wait $!
code=$? wanted=1 text='processors that this process may use changed: ' state=rows
echo "$all" >"$set/cpuset.cpus"
judge_it
goes_on 'the same with the processor back: --resume'
