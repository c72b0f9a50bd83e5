#!/bin/sh
# The command as a user meets it: lists, refusals, a short run, an interrupted one, report again.
# SPDX-License-Identifier: MIT

set -u
what='the command'
# shellcheck source=tests/command/checks.sh
. "$(dirname "$0")/checks.sh"

MAKEFLAGS='' make -s all >&2 || exit 1

run --help
check '--help' "$code"
# shellcheck disable=SC2013 # each is one word
for option in $(sed -n 's/^	{ "\([a-z]*\)", .*/\1/p' harness/options.c); do
	grep -q -- "--$option" "$scratch/out"
	check "--help names --$option" $?
done

run --list
check '--list' "$code"
for workload in $(MAKEFLAGS='' make -s print-WORKLOADS); do
	for strategy in $(MAKEFLAGS='' make -s print-NAMED); do
		grep -qE "^$workload\+$strategy +(held|churn) +(cell|floor|peer|aid|hole: .)" "$scratch/out"
		check "--list names $workload+$strategy" $?
	done
done
for cell in 'queue_rcu+rcu_only held floor' 'queue_rcu_qsbr+rcu_only held floor' \
	'queue_rcu+hazptr held floor' 'queue_rcu+seqlock held floor' \
	'queue_rcu+hazptr churn hole: it counts nothing' 'getput+shared_ptr held peer'; do
	tr -s ' ' <"$scratch/out" | grep -qF "$cell"
	check "--list: $cell" $?
done
CC=no-such-cc ./run.sh --list >"$scratch/out2" 2>"$scratch/err"
[ $? = 77 ] && [ "$(cat "$scratch/err")" = 'krefbench: CC: no-such-cc is not here' ]
check 'a compiler that is not here' $?
build/krefbench --list >"$scratch/linked" && cmp "$scratch/out" "$scratch/linked" >"$scratch/err"
check 'both programs list the same' $?
run --list --filter 'getput/cas@.*threads:1$'
[ "$code" = 0 ] && [ "$(grep -c '^getput/' "$scratch/out")" = 2 ] &&
	grep -q '^getput/cas@[a-z]*/held/compact/objects:1/work_ns:0/threads:1$' "$scratch/out" &&
	grep -q '^2 points in 1 group' "$scratch/out"
check "--list tells what a filter matches (exit $code)" $?

# Without glib its peer is a hole everywhere.
MAKEFLAGS='' make -s B="$scratch/build" GLIB= light >&2 &&
	"$scratch/build/krefbench-light" --list >"$scratch/out"
[ "$(grep -c 'g_atomic_rc_box .*hole: glib.s headers are not there' "$scratch/out")" = \
	"$(grep -c 'g_atomic_rc_box ' "$scratch/out")" ] && grep -q 'g_atomic_rc_box ' "$scratch/out"
check 'a peer without its library is a hole' $?

run doctor
[ "$code" = 0 ] && grep -qE '^clock source +(good|MATTERS|unknown) ' "$scratch/out" &&
	[ ! -s "$scratch/err" ]
check "doctor (exit $code)" $?

ln -s "$PWD/run.sh" "$scratch/kb"
(cd "$scratch" && PATH=$PATH:. && kb doctor) >"$scratch/out" 2>"$scratch/err" </dev/null
check 'run.sh through a link' $?
env -u PATH "$PWD/run.sh" --list --filter 'getput/cas@.*threads:1$' >"$scratch/out" 2>"$scratch/err" </dev/null
check 'run.sh without PATH' $?

run plan --filter '^getput/'
[ "$code" = 0 ] && grep -q '^compact: ' "$scratch/out" && grep -q '^getput  *held ' "$scratch/out" &&
	[ ! -s "$scratch/err" ]
