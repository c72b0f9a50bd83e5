/*
 * Two runs side by side: what got slower or faster from A to B, as a whole, by group and by point.
 *
 * SPDX-License-Identifier: MIT
 *
 * The sample is a launch. Of each point it is the launch's time per op over the median of A's
 * launches (as logarithms, so that differences are ratios), of a group the median of its points' in
 * that launch, of the run the median of its groups'. What hits all points of a launch alike is in the
 * run's sample and cancels in the rest: a group is held against the run, a point against its group.
 *
 * Two runs are not paired. An interval tells what varies from launch to launch inside a run; what
 * differs between the times of the two runs is not in it.
 */
#ifndef HARNESS_COMPARE_H
#define HARNESS_COMPARE_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "error.h"
#include "stats.h"
#include "tally.h"

enum compare_verdict {
	COMPARE_TIE, COMPARE_SLOWER, COMPARE_FASTER,
	COMPARE_DRIFT,		/* it changed inside one of the runs, too: the machine may have */
	COMPARE_FEW,		/* too few launches for any verdict */
	COMPARE_NO_FLOOR,	/* no A/A control in the group: nobody knows what is noise */
	COMPARE_CONTROL,	/* part of the method, gets none */
	COMPARE_NR_VERDICTS
};

/* Of the logarithm of ns per op, from A to B, or of that beside the level above. */
struct compare_change {
	struct stats_shift shift;	/* NAN where nr_a or nr_b is 0 */
	size_t nr_a, nr_b;		/* launches */
	double drift;			/* of own: the larger run's, from half to half; 0 without */
};

/* A group, or a point: those of a group follow it. */
struct compare_row {
	const struct tally_group *group, *other;	/* A's and B's */
	const struct tally_point *point;	/* A's; NULL: the group */
	size_t nr_points;			/* of a group, 0 of a point */
	double *samples;			/* NAN where a launch lacks it */
	double ns_a, ns_b;			/* of a point: medians over launches */
	bool bursty_a, bursty_b;		/* where both are, it is of totals */
	struct compare_change total;		/* ns(B) / ns(A) */
	struct compare_change own;		/* the same beside the level above */
	double floor;				/* the larger run's noise floor, a fraction, or NAN */
	double p;				/* of own, after Holm; NAN where no verdict is given */
	enum compare_verdict verdict;
};

struct compare_run {
	const char *directory;
	json_t *meta;
	struct tally tally;
	uint64_t *launches;	/* their numbers */
	size_t nr_launches;
};

struct compare {
	struct compare_run a, b;
	struct compare_row *rows;	/* in the order of A */
	size_t nr_rows;
	size_t nr_judged;		/* all but controls: one family for Holm */
	size_t nr_verdicts[COMPARE_NR_VERDICTS];
	double scatter;			/* of all rows, over what their intervals tell; at least 1 */
	size_t only_a, only_b;		/* points, without controls */
	double *samples;		/* of the whole run: A's launches, then B's */
	struct compare_change whole;
};

/*
 * Reads both folders (meta.json and samples.csv) and compares them. Nothing is written. The names
 * must outlive *compare. Returns 0; -ENODATA where they have no point in common, -EINVAL for a void
 * run, or another negative errno with err set. The caller frees with compare_free() in all cases.
 */
int compare_runs(struct compare *compare, const char *a, const char *b, struct error *err);

/* Whether the whole run is slower by more than limit (0.03: 3 percent), with all of its interval. */
bool compare_whole_above(const struct compare *compare, double limit);

/* Whether the row is called slower, and B takes more than limit longer than A. */
bool compare_row_above(const struct compare_row *row, double limit);

/*
 * Prints all there is to say, at most 100 columns wide but for long names. limit is NAN where none
 * was set. Returns 1 where something is above the limit, 2 where nobody can tell, 0 where nothing is, or
 * -ENOMEM.
 */
int compare_print(const struct compare *compare, double limit, FILE *out);

/* Prints a line for each fact of meta.json that differs and matters. Returns how many. */
unsigned compare_meta_print(const json_t *a, const json_t *b, FILE *out);

void compare_free(struct compare *compare);

#endif
