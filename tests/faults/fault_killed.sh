#!/bin/sh
# A run that is killed while it measures, or is not to be; test_kill.sh kills at random moments and compares every row.
# SPDX-License-Identifier: MIT

# shellcheck disable=SC2086,SC2016,SC2030,SC2031,SC2034 # measure is words; evaluated later; faults.sh reads them
. tests/faults/faults.sh

# As nohup(1) starts it, and a shell that has nobody wait for its children.
fault 'SIGHUP and SIGINT ignored, and sent' 0 'report: ' rows \
	sh -c 'trap "" HUP INT; "$@" & while kill -0 $! && [ ! -s "$0/samples.csv" ]; do sleep 0.1; done
		sleep 0.5; kill -HUP $!; kill -INT $!; wait $!' "$dir" \
	$measure --launches 3 --budget 3s --filter "$one" --out "$dir"
fault 'SIGCHLD ignored' 0 'report: ' rows \
	perl -e '$SIG{CHLD} = "IGNORE"; exec @ARGV' $measure --filter "$one" --out "$dir"

if [ "$(nproc)" -gt 1 ]; then
	fault 'SIGTERM while hand-overs are timed' 1 'interrupted before anything was measured' empty \
		env LD_PRELOAD="$preload" FAULT=pthread_create:0 FAULT_SIGNAL=15 FAULT_IN=run \
		$measure --launches 2 --filter "$two" --out "$dir"
	[ "$(grep -c '^krefbench: ' "$scratch/err")" = 1 ] || echo 'WRONG  it says more than that'
	goes_on 'the same: --resume'
else
	skip 'SIGTERM while hand-overs are timed' 'needs two processors'
fi

for signal in KILL TERM HUP; do
	rm -rf "$dir"
	$measure --launches 6 --budget 6s --filter "$one" --out "$dir" >"$scratch/out" 2>"$scratch/err" </dev/null &
	while kill -0 $! 2>/dev/null && { [ ! -s "$dir/samples.csv" ] || [ "$(wc -l <"$dir/samples.csv")" -lt 500 ]; }; do
		sleep 0.1
	done
	kill -s $signal $!
	wait $! 2>/dev/null
	code=$? name="SIG$signal while it measures" wanted=1 text=' goes on' state=rows
	[ $signal != KILL ] || wanted=137 text='of 6: getput held'
	judge_it
	goes_on 'the same: --resume'
done
