# One row a workload, one dot a strategy, the names at the right.
#
# SPDX-License-Identifier: MIT
#
# NAME.dat holds a block for each name: row, value.

load 'style.gp'

array styles[n]
do for [i = 1:n] { styles[i] = style_of(names[i], spares[i]) }
graph_x(px) = 1 + px / (1.0 * width - left_px - right_px)

set xlabel x_label textcolor rgb ink offset 0,0.3 font name_font
set xrange [x_low:x_high]
set yrange [rows + 0.6:0.4]
eval "set xtics (" . x_ticks . ")"
set ytics () scale 0
do for [r = 1:rows] { set ytics add (tic_text(row_names[r]) r) }
set grid xtics ytics lc rgb faint lw 0.6 dt 1
do for [i = 1:n] {
	y = 1 - (74.0 + 20 * (i - 1)) / height
	set label 100 + i names[i] at graph graph_x(28), screen y left font name_font tc rgb ink
	set label 300 + i "" at graph graph_x(16), screen y point ls styles[i]
}

# Dots of equal value stand below each other, inside their row.
dodge(i) = 0.6 * (i - (n + 1) / 2.0) / n

do for [f in formats] {
	eval terminal_of(f)
	set output name . "." . f
	plot for [i = 1:n] name . ".dat" index (i - 1) using 2:($1 + dodge(i)) \
		with points ls styles[i]
	unset output
}
