# One row a strategy, cheapest on top: bars from zero, or dots where a log scale is needed.
#
# SPDX-License-Identifier: MIT
#
# NAME.dat holds a block of one line for each name: row, value, low, high.

load 'style.gp'

array styles[n]
do for [i = 1:n] { styles[i] = style_of(names[i], spares[i]) }

set xlabel x_label textcolor rgb ink offset 0,0.3
if (log_x) { set logscale x }
set xrange [x_low:x_high]
set yrange [n + 0.6:0.4]
eval "set xtics (" . x_ticks . ")"
set ytics () scale 0
set grid xtics noytics lc rgb faint lw 0.6 dt 1
set boxwidth 0.7
do for [i = 1:n] {
	set ytics add (names[i] i)
	set label 100 + i values[i] at first highs[i], first i offset 0.8,0 font ",12" tc rgb ink
	if (bars) {
		set object i rectangle from first x_low, first i - 0.33 \
			to first middles[i], first i + 0.33 fc ls styles[i] fs solid 0.75 noborder
	}
}

do for [f in formats] {
	eval terminal_of(f)
	set output name . "." . f
	plot for [i = 1:n] name . ".dat" index (i - 1) using 2:1:3:4 with xerrorbars \
			lc rgb (bars ? ink : 0x777777) lw 1.1 ps 0, \
		for [i = 1:(bars ? 0 : n)] name . ".dat" index (i - 1) using 2:1 \
			with points ls styles[i]
	unset output
}
