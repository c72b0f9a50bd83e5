#!/bin/sh
# What is around a run: odd paths, lost outputs, no HOME, a decimal comma, another run in its folder.
# SPDX-License-Identifier: MIT

# shellcheck disable=SC2086,SC2016,SC2030,SC2031,SC2034 # measure is words; evaluated later; faults.sh reads them
. tests/faults/faults.sh

for path in "a b'c\"d" '$HOME;`x`<b>&' 'Größe' '-dash'; do
	dir="$scratch/$path"
	fault "path \"$path\"" 0 'report: ' rows $measure --filter "$one" --out "$dir"
done
# Relative, with the dash first: the folder is read by the same name.
(
	B=$PWD/$B
	cd "$scratch" || exit 1
	measure="$B/krefbench --quick --launches 1 --budget 1s --seed 1"
	dir=-first
	fault 'path that begins with a dash' 0 'report: ' rows $measure --filter "$one" --out "$dir"
)
dir=$scratch/run

fault 'standard output full' 1 'standard output was lost' rows \
	sh -c 'exec "$@" >/dev/full' sh $measure --filter "$one" --out "$dir"
fault 'standard output closed' 1 'standard output was lost' rows \
	sh -c 'exec "$@" >&-' sh $measure --filter "$one" --out "$dir"
fault 'standard input closed' 0 'report: ' rows \
	sh -c 'exec "$@" <&-' sh $measure --filter "$one" --out "$dir"
fault 'all three closed' 1 '' rows \
	sh -c 'exec "$@" <&- >&- 2>&-' sh $measure --filter "$one" --out "$dir"
fault 'TMPDIR is not there' 0 'report: ' rows \
	env TMPDIR=/nowhere $measure --filter "$one" --out "$dir"
fault 'HOME is unset' 0 'report: ' rows env -u HOME $measure --filter "$one" --out "$dir"

rm -rf "$dir"
$measure --launches 2 --filter "$one" --out "$dir" >"$scratch/out1" 2>"$scratch/err1" </dev/null &
$measure --launches 2 --filter "$one" --out "$dir" >"$scratch/out" 2>"$scratch/err" </dev/null
code=$?
wait $!
other=$?
# Either may be first.
[ "$code" = 2 ] || { code=$other; cat "$scratch/out1" >"$scratch/out"; cat "$scratch/err1" >"$scratch/err"; }
name='two runs at once in one folder' wanted=2 text='holds a run already' state=rows
judge_it

name='locale with a decimal comma'
mkdir "$scratch/locales"
if ! localedef -i de_DE -f UTF-8 "$scratch/locales/de_DE.UTF-8" 2>/dev/null; then
	skip "$name" 'needs localedef and the source of de_DE (package locales)'
	exit
fi
PATH=$real_path
after='grep "<text\|<tspan" "$dir"/plots/*.svg | grep -q ">[0-9]*,[0-9]*<" && verdict=WRONG
	! awk -F, "{ if (NR == 1) n = NF; if (NF != n) exit 1 }" "$dir/summary.csv" && verdict=WRONG'
fault "$name" 0 'report: ' rows env LOCPATH="$scratch/locales" LC_ALL=de_DE.UTF-8 \
	$measure --filter "$one" --out "$dir"
