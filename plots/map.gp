# The time of a hand-over between each two processors, as colours.
#
# SPDX-License-Identifier: MIT
#
# NAME.dat holds a matrix, a row a processor; ? where nothing was measured.

load 'style.gp'

set xrange [-0.5:nr - 0.5]
set yrange [nr - 0.5:-0.5]
# From 0, so that twice the time is twice the depth.
set cbrange [0:most]
eval "set xtics (" . ticks . ")"
eval "set ytics (" . ticks . ")"
set xlabel 'processor' textcolor rgb ink offset 0,0.3
set ylabel 'processor' textcolor rgb ink offset 0.5,0
set cblabel 'ns' textcolor rgb ink
set border 0
unset grid
# Light to dark, so that it reads in grey, too.
set palette defined (0 '#FFF7E8', 0.35 '#F5B971', 0.7 '#B5523B', 1 '#3B1B36')
ink_on(v) = v > 0.55 * most ? 0xFFFFFF : ink

do for [f in formats] {
	eval terminal_of(f)
	set output name . "." . f
	plot name . ".dat" matrix using 1:2:3 with image pixels notitle, \
		for [k = 1:printed] name . ".dat" matrix using \
			1:2:($3 > 0 ? sprintf("%.3g", $3) : ""):(ink_on($3)) with labels tc rgb variable font ",12" notitle
	unset output
}
