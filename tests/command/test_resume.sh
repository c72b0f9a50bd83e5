#!/bin/sh
# Runs that ended before their time go on, or are refused with the reason; see test_kill.sh for random kills.
# SPDX-License-Identifier: MIT

set -u
what=resume
# shellcheck source=tests/command/checks.sh
. "$(dirname "$0")/checks.sh"
command -v setsid >/dev/null || { echo '  SKIP   resume: no setsid'; exit 77; }
MAKEFLAGS='' make -s all >&2 || exit 1

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
refused "report $scratch/unbroken makes its report again" --resume "$scratch/unbroken"
# Killed before it had looked at the machine, which takes a second.
mkdir "$scratch/early" && : >"$scratch/early/samples.csv"
refused 'remove the folder and begin again' --resume "$scratch/early"
refused 'holds a run already' --quick --filter "$filter" --out "$scratch/early"

# A run that another process holds.
setsid ./run.sh --launches 100 --budget 60s --filter "$filter" --out "$scratch/held" >/dev/null \
	2>/dev/null </dev/null &
held=$!
while [ ! -s "$scratch/held/samples.csv" ] && kill -0 $held 2>/dev/null; do sleep 0.1; done
./run.sh --resume "$scratch/held" >"$scratch/out2" 2>"$scratch/err2" </dev/null
[ $? = 2 ] && grep -q 'is still running' "$scratch/err2"
check 'a run that is still running is refused' $?
refused 'holds a run already' --quick --filter "$filter" --out "$scratch/held"
# Killed alone: its launch, which cannot end while it is stopped, has the folder still.
launch=
while [ -z "$launch" ] && kill -0 $held 2>/dev/null; do launch=$(ps -o pid= --ppid $held); done
# shellcheck disable=SC2086 # a number behind blanks
kill -STOP $launch && kill -9 $held
wait $held 2>/dev/null
refused 'is still running' --resume "$scratch/held"
kill -9 "-$held"
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
# Complete, but killed in its report: that is made, and figures begun are no hindrance.
rm "$scratch/late/report.md" "$scratch/late/report.html" "$scratch/late/benchmark.json"
ln -s late "$scratch/link"
(cd "$scratch/late" && "$OLDPWD/run.sh" --resume ../link) >"$scratch/out" 2>"$scratch/err" </dev/null
check 'a complete run without a report goes on to it, from another folder and through a link' $?
cmp "$scratch/before" "$scratch/late/samples.csv" >>"$scratch/err" && [ -s "$scratch/late/report.md" ] &&
	[ -s "$scratch/late/benchmark.json" ] && tail -n 1 "$scratch/out" | grep -q '^report: '
check 'and has it then' $?
refused 'there is nothing to resume' --resume "$scratch/link"

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
# One before each launch: before the third and fourth again.
handovers() {
	tr -d ' \n' <"$1/meta.json" | sed 's/.*"again":{\([^}]*\)}.*/\1/; s/\],/\n/g' | grep -o '[0-9.]*' | wc -l
}
if [ "$(nproc)" = 2 ]; then
	[ "$(handovers "$scratch/unbroken")" = 4 ] && [ "$(handovers "$scratch/late")" = 6 ]
	check 'hand-overs of before are kept' $?
fi

# --- ended by a signal ----------------------------------------------------------------------------------

for signal in TERM INT; do
	folder=$scratch/$signal
	# As an interactive shell's job: one in the background ignores INT, and a shell cannot change that.
	setsid env --default-signal=INT ./run.sh --launches 2 --budget 20s --filter "$filter" --seed 77 \
		--out "$folder" >"$scratch/out" 2>"$scratch/err" </dev/null &
	pid=$!
	while [ "$(awk 'END { print NR }' "$folder/samples.csv" 2>/dev/null || echo 0)" -lt 30 ] && kill -0 $pid 2>/dev/null; do
		sleep 0.1
	done
	kill -s $signal $pid
	wait $pid 2>/dev/null
	[ $? = 1 ] && grep -q '"status": "partial"' "$folder/meta.json"
	check "SIG$signal leaves a partial run" $?
	# With less to measure: the time is of the test.
	sed -i 's/"20s"/"1s"/' "$folder/meta.json"
	whole_rounds "$folder/samples.csv" >"$scratch/kept"
	mv "$folder" "$folder.moved"
	run --resume "$folder.moved"
	check "it goes on, moved to another folder" "$code"
	head -c "$(wc -c <"$scratch/kept")" "$folder.moved/samples.csv" | cmp -s - "$scratch/kept" &&
		whole "$folder.moved/samples.csv" && [ ! -e "$folder" ] &&
		grep -q '"status": "complete"' "$folder.moved/meta.json"
	check 'and is complete' $?
