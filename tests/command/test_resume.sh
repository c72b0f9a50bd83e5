#!/bin/sh
# Runs killed at random moments go on and lack nothing: test_resume.sh [KILLS] [SEED]
# SPDX-License-Identifier: MIT

set -u
cd "$(dirname "$0")/../.." || exit 1
kills=${1:-5} seed=${2:-1}
command -v setsid >/dev/null || { echo '  SKIP   resume: no setsid'; exit 77; }
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

check() { # what, condition's exit code
	if [ "$2" = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "  FAIL   resume: $1"
		sed 's/^/    /' "$scratch/out" "$scratch/err"
	fi
}

refused() { # text, arguments...
	text=$1
	shift
	./run.sh "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
	[ $? = 2 ] && [ "$(wc -l <"$scratch/err")" = 1 ] && [ ! -s "$scratch/out" ] &&
		grep -qF -- "$text" "$scratch/err"
	check "$* is refused" $?
}

random() { # sets number to the next of a sequence, below $1
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	number=$((seed / 65536 % $1))
}

filter='getput/(cas|refcache)@.*/work_ns:0/threads:1$|getput/cas@.*/work_ns:0/threads:2$'
measure() { # folder, seed
	./run.sh --launches 4 --budget 4s --filter "$filter" --seed "$2" --out "$1" \
		>"$scratch/out" 2>"$scratch/err" </dev/null
}

# The rows of whole rounds: what a kill must not cost.
whole_rounds() {
	awk -F, 'NR == 1 { print; next }
		{ rows = rows $0 "\n"; if (++n == $4) { printf "%s", rows; rows = ""; n = 0 } }' "$1"
}

# Of the rows of FILE, sorted: launch and point, once each; with_round: round and position, too.
points() {
	awk -F, -v with_round="$2" 'NR > 1 { key = $1
		for (i = 6; i <= 14; i++) key = key "," $i
		for (i = 16; i <= 18; i++) key = key "," $i
		if (with_round) print key "," $2, $3; else print key }' "$1" | sort -u
}

# Each launch of each group has its rounds, each once and with all its windows.
whole() {
	awk -F, 'NR > 1 { group = $1 "," $6 "," $10 "," $11 "," $12 "," $13 "," $14
		rounds[group] = $5; windows[group, $2]++; whole[group, $2] = $4; all[group] = 1 }
		END { for (g in all) for (r = 1; r <= rounds[g]; r++)
			if (!whole[g, r] || windows[g, r] != whole[g, r]) exit 1
		for (key in windows) { split(key, of, SUBSEP); if (of[2] > rounds[of[1]]) exit 1 } }' "$1"
}

# Columns that say which op was sampled; no point twice in a launch.
sampled() {
	cut -d, -f1-10,12-14 "$1" | sort
}

# --- what is refused ---------------------------------------------------------------------------------

refused '--resume: needs the folder of a run' --resume
refused 'meta.json: No such file' --resume "$scratch/nowhere"
refused '--resume: comes first' --quick --resume "$scratch/nowhere"
mkdir "$scratch/hostile"
for meta in '' '[]' '{' '{"status": 7}' '{"format": 1, "status": "running", "command": "./run.sh"}' \
	'{"format": 1, "status": "running", "command": ["./run.sh", 7], "seed": 1, "schedule": {}}'; do
	printf '%s' "$meta" >"$scratch/hostile/meta.json"
	refused 'meta.json' --resume "$scratch/hostile"
done

# --- a run that is never killed, for its points and orders --------------------------------------------

measure "$scratch/unbroken" 77
check 'a run' $?
whole "$scratch/unbroken/samples.csv"
check 'its rounds' $?
refused 'there is nothing to resume' --resume "$scratch/unbroken"

# A run that another process holds.
setsid ./run.sh --launches 100 --budget 60s --filter "$filter" --out "$scratch/held" >"$scratch/out" \
	2>"$scratch/err" </dev/null &
