/*
 * What the launches of a group say: each point's figures, and each pair's ratio and verdict.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_JUDGE_H
#define HARNESS_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tally.h"

/* The most launches of a group in a run that goes on until its ratios are precise. */
#define JUDGE_MOST_LAUNCHES 96

/*
 * A p of stats_drift() that tells of a drift. It takes 12 launches, all of one half above all of the other
 * but for one pair. Of rows that do not drift one in 200 is said to.
 */
#define JUDGE_DRIFT_P 0.005

/* Over launches; the figures are NAN where launches is 0. */
struct judge_estimate {
	size_t launches;
	double median, lo, hi;
	double width, outlook;	/* see judge_width() */
};

struct judge_point {
	struct judge_estimate ns_per_op;
	double fairness;
	uint64_t flags;		/* the windows', drift, bursty and few-launches */
};

struct judge_pair {
	unsigned a, b;		/* indices of points */
	struct judge_estimate ratio;
	const char *verdict;	/* "" where none is given */
	double floor;		/* NAN without an A/A control */
	double p;		/* the sign test's, after Holm; NAN where no verdict is given */
	bool totals;		/* judged by totals, not by the median of the rounds' ratios */
};

struct judge {
	struct judge_point *points;	/* as in the group */
	struct judge_pair *pairs;
	size_t nr_pairs;
};

/*
 * Judges a group whose launches are all folded.
 *
 * A verdict is of a point against another: faster or slower where the sign test over the launches is
 * significant at 0.05 after Holm's correction, and the ratio is farther from 1 than the noise floor;
 * else tie. Corrected together are the comparisons with the baseline; those of one strategy's
 * variants; and those of all other pairs. None is given to controls, with fewer launches than could
 * be significant among so many, or without an A/A control, as then nobody knows what the method
 * itself makes of two equal things.
 *
 * The noise floor is that of the A/A control judged the same way as the row: totals hold every
 * disturbance that medians leave out, and have a larger one.
 *
 * Returns 0 or -ENOMEM. The caller frees with judge_free() in both cases.
 */
int judge_group(const struct tally_group *group, struct judge *judge);

/*
 * A point's time per op in the launch of that index, as it is judged: by the total where the group defers
 * its frees or the point is bursty, else by the median of its windows. NAN where it has none, and in a
 * launch that measured only some of the group's points: a machine drifts, and times that stand side by
 * side are to be of the same launches. Ratios are of all launches, taken inside rounds as they are.
 */
double judge_launch_ns(const struct tally_group *group, size_t launch, unsigned point, bool bursty);

struct judge_width {
	double now;	/* infinite where a ratio is */
	double outlook;	/* after JUDGE_MOST_LAUNCHES, going by those that are there */
};

/*
 * How well a point's ratio to the baseline is known: half the width of its interval, as a fraction of
 * the ratio, or below 1 of the baseline's time: that a floor takes 5 percent of it or 5.1 helps
 * nobody. Of controls only the A/A is asked, and no aid, which nobody chooses for its time; 0 where
 * nothing is.
 *
 * Asked again and again until it is small enough, an interval that happens to be narrow too early
 * would be chosen, and cover less than it says. So this is of the interval one rank farther out than
 * the one reported: then that covers 95 percent in whatever way launches are distributed, by
 * simulation (tests/harness/test_precision.c).
 */
struct judge_width judge_width(const struct tally_group *group, const struct judge *judge,
			       unsigned point);

void judge_free(struct judge *judge);

#endif
