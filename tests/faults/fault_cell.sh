#!/bin/sh
# Code under test that crashes, never comes back or ends the process; test_crash.sh looks closer.
# SPDX-License-Identifier: MIT

# shellcheck disable=SC2086,SC2016,SC2030,SC2031,SC2034 # measure is words; evaluated later; faults.sh reads them
. tests/faults/faults.sh
measure="$B/krefbench-crash --quick --launches 2 --budget 2s --seed 1"
both='getput/(cas|misbehaves)@.*/held/.*/work_ns:0/threads:1$'
stacks='[ -s "$dir/stacks.txt" ] || verdict=WRONG'

# All others have their rows of both launches.
after=$stacks'; awk -F, '\''$7 == "cas" { n[$1] = 1 } END { exit length(n) != 2 }'\'' "$dir/samples.csv" || verdict=WRONG'
fault 'a strategy crashes (SIGSEGV)' 1 'points crashed: getput/misbehaves@' rows \
	env MISBEHAVES=segv:get $measure --filter "$both" --out "$dir"
fault 'a strategy crashes in the second launch (SIGABRT)' 1 'points crashed: getput/misbehaves@' rows \
	env MISBEHAVES=abort:put:2:40 $measure --filter "$both" --out "$dir"
fault 'a strategy uses up its stack' 1 'points crashed: getput/misbehaves@' rows \
	env MISBEHAVES=overflow:put $measure --filter "$both" --out "$dir"
after=$stacks
fault 'the baseline crashes in the second launch' 1 'crashed: getput/refcount@' rows \
	env BASELINE_MISBEHAVES=segv:get:2 $measure --filter "$both" --out "$dir"
fault 'a worker hangs in the second launch (2 s in place of 30)' 1 ' hung in its ops' rows \
	env MISBEHAVES=hang:get:2 KREFBENCH_HANG_MS=2000 $measure --filter "$both" --out "$dir"
fault 'a strategy calls exit(0) in the second launch' 1 ' ended the process in its ops' rows \
	env MISBEHAVES=exit:get:2:40 $measure --filter "$both" --out "$dir"
after=:
fault 'a strategy calls _exit(0) in the second launch' 1 'launch 2 ended before it was done' rows \
	env MISBEHAVES=vanish:get:2:40 $measure --filter "$both" --out "$dir"