held=$!
while [ ! -s "$scratch/held/samples.csv" ] && kill -0 $held 2>/dev/null; do sleep 0.1; done
./run.sh --resume "$scratch/held" >"$scratch/out2" 2>"$scratch/err2" </dev/null
[ $? = 2 ] && grep -q 'is still running' "$scratch/err2"
check 'a run that is still running is refused' $?
refused 'holds a run already' --quick --filter "$filter" --out "$scratch/held"
kill -9 "-$held"
wait $held 2>/dev/null
# As if killed before it said that it was complete: nothing is left to measure. Then with what cannot go on.
cp -r "$scratch/unbroken" "$scratch/late"
cp "$scratch/unbroken/samples.csv" "$scratch/before"
sed -i 's/"status": "complete"/"status": "running"/' "$scratch/late/meta.json"
refused 'begun with other options' --resume "$scratch/late" --quick
for change in 's/"build_id": "./"build_id": "x/' 's/"kernel": "/"kernel": "x/' 's/"cores": /"cores": 1/' \
	's/"launches_done": 4/"launches_done": 5/' 's/"launches": 4/"launches": 3/'; do
	cp "$scratch/late/meta.json" "$scratch/meta.saved"
	sed -i "$change" "$scratch/late/meta.json"
	refused '' --resume "$scratch/late"
	mv "$scratch/meta.saved" "$scratch/late/meta.json"
done
sed -i 's/^2,1,/9,1,/' "$scratch/late/samples.csv"
refused "is no row of this run's plan" --resume "$scratch/late"
cp "$scratch/before" "$scratch/late/samples.csv"
./run.sh --resume "$scratch/late" >"$scratch/out" 2>"$scratch/err" </dev/null
check 'a run that was killed in its report goes on' $?
cmp "$scratch/before" "$scratch/late/samples.csv" >>"$scratch/err"
check 'and measures nothing more' $?

# A line torn in the third launch, as few kills leave it, and of its first group no samples of single ops.
sed -i 's/"status": "complete"/"status": "running"/; s/"launches_done": 4/"launches_done": 2/' \
	"$scratch/late/meta.json"
cut=$(($(grep -b '^3,' "$scratch/before" | sed -n '100s/:.*//p') + 30))
head -c "$cut" "$scratch/before" >"$scratch/late/samples.csv"
sed -i '/^[34],/d' "$scratch/late/latency.csv"
whole_rounds "$scratch/late/samples.csv" >"$scratch/kept"
./run.sh --resume "$scratch/late" >"$scratch/out" 2>"$scratch/err" </dev/null
check 'a run with a torn line goes on' $?
grep -q '2 of 4 launches are whole.* torn off are cut' "$scratch/err"
check 'and says so' $?
head -c "$(wc -c <"$scratch/kept")" "$scratch/late/samples.csv" | cmp -s - "$scratch/kept" &&
	whole "$scratch/late/samples.csv"
check 'its rounds are there, each once' $?
sampled "$scratch/unbroken/latency.csv" >"$scratch/points"
sampled "$scratch/late/latency.csv" | cmp "$scratch/points" - >>"$scratch/err"
check 'its single ops are sampled once' $?
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
	$column["flags"] ~ /resumed/ { n[$1]++ } END { exit !(n[3] && length(n) == 1) }' \
	"$scratch/late/samples.csv"
check 'the rounds of the later process are flagged' $?

rm "$scratch/kept"

# --- killed again and again ---------------------------------------------------------------------------

# Prints where a kill left a run.
where() {
	if [ ! -s "$1/meta.json" ]; then
		echo 'before meta.json'
	elif ! [ -s "$1/samples.csv" ]; then
		echo 'before the first launch'
	elif [ -s "$1/summary.csv" ]; then
		echo 'in the report'
	elif [ "$(tail -n 1 "$1/samples.csv" | cut -d, -f1)" -gt \
		"$(sed -n 's/.*"launches_done": \([0-9]*\).*/\1/p' "$1/meta.json")" ] 2>/dev/null; then
		echo 'within a launch'
	else
		echo 'between launches'
	fi
}

