#!/bin/sh
# The self-test's parts: its account of planted runs, and one group measured for real. $1: the build
# folder. What was measured is not looked at.
# SPDX-License-Identifier: MIT

set -u
what=selftest
# shellcheck source=tests/command/checks.sh
. "$(dirname "$0")/checks.sh"
build=$1

# A run at 1 and 2 threads. $1: of 50 twins so many are called slower at 1 thread; $2: so many faster
# at 2; $3: of 10 that are 2 percent slower so many are found at 1 thread; $4: of how many launches,
# without verdicts if few; $5: twins; $6: of 21 pairs of equals so many are called slower at 2.
plant() {
	rm -rf "$scratch/run" && mkdir "$scratch/run"
	echo '{"status": "complete", "commit": "0123456789ab", "kernel": "6.1",
		"finished_utc": "2025-01-02T03:04:05Z", "command": ["./run.sh", "--filter", "a(b|c)"],
		"machine": {"cpu": "Abacus", "pus": 2, "virtualisation": "none seen"},
		"toolchain": [{"compiler": "cc 1"}]}' >"$scratch/run/meta.json"
	awk -v summary="$scratch/run/summary.csv" -v ratios="$scratch/run/ratios.csv" \
		-v slower="$1" -v faster="$2" -v found="$3" -v launches="${4:-12}" -v twins="${5:-50}" \
		-v pairs="${6:-1}" '
	function ratio(threads, a, value, verdict, b) {
		printf "getput,compact,%d,1,,%s@gcc,%s@gcc,%d,%g,%g,%g,%s,held,0,padded,0.01," \
			"median,%s,0\n", threads, a, b ? b : "refcount", launches, value, value, value,
			launches < 10 ? "" : verdict, launches < 10 ? "" : 0.01 > ratios
	}
	# The first `found` of 10; a third of a percent above the true ratio, the last one 1 below.
	function slow(threads, percent, found) {
		for (i = 0; i < 10; i++)
			ratio(threads, "slow10" percent (i % 2 ? "b" : "a"),
				(1 + percent / 100) * (i < 9 ? 1.003 : 0.99), i < found ? "slower" : "tie")
	}
	BEGIN {
		print "workload,strategy,variant,placement,threads,objects,node,launches,windows," \
			"ns_per_op,ns_per_op_lo,ns_per_op_hi,mops,fairness,ticks_per_op,cycles_per_op," \
			"instructions_per_op,cache_misses_per_op,retries_per_op,flags,setting,work_ns," \
			"layout,kind,failed_per_op,reclaim_ns_per_op,switches_per_op," \
			"migrations_per_op,replace_permille,kref_bytes,thread_bytes," \
			"reclaim_delay_ns,garbage_objects,garbage_bytes" > summary
		print "workload,placement,threads,objects,node,a,b,launches,ratio,ratio_lo,ratio_hi," \
			"verdict,setting,work_ns,layout,floor,judged,p_holm,replace_permille" > ratios
		for (threads = 1; threads <= 2; threads++)
			printf "getput,refcount,gcc,compact,%d,1,,12,99,10,10,10,100,1,,,,,,,held,0,padded," \
				"candidate,,,,,0,4,0,,,\n", threads > summary
		# Without a verdict it is no comparison; nor is it one of equals.
		ratio(1, "refcount", 2, "", "refcount")
		ratio(2, "slow102a", 1.5, "slower", "twin1")
		for (i = 0; i < twins; i++) {
			ratio(1, "twin" i, i ? 1.002 : 0.97, i < slower ? "slower" : "tie")
			ratio(2, "twin" i, 1.001, i < faster ? "faster" : "tie")
		}
		for (i = 0; i < 20; i++)
			ratio(2, "twin" i, 0.999, i < pairs ? "slower" : "tie", "twin" i + 1)
		ratio(2, "slow102a", 1.004, i < pairs ? "slower" : "tie", "slow102b")
		slow(1, 1, 3); slow(1, 2, found); slow(1, 5, 10)
		slow(2, 1, 9); slow(2, 2, 8); slow(2, 5, 10)
	}'
}

account() { # exit code expected, what
	rm -f "$scratch/page.md"
	"$build/selftest/account" "$scratch/run" "$scratch/page.md" >"$scratch/out" 2>"$scratch/err"
	code=$?
	[ "$code" = "$1" ]
	check "$2: exit $code" $?
}

told() { # a text
	grep -qF -- "$1" "$scratch/page.md"
	check "told: $1" $?
}

