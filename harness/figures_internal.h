/*
 * A figure's data between planning, arranging and writing; shared by harness/figures_*.c only.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_FIGURES_INTERNAL_H
#define HARNESS_FIGURES_INTERNAL_H

#include <stdbool.h>
#include <stdio.h>

#include "figures.h"

/* x: threads, work_ns or a row from 1; lo and hi equal y where no interval is known. */
struct chart_dot {
	double x, y, lo, hi;
	const struct result_point *point;
};

struct chart_line {
	const char *name;
	struct chart_dot *dots;
	size_t nr;
	double name_y;		/* where its name stands, 0 bottom to 1 top of the plot */
};

/* A figure's lines, first to last as drawn, and the range of all their dots. */
struct chart {
	struct chart_line *lines;
	size_t nr_lines;
	double x_min, x_max, y_min, y_max;
	unsigned launches_min, launches_max;
};

/* The value that a figure of this kind shows of a point; ratio figures fill lo and hi, too. */
struct chart_dot figure_dot(enum figure_kind kind, const struct result_group *group,
			    const struct result_point *point);

/* Fills title, caption and alt of a figure that has its groups. Returns 0 or -ENOMEM. */
int figure_words(struct figure *figure, const struct results *results);

/* Of an axis, in a gnuplot text of single quotes. */
const char *figure_value_name(const struct figure *figure);

/* Whether intervals of its values are known: of the others there is one value over all launches. */
bool figure_has_intervals(const struct figure *figure);

/* Whether it shows events per op: what is 0 at its best has no place on a log axis. */
bool figure_is_counted(const struct figure *figure);

/* Gathers the figure's dots. Returns 0 or -ENOMEM; chart_free() afterwards in both cases. */
int chart_make(struct chart *chart, const struct figure *figure);
void chart_free(struct chart *chart);

/*
 * Places nr names near their wishes (0 to 1), at least gap apart, moving each as little as others
 * let it. at holds the wishes and then the places, in the same order.
 */
void axis_spread(double *at, size_t nr, double gap);

/* Writes gnuplot's tick list for a linear or log axis: "'5' 5, '10' 10". Returns buf. */
char *axis_ticks(double low, double high, bool logarithmic, char *buf, size_t size);

/* A number with three significant digits, never in exponent form for what a run holds. */
char *figure_number(double value, char *buf, size_t size);

/* Writes the figure's .dat and .gp. Return 0 or -EIO where the stream failed. */
int figure_write_data(FILE *out, const struct results *results, const struct figure *figure,
		      const struct chart *chart);
int figure_write_script(FILE *out, const struct results *results, const struct figure *figure,
			const struct chart *chart);

#endif
