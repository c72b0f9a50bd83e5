# Something against threads or work: one line a strategy, named where the lines end.
#
# SPDX-License-Identifier: MIT
#
# NAME.dat holds a block for each name: x, value, low, high; with band = 1 one more:
# x, low, high. Block handover, from 1, is what an op costs where a line changes hands with each: bars.

load 'style.gp'

array styles[n]
do for [i = 1:n] { styles[i] = style_of(names[i], spares[i]) }
graph_x(px) = 1 + px / (1.0 * width - left_px - right_px)

set xlabel x_label textcolor rgb ink offset 0,0.3
set ylabel y_label textcolor rgb ink offset 0.5,0
set logscale x
if (log_y) { set logscale y }
set xrange [x_low:x_high]
set yrange [y_low:y_high]
eval "set xtics (" . x_ticks . ")"
eval "set ytics (" . y_ticks . ")"

# The names stand apart from each other; a thin line leads to each from the end of its line. ends is
# 0 where the line ends before the last x: a leader would cross the others.
do for [i = 1:n] {
	if (ends[i]) {
		set arrow 100 + i from first x_last, first end_y[i] \
			to graph graph_x(24), graph name_y[i] nohead ls styles[i] lw 0.5 dt 1
	}
	set arrow 200 + i from graph graph_x(26), graph name_y[i] \
		to graph graph_x(58), graph name_y[i] nohead ls styles[i]
	set label 100 + i names[i] at graph graph_x(42), graph name_y[i] point ls styles[i] \
		offset 2.6,0 font ",12" tc rgb ink
}

# Boundaries of the placement, thin and behind all else, those of packages and nodes a little less so.
# There is room for some of their names.
is_outer(kind) = kind eq "package" || kind eq "node"
do for [i = 1:bounds] {
	set arrow 1000 + i from first bound_x[i], graph 0 to first bound_x[i], graph 1 nohead back \
		lc rgb (is_outer(bound_kinds[i]) ? 0x777777 : 0xAAAAAA) dt 3 \
		lw (is_outer(bound_kinds[i]) ? 1.1 : 0.8)
	if (bound_named[i]) {
		set label 1000 + i bound_kinds[i] at first bound_x[i], graph 1 \
			center offset 0,0.35 font ",11" tc rgb 0x666666
	}
}

# Two or three thread counts leave room to set strategies beside each other, so that intervals show.
dodge(i) = 1 + spread * (i - (n + 1) / 2.0) / n

do for [f in formats] {
	eval terminal_of(f)
	set output name . "." . f
	plot for [k = 1:band] name . ".dat" index n using 1:2:3 \
			with filledcurves fc rgb 0xD4D4D4 notitle, \
		for [k = 1:band] 1 with lines lc rgb black lw 1, \
		for [k = 1:(handover > 0)] name . ".dat" index (handover > 0 ? handover - 1 : 0) \
			using 1:2:($1 * 0.88):($1 * 1.12) with xerrorbars \
			ls styles[handover > 0 ? handover : 1] lw 2.5 ps 0, \
		for [i = 1:n] name . ".dat" index (i - 1) using ($1 * dodge(i)):2:3:4 \
			with yerrorbars ls styles[i] dt 1 lw 0.9 ps 0, \
		for [i = 1:n] name . ".dat" index (i - 1) using ($1 * dodge(i)):2 \
			with linespoints ls styles[i]
	unset output
}
