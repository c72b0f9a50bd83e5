/*
 * The figures of a run: which there are, and drawing them with gnuplot from the run's files alone.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_FIGURES_H
#define HARNESS_FIGURES_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "results.h"
#include "tally.h"

#define FIGURES_SVG 1u
#define FIGURES_PNG 2u
#define FIGURES_PDF 4u
#define FIGURES_NR_FORMATS 3

/* The endings of their files, in the order of the bits. */
extern const char *const figures_formats[FIGURES_NR_FORMATS];

enum figure_kind {
	FIGURE_VERSUS,		/* ratio to the baseline against threads: panels that share their axes */
	FIGURE_COST,		/* ns/op against threads; rows of dots with one thread count */
	FIGURE_THROUGHPUT,	/* million ops a second against threads */
	FIGURE_UNCONTENDED,	/* ns/op at one thread, in the barest workload */
	FIGURE_WORK,		/* ratio to the baseline against work */
	FIGURE_RETRIES,		/* per op against threads */
	FIGURE_MISSES,		/* cache misses per op against threads */
	FIGURE_MOVED,		/* lines moved between cores per op, likewise */
	FIGURE_FAIRNESS,	/* against threads */
	FIGURE_FAIRNESS_ROWS,	/* at the only thread count above 1, one row a workload */
	FIGURE_LATENCY,		/* what single ops take, a panel a strategy */
	FIGURE_HANDOVER,	/* between each two processors: a map, of no group */
};

struct figure {
	enum figure_kind kind;
	char name[128];		/* of its files, without extension: letters, digits, - and _ */
	char *title, *caption, *alt;	/* plain text */
	const char *variant;
	const struct result_group **groups;
	size_t nr_groups;
	/* Of a panel: the axes and the number of names that all of them have room for. */
	double x_low, x_high, y_low, y_high;
	size_t nr_names;
};

struct figures {
	struct figure *figures;	/* by kind, in the order in which a report shows them */
	size_t nr;
};

/*
 * Which figures the run has data for. Returns 0 or -ENOMEM; figures_free() afterwards in both
 * cases. Points into results.
 */
int figures_plan(struct figures *figures, const struct results *results);
void figures_free(struct figures *figures);

/*
 * Draws the figures of the run's folder dir into dir/plots/: for each NAME.dat, NAME.gp and the
 * formats asked for, a bit set of FIGURES_SVG, _PNG and _PDF; those that were there before are taken
 * away first. scripts is the folder with the project's style.gp and the scripts beside it, which are
 * copied. tally: what summarise() read of the same folder; NULL: figures show no launches. One gnuplot
 * process a format, all at the same time; a signal from the terminal does not reach them, but they end
 * when this process does. *forgotten: whether dir/plots/ has no figures but those drawn here; others
 * must not be shown.
 *
 * Returns 0 or a negative errno with err set: -ENOENT where there is no gnuplot, -EIO where it
 * failed (the figures that it had drawn by then stay), -EBADMSG for a damaged folder.
 */
int figures_draw(const char *dir, const struct tally *tally, const char *scripts, unsigned formats,
		 bool *forgotten, struct error *err);

#endif
