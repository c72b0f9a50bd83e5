# Several runs side by side: a panel a strategy, a line a run, the same axes in all panels.
#
# SPDX-License-Identifier: MIT
#
# NAME.dat holds a block for each name and in it each machine: threads, value, low, high; ? where there is
# nothing. With one = 1 a line marks the value 1. All panels are drawn into one plot, as in latency.gp.

load 'style.gp'

# A run's style is the same in all figures: colour, marker and dash. Dashes are short, as a gap tells
# that the run lacks a point.
set style line 101 lc rgb black  pt 7  dt 1 lw 1.5 ps 0.45
set style line 102 lc rgb red    pt 5  dt (6,2) lw 1.5 ps 0.42
set style line 103 lc rgb blue   pt 9  dt (2,2) lw 1.5 ps 0.52
set style line 104 lc rgb green  pt 13 dt (6,2,2,2) lw 1.5 ps 0.54
set style line 105 lc rgb purple pt 11 dt 1 lw 1.5 ps 0.52
set style line 106 lc rgb orange pt 6  dt (6,2) lw 1.5 ps 0.50
set style line 107 lc rgb sky    pt 4  dt (2,2) lw 1.5 ps 0.46
set style line 108 lc rgb grey   pt 8  dt (6,2,2,2) lw 1.5 ps 0.52

rows = (n + columns - 1) / columns
set tmargin at screen 1 - (head_px + (machines + keys - 1) / keys * legend_px) / (1.0 * height)
set bmargin at screen foot_px / (1.0 * height)
unset border; unset xtics; unset ytics; unset grid
set xrange [0:columns]
set yrange [rows:0]

# From a panel's own axes, both logarithmic, to its place.
share_w = 0.92; share_h = 0.74
col_of(i) = (i - 1) % columns
row_of(i) = (i - 1) / columns
px(i, x) = col_of(i) + share_w * log(x / x_low) / log(x_high / x_low)
inside(y) = y < y_low ? y_low : y > y_high ? y_high : y
py(i, y) = row_of(i) + 1 - 0.06 - share_h * log(inside(y) / y_low) / log(y_high / y_low)
# Where all have one thread count, so that dots stand beside each other.
dodge(m) = exp(spread * (m - (machines + 1) / 2.0) / machines)
# The last panel of its column has the names of ticks.
is_last(i) = i + columns > n

set print $grid
do for [i = 1:n] {
	do for [t = 1:|x_ticks|] {
		print sprintf("%g %g\n%g %g", px(i, x_ticks[t]), py(i, y_low), px(i, x_ticks[t]), py(i, y_high))
		print ""
	}
	do for [t = 1:|y_ticks|] {
		print sprintf("%g %g\n%g %g", px(i, x_low), py(i, y_ticks[t]), px(i, x_high), py(i, y_ticks[t]))
		print ""
	}
}
set print $axes
do for [i = 1:n] {
	print sprintf("%g %g\n%g %g\n%g %g", px(i, x_low), py(i, y_high), px(i, x_low), py(i, y_low), \
		px(i, x_high), py(i, y_low))
	print ""
}
set print $ones
do for [i = 1:n] {
	if (one && y_low < 1 && y_high > 1) {
		print sprintf("%g %g\n%g %g", px(i, x_low), py(i, 1), px(i, x_high), py(i, 1))
		print ""
	} else {
		print "? ?"
	}
}
unset print

do for [i = 1:n] {
	set label 100 + i names[i] at first col_of(i), first row_of(i) + 0.11 font ",12" tc rgb ink
	if (is_last(i)) {
		do for [t = 1:|x_ticks|] {
			set label 1000 + 30 * i + t x_names[t] at px(i, x_ticks[t]), py(i, y_low) \
				center offset 0,-0.8 font ",11" tc rgb ink
		}
	}
	if (col_of(i) == 0) {
		do for [t = 1:|y_ticks|] {
			set label 4000 + 30 * i + t y_names[t] at px(i, x_low), py(i, y_ticks[t]) \
				right offset -0.6,0 font ",11" tc rgb ink
		}
	}
}

# The legend: keys columns under the title.
key_x(m) = (14.0 + (m - 1) % keys * (width / keys)) / width
key_y(m) = 1 - (head_px - 10.0 + (m - 1) / keys * legend_px) / height
do for [m = 1:machines] {
	set arrow 10 + m from screen key_x(m), screen key_y(m) \
		to screen key_x(m) + 30.0 / width, screen key_y(m) nohead ls 100 + m
	set label 10 + m "" at screen key_x(m) + 15.0 / width, screen key_y(m) point ls 100 + m
	set label 30 + m labels[m] at screen key_x(m) + 38.0 / width, screen key_y(m) \
		left font ",12" tc rgb ink
}
set label 7 y_label at screen 14.0 / width, 0.5 * (foot_px + height - head_px) / height \
	center rotate by 90 font ",12" tc rgb ink
set label 8 'threads (both axes: log scale)' at screen 0.5, 13.0 / height center font ",12" tc rgb ink

block(i, m) = (i - 1) * machines + m - 1
do for [f in formats] {
	eval terminal_of(f)
	set output name . "." . f
	plot $grid using 1:2 with lines lc rgb faint lw 0.5, \
		$axes using 1:2 with lines lc rgb 0x888888 lw 0.8, \
		$ones using 1:2 with lines lc rgb ink lw 1, \
		for [i = 1:n] for [m = 1:machines] name . ".dat" index block(i, m) \
			using (px(i, $1 * dodge(m))):(py(i, $3)):(0):(py(i, $4) - py(i, $3)) \
			with vectors nohead ls 100 + m dt 1 lw 0.9, \
		for [i = 1:n] for [m = 1:machines] name . ".dat" index block(i, m) \
			using (px(i, $1 * dodge(m))):(py(i, $2)) with linespoints ls 100 + m
	unset output
}
