# Something against threads or work: one line a strategy, named where the lines end.
#
# SPDX-License-Identifier: MIT
#
# NAME.dat holds a block for each name: x, value, low, high; with launches > 0, from that block on, one
# more for each name: x, value; with band = 1 one more: x, low, high. Block handover, from 1, is what an op
# costs where a line changes hands with each: bars. With one = 1 a line marks the value 1.

load 'style.gp'

array styles[n]
do for [i = 1:n] { styles[i] = style_of(names[i], spares[i]) }
graph_x(px) = 1 + px / (1.0 * width - left_px - right_px)
inside(y) = y < y_low ? y_low : y > y_high ? y_high : y
# Two or three thread counts leave room to set strategies beside each other, so that intervals show.
dodge(i) = exp(spread * (i - (n + 1) / 2.0) / n)
# A launch is a short stroke: gnuplot writes all of a strategy as one path, not an element each.
tick = exp(0.006 * log(x_high / x_low))
lead = panel ? 12 : 24; sample = panel ? 22 : 30

set xlabel x_label textcolor rgb ink offset 0,(panel ? 0.9 : 0.3) font name_font
set ylabel y_label textcolor rgb ink offset 0.5,0 font name_font
set logscale x
if (log_y) { set logscale y }
set xrange [x_low:x_high]
set yrange [y_low:y_high]
eval "set xtics (" . x_ticks . ")"
eval "set ytics (" . y_ticks . ")"

# The names stand apart from each other; a thin line leads to each from the end of its line. ends is
# 0 where the line ends before the last x: a leader would cross the others.
is_bar(i) = i == handover
do for [i = 1:n] {
	if (ends[i]) {
		set arrow 100 + i from first x_last * (is_bar(i) ? 1.12 : dodge(i)), first end_y[i] \
			to graph graph_x(lead), graph name_y[i] nohead ls styles[i] lw 0.5 dt 1
	}
	set arrow 200 + i from graph graph_x(lead + 2), graph name_y[i] \
		to graph graph_x(lead + 2 + sample), graph name_y[i] nohead ls styles[i]
	set label 100 + i names[i] at graph graph_x(lead + sample + 8), graph name_y[i] left \
		font name_font tc rgb ink
	set label 300 + i "" at graph graph_x(lead + 2 + sample / 2), graph name_y[i] \
		point ls styles[i]
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
			center offset 0,0.35 font small_font tc rgb 0x666666
	}
}

do for [f in formats] {
	eval terminal_of(f)
	set output name . "." . f
	plot for [k = 1:band] name . ".dat" index n using 1:2:3 \
			with filledcurves fc rgb 0xD4D4D4 notitle, \
		for [k = 1:one] 1 with lines lc rgb black lw 1, \
		for [k = 1:(handover > 0)] name . ".dat" index (handover > 0 ? handover - 1 : 0) \
			using ($1 * 0.88):2:($1 * 0.24):(0) with vectors nohead \
			ls styles[handover > 0 ? handover : 1], \
		for [i = 1:(launches > 0 ? n : 0)] name . ".dat" index (launches + i - 1) \
			using ($1 * dodge(i) / tick):2:($1 * dodge(i) * (tick - 1 / tick)):(0) \
			with vectors nohead ls styles[i] dt 1 lw 0.9, \
		for [i = 1:n] name . ".dat" index (i - 1) \
			using (is_bar(i) ? NaN : $1 * dodge(i)):(inside($3)):(0):(inside($4) - inside($3)) \
			with vectors nohead ls styles[i] dt 1 lw 0.9, \
		for [i = 1:n] name . ".dat" index (i - 1) using (is_bar(i) ? NaN : $1 * dodge(i)):(inside($2)) \
			with linespoints ls styles[i]
	unset output
}
