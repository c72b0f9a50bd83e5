# One row a strategy, cheapest on top: from zero, or from the axis where a log scale is needed.
#
# SPDX-License-Identifier: MIT
#
# NAME.dat holds a block of one line for each name: row, value, low, high; with launches > 0, from that
# block on, one more for each name: row, value.

load 'style.gp'

array styles[n]
do for [i = 1:n] { styles[i] = style_of(names[i], spares[i]) }

set xlabel x_label textcolor rgb ink offset 0,0.3 font name_font
if (log_x) { set logscale x }
set xrange [x_low:x_high]
set yrange [n + 0.6:0.4]
eval "set xtics (" . x_ticks . ")"
set ytics () scale 0
set grid xtics noytics lc rgb faint lw 0.6 dt 1
# The strategy's own line leads to its marker: its dash tells what its colour does not.
do for [i = 1:n] {
	set ytics add (tic_text(names[i]) i)
	set label 100 + i values[i] at graph 1, first i right offset 5.5,0 font name_font tc rgb ink
	if (bars) {
		set arrow i from first x_low, first i to first middles[i], first i nohead ls styles[i]
	}
}

do for [f in formats] {
	eval terminal_of(f)
	set output name . "." . f
	plot for [i = 1:(launches > 0 ? n : 0)] name . ".dat" index (launches + i - 1) \
			using 2:($1 - 0.2):(0):(0.4) with vectors nohead ls styles[i] dt 1 lw 0.9, \
		for [i = 1:n] name . ".dat" index (i - 1) using 3:1:($4 - $3):(0) \
			with vectors nohead lc rgb ink lw 1.1, \
		for [i = 1:n] name . ".dat" index (i - 1) using 2:1 with points ls styles[i]
	unset output
}
