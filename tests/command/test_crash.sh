#!/bin/sh
# Points that crash are named and left out, one that hangs or leaves ends the run: test_crash.sh BUILD.
# SPDX-License-Identifier: MIT

set -u
what=crash
# shellcheck source=tests/command/checks.sh
. "$(dirname "$0")/checks.sh"
program=$1/krefbench-crash

# One launch after the other of few groups; sets code and folder.
measure() { # folder, options...
	folder=$scratch/$1
	shift
	"$program" --budget 3s --seed 1 --out "$folder" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
	code=$?
}

# A point's rows in samples.csv: launches, of which it has some.
launches_of() { # workload, strategy, threads
	awk -F, -v w="$1" -v s="$2" -v t="$3" 'NR > 1 && $6 == w && $7 == s && $8 != "aa" && $13 == t { n[$1] = 1 }
		END { for (l in n) printf "%s ", l }' "$folder/samples.csv" | tr ' ' '\n' | sort -n | xargs
}

# Each group has all its rounds in each launch, whatever crashed; $1: groups and launches.
whole() {
	awk -F, 'NR > 1 { group = $1 "," $6 "," $11 "," $13; rounds[group] = $5; windows[group, $2]++
		wanted[group, $2] = $4 }
		END { for (g in rounds) { n++; for (r = 1; r <= rounds[g]; r++)
			if (!wanted[g, r] || windows[g, r] != wanted[g, r]) exit 1 }
			exit n != '"$1"' }' "$folder/samples.csv"
}

told() { # text on stderr
	grep -qF -- "$1" "$scratch/err"
	check "says $1" $?
}

meta() { # pattern in meta.json
	grep -q -- "$1" "$folder/meta.json"
	check "meta.json tells $1" $?
}

two='(getput/(cas|misbehaves)@.*/held/.*/work_ns:0|queue_mutex/(cas|misbehaves)@.*/churn/.*/work_ns:0)/threads:1$'

# --- in its first window ------------------------------------------------------------------------------

MISBEHAVES=segv:get measure get --launches 2 --filter "$two"
[ "$code" = 1 ]
check "a crash ends with exit 1 ($code)" $?
told 'of 10 points crashed: getput/misbehaves@'
[ "$(tail -n 1 "$scratch/err")" = "$(grep 'points crashed' "$scratch/err")" ] &&
	tail -n 1 "$scratch/err" | grep -q "; see .*/stacks.txt"
check 'the last line tells of it' $?
whole 4 && [ "$(launches_of getput cas 1)" = '1 2' ] && [ -z "$(launches_of getput misbehaves 1)" ]
check 'all others were measured' $?
meta '"status": "partial"'
meta '"signal": "SIGSEGV"'
meta '"launch": 1'
meta '"stage": "in its ops"'
if command -v addr2line >/dev/null; then
	meta '"function": "misbehave"'
	grep -q '^    getput_run' "$folder/stacks.txt"
	check 'the stack has the cell' $?
fi
"$program" report "$folder" >"$scratch/out" 2>"$scratch/err"
check 'report reads it' $?
grep -q '^| getput/misbehaves@.*| 1 | SIGSEGV | in its ops |' "$folder/report.md" &&
	grep -q 'id=crashed' "$folder/report.html"
check 'the report lists it' $?

# --- after some rounds, in one launch -------------------------------------------------------------------

MISBEHAVES=abort:put:2:40 measure put --launches 3 --filter 'getput/(cas|misbehaves)@.*/held/.*/work_ns:0/threads:1$'
[ "$code" = 1 ] && told 'SIGABRT'
check "a crash in a round ends with exit 1 ($code)" $?
meta '"launch": 2'
whole 3 && [ "$(launches_of getput misbehaves 1)" = '1 2' ] && [ "$(launches_of getput cas 1)" = '1 2 3' ]
check 'its launch and the next go on without it' $?
! grep -q ',misbehaves,' "$folder/summary.csv" && awk -F, 'NR > 1 && $8 != 3 { exit 1 }' "$folder/summary.csv"
check 'and the times of the others are of all launches' $?
sampled=$(awk -F, 'NR > 1 { n[$3]++ } END { print n["refcount"], n["cas"], n["misbehaves"] + 0 }' "$folder/latency.csv")
[ "$sampled" = '3 3 1' ]
check "single ops of the others are sampled in each launch ($sampled)" $?
for how in trap:get:1 overflow:last:1; do
	MISBEHAVES=$how measure "${how%%:*}" --launches 1 \
		--filter 'queue_mutex/misbehaves@.*/churn/.*/work_ns:0/threads:2$'
	[ "$code" = 1 ] && whole 1 && grep -q 'threads:2: SIG' "$scratch/err"
	check "$how" $?
done

# --- the baseline ---------------------------------------------------------------------------------------

