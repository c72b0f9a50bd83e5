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
	const struct result_point *point;	/* NULL: of the floor */
};

/* What one launch measured of a dot. */
struct chart_launch {
	double x, y;
};

struct chart_line {
	const char *name;
	struct chart_dot *dots;
	size_t nr;
	struct chart_launch *launches;	/* behind the dots; NULL: not known */
	size_t nr_launches;
	double name_y;		/* where its name stands, 0 bottom to 1 top of the plot */
};

/* Between n and n + 1 threads. */
struct chart_bound {
	unsigned n;
	const char *name;	/* "package", "node", "L3" or "core" */
};

/* The line of what an op costs where a line changes hands with each. */
#define CHART_FLOOR "handover"

/* A figure's lines, first to last as drawn, the floor's behind them, and the range of all their dots. */
struct chart {
	struct chart_line *lines;
	size_t nr_lines;
	struct chart_bound *bounds;	/* inside the range, ascending */
	size_t nr_bounds;
	double x_min, x_max, y_min, y_max;
	unsigned launches_min, launches_max;
};

/* The value that a figure of this kind shows of a point; ratio figures fill lo and hi, too. */
struct chart_dot figure_dot(enum figure_kind kind, const struct result_group *group,
			    const struct result_point *point);

/* Controls have none, and floors none where the figure is of ratios to the baseline. */
bool figure_has_place(enum figure_kind kind, const char *variant, const struct result_point *point);

/* Fills title, caption and alt of a figure that has its groups. Returns 0 or -ENOMEM. */
int figure_words(struct figure *figure, const struct results *results);

/* Of an axis, in a gnuplot text of single quotes. */
const char *figure_value_name(const struct figure *figure);

/* Whether intervals of its values are known: of the others there is one value over all launches. */
bool figure_has_intervals(const struct figure *figure);

/* Whether it is one of several small ones that share their axes. */
bool figure_is_panel(const struct figure *figure);

/* Gives all panels the same axes. Returns 0 or -ENOMEM. */
int panels_share(struct figures *figures, const struct results *results);

/* Whether it shows events per op: what is 0 at its best has no place on a log axis. */
bool figure_is_counted(const struct figure *figure);

/*
 * Gathers the figure's dots and boundaries. Returns 0 or -ENOMEM; chart_free() afterwards in both
 * cases.
 */
int chart_make(struct chart *chart, const struct results *results, const struct figure *figure);
void chart_free(struct chart *chart);

/*
 * Gives the chart's lines what the launches measured, as the median that is shown was made of it. Does
 * nothing for a figure whose values are no launch's, nor without a tally (NULL). Returns 0 or -ENOMEM.
 */
int launches_add(struct chart *chart, const struct figure *figure, const struct tally *tally);

/* Gathers the boundaries; none in a run that does not tell any. Returns 0 or -ENOMEM. */
int bounds_make(struct chart *chart, const struct results *results, const struct figure *figure);

/* Whether the figure has a boundary inside its range. */
bool bounds_any(const struct results *results, const struct figure *figure);

/* Writes them for gnuplot: a line each, and the names that have room. x goes from low to high. */
void bounds_write(FILE *out, const struct chart *chart, double low, double high, double plot_px);

/*
 * Places nr names near their wishes (0 to 1), at least gap apart, moving each as little as others
 * let it. at holds the wishes and then the places, in the same order.
 */
void axis_spread(double *at, size_t nr, double gap);

/* A text under or over an axis. */
struct axis_label {
	double middle, width;	/* in one unit */
	unsigned rank;		/* the lower goes first */
	bool shown;
};

#define AXIS_NEVER 8u

/* Shows what has room beside those of lower rank, and of its own from the first on. */
void axis_choose(struct axis_label *labels, size_t nr);

/* Writes gnuplot's tick list for a linear or log axis: "'5' 5, '10' 10". Returns buf. */
char *axis_ticks(double low, double high, bool logarithmic, char *buf, size_t size);

/* A number with three significant digits, never in exponent form for what a run holds. */
char *figure_number(double value, char *buf, size_t size);

/* The map of hand-overs: its texts, 0 or -ENOMEM, and its files, 0 or -EIO where the stream failed. */
int handover_figure(struct figure *figure, const struct results *results);
int handover_write_data(FILE *out, const struct results *results);
int handover_write_script(FILE *out, const struct results *results, const struct figure *figure);

/* Latencies: whether the group has any; the figure's texts and files as those of hand-overs. */
bool latency_has(const struct results *results, const char *variant, const struct result_group *group);
int latency_words(struct figure *figure, const struct results *results);
int latency_write_data(FILE *out, const struct results *results, const struct figure *figure);
int latency_write_script(FILE *out, const struct results *results, const struct figure *figure);

/* Writes text on one line: control characters, which could end a quote or a comment, become spaces. */
void figure_put_plain(FILE *out, const char *text);

/* Writes text inside gnuplot's single quotes, where nothing is expanded; control characters are spaces. */
void figure_put_quoted(FILE *out, const char *text);

/* Writes text on one line: control characters, which could end a comment, become spaces. */
void figure_put_plain(FILE *out, const char *text);

/* Whether it has a row a strategy, of one group. */
bool figure_is_rows(const struct figure *figure);

/* The .dat's first block of launches, 0: there are none. */
size_t chart_launches_block(const struct chart *chart);

/* "HOST, CPU", cut to fit a figure's second line. Returns buf. */
char *figure_machine(const struct results *results, char *buf, size_t size);

/* Where x stands on the axis of a figure of lines. */
double figure_x_place(const struct figure *figure, double x);

/* Writes a tick for each group, with a number where there is room. x goes from low to high. */
void figure_write_x_ticks(FILE *out, const struct figure *figure, double low, double high,
			  double plot_px);

/* Copies one of the project's scripts to dir/plots/. Returns 0 or a negative errno with err set. */
int figures_copy(const char *dir, const char *scripts, const char *name, struct error *err);

/*
 * Makes dir/plots/ and takes the pictures of all figures away, in all formats: they are of older data, or of a
 * stranger. *forgotten: whether none is left. Returns 0 or a negative errno with err set.
 */
int figures_begin(const char *dir, const struct figures *figures, bool *forgotten, struct error *err);

/*
 * The environment without its locale, without a terminal preset, and with absolute elements alone in what programs
 * and libraries are loaded from. NULL without memory; figures_environment_free() takes that, too.
 */
char **figures_environment(void);
void figures_environment_free(char **entries);

/* Draws them by name from dir/plots/NAME.gp, each format by a process; errors as figures_draw(). */
int figures_gnuplot(const char *dir, const struct figures *figures, unsigned formats,
		    struct error *err);

/* Writes the figure's .dat and .gp. Return 0 or -EIO where the stream failed. */
int figure_write_data(FILE *out, const struct results *results, const struct figure *figure,
		      const struct chart *chart);
int figure_write_script(FILE *out, const struct results *results, const struct figure *figure,
			const struct chart *chart);

#endif
