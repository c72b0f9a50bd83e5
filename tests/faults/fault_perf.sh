#!/bin/sh
# perf_event_open forbidden by seccomp: the run goes on without counters, a profile does not begin, and both say why.
# SPDX-License-Identifier: MIT

# shellcheck disable=SC2086,SC2016,SC2030,SC2031,SC2034 # measure is words; evaluated later; faults.sh reads them
. tests/faults/faults.sh
forbid=$B/tests/faults/forbid

why() { # action, text in meta.json and of profile
	"$forbid" "$1" true 2>/dev/null
	[ $? != 77 ] || { skip "perf_event_open: $1" 'no seccomp filters here'; return; }
	after="grep -q '\"cycles\": \"$2' \"\$dir/meta.json\" || verdict=WRONG"
	fault "perf_event_open: $1 ($2)" 0 'report: ' rows \
		"$forbid" "$1" $measure --filter "$one" --out "$dir"
	after=:
	command -v perf >/dev/null || { skip "profile, perf_event_open: $1" 'perf is not here'; return; }
	fault "profile, perf_event_open: $1" 77 "perf cannot sample here: $2" none \
		"$forbid" "$1" "$B/krefbench" profile getput+cas --threads 1 --budget 1s --out "$dir"
}

if [ "$(cat /proc/sys/kernel/perf_event_paranoid 2>/dev/null || echo 9)" -le 2 ]; then
	why EPERM 'forbidden by a seccomp filter'
else
	why EPERM 'perf_event_paranoid'
fi
why ENOSYS 'no perf_event_open in this kernel'
why kill 'a seccomp filter kills'
