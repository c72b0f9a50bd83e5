/*
 * The panels of a figure of several runs; for harness/beside_*.c only.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_BESIDE_PANELS_H
#define HARNESS_BESIDE_PANELS_H

#include "beside_internal.h"

/* More would be smaller than a page is for; the table behind the figure has them all. */
#define BESIDE_MOST_PANELS 18

struct beside_dot {
	double y, lo, hi;	/* NAN: there is none */
};

/* What the figure shows of a strategy in a run. */
struct beside_dot beside_dot_of(const struct beside *beside, const struct beside_figure *figure, size_t run,
				const char *strategy, unsigned threads);

struct beside_panels {
	const struct beside_strategy *list[BESIDE_MOST_PANELS];
	size_t nr, left_out;
	double x_low, x_high, y_low, y_high;
};

/* The first ones, the fastest, and among them always the baseline where it is shown at all. */
struct beside_panels beside_panels_of(const struct beside *beside, const struct beside_figure *figure);

#endif
