# The look of every figure: page, fonts, and one style for each strategy, the same in all figures.
#
# SPDX-License-Identifier: MIT
#
# A figure NAME.gp loads this file, sets its strings and numbers, and loads lines.gp, bars.gp
# or dots.gp. By hand: gnuplot NAME.gp; with other formats: gnuplot -e "formats='png'" NAME.gp

reset
set encoding utf8
if (!exists("formats")) formats = "svg png pdf"

# Okabe-Ito's colours, without the yellow that white paper swallows.
black = 0x000000; blue = 0x0072B2; sky = 0x56B4E9; green = 0x009E73
orange = 0xE69F00; red = 0xD55E00; purple = 0xCC79A7; grey = 0x999999
ink = 0x333333; faint = 0xD9D9D9

# The table: number, colour, marker (pt), dash (dt). Filled and solid are the plain strategies, open
# and dashed the elaborate ones, so that colour alone never tells two apart.
set style line  1 lc rgb black  pt 7  dt 1 lw 2.2 ps 0.60; style_refcount = 1
set style line  2 lc rgb blue   pt 5  dt 1 lw 1.5 ps 0.52; style_atomic   = 2
set style line  3 lc rgb sky    pt 9  dt 1 lw 1.5 ps 0.64; style_seqcst   = 3
set style line  4 lc rgb red    pt 13 dt 1 lw 1.5 ps 0.68; style_cas      = 4
set style line  5 lc rgb purple pt 11 dt 1 lw 1.5 ps 0.64; style_mutex    = 5
set style line  6 lc rgb orange pt 15 dt 1 lw 1.5 ps 0.64; style_spinlock = 6
set style line  7 lc rgb green  pt 7  dt 1 lw 1.5 ps 0.60; style_urcu_ref = 7
set style line  8 lc rgb grey   pt 3  dt 3 lw 1.2 ps 0.56; style_none     = 8
set style line  9 lc rgb grey   pt 1  dt 3 lw 1.2 ps 0.56; style_plain    = 9
set style line 10 lc rgb blue   pt 4  dt 2 lw 1.5 ps 0.56; style_acqrel   = 10
set style line 11 lc rgb sky    pt 6  dt 2 lw 1.5 ps 0.60; style_flags    = 11
set style line 12 lc rgb red    pt 8  dt 2 lw 1.5 ps 0.64; style_rcuref   = 12
set style line 13 lc rgb purple pt 12 dt 2 lw 1.5 ps 0.64; style_lockref  = 13
set style line 14 lc rgb orange pt 4  dt 2 lw 1.5 ps 0.56; style_percpu   = 14
set style line 15 lc rgb green  pt 10 dt 2 lw 1.5 ps 0.64; style_sloppy   = 15
set style line 16 lc rgb black  pt 14 dt 2 lw 1.5 ps 0.64; style_refcache = 16
set style line 17 lc rgb blue   pt 12 dt 4 lw 1.5 ps 0.64; style_biased   = 17
set style line 18 lc rgb green  pt 4  dt 4 lw 1.5 ps 0.56; style_snzi     = 18
set style line 19 lc rgb red    pt 6  dt 4 lw 1.5 ps 0.60; style_tracked  = 19
set style line 20 lc rgb grey   pt 2  dt 3 lw 1.2 ps 0.56; style_rcu_only = 20
set style line 21 lc rgb grey   pt 8  dt 3 lw 1.2 ps 0.56; style_hazptr   = 21
set style line 22 lc rgb grey   pt 6  dt 3 lw 1.2 ps 0.56; style_seqlock  = 22
# Peers.
set style line 23 lc rgb purple pt 4  dt 3 lw 1.5 ps 0.56; style_shared_ptr = 23
set style line 24 lc rgb orange pt 8  dt 3 lw 1.5 ps 0.64; style_g_atomic_rc_box = 24

# No strategy: what an op costs where a line changes hands with each.
set style line 25 lc rgb 0xBBBBBB pt 0 dt 1 lw 2.5 ps 0; style_handover = 25

# For names that the table does not know (a header from outside): 31 to 42, chosen by the name.
set style line 31 lc rgb purple pt 1  dt 5 lw 1.5 ps 0.64
set style line 32 lc rgb blue   pt 2  dt 5 lw 1.5 ps 0.64
set style line 33 lc rgb red    pt 3  dt 5 lw 1.5 ps 0.64
set style line 34 lc rgb orange pt 1  dt 5 lw 1.5 ps 0.64
set style line 35 lc rgb green  pt 2  dt 5 lw 1.5 ps 0.64
set style line 36 lc rgb sky    pt 3  dt 5 lw 1.5 ps 0.64
set style line 37 lc rgb purple pt 6  dt 5 lw 1.5 ps 0.60
set style line 38 lc rgb blue   pt 8  dt 5 lw 1.5 ps 0.64
set style line 39 lc rgb orange pt 10 dt 5 lw 1.5 ps 0.64
set style line 40 lc rgb green  pt 12 dt 5 lw 1.5 ps 0.64
set style line 41 lc rgb sky    pt 14 dt 5 lw 1.5 ps 0.64
set style line 42 lc rgb red    pt 10 dt 5 lw 1.5 ps 0.64

# A text as a tic's: there % begins a format.
tic_text(s) = strstrt(s, "%") == 0 ? s : \
	s[1:strstrt(s, "%")] . "%" . tic_text(s[strstrt(s, "%") + 1:*])
style_of(name, spare) = exists("style_" . name) ? value("style_" . name) : spare

# Sizes are in pixels of the SVG, 96 an inch. PNG has twice as many: a page shows it at half, and it
# stays sharp when printed.
terminal_of(f) = \
	f eq "png" ? sprintf("set terminal pngcairo size %d,%d fontscale 1.5 noenhanced \
font 'sans,13' linewidth 2 pointscale 2.5 background rgb 'white'", 2 * width, 2 * height) : \
	f eq "pdf" ? sprintf("set terminal pdfcairo size %.3fin,%.3fin fontscale 0.75 noenhanced \
font 'sans,13' pointscale 0.75 linewidth 1.2 background rgb 'white'", \
width / 96.0, height / 96.0) : \
	sprintf("set terminal svg size %d,%d dynamic noenhanced font 'sans,13' \
background rgb 'white'", width, height)

# A panel is one of several small figures with the same axes.
title_font = panel ? ",13" : ",15"
name_font = panel ? ",11" : ",13"
small_font = ",11"

# Where things stand, in pixels of the page.
set lmargin at screen left_px / (1.0 * width)
set rmargin at screen 1 - right_px / (1.0 * width)
set tmargin at screen 1 - (panel ? 34.0 : 62.0) / height
set bmargin at screen (panel ? 46.0 : 56.0) / height

set label 1 title at screen 14.0 / width, 1 - 20.0 / height font title_font tc rgb ink
if (!panel) { set label 2 subtitle at screen 14.0 / width, 1 - 42.0 / height font small_font tc rgb 0x666666 }
set border 3 lc rgb 0x888888 lw 0.8
set tics nomirror textcolor rgb ink out scale 0.5 font name_font
set grid ytics lc rgb faint lw 0.6 dt 1
set bars 0.5
set key off
set datafile missing "?"