check "plan (exit $code)" $?
run plan --placement 0
[ "$code" = 0 ] && grep -q '^cpus:0: 1 processor in 1 core, ' "$scratch/out" && ! grep -q scatter "$scratch/out"
check "plan --placement 0 (exit $code)" $?
epyc=../shared/topologies/amd-epyc-7763-2s.xml
if [ -r "$epyc" ]; then
	run plan --topology "$epyc"
	[ "$code" = 0 ] && grep -q '^2 packages, .* 16 L3 caches' "$scratch/out" &&
		grep -qx ' *64  package  L3 56, core 57-63' "$scratch/out" &&
		[ "$(awk '$2 == "L3"' "$scratch/out" | wc -l)" -ge 14 ]
	check "plan --topology (exit $code)" $?
	refused 'p-cores: hwloc knows no kinds' plan --topology "$epyc" --placement p-cores
	refused 'there is no processor 128' plan --topology "$epyc" --placement 0,128
	refused '--topology: is an option of plan' --topology "$epyc" --quick
else
	echo "  SKIP   command: plan --topology: no $epyc"
fi
refused 'README.md: is no topology' plan --topology README.md
refused 'nowhere.xml: No such file' plan --topology nowhere.xml
mkfifo "$scratch/pipe"
for odd in "$scratch/pipe" /dev/zero tests; do
	refused "$odd: is no file" plan --topology "$odd"
done
refused 'plan: takes options only' plan results
refused 'there is no processor 100000' --placement 100000

refused '--bogus' --bogus
refused 'no command' frobnicate
refused '--threads: "0"' --threads 0
refused '--threads: "100000"' --threads 100000
refused '--threads: "1,,2"' --threads 1,,2
refused '--threads: needs a value' --threads
refused '--filter: "nothing-like-it"' --filter nothing-like-it
refused '--filter: "("' --filter '('
refused '--placement: "diagonal"' --placement diagonal
refused '--node: "east"' --node east
refused '--node: 777 is no NUMA node' --node 777
refused '--launches: "-1"' --launches -1
refused '--budget: "soon"' --budget soon
refused '--replace: "1001"' --replace 1001
refused '--layout: "tight"' --layout tight
refused '--variant: "tcc"' --variant tcc
refused '--counters: "a,,b"' --counters a,,b
# As on a processor whose events libpfm4 knows; here it may know none.
if [ "$(uname -m)" = x86_64 ]; then
	export LIBPFM_FORCE_PMU=skl
	refused '--counters: "no_event"' --counters rfo_hitm,no_event
	unset LIBPFM_FORCE_PMU
fi
refused 'takes one folder' report
refused 'takes nothing else' doctor --quick
refused 'No such file' report "$scratch/nowhere"
: >"$scratch/file"
refused "$scratch/file" report "$scratch/file"
refused 'cannot be written' --out "$scratch/file/run"
# What is the user's is neither replaced nor, after a start that fails, taken away.
mkdir "$scratch/precious" && echo precious >"$scratch/precious/meta.json"
refused 'is not empty; give a new folder' --quick --filter getput --out "$scratch/precious"
refused 'is not empty; give a new folder' profile getput+cas --out "$scratch/precious"
[ "$(ls "$scratch/precious")" = meta.json ] && [ "$(cat "$scratch/precious/meta.json")" = precious ]
check 'and left as it is' $?

refused 'needs --rev COMMIT, --cc COMPILER or --cflags FLAGS' ab
if [ -e .git ]; then
	refused 'there is no commit "never-was"' ab --rev never-was
else
	refused 'no clone of the repository' ab --rev HEAD
fi
refused '--rev: needs a value' ab --rev
refused 'no-such-cc is not here' ab --cc no-such-cc
refused 'does not take -fno-such-flag' ab --cflags -fno-such-flag
refused 'it has two of its own' ab --cflags -O3 --variant clang
refused 'are of ./run.sh ab' --rev HEAD
refused 'ab: takes no --list' ab --cflags -O3 --list
refused 'ab: comes first' --quick ab --cflags -O3
refused 'are of ./run.sh ab' --variant b

KREFBENCH_LAUNCH=7 refused 'KREFBENCH_LAUNCH' --quick --filter getput
refused '--seed' --seed 9223372036854775808

