#!/bin/sh
# No memory, no threads, a processor that is gone, no topology, a clock that steps.
# SPDX-License-Identifier: MIT

# shellcheck disable=SC2086,SC2016,SC2030,SC2031,SC2034 # measure is words; evaluated later; faults.sh reads them
. tests/faults/faults.sh
with() { # FUNCTION:CALLS, launch|run; sets broken to what stands before the command
	broken="env LD_PRELOAD=$preload FAULT=$1 FAULT_IN=$2"
}

with mmap:0 launch
fault 'no memory for objects (mmap fails)' 1 'no memory for the objects' empty \
	$broken $measure --filter "$one" --out "$dir"
with pthread_create:0 launch
fault 'no threads (pthread_create fails)' 1 'cannot start worker 1 of 2: Resource temporarily' empty \
	$broken $measure --filter "$two" --out "$dir"
for bytes in 3000 6000; do
	fault "no file of more than $bytes bytes" 2 'File too large' none \
		prlimit --fsize=$bytes $measure --filter "$one" --out "$dir"
done
fault 'no memory for figures (RLIMIT_AS of 30 MB)' 1 'report: ' rows \
	env PATH="$real_path" prlimit --as=30000000 $measure --filter "$one" --out "$dir"
with hwloc_topology_load:0 run
fault 'hwloc cannot load, from the start' 77 "hwloc cannot load this machine's topology" none \
	$broken $measure --filter "$one" --out "$dir"
with hwloc_topology_load:0 launch
fault 'hwloc cannot load, in a launch' 1 'hwloc cannot load' empty \
	$broken $measure --filter "$one" --out "$dir"
for variable in HWLOC_XMLFILE=/dev/null HWLOC_SYNTHETIC=nonsense; do
	fault "$variable, which is not this machine" 0 'report: ' rows \
		env "$variable" $measure --filter "$one" --out "$dir"
done
with clock_gettime:200 launch
after='grep -q clock-step "$dir/samples.csv" || verdict=WRONG'
fault 'clock steps (flagged)' 0 'report: ' rows $broken $measure --filter "$one" --out "$dir"
after=:

[ "$(nproc)" -ge 2 ] || { skip 'a processor is taken away' 'needs two processors'; exit; }
# The launch pins each worker when it compares clocks and once a group: the second launch's fail.
with pthread_setaffinity_np:2 launch
fault 'a processor is taken away (pthread_setaffinity_np fails)' 1 'cannot pin worker' empty \
	$broken $measure --filter "$two" --out "$dir"
