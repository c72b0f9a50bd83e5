#!/bin/sh
# Reports from a folder whose maker means no good: nothing of it runs, nothing outside it is written, and what
# it shows is text. $1: the build folder.
# SPDX-License-Identifier: MIT

set -u
what=hostile
# shellcheck source=tests/command/checks.sh
. "$(dirname "$0")/checks.sh"
program=$PWD/${1:-build}/krefbench-light
if ! command -v gnuplot >/dev/null || ! command -v python3 >/dev/null; then
	echo '  SKIP   hostile: takes gnuplot and python3'
	exit 0
fi

report() { # sets code; a pipe that nobody writes to would hang
	timeout 60 "$program" report "$scratch/run" >"$scratch/out" 2>"$scratch/err" </dev/null
	code=$?
}

unreported() { # text, what
	report
	[ "$code" = 2 ] && [ "$(wc -l <"$scratch/err")" = 1 ] && [ ! -s "$scratch/out" ] &&
		grep -qF -- "$1" "$scratch/err"
	check "$2 is refused (exit $code)" $?
}

fresh() {
	rm -rf "$scratch/run"
	cp -r "$scratch/good" "$scratch/run"
}

tests/report/make_run.py "$scratch/run" --threads 1,2,4 --strategies 8 --launches 6 \
	--boundaries 2:L3 && tests/report/hostile.py plant "$scratch/run" || exit 1
(cd "$scratch" && PATH=":.:$PATH:" "$program" report run >out 2>err)
check "a report of hostile names (exit $?)" $?
tests/report/hostile.py check "$scratch/run" >"$scratch/out"
check 'what it shows is text, and nothing ran' $?
[ "$(find "$scratch" -name 'PWNED*' | wc -l)" = 0 ] && [ ! -e PWNED ]
check 'no command of the folder was run' $?

tests/report/make_run.py "$scratch/good" --threads 1 --strategies 5 --launches 3 || exit 1
fresh
report
check "a report of a plain folder (exit $code)" "$code"
rm -rf "$scratch/good" && mv "$scratch/run" "$scratch/good"
echo precious >"$scratch/precious"
figure=$(cd "$scratch/good/plots" && ls versus-*.dat) && figure=plots/${figure%%.dat*}
for name in summary.csv summary.csv.new ratios.csv ratios.csv.new report.html report.html.new report.md \
	report.md.new plots/style.gp "$figure.gp" "$figure.dat"; do
	fresh
	ln -sf "$scratch/precious" "$scratch/run/$name"
	unreported 'is a link' "$name as a link"
	[ "$(cat "$scratch/precious")" = precious ]
	check "$name as a link is not followed" $?
done
fresh
ln -sf "$scratch/precious" "$scratch/run/$figure.svg"
report
[ "$code" = 0 ] && [ "$(cat "$scratch/precious")" = precious ] && [ ! -L "$scratch/run/$figure.svg" ]
check 'a picture as a link is replaced' $?
# Figures that were there before, where one cannot be taken away.
fresh
for name in "$scratch/run/plots/"*.svg; do
	echo '<svg><text>older</text></svg>' >"$name"
done
rm "$scratch/run/$figure.svg" && mkdir "$scratch/run/$figure.svg"
report
[ "$code" = 1 ] && grep -q "cannot remove .*/$figure.svg" "$scratch/err" && ! grep -q ">older<" "$scratch/run/report.html"
check 'figures of before are not shown' $?
fresh
rm "$scratch/run/report.html"
ln "$scratch/precious" "$scratch/run/report.html.new"
report
[ "$code" = 0 ] && [ "$(cat "$scratch/precious")" = precious ]
check 'another name of a file outside is not written' $?
fresh
rm -r "$scratch/run/plots"
mkdir "$scratch/elsewhere"
ln -s "$scratch/elsewhere" "$scratch/run/plots"
unreported 'is a link' 'plots as a link'
[ -z "$(ls "$scratch/elsewhere")" ]
check 'plots as a link is not followed' $?
for name in samples.csv meta.json summary.csv.new; do
	fresh
	rm -f "$scratch/run/$name"
	mkfifo "$scratch/run/$name"
	unreported 'is no file' "$name as a pipe"
done
fresh
printf '\033]0;title\007' >>"$scratch/run/samples.csv"
echo >>"$scratch/run/samples.csv"
unreported 'control character' 'a control character'
# In what a terminal shows, whatever meta.json tells.
fresh
cp -r "$scratch/run" "$scratch/other"
sed -i 's/^\( *"\(commit\|started_utc\|kernel\)": "\)/\1\\u001b]0;t\\u0007\\u009b2J\\u0085/' "$scratch/other/meta.json"
"$program" compare "$scratch/run" "$scratch/other" >"$scratch/out" 2>"$scratch/err"
"$program" report "$scratch/other" >>"$scratch/out" 2>>"$scratch/err"
grep -q '?]0;t??2J?' "$scratch/out" && grep -q ']0;t' "$scratch/other/report.md" &&
	cat "$scratch/out" "$scratch/err" "$scratch/other/report.md" | python3 -c 'import sys, unicodedata
text = sys.stdin.buffer.read().decode()
sys.exit(any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in text))'
check 'nothing that a terminal obeys is shown' $?
ln -s run "$scratch/latest"
fresh
"$program" report "$scratch/latest" >"$scratch/out" 2>"$scratch/err"
check "the folder itself may be a link (exit $?)" $?

finish