plant 2 2 9
account 0 'promises kept'
cmp -s "$scratch/page.md" "$scratch/out"
check 'the page is printed' $?
told 'Abacus, 2 processors, no virtual machine; Linux 6.1; cc 1.'
told 'Commit 0123456789ab, 2025-01-02.'
told "krefbench-selftest --filter 'a(b|c)'"
told '| 1 | the baseline | 1.00 | 50 | 2 | 0 | +0.20 % | -3.00 % | getput, twin0 |'
told '| 1 | the baseline | 1.01 | 10 | 3 | 0 | +0.30 % | -1.00 % | getput, slow101b |'
told '| 1 | the baseline | 1.02 | 10 | 9 | 0 | +0.30 % | -1.00 % | getput, slow102b |'
told '| 2 | the baseline | 1.00 | 50 | 0 | 2 | +0.10 % | +0.10 % | getput, twin0 |'
told '| 2 | each other | 1.00 | 21 | 1 | 0 | -0.10 % | +0.40 % | getput, slow102a |'
told '(here 100): kept.'
told 'found 9 times in 10: kept.'
told 'at 1 thread: 2 percent.'
# 1 percent was, by luck: 2 percent was not.
told 'at 2 threads: 5 percent.'

plant 3 0 9
account 1 'too many called slower'
told '(here 100): BROKEN.'
told 'found 9 times in 10: kept.'
plant 0 3 9
account 1 'too many called faster'
told '(here 100): BROKEN.'
plant 0 0 9 12 50 2
account 1 'too many pairs called different'
told '(here 100): BROKEN.'
plant 0 0 8
account 1 'too few found'
told '(here 100): kept.'
told 'found 9 times in 10: BROKEN.'
told 'at 1 thread: 5 percent.'
plant 0 0 9 12 39
account 1 'too few comparisons'
told '(here 78): BROKEN.'
plant 0 0 9 3
account 1 'no verdicts'
told '(here 0): BROKEN.'
told 'at 1 thread: none of these.'

refused() { # exit code expected, text of the one line on stderr
	account "$1" "$2"
	[ "$(wc -l <"$scratch/err")" = 1 ] && grep -qF -- "$2" "$scratch/err" && [ ! -s "$scratch/out" ]
	check "one line: $2" $?
}

plant 0 0 9
sed -i 's/complete/partial/' "$scratch/run/meta.json"
refused 1 'the run is partial'
sed -i '5s/,/;/' "$scratch/run/ratios.csv"
refused 2 'ratios.csv:5'
rm -r "$scratch/run"
refused 2 'No such file'

# One group: every point is there, and the account reads what a run writes. The program seeks plots/
# beside its build folder, and $build may lie elsewhere.
mkdir "$scratch/build" && ln -s "$PWD/plots" "$scratch/plots" &&
	cp "$build/krefbench-selftest" "$scratch/build"
"$scratch/build/krefbench-selftest" --quick --seed 1 --filter '^queue_mutex/.*/held/.*/threads:1$' \
	--out "$scratch/run" >"$scratch/out" 2>"$scratch/err" </dev/null
code=$?
check "one group is measured (exit $code)" "$code"
grep -q '"status": "complete"' "$scratch/run/meta.json"
check 'the run is complete' $?
{
	printf 'refcount\nrefcount\nempty\n'
	printf 'twin%s\n' 01 02 03 04 05 06 07 08 09 10
	printf 'slow10%s\n' 1a 1b 2a 2b 5a 5b
} | sort >"$scratch/expected"
awk -F, 'NR > 1 && $1 == "queue_mutex" && $5 == 1 && $10 > 0 { print $2 }' "$scratch/run/summary.csv" |
	sort | cmp -s "$scratch/expected" -
check 'each point is there once, with its time' $?
[ "$(grep -cE ',(twin..|slow....)@[a-z]+,refcount@(gcc|clang),' "$scratch/run/ratios.csv")" = 16 ]
check 'each is compared with the baseline' $?
account 1 'one group is too few comparisons'
told '(here 0): BROKEN.'

# Launches run the program's link orders, one after another.
cp "$build/krefbench-selftest.1" "$build/krefbench-selftest.2" "$scratch/build" &&
	cat /bin/false "$build/krefbench-selftest.id" >"$scratch/build/krefbench-selftest.3" &&
	chmod +x "$scratch/build/krefbench-selftest.3"
"$scratch/build/krefbench-selftest" --quick --seed 1 --filter '^getput/.*/threads:1$' \
	--out "$scratch/orders" >"$scratch/out" 2>"$scratch/err" </dev/null
[ $? = 1 ] && grep -qF 'launch 3 ended with exit code 1' "$scratch/err" &&
	grep -q '"launches_done": 2' "$scratch/orders/meta.json" &&
	grep -q '"link_orders": 3' "$scratch/orders/meta.json"
check 'each launch runs another link order' $?

# A build during the run puts others in their place.
cp "$build/krefbench-selftest.3" "$scratch/build"
"$scratch/build/krefbench-selftest" --quick --seed 1 --filter '^getput/.*/threads:1$' \
	--out "$scratch/rebuilt" >"$scratch/out" 2>"$scratch/err" </dev/null &
while [ ! -s "$scratch/rebuilt/meta.json" ] && kill -0 $!; do
	sleep 0.01
done
rm "$scratch/build/krefbench-selftest"*
wait $!
check 'a run goes on while its program is built anew' $?

finish
