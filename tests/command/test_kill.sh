#!/bin/sh
# Runs killed at random moments go on until they are complete, and lack nothing: test_kill.sh [KILLS] [SEED].
# Ends with an account: where the kills hit, what was kept, compared and cut off.
# SPDX-License-Identifier: MIT

set -u
what='kill'
# shellcheck source=tests/command/checks.sh
. "$(dirname "$0")/checks.sh"
kills=${1:-5} seed=${2:-1}
command -v setsid >/dev/null || { echo '  SKIP   kill: no setsid'; exit 77; }
MAKEFLAGS='' make -s all >&2 || exit 1

random() { # sets number to the next of a sequence, below $1
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	# The low bits of such a sequence are not random.
	# shellcheck disable=SC2017
	number=$((seed / 65536 * $1 / 32768))
}

milliseconds() {
	date +%s%3N
}

filter='getput/(cas|refcache)@.*/work_ns:0/threads:1$|getput/cas@.*/work_ns:0/threads:2$'
set -- --launches 4 --budget 2s --filter "$filter" --seed 77

# --- what rows are to be ------------------------------------------------------------------------------

# The rows of whole rounds: what a kill must not cost.
whole_rounds() {
	if [ -n "$(tail -c 1 "$1")" ]; then sed '$d' "$1"; else cat "$1"; fi | awk -F, 'NR == 1 { print; next }
		{ rows = rows $0 "\n"; if (++n == $4) { printf "%s", rows; rows = ""; n = 0 } }'
}

# Launch and point of each row, once each; with_round: round and position, too.
points() {
	awk -F, -v with_round="$2" 'NR > 1 { key = $1
		for (i = 6; i <= 14; i++) key = key "," $i
		for (i = 16; i <= 18; i++) key = key "," $i
		if (with_round) print key "," $2, $3; else print key }' "$1" | sort -u
}

# Launches, in them groups as in the first file, in them rounds, follow each other; each round is there once, with
# as many windows as it tells, of as many points.
in_order() {
	awk -F, '{ group = $6 "," $10 "," $11 "," $12 "," $13 "," $14 "," $16; point = $7 "," $8 }
		FNR == 1 { next }
		NR == FNR { if (!(group in place)) place[group] = ++nr; next }
		!(group in place) || $1 < launch || ($1 == launch && place[group] < at) { exit bad = 1 }
		$1 != launch || place[group] != at { if (nr_rounds && round != nr_rounds) exit bad = 1; round = 0 }
		$1 != launch || place[group] != at || $2 != round {
			if (n != windows || $2 != round + 1) exit bad = 1
			n = 0; delete met }
		point in met { exit bad = 1 }
		{ launch = $1; at = place[group]; round = $2; nr_rounds = $5; windows = $4; met[point]; n++ }
		END { exit bad || n != windows || round != nr_rounds }' "$1" "$2"
}

# Columns that say which op was sampled; no point twice in a launch.
sampled() {
	cut -d, -f1-10,12-14 "$1" | sort
}

# --- a run that is never killed -----------------------------------------------------------------------

begun=$(milliseconds)
run "$@" --out "$scratch/unbroken"
check 'a run' "$code"
lasts=$(($(milliseconds) - begun))
in_order "$scratch/unbroken/samples.csv" "$scratch/unbroken/samples.csv"
check 'its rounds' $?
points "$scratch/unbroken/samples.csv" '' >"$scratch/points"
points "$scratch/unbroken/samples.csv" 1 >"$scratch/shuffled"
sampled "$scratch/unbroken/latency.csv" >"$scratch/sampled"

# --- killed again and again ---------------------------------------------------------------------------

done_launches() {
	sed -n 's/.*"launches_done": \([0-9]*\).*/\1/p' "$1/meta.json"
}

# Prints where a kill left a run.
where() {
	if [ ! -s "$1/meta.json" ]; then
		echo 'before the first meta.json'
	elif [ -e "$1/meta.json.new" ]; then
		echo 'while meta.json was replaced'
	elif grep -q '"status": "complete"' "$1/meta.json"; then
		echo 'in the report'
	elif [ "$(tail -n 1 "$1/samples.csv" | cut -d, -f1)" -gt "$(done_launches "$1")" ] 2>/dev/null; then
		echo 'in the rounds of a launch'
	else
		echo 'between launches, or before the first round of one'
	fi
}