# Changed flags rebuild the cells, or the report would name flags that nothing was built with.
for change in CFLAGS='-O3 -g' ALIGN_gcc= CC=clang; do
	MAKEFLAGS='' make -n "$change" all 2>/dev/null | grep -q 'getput/refcount@aa.o'
	check "a change of $change rebuilds the cells" $?
done

# What is the same whatever the machine does meanwhile: which window is where in each launch's first round.
order() {
	awk -F, 'NR > 1 && $2 == 1 { print $1, $3, $6, $7, $8, $11, $12, $13, $14, $16, $17, $18 }' \
		"$1/samples.csv"
}

# Measures a run again by nothing but what its report says, which holds the text.
repeats() { # folder, text
	command=$(sed -n '/^Repeat:$/,$s/^    //p' "$1/report.md")
	case $command in *"$2"*) ;; *) false ;; esac
	check "the command of $1 has $2: $command" $?
	rm -rf "$scratch/repeated"
	[ -n "$command" ] && eval "$command --out '$scratch/repeated'" >"$scratch/out" 2>"$scratch/err" </dev/null
	check "$command" $?
	order "$1" >"$scratch/order"
	[ -s "$scratch/order" ] && order "$scratch/repeated" | cmp - "$scratch/order" >>"$scratch/err" 2>&1
	check "$command: the same points in the same order" $?
	[ "$(grep '"seed"' "$1/meta.json")" = "$(grep '"seed"' "$scratch/repeated/meta.json")" ] &&
		[ "$(head -n 1 "$1/samples.csv")" = "$(head -n 1 "$scratch/repeated/samples.csv")" ]
	check "$command: the same seed and counters" $?
}

# As if killed after its first launch, and resumed from another folder: meta.json tells what is to be built.
goes_on() { # folder
	order "$1" >"$scratch/order"
	sed -i 's/"status": "complete"/"status": "running"/; s/"launches_done": [0-9]*/"launches_done": 1/' "$1/meta.json"
	for file in samples.csv latency.csv; do
		awk -F, 'NR == 1 || $1 == 1' "$1/$file" >"$scratch/kept" && cp "$scratch/kept" "$1/$file"
	done
	(cd "$scratch" && "$OLDPWD/run.sh" --resume "$1") >"$scratch/out" 2>"$scratch/err" </dev/null
	check "--resume $1" $?
	order "$1" | cmp - "$scratch/order" >>"$scratch/err" 2>&1 && grep -q '"status": "complete"' "$1/meta.json"
	check "--resume $1: the same points in the same order" $?
}

# A short run into a folder with a hostile name.
out="$scratch/a 'run' with \"quotes\""
run --quick --filter 'getput/.*/work_ns:0/|handoff_queue/' --seed 7 --out "$out"
check "a short run (exit $code)" "$code"
tail -n 1 "$scratch/out" | grep -qF "report: $out/report.html"
check 'the last line is report: PATH' $?
for file in meta.json topology.xml samples.csv summary.csv ratios.csv holes.csv latency.csv \
	percentiles.csv benchmark.json report.html report.md; do
	[ -s "$out/$file" ]
	check "$file is there" $?
done
for format in svg png pdf dat gp; do
	[ "$(find "$out/plots" -name "*.$format" -size +0 | wc -l)" -ge 2 ]
	check "figures as $format" $?
