/*
 * One group while it is judged; for harness/judge*.c only.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_JUDGE_INTERNAL_H
#define HARNESS_JUDGE_INTERNAL_H

#include "judge.h"

enum way { BY_MEDIANS, BY_TOTALS, NR_WAYS };

/* Comparisons that are corrected together. */
enum family { WITH_BASELINE, SAME_STRATEGY, OTHERS, NR_FAMILIES };

/* The workings of one judge_group(). */
struct judging {
	const struct tally_group *group;
	struct judge *judge;
	double *samples;	/* one a launch */
	double floor[NR_WAYS];
	size_t needed[NR_FAMILIES];	/* launches */
};

static inline bool judge_is_control(const struct tally_group *group, unsigned point)
{
	return group->points[point].kind == SAMPLES_CONTROL;
}

/* Which comparisons that of points a and b belongs to. */
enum family judge_family(const struct tally_group *group, unsigned a, unsigned b);

/* Sets needed: the launches without which no comparison of a family can be significant. */
void judge_needs(struct judging *work);

/*
 * Gives the family's pairs their verdicts. Corrects the p's for all comparisons of a family, those with too few
 * launches included (as p = 1): what could not be tested does not make the others' test easier. Returns 0 or
 * -ENOMEM.
 */
int judge_verdicts(const struct judging *work, enum family family);

#endif
