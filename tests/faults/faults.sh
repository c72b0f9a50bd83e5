# shellcheck shell=sh disable=SC2034,SC2086,SC2016
# For the scripts of faults: meets krefbench with one and tells in a line how that ended. Read with "." by
# tests/faults/fault_*.sh, which tests/faults/run starts in the project's folder.
# SPDX-License-Identifier: MIT

B=${B:-build}
scratch=$(mktemp -d) || exit 1
undo=:
trap 'eval "$undo"; rm -rf "$scratch"' EXIT
dir=$scratch/run
measure="$B/krefbench --quick --launches 1 --budget 1s --seed 1"
one='getput/cas@.*/work_ns:0/threads:1$'
two='getput/cas@.*/work_ns:0/threads:2$'
preload=$PWD/$B/tests/faults/preload.so
# Most faults do not bear on figures, whose drawing is what takes longest.
mkdir "$scratch/bin" && echo '#!/bin/sh' >"$scratch/bin/gnuplot" && chmod +x "$scratch/bin/gnuplot" || exit 1
real_path=$PATH
PATH=$scratch/bin:$PATH

tell() { # ok|WRONG|SKIP, name, line, exit code, folder
	printf '%-5s  %s | %s | exit %s | %s\n' "$1" "$2" "$3" "$4" "$5"
}

skip() { # name, reason
	printf 'SKIP   %s | %s\n' "$1" "$2"
}

# Of $dir, in folder: what a reader finds there. Rows are those of whole rounds, which the report reads.
look() {
	rows=0 folder='no folder'
	[ -d "$dir" ] || return 0
	folder='folder intact: 0 rows'
	[ -s "$dir/samples.csv" ] || return 0
	rows=$(awk -F, 'NR > 1 && NF > 5 { if (++n == $4) { rows += n; n = 0 } } END { print rows + 0 }' \
		"$dir/samples.csv")
	folder="folder intact: $rows rows"
	[ "$rows" -gt 0 ] || return 0
	"$B/krefbench-light" report -- "$dir" >"$scratch/report" 2>&1 && [ -s "$dir/report.html" ] && return
	folder="folder NOT readable: $(tail -n 1 "$scratch/report")"
}

# $1 name, $2 exit code wanted, $3 text wanted on either output, $4 none|empty|rows: the folder wanted; then
# the command, which measures into $dir. after, if set, comes between it and the look at the folder.
after=:
fault() {
	name=$1 wanted=$2 text=$3 state=$4
	shift 4
	rm -rf "$dir" 2>/dev/null
	timeout 100 "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
	code=$?
	judge_it
}

# What fault does once the command has ended with code.
judge_it() {
	verdict=ok
	eval "$after"
	look
	line=$(cat "$scratch/out" "$scratch/err" | grep -F -- "$text" | tail -n 1)
	# Else whatever it said last; a message is one line.
	if [ -n "$text" ] && [ -z "$line" ]; then
		verdict=WRONG
		line=$(grep '^krefbench: ' "$scratch/err" | tail -n 1)
	fi
	[ "$code" = "$wanted" ] || verdict=WRONG
	case $state:$folder in
	none:'no folder' | empty:'folder intact: 0 rows') ;;
	rows:'folder intact: 0 rows') verdict=WRONG ;;
	rows:'folder intact: '*) ;;
	*) verdict=WRONG ;;
	esac
	tell "$verdict" "$name" "$(printf %s "$line" | sed "s|$scratch/||g; s|krefbench: ||")" "$code" "$folder"
	[ "$verdict" = ok ] || sed 's/^/       /' "$scratch/out" "$scratch/err"
}

# Once the fault is gone: the run in $dir goes on to its end, and keeps the rows that it had.
goes_on() { # name
	look
	before=$rows
	told=$("$B/krefbench-light" --resume "$dir" 2>"$scratch/err")
	code=$?
	: >"$scratch/out"
	if [ "$code" = 0 ]; then
		eval "set -- '$1' $told"
		name=$1
		shift 2
		KREFBENCH_RESUMED=$dir "$B/krefbench" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
		code=$?
	fi
	text='report: ' wanted=0 state=rows
	after=:
	judge_it "$name"
	[ "$rows" -ge "$before" ] || echo "WRONG  $name: $before rows were there"
}