done
undrawn=''
for script in "$out"/plots/*-*.gp "$out/plots/handover.gp"; do
	(cd "$out/plots" && gnuplot "${script##*/}") >>"$scratch/err" 2>&1 || undrawn="$undrawn ${script##*/}"
done
[ -z "$undrawn" ]
check "each script draws its figure by itself$undrawn" $?
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
	$column["ns_per_op"] == "" || $column["ns_per_op_lo"] == "" ||
	$column["ns_per_op_hi"] == "" || $column["ns_per_op_lo"] > $column["ns_per_op_hi"] { exit 1 }
	END { if (NR < 20) exit 1 }' "$out/summary.csv"
check 'each row of summary.csv has its interval' $?
awk -F, 'FNR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; files++; next }
	files == 1 { nr += $column["kind"] != "control"; next }
	{ nr-- }
	$column["samples"] < 100 || $column["stamps_ns"] == "" || $column["p50_ns"] == "" ||
	$column["p90_ns"] < $column["p50_ns"] || $column["max_ns"] < $column["p90_ns"] { bad++ }
	END { if (bad || nr) exit 1 }' "$out/summary.csv" "$out/percentiles.csv"
check 'each point has percentiles of single ops' $?
grep -q 'What single ops take' "$out/report.html" && grep -q 'samples of all launches' "$out/report.md" &&
	[ -s "$out/plots/latency-getput-held.svg" ]
check 'the report shows them' $?
grep -q 'few-launches' "$out/summary.csv"
check 'a quick run is flagged few-launches' $?
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
	$column["strategy"] ~ /urcu_ref|mutex/ && $column["retries_per_op"] != "" { exit 1 }
	$column["strategy"] == "cas" && $column["retries_per_op"] == "" { exit 1 }' "$out/summary.csv"
check 'retries are absent where a strategy hides them, and only there' $?
# Another side of the same rounds.
run ab --cflags=-DKREF_UNUSED --launches 6 --budget 2s --filter 'getput/cas@.*/work_ns:0/threads:1$' \
	--fail-above 1000% --out "$scratch/ab"
check "a run of ab (exit $code)" "$code"
grep -q 'getput, held, 1 thread: cas' "$scratch/out" && grep -q ' tie$\| tie, ' "$scratch/out"
check 'ab tells of the strategy it was asked for' $?
head -n 1 "$scratch/out" | grep -q '^b against what is here' &&
	[ "$(grep -vcE '^b against|getput, held, 1 thread: |slower, [0-9]* faster|^The chance|^limit' "$scratch/out")" = 0 ] &&
	[ "$(tail -n 1 "$scratch/err")" = "report: $scratch/ab/report.html" ]
check 'ab says nothing else on standard output' $?
repeats "$scratch/ab" 'ab --seed '
goes_on "$scratch/ab"
run ab --cflags=-DKREF_UNUSED --launches 2 --budget 1s --filter 'getput/cas@.*/work_ns:0/threads:1$' \
	--fail-above 5% --out "$scratch/ab-short"
[ "$code" = 1 ] && grep -q '^limit 5%: nothing can be seen' "$scratch/out"
check "too short an ab passes no limit (exit $code)" $?
grep -q '"flags": ".* -DKREF_UNUSED"' "$scratch/ab/meta.json"
check 'meta.json tells what b is made of' $?
HWLOC_SYNTHETIC='pack:2 core:1 pu:1' ./run.sh --quick --filter 'getput/atomic.*/work_ns:0/threads:1' \
	--out "$scratch/synthetic" >/dev/null 2>&1
grep -q '"cpu": "' "$scratch/synthetic/meta.json"
check 'a synthetic topology is never measured' $?
refused 'holds a run already' --quick --filter getput --out "$out"

# The same seed gives the same points in the same shuffled order.
run --quick --filter 'getput/.*/work_ns:0/|handoff_queue/' --seed 7 --out "$scratch/again"
for folder in "$out" "$scratch/again"; do
	awk -F, '$1 == 1 && $2 == 1 { print $3, $6, $7, $8, $11, $13 }' "$folder/samples.csv"
done | awk '{ seen[$0]++ } END { for (row in seen) if (seen[row] != 2) exit 1 }'
check 'a seed repeats the order' $?

compare=$(find /usr/share/benchmark /usr/share/libbenchmark* /usr/bin -name compare.py 2>/dev/null |
	head -n 1)
# The distribution's python3 has the package; another one may stand before it in PATH.
for python in /usr/bin/python3 python3; do
	"$python" -c 'import scipy' 2>/dev/null && break
done
if [ -n "$compare" ] && "$python" -c 'import scipy' 2>/dev/null; then
	"$python" "$compare" benchmarks "$out/benchmark.json" "$scratch/again/benchmark.json" \
		>"$scratch/out" 2>"$scratch/err"
	check 'compare.py reads benchmark.json' $?
	grep -q 'getput/refcount@' "$scratch/out"
	check 'compare.py compares the points' $?
else
	echo '  SKIP   compare.py: packages libbenchmark-tools and python3-scipy are not here'
fi

# A run is told as a command that a shell takes, with the seed that was chosen.
# shellcheck disable=SC2016 # nothing is to expand
run --launches 2 --budget 1s --counters page-faults,context-switches --threads 2,1 --objects 1,4 \
	--filter '^getput/(cas|atomic)@[^ "`$&;<>]*/(held|it'"'"'s)/.*/work_ns:0/' \
	--out "$scratch/an 'odd' \"one\" \$(name)"
check "a run of odd words (exit $code)" "$code"
repeats "$scratch/an 'odd' \"one\" \$(name)" ' --seed '
run --launches 2 --budget 1s --seed=9223372036854775807 --alloc malloc --out="$scratch/seeded" \
	--filter '^queue_rcu/atomic@.*threads:1$'
check "a run with the largest seed (exit $code)" "$code"
repeats "$scratch/seeded" './run.sh --launches 2 --budget 1s --seed=9223372036854775807 '

# Two runs of 12 launches made of one of 3, each launch four times and a little different; in B, $2 (a
# condition of awk) takes $3 times as long.
planted() { # folder, condition, factor
	mkdir -p "$1" && cp "$out/meta.json" "$1" &&
		for again in 0 1 2 3; do
			awk -F, -v OFS=, -v again="$again" -v factor="$3" 'NR == 1 {
				for (i = 1; i <= NF; i++) column[$i] = i
				if (!again) print
				next
			}
			function of(name) { return $column[name] }
			{
				slower = 1 + (again * 7 + $1 * 3 + NR % 5) / 1000
				if ('"$2"') slower *= factor
				if (of("ns_per_op") != "") $column["ns_per_op"] *= slower
				$column["mops"] /= slower
				$1 += 3 * again
				print
			}' "$out/samples.csv"
		done >"$1/samples.csv"
}
planted "$scratch/A" 0 1
planted "$scratch/B" 'of("workload") == "getput" && of("strategy") == "cas"' 1.5
run compare "$scratch/A" "$scratch/B"
check "compare (exit $code)" "$code"
grep -qE '^  slower .* getput held, 1 thread: cas@' "$scratch/out"
check 'compare calls what is slower' $?
grep -q '^[0-9]* groups and points: [12] slower, 0 faster' "$scratch/out"
check 'compare calls nothing else' $?
[ -z "$(find "$scratch/A" "$scratch/B" -type f ! -name samples.csv ! -name meta.json)" ]
check 'compare writes nothing' $?
if "$python" -c 'import scipy' 2>/dev/null; then
	cp "$scratch/out" "$scratch/printed"
	run report "$scratch/A"
	run report "$scratch/B"
	"$python" tests/command/check_compare.py "$scratch/A" "$scratch/B" <"$scratch/printed" \
		>"$scratch/out" 2>"$scratch/err"
	check 'SciPy finds the same' $?
