# What single ops take: a panel a strategy, the share of ops that take longer than so many ns.
#
# SPDX-License-Identifier: MIT
#
# NAME.dat holds two blocks for each name, at one thread and at the most: ns, share; ? where nothing was
# sampled, as few[i] and most[i] tell. What panel reference shows is in grey in all others. All panels are
# drawn into one plot, as a multiplot's axes would make an SVG of several hundred kB.

load 'style.gp'

columns = n < 4 ? n : 4
rows = (n + columns - 1) / columns
set tmargin at screen 1 - 84.0 / height
set bmargin at screen 48.0 / height
unset border; unset xtics; unset ytics; unset grid
set xrange [0:columns]
set yrange [rows:0]

# From a panel's own axes, both logarithmic, to its place.
share_w = 0.94; share_h = 0.76
col_of(i) = (i - 1) % columns
row_of(i) = (i - 1) / columns
px(i, x) = col_of(i) + share_w * log(x / x_low) / log(x_high / x_low)
py(i, y) = row_of(i) + 1 - 0.06 - share_h * log(y / y_low) / log(1 / y_low)
# The last panel of its column has the names of ticks.
is_last(i) = i + columns > n
x_name(t) = |x_ticks| > 5 && t % 2 == 0 ? '' : x_names[t]

set print $grid
do for [i = 1:n] {
	do for [t = 1:|x_ticks|] {
		print sprintf("%g %g\n%g %g", px(i, x_ticks[t]), py(i, y_low), px(i, x_ticks[t]), py(i, 1))
		print ""
	}
	do for [t = 1:|y_ticks|] {
		print sprintf("%g %g\n%g %g", px(i, x_low), py(i, y_ticks[t]), px(i, x_high), py(i, y_ticks[t]))
		print ""
	}
}
set print $axes
do for [i = 1:n] {
	print sprintf("%g %g\n%g %g\n%g %g", px(i, x_low), py(i, 1), px(i, x_low), py(i, y_low), \
		px(i, x_high), py(i, y_low))
	print ""
}
set print $stamps
do for [i = 1:n] {
	print sprintf("%g %g\n%g %g", px(i, stamps), py(i, y_low), px(i, stamps), py(i, 1))
	print ""
}
unset print

do for [i = 1:n] {
	set label 100 + i names[i] at first col_of(i), first row_of(i) + 0.09 font ",12" tc rgb ink
	if (is_last(i)) {
		do for [t = 1:|x_ticks|] {
			# At the right end it would meet the first name of the next panel.
			if (log(x_ticks[t] / x_low) > 0.97 * log(x_high / x_low)) {
				set label 1000 + 20 * i + t x_name(t) at px(i, x_ticks[t]), py(i, y_low) \
					right offset 0.8,-0.8 font ",10" tc rgb ink
			} else {
				set label 1000 + 20 * i + t x_name(t) at px(i, x_ticks[t]), py(i, y_low) \
					center offset 0,-0.8 font ",10" tc rgb ink
			}
		}
	}
	if (col_of(i) == 0) {
		do for [t = 1:|y_ticks|] {
			set label 4000 + 20 * i + t y_names[t] at px(i, x_low), py(i, y_ticks[t]) \
				right offset -0.6,0 font ",10" tc rgb ink
		}
	}
}

color_few = blue; color_most = red
set label 3 few_name at screen 72.0 / width, 1 - 64.0 / height font ",12" tc rgb color_few
set label 4 most_name at screen 182.0 / width, 1 - 64.0 / height font ",12" tc rgb color_most
set label 5 reference_name at screen 312.0 / width, 1 - 64.0 / height font ",12" tc rgb 0x777777
set label 6 stamps_name at screen 432.0 / width, 1 - 64.0 / height \
	font ",12" tc rgb 0x777777
set label 7 'share of ops that take longer' at screen 16.0 / width, (height - 36.0) / 2 / height center rotate by 90 \
	font ",12" tc rgb ink
set label 8 'ns (log scale)' at screen 0.5, 13.0 / height center font ",12" tc rgb ink

do for [f in formats] {
	eval terminal_of(f)
	set output name . "." . f
	plot $grid using 1:2 with lines lc rgb faint lw 0.5, \
		$axes using 1:2 with lines lc rgb 0x888888 lw 0.8, \
		$stamps using 1:2 with lines lc rgb 0x999999 lw 1 dt 3, \
		for [i = 1:n] name . ".dat" index 2 * (reference > 0 ? reference : i) - 2 \
			using (reference > 0 && reference != i && few[reference] ? px(i, $1) : NaN):(py(i, $2)) \
			with steps lc rgb 0xBBBBBB lw 1, \
		for [i = 1:n] name . ".dat" index 2 * (reference > 0 ? reference : i) - 1 \
			using (reference > 0 && reference != i && most[reference] ? px(i, $1) : NaN):(py(i, $2)) \
			with steps lc rgb 0xBBBBBB lw 1, \
		for [i = 1:n] name . ".dat" index 2 * i - 2 using (px(i, $1)):(py(i, $2)) \
			with steps lc rgb color_few lw 1, \
		for [i = 1:n] name . ".dat" index 2 * i - 1 using (px(i, $1)):(py(i, $2)) \
			with steps lc rgb color_most lw 2
	unset output
}