# Takes a part of the latest write away, as a kill within that seldom does: the end of the last round, or where its
# group has single ops sampled already, of these.
tear() {
	launch=$(($(done_launches "$1") + 1))
	[ "$(tail -n 1 "$1/samples.csv" | cut -d, -f1)" = "$launch" ] || return
	file=$(awk -F, -v launch="$launch" 'FILENAME ~ /samples/ { key = $1 "," $6 "," $10 "," $13; next }
		$1 == launch { met[$1 "," $2 "," $6 "," $9] }
		END { print key in met ? "latency.csv" : "samples.csv" }' "$1/samples.csv" "$1/latency.csv")
	random "$(tail -n 1 "$1/$file" | wc -c)"
	truncate -s "-$((number + 1))" "$1/$file"
}

# Starts the run of a folder, or goes on with it; sets pid.
start() { # folder, words...
	folder=$1
	shift
	[ -s "$folder/meta.json" ] || rm -rf "$folder"
	if [ -d "$folder" ]; then
		resumed=$((resumed + 1))
		export KREFBENCH_RESUMED="$folder"
	fi
	setsid build/krefbench "$@" --out "$folder" >"$scratch/out" 2>"$scratch/err" </dev/null &
	pid=$!
	unset KREFBENCH_RESUMED
}

check_kept() { # folder
	[ -f "$scratch/kept" ] || return
	head -c "$(wc -c <"$scratch/kept")" "$1/samples.csv" | cmp -s - "$scratch/kept"
	check "the rows that a kill left are there still, as they were" $?
	compared=$((compared + $(wc -l <"$scratch/kept") - 1))
	# Killed again before it went on it told nothing.
	told=$(sed -n 's/.* goes on: \([0-9]*\) rounds.*/\1/p' "$scratch/err")
	rounds=$((rounds + ${told:-0}))
	told=$(sed -n 's/.*; \([0-9]*\) bytes that were torn off.*/\1/p' "$scratch/err")
	bytes=$((bytes + ${told:-0}))
}

# The run of one folder to its end. Kills it while there are kills left.
broken_run() { # folder, words...
	resumed=0 code=137
	rm -f "$scratch/kept"
	while [ "$code" = 137 ]; do
		start "$@"
		if [ "$left" -gt 0 ]; then
			random $((lasts / 3))
			sleep "$(printf '%d.%03d' $((number / 1000)) $((number % 1000)))"
			kill -9 "-$pid" 2>/dev/null && left=$((left - 1)) && killed=1 || killed=0
		else
			killed=0
		fi
		wait "$pid" 2>/dev/null
		code=$?
		[ "$code" = 0 ] || [ "$code" = 137 ]
		check "$1 goes on (exit $code)" $?
		check_kept "$1"
		rm -f "$scratch/kept"
		if [ "$code" = 137 ] && [ "$killed" = 1 ]; then
			where "$1" >>"$scratch/account"
			random 2
			[ "$number" = 0 ] || [ ! -s "$1/meta.json" ] || tear "$1"
		fi
		[ ! -s "$1/meta.json" ] || whole_rounds "$1/samples.csv" >"$scratch/kept"
	done
	total_resumed=$((total_resumed + resumed))
}

check_run() { # folder
	in_order "$scratch/unbroken/samples.csv" "$1/samples.csv"
	check 'its rounds are there, each once, in their order' $?
	points "$1/samples.csv" '' | cmp "$scratch/points" - >"$scratch/err"
	check 'its launches have the points of an unbroken run' $?
	# Of rounds that both have: a launch may have more of them here or there.
	points "$1/samples.csv" 1 | awk 'NR == FNR { position[$1] = $2; next }
		$1 in position && position[$1] != $2 { exit 1 }
		$1 in position { both++ }
		END { if (!both) exit 1 }' "$scratch/shuffled" -
	check 'its rounds are shuffled in the same way' $?
	sampled "$1/latency.csv" | cmp "$scratch/sampled" - >"$scratch/err"
	check 'its single ops are sampled once' $?
	[ "$(grep -c '"repetition_index"' "$1/benchmark.json")" = \
		"$(grep -c '"repetition_index"' "$scratch/unbroken/benchmark.json")" ]
	check 'benchmark.json has all launches' $?
	[ -s "$1/report.html" ] && [ -s "$1/report.md" ] && [ -s "$1/summary.csv" ]
	check 'its report is there' $?
	grep -q '"status": "complete"' "$1/meta.json"
	check 'it is complete' $?
	awk -v most="$resumed" '/"resumed": \[\]/ { exit } /"resumed": \[/ { inside = 1; next } inside && /\]/ { exit }
		inside { n++ } END { exit !(n <= most) }' "$1/meta.json"
	check 'meta.json tells how often it went on' $?
}

left=$kills runs=0 total_resumed=0 compared=0 rounds=0 bytes=0
: >"$scratch/account"
while [ "$left" -gt 0 ] && [ "$failed" = 0 ]; do
	runs=$((runs + 1))
	broken_run "$scratch/run$runs" "$@"
	check_run "$scratch/run$runs"
done
sort "$scratch/account" | uniq -c | awk '{ n = $1; sub(/^ *[0-9]+ /, ""); print "  killed " $0 ": " n }'
echo "  $((kills - left)) kills in $runs runs, which went on $total_resumed times; $rounds rounds kept," \
	"$compared rows compared, $bytes bytes cut off"
finish