else
	echo '  SKIP   compare and SciPy: package python3-scipy is not here'
fi
run compare "$scratch/A" "$scratch/B" --fail-above 30%
[ "$code" = 3 ] && tail -n 1 "$scratch/out" | grep -q '^limit 30%: FAILED, .*cas@'
check "what is above the limit fails (exit $code)" $?
run compare --fail-above=60% "$scratch/A" "$scratch/B"
[ "$code" = 0 ] && tail -n 1 "$scratch/out" | grep -q '^limit 60%: passed'
check "what is below it passes (exit $code)" $?
planted "$scratch/B" 1 1.5
run compare "$scratch/A" "$scratch/B" --fail-above 30%
[ "$code" = 3 ] && tail -n 1 "$scratch/out" | grep -q '^limit 30%: FAILED, the run as a whole'
check "all of it slower fails (exit $code)" $?
run compare "$out" "$scratch/again" --fail-above 5%
[ "$code" = 1 ] && tail -n 1 "$scratch/out" | grep -q 'nothing can be seen'
check "quick runs are too short to tell (exit $code)" $?
refused 'takes two folders' compare "$out"
refused '--fail-above: "much"' compare "$out" "$out" --fail-above much
refused 'No such file' compare "$out" "$scratch/nowhere"
sed -i '30s/,/;/g' "$scratch/B/samples.csv"
refused 'samples.csv:30' compare "$scratch/A" "$scratch/B"

