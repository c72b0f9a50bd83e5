/*
 * The rounds of one launch of one group, gathered window by window and folded into the launch's
 * values.
 *
 * SPDX-License-Identifier: MIT
 *
 * Memory holds the windows of one group and launch at a time: samples.csv has them together.
 */
#ifndef HARNESS_ROUNDS_H
#define HARNESS_ROUNDS_H

#include "error.h"
#include "samples.h"
#include "tally.h"

struct rounds_window {
	unsigned point;
	uint64_t flags;
	double figure[SAMPLES_MAX_FIGURES];
};

struct rounds_cell {
	double ns_per_op, mops, window_ns;	/* all NAN: no window in this round */
};

struct rounds_column {
	struct rounds_cell *cells;	/* one a round */
	size_t size;
	double fairness;		/* of the latest round */
};

struct rounds {
	const struct samples *samples;	/* for the place of damage */
	struct tally *tally;
	struct tally_group *group;	/* NULL between launches */
	uint64_t launch, round;
	struct rounds_window *windows;	/* of the round being read */
	unsigned nr_windows, size_windows;
	uint64_t round_windows;		/* that it has when it is whole; 0: not told */
	struct rounds_column *columns;	/* one a point of the group */
	unsigned nr_columns, nr_begun;
	size_t nr_rounds;
	double *ratios;
	size_t size_ratios;
};

/* Both must outlive the rounds. */
void rounds_init(struct rounds *rounds, const struct samples *samples, struct tally *tally);

/*
 * Takes the next window, folding the launch before it into the tally where this one begins
 * another. A round that has fewer windows than it tells is left out: a launch that was cut short
 * ends within one, and only whole rounds compare like with like. Returns 0, -ENOMEM, or -EBADMSG where the row contradicts the ones before it; err is
 * set.
 */
int rounds_add(struct rounds *rounds, const struct sample *sample, struct error *err);

/* Folds the last launch. */
int rounds_finish(struct rounds *rounds, struct error *err);

void rounds_free(struct rounds *rounds);

/*
 * Folds all windows of an opened samples.csv into tally, which the caller frees in any case. Returns
 * 0, or with err set -ENODATA (no windows), -EBADMSG (damaged), another negative errno.
 */
int rounds_read(struct samples *samples, struct tally *tally, struct error *err);

#endif