done

# --- while its figures are drawn ------------------------------------------------------------------------

# A gnuplot that draws nothing until it may; tells its number, and what it has open.
mkdir "$scratch/bin"
cat >"$scratch/bin/gnuplot" <<END
#!/bin/sh
readlink /proc/\$\$/fd/* >>"$scratch/open"
echo \$\$ >>"$scratch/drawing"
n=0
while [ ! -e "$scratch/go" ] && [ \$n -lt 600 ]; do sleep 0.1; n=\$((n + 1)); done
END
chmod +x "$scratch/bin/gnuplot"
drawn_by() { # process: waits until its three gnuplots are there
	while [ "$(wc -l <"$scratch/drawing")" -lt 3 ] && kill -0 "$1" 2>/dev/null; do sleep 0.1; done
}
gone() { # Whether those gnuplots end.
	n=0
	while [ $n -lt 100 ]; do
		# shellcheck disable=SC2046 # words
		kill -0 $(cat "$scratch/drawing") 2>/dev/null || return 0
		sleep 0.1
		n=$((n + 1))
	done
	return 1
}
for signal in TERM INT HUP KILL; do
	folder=$scratch/drawn.$signal
	cp -r "$scratch/unbroken" "$folder"
	rm "$folder/report.md" "$folder/report.html"
	: >"$scratch/drawing"
	: >"$scratch/open"
	PATH=$scratch/bin:$PATH setsid env --default-signal=INT ./run.sh --resume "$folder" >"$scratch/out" \
		2>"$scratch/err" </dev/null &
	pid=$!
	drawn_by $pid
	[ -s "$scratch/open" ] && ! grep -F "$folder" "$scratch/open" >>"$scratch/err"
	check 'gnuplot has no file of the run open' $?
	kill -s $signal $pid
	wait $pid 2>/dev/null
	[ $? -gt 128 ]
	check "SIG$signal ends a run whose figures are drawn" $?
	gone
	check 'and its gnuplot' $?
	run --resume "$folder"
	check "it goes on (exit $code)" "$code"
done

# Two reports of one folder at once: the later one waits.
: >"$scratch/drawing"
PATH=$scratch/bin:$PATH build/krefbench-light report "$folder" >"$scratch/out" 2>"$scratch/err" </dev/null &
first=$!
drawn_by $first
PATH=$scratch/bin:$PATH build/krefbench-light report "$folder" >"$scratch/out2" 2>"$scratch/err2" </dev/null &
second=$!
while [ "$(wc -l <"$scratch/drawing")" -lt 6 ] && ! grep -q waits "$scratch/err2" && kill -0 $second 2>/dev/null; do
	sleep 0.1
done
grep -q "waits for another report of $folder" "$scratch/err2"
check 'a report waits for another' $?
: >"$scratch/go"
wait $first
check 'that ends' $?
wait $second
check 'and so does the one that waited' $?

# --- results/latest may point to another run before this one has ended ---------------------------------------

ln -s "$scratch/late" "$scratch/latest"
sed -i 's/"status": "complete"/"status": "running"/; s/"launches_done": 4/"launches_done": 1/' "$scratch/late/meta.json"
sed -i '/^[234],/d' "$scratch/late/samples.csv" "$scratch/late/latency.csv"
cp "$scratch/unbroken/samples.csv" "$scratch/before"
setsid ./run.sh --resume "$scratch/latest" >"$scratch/out" 2>"$scratch/err" </dev/null &
pid=$!
while ! grep -q '^2,' "$scratch/late/samples.csv" && kill -0 $pid 2>/dev/null; do sleep 0.1; done
ln -sfn "$scratch/unbroken" "$scratch/latest"
wait $pid
check 'a run that goes on through a link' $?
whole "$scratch/late/samples.csv" && grep -q '^4,' "$scratch/late/samples.csv" &&
	cmp "$scratch/before" "$scratch/unbroken/samples.csv" >>"$scratch/err"
check 'stays in its folder when the link changes' $?

# --- what is on the disk when a launch begins -----------------------------------------------------------------

if strace -f -o "$scratch/trace" true 2>/dev/null; then
	words="--launches 4 --budget 1s --filter getput/cas@.*/work_ns:0/threads:[12]$ --seed 5"
	traced() { # prints the orders that the launches ran
		# shellcheck disable=SC2086
		strace -f -y -s 0 -o "$scratch/trace" -e trace=execve,write,fdatasync,fsync,rename \
			build/krefbench $words --out "$scratch/traced" >"$scratch/out" 2>"$scratch/err" </dev/null
		sed -n 's/.*execve("\/proc\/self\/fd\/\([0-9]*\)".*/\1/p' "$scratch/trace"
	}
	traced >"$scratch/orders"
	sed -n 's/.* write([0-9]*<[^>]*\/samples\.csv>, ""\.\.\., \([0-9]*\).*/\1/p' "$scratch/trace" >"$scratch/writes"
	LC_ALL=C awk -F, 'NR == 1 { print length($0) + 1; next }
		{ bytes += length($0) + 1; if (++n == $4) { print bytes; bytes = n = 0 } }' \
		"$scratch/traced/samples.csv" | cmp - "$scratch/writes" >>"$scratch/err"
	check 'each round is one write' $?
	awk -v folder="<$scratch/traced" '!index($0, folder) && !/execve\("\/proc\/self\/fd/ && !/rename\(/ { next }
		{ file = $0; sub(/>.*/, "", file); sub(/.*</, "", file) }
		/ write\(/ { dirty[file] }
		/ rename\(.*meta\.json/ { if (folder "/meta.json.new" in dirty) exit bad = 1; dirty[substr(folder, 2)] }
		/ f(data)?sync\(/ { delete dirty[file] }
		/ execve\(/ { launches++; for (file in dirty) { print "not synced: " file; exit bad = 1 } }
		END { exit bad || launches != 4 }' "$scratch/trace" >>"$scratch/err"
	check 'all files are synced when a launch begins' $?
	# The third launch was whole, but nobody was told.
	sed -i 's/"status": "complete"/"status": "running"/; s/"launches_done": 4/"launches_done": 2/' \
		"$scratch/traced/meta.json"
	sed -i '/^4,/d' "$scratch/traced/samples.csv" "$scratch/traced/latency.csv"
	KREFBENCH_RESUMED="$scratch/traced" traced >"$scratch/orders2"
	sed -n 4p "$scratch/orders" | cmp - "$scratch/orders2" >>"$scratch/err"
	check 'a launch runs the link order that it would have run' $?
else
	echo '  SKIP   resume: writes and syncs: no strace that may trace'
fi

# --- launches that are planned as the run goes on -------------------------------------------------------------

if command -v python3 >/dev/null; then
	words="--precision 0.2% --budget 8s --filter getput/cas@.*/work_ns:0/threads:1$ --seed 9"
	# shellcheck disable=SC2086
	setsid build/krefbench $words --out "$scratch/adaptive" >"$scratch/out" 2>"$scratch/err" </dev/null &
	pid=$!
	while ! grep -q '^12,' "$scratch/adaptive/samples.csv" 2>/dev/null && kill -0 $pid 2>/dev/null; do
		sleep 0.1
	done
	kill -9 -$pid
	wait $pid 2>/dev/null
	run --resume "$scratch/adaptive"
	check "a run killed before a look goes on (exit $code)" "$code"
	# To that look again, with the same samples: with time left, and with none.
	tests/command/look_again.py "$scratch/adaptive" "$scratch/again" 0
	check 'a run as it was before a look' $?
	run --resume "$scratch/again"
	check "goes on (exit $code)" "$code"
	tests/command/look_again.py --compare "$scratch/adaptive" "$scratch/again" >>"$scratch/err"
	check 'and plans the same points' $?
	tests/command/look_again.py "$scratch/adaptive" "$scratch/spent" 9 && run --resume "$scratch/spent" &&
		grep -q '"launches_planned": 12,' "$scratch/spent/meta.json"
	check 'the time spent before a kill counts' $?
fi

finish
