#!/bin/sh
# gnuplot that is missing, fails, is killed or hangs: the report is written without figures.
# SPDX-License-Identifier: MIT

# shellcheck disable=SC2086,SC2016,SC2030,SC2031,SC2034 # measure is words; evaluated later; faults.sh reads them
. tests/faults/faults.sh

stub() { # what gnuplot is
	rm -f "$scratch/bin/gnuplot"
	printf '#!/bin/sh\n%s\n' "$1" >"$scratch/bin/gnuplot"
	chmod +x "$scratch/bin/gnuplot"
}

# The folder is read with one that works.
works='stub "exit 0"'
rm "$scratch/bin/gnuplot"
mkdir "$scratch/nothing"
after=$works
fault 'gnuplot missing' 1 'gnuplot is not installed' rows \
	env PATH="$scratch/nothing" $measure --filter "$one" --out "$dir"
stub 'echo "line 3: nonsense" >&2; exit 1'
fault 'gnuplot fails' 1 'failed: line 3: nonsense' rows $measure --filter "$one" --out "$dir"
stub 'kill -9 $$'
fault 'gnuplot is killed' 1 'ended by signal 9' rows $measure --filter "$one" --out "$dir"
stub 'sleep 1000'
fault 'gnuplot hangs (its time limit is over at once)' 1 'hung, and was killed' rows \
	env LD_PRELOAD="$preload" FAULT=poll:0 FAULT_IN=run $measure --filter "$one" --out "$dir"