# The run of one folder to its end. Kills it while there are kills left; adds to the account.
broken_run() { # folder
	resumed=0 code=137
	while [ "$code" != 0 ]; do
		if [ -s "$1/meta.json" ]; then
			resumed=$((resumed + 1))
			set -- "$1" ./run.sh --resume "$1"
		else
			rm -rf "$1"
			set -- "$1" ./run.sh --launches 4 --budget 4s --filter "$filter" --seed 77 --out "$1"
		fi
		folder=$1
		shift
		setsid "$@" >"$scratch/out" 2>"$scratch/err" </dev/null &
		pid=$!
		set -- "$folder"
		if [ "$left" -gt 0 ]; then
			random 600
			sleep "$(printf '%d.%02d' $((number / 100)) $((number % 100)))"
			if kill -9 "-$pid" 2>/dev/null; then
				left=$((left - 1))
				where "$1" >>"$scratch/account"
			fi
		fi
		wait $pid
		code=$?
		if [ "$code" != 0 ] && [ "$code" != 137 ]; then
			check "$1 goes on (exit $code)" 1
			return
		fi
		[ -f "$scratch/kept" ] && [ "$resumed" -gt 0 ] && [ -s "$1/samples.csv" ] &&
			! head -c "$(wc -c <"$scratch/kept")" "$1/samples.csv" | cmp -s - "$scratch/kept" &&
			check "the rows that were there before are there still" 1
		rm -f "$scratch/kept"
		[ ! -s "$1/samples.csv" ] || whole_rounds "$1/samples.csv" >"$scratch/kept"
	done
	rm -f "$scratch/kept"
	whole "$1/samples.csv"
	check 'each round is there once, with all its windows' $?
	points "$1/samples.csv" '' >"$scratch/points" &&
		points "$scratch/unbroken/samples.csv" '' | cmp "$scratch/points" - >"$scratch/err"
	check 'the launches have the points of an unbroken run' $?
	points "$scratch/unbroken/samples.csv" 1 >"$scratch/shuffled"
	# Rounds that both have: a launch may have more of them here or there.
	points "$1/samples.csv" 1 | awk 'NR == FNR { position[$1] = $2; next }
		$1 in position && position[$1] != $2 { exit 1 }
		$1 in position { both++ }
		END { if (!both) exit 1 }' "$scratch/shuffled" -
	check 'its rounds are shuffled in the same way' $?
	sampled "$1/latency.csv" >"$scratch/points" &&
		sampled "$scratch/unbroken/latency.csv" | cmp "$scratch/points" - >"$scratch/err"
	check 'its single ops are sampled once' $?
	[ "$(grep -c '"repetition_index"' "$1/benchmark.json")" = \
		"$(grep -c '"repetition_index"' "$scratch/unbroken/benchmark.json")" ]
	check 'benchmark.json has all launches' $?
	awk -v wanted="$resumed" '/"resumed": \[\]/ { exit } /"resumed": \[/ { inside = 1; next } inside && /\]/ { exit }
		inside { n++ } END { exit !(n <= wanted) }' "$1/meta.json"
	check 'meta.json tells how often it went on' $?
	total_resumed=$((total_resumed + resumed))
}

left=$kills runs=0 total_resumed=0
: >"$scratch/account"
while [ "$left" -gt 0 ] && [ "$failed" = 0 ]; do
	runs=$((runs + 1))
	broken_run "$scratch/run$runs"
	grep -q '"status": "complete"' "$scratch/run$runs/meta.json"
	check 'the run is complete' $?
done
sort "$scratch/account" | uniq -c | awk '{ n = $1; sub(/^ *[0-9]+ /, ""); print "  killed " $0 ": " n }'
echo "  $((kills - left)) kills in $runs runs, which went on $total_resumed times"

if [ "$failed" = 0 ]; then
	echo "  OK     resume: $passed checks"
	exit 0
fi
echo "resume: $failed of $((passed + failed)) checks failed" >&2
exit 1