# Rows of summary.csv: $1 the file, $2 a condition of awk on its columns; how many fulfil it.
rows() {
	awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
		function of(name) { return $column[name] }
		'"$2"' { n++ } END { print n + 0 }' "$1/summary.csv"
}

# Entries replaced, objects packed, and what comes late told.
BENCHMARK_OUT=$scratch/asked-twice run --quick --filter '^queue_(mutex|rcu)/(refcount|percpu|rcu_only)@' --threads 1 --objects 4 \
	--replace 0,100 --layout packed --out "$scratch/replace"
check "a run that replaces (exit $code)" "$code"
[ ! -e "$scratch/asked-twice" ]
check 'BENCHMARK_OUT of the environment is left alone' $?
[ "$(rows "$scratch/replace" 'of("layout") != "packed"')" = 0 ]
check 'all is packed' $?
for cell in queue_mutex:refcount queue_mutex:percpu queue_rcu:refcount queue_rcu:rcu_only; do
	[ "$(rows "$scratch/replace" 'of("workload") == "'"${cell%:*}"'" &&
		of("strategy") == "'"${cell#*:}"'" && of("variant") != "aa" &&
		of("replace_permille") == 100')" = 1 ]
	check "$cell replaces" $?
done
[ "$(rows "$scratch/replace" 'of("replace_permille") == 100 && of("strategy") == "refcount" &&
	(of("workload") == "queue_rcu") == (of("reclaim_delay_ns") == "")')" = 0 ]
check 'a delay is told where frees come late, and only there' $?
[ "$(rows "$scratch/replace" 'of("strategy") == "percpu" && of("kref_bytes") != 24')" = 0 ]
check 'bytes are those at the thread count' $?

# Both compilers in one program and one round.
if command -v clang >/dev/null && command -v gcc >/dev/null; then
	run --quick --variant clang,gcc --filter '^getput/(atomic|refcount)@.*/work_ns:0/' --threads 1 \
		--out "$scratch/variants"
	check "two variants (exit $code)" "$code"
	for cell in atomic@clang refcount@clang atomic@gcc refcount@gcc; do
		[ "$(rows "$scratch/variants" 'of("kind") == "candidate" &&
			of("strategy") "@" of("variant") == "'"$cell"'"')" = 1 ]
		check "$cell is measured" $?
	done
	grep -q '^getput,compact,1,1,,refcount@gcc,refcount@clang,' "$scratch/variants/ratios.csv"
	check "the first variant's baseline is the baseline" $?
	grep -q '"variant": "clang"' "$scratch/variants/meta.json"
	check 'meta.json names both compilers' $?
else
	echo '  SKIP   --variant gcc,clang: one of the compilers is not here'
fi

# The header that CONTRIBUTING.md shows, and the same one broken.
own=$scratch/wide.h
# shellcheck disable=SC2016 # the fences of a code block
sed -n '/^```c$/,/^```$/{/^```/d;p}' CONTRIBUTING.md >"$own"
STRATEGY=$(realpath --relative-to=. "$own") run --quick --filter '^getput/wide@.*/work_ns:0/' --threads 1 --out "$scratch/own"
check "a header from outside (exit $code)" "$code"
[ "$(rows "$scratch/own" 'of("strategy") == "wide" && of("ns_per_op") > 0')" = 1 ]
check 'a header from outside is measured' $?
repeats "$scratch/own" "STRATEGY=$own ./run.sh --seed "
goes_on "$scratch/own"
sed -i 's/acq_rel) == 1/acq_rel) == 2/' "$own"
STRATEGY=$own run --list
[ "$code" = 1 ] && grep -q 'does not do what its KREF_CAPS claim' "$scratch/err"
check 'a header that breaks its word is not measured' $?
STRATEGY=$scratch/nowhere.h refused 'no such file' --list
cp "$own" "$scratch/refcount.h"
STRATEGY=$scratch/refcount.h refused 'there is a strategy refcount already' --list

# Report again, and from a damaged file.
rm -r "$out/plots" "$out/report.html" "$out/summary.csv"
run report "$out"
check "report makes what is missing (exit $code)" "$code"
[ -s "$out/report.html" ] && [ -s "$out/summary.csv" ]
check 'report wrote its files' $?

# Side by side: the runs are only read, and each is told apart.
cp -r "$out" "$scratch/other"
sums=$(find "$out" "$scratch/other" -type f -exec cksum {} + | sort)
run report "$out" "$scratch/other" --out "$scratch/beside"
check "report of two runs (exit $code)" "$code"
[ "$(tail -n 1 "$scratch/out")" = "report: $scratch/beside/report.html" ] &&
	grep -q '2 runs side by side' "$scratch/beside/report.html" && [ -s "$scratch/beside/report.md" ] &&
	[ -n "$(find "$scratch/beside/plots" -name '*.pdf' -size +0)" ]
check 'report of two runs wrote its files' $?
[ "$(find "$out" "$scratch/other" -type f -exec cksum {} + | sort)" = "$sums" ]
check 'report of two runs leaves them as they are' $?
refused 'is given twice' report "$out" "$out/." --out "$scratch/beside"
refused 'is one of the runs' report "$out" "$scratch/other" --out "$out/../other/"
refused 'is no folder of a run' report "$out" "$scratch/nowhere"
refused 'at most 8 runs' report 1 2 3 4 5 6 7 8 9

cp "$out/samples.csv" "$scratch/whole"
last=$(tail -n 1 "$scratch/whole" | cut -d, -f1)
sed -i "/^$last,/d" "$out/samples.csv"
missing="samples.csv: ends with launch $((last - 1)), and meta.json tells of $last: the others are missing"
run report "$out"
[ "$code" = 0 ] && [ "$(grep -c "$missing" "$scratch/err")" = 1 ]
check 'report says that launches are missing' $?
run compare "$scratch/again" "$out"
[ "$code" = 0 ] && [ "$(grep -c "$missing" "$scratch/err")" = 1 ] && [ "$(wc -l <"$scratch/err")" = 1 ]
check 'compare says it too' $?
mv "$scratch/whole" "$out/samples.csv"
printf 'torn,li' >>"$out/samples.csv"
run report "$out"
check 'a torn last line is dropped' "$code"
grep -q 'samples.csv: the last line is torn' "$scratch/err"
check 'and told' $?
mv "$out/meta.json" "$out/meta.saved"
refused 'No such file' report "$out"
echo '{"format": 99}' >"$out/meta.json"
refused 'of another format' report "$out"
mv "$out/meta.saved" "$out/meta.json"
sed -i '30s/,/;/g' "$out/samples.csv"
refused 'samples.csv:30' report "$out"

# Interrupted: what was measured is kept and reported, marked partial.
./run.sh --filter 'getput' --out "$scratch/cut" >"$scratch/out" 2>"$scratch/err" </dev/null &
pid=$!
until [ "$(sed -n '$=' "$scratch/cut/samples.csv" 2>/dev/null)0" -ge 1000 ]; do
	kill -0 $pid 2>/dev/null || break
	sleep 0.1
done
kill -TERM $pid
wait $pid
[ $? = 1 ] && grep -q '"status": "partial"' "$scratch/cut/meta.json" &&
	grep -qi 'partial' "$scratch/cut/report.html" && [ -s "$scratch/cut/summary.csv" ]
check 'an interrupted run leaves a report marked partial' $?

finish