BASELINE_MISBEHAVES=segv:get:2 measure baseline --launches 3 --filter "$two"
[ "$code" = 1 ] && told 'getput/refcount@'
check "a crash of the baseline ends with exit 1 ($code)" $?
[ "$(launches_of getput cas 1)" = 1 ] && [ "$(launches_of queue_mutex cas 1)" = '1 2 3' ] && whole 4
check 'its group is left out, and no other' $?
BASELINE_MISBEHAVES=segv:last:2 measure baselines --launches 3 --filter "$two"
[ "$(launches_of getput cas 1)" = 1 ] && [ "$(launches_of queue_mutex cas 1)" = 1 ]
check 'all groups are left out' $?
told 'nothing is left to measure'
rows=$(wc -l <"$folder/samples.csv")
KREFBENCH_RESUMED=$folder "$program" --budget 3s --seed 1 --out "$folder" --launches 3 --filter "$two" \
	>"$scratch/out" 2>"$scratch/err" </dev/null
[ $? = 1 ] && [ "$(wc -l <"$folder/samples.csv")" = "$rows" ] && told '2 of 10 points crashed'
check 'and there is nothing to resume' $?

# --- killed and resumed ---------------------------------------------------------------------------------

folder=$scratch/killed
set -- --budget 3s --seed 1 --out "$folder" --launches 6 --filter "$two"
MISBEHAVES=segv:get:2 "$program" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null &
pid=$!
while [ "$(tail -n 1 "$folder/samples.csv" 2>/dev/null | cut -d, -f1)" != 3 ] && kill -0 $pid; do sleep 0.1; done
kill -9 $pid
wait $pid 2>/dev/null
grep -q '"status": "running"' "$folder/meta.json"
check 'a run that was killed' $?
# What crashed in launch 2 would do no harm now.
KREFBENCH_RESUMED=$folder "$program" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
[ $? = 1 ] && told 'of 10 points crashed: getput/misbehaves@'
check 'it goes on and ends with exit 1' $?
[ "$(launches_of getput misbehaves 1)" = 1 ] && [ "$(launches_of getput cas 1)" = '1 2 3 4 5 6' ]
check 'what crashed before the kill stays left out' $?
meta '"status": "partial"'

# --- hangs ----------------------------------------------------------------------------------------------

for where in get last poll leave; do
	KREFBENCH_HANG_MS=2000 MISBEHAVES=hang:$where:2 measure "hang-$where" --launches 2 \
		--filter 'queue_mutex/misbehaves@.*/churn/.*/work_ns:0/threads:2$'
	[ "$code" = 1 ] && grep -q "^krefbench: queue_mutex/misbehaves@.* hung .* launch 2$" "$scratch/err"
	check "a hang in $where ends the run (exit $code)" $?
	grep -q '^worker 0, ' "$folder/stacks.txt" && grep -q '^worker 1, ' "$folder/stacks.txt"
	check 'the stacks are there' $?
	meta '"status": "partial"'
	[ "$(launches_of queue_mutex refcount 2 | cut -d' ' -f1)" = 1 ] && [ -s "$folder/report.html" ] &&
		"$program" report "$folder" >"$scratch/out" 2>"$scratch/err"
	check 'and what was measured is reported' $?
done

# --- ends the process ------------------------------------------------------------------------------------

for what_ends in 'exit:get:2:40|getput/misbehaves@.*threads:1 ended the process in its ops, in misbehave, launch 2' \
	'exit:last:2|getput/misbehaves@.*threads:1 ended the process waiting for its last frees, in misbehave, launch 2' \
	'vanish:get:2:40|launch 2 ended before it was done'; do
	how=${what_ends%%|*}
	MISBEHAVES=$how measure "$how" --launches 3 --filter "$two"
	[ "$code" = 1 ] && grep -q "^krefbench: ${what_ends#*|}$" "$scratch/err"
	check "$how ends the run (exit $code)" $?
	meta '"status": "partial"'
	meta '"launches_done": 1'
	[ -s "$folder/report.html" ]
	check 'and what was measured is reported' $?
done
# With a cell that does it no more: as if it were mended.
KREFBENCH_RESUMED=$folder "$program" --budget 3s --seed 1 --out "$folder" --launches 3 --filter "$two" \
	>"$scratch/out" 2>"$scratch/err" </dev/null &&
	whole 6 && [ "$(launches_of getput misbehaves 1)" = '1 2 3' ]
check 'it goes on and is complete' $?

# --- under profile --------------------------------------------------------------------------------------

profile() { # what, words that it ends with
	MISBEHAVES=$1:get KREFBENCH_HANG_MS=2000 "$program" profile getput+misbehaves --threads 2 --budget 1s \
		--out "$scratch/profile-$1" >"$scratch/out" 2>"$scratch/err" </dev/null
	code=$?
	[ $code = 1 ] && [ ! -s "$scratch/out" ] &&
		tail -n 1 "$scratch/err" | grep -q "^krefbench: getput/misbehaves@.*/threads:2$2"
	check "a profile of a cell with $1 names it (exit $code)" $?
	grep -q '^worker [01], runs' "$scratch/profile-$1/stacks.txt"
	check 'the stacks are there' $?
}

"$program" profile getput+misbehaves --threads 1 --budget 1s --out "$scratch/profile" >"$scratch/out" 2>"$scratch/err"
case $? in
77)
	echo "  SKIP   crash: under profile: $(cat "$scratch/err")"
	;;
*)
	profile segv ': SIGSEGV in its ops'
	profile hang ' hung in its ops'
	profile exit ' ended the process in its ops'
	;;
esac

finish
