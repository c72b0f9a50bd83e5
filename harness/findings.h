/*
 * What a run found: which strategy is fastest, which tie with it, and from how much work on it
 * stops to matter. Pure logic over struct results.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_FINDINGS_H
#define HARNESS_FINDINGS_H

#include "results.h"

/* One cell against another of its group: ratio = ns(a) / ns(b). */
struct versus {
	bool found;		/* false: the run holds no such pair, all below is NAN or NONE */
	double ratio, lo, hi, floor;
	enum result_verdict verdict; /* NONE: too few launches, or not a pair with the baseline */
	unsigned launches;
};

/*
 * a against b, from whichever of the two directions the run holds. A cell is strategy@variant, the
 * pointer as interned by results.
 */
struct versus findings_pair(const struct result_group *group, const char *a, const char *b);

/*
 * point against the group's baseline: that with a verdict if there is one, else that of the same
 * variant, else any.
 */
struct versus findings_versus(const struct result_group *group, const struct result_point *point);

/*
 * Whether the difference is a tie: by its verdict; or with the ratio inside the noise floor; or,
 * for a pair without a verdict, with an interval that reaches into it. False for a pair not found.
 */
bool findings_is_tie(const struct versus *versus);

/*
 * The noise floor, as a fraction, that the group's ratios are held to which are judged so ("median" or
 * "totals"); with NULL the larger of both. NAN where there is none.
 */
double findings_floor(const struct result_group *group, const char *judged);

/* Whether any pair of the group has a verdict; without, only medians may be told. */
bool findings_judged(const struct result_group *group);

struct finding {
	const struct result_group *group;
	const struct result_point *fastest;	/* the fastest candidate, NULL: none was measured */
	const struct result_point *baseline;	/* its baseline, NULL: not measured */
	struct versus versus;			/* fastest against the baseline */
	bool judged;
	/* Candidates that tie with the fastest, itself left out; none unless judged. */
	const struct result_point **ties;
	size_t nr_ties;
};

/* Fills finding from group. Returns 0 or -ENOMEM; finding_free() afterwards in both cases. */
int finding_make(struct finding *finding, const struct result_group *group);
void finding_free(struct finding *finding);

/* Whether point is the finding's fastest or ties with it. */
bool finding_among_best(const struct finding *finding, const struct result_point *point);

/* The groups of one sweep over work_ns, least work first. */
struct sweep {
	const struct result_group **groups;
	size_t nr;
};

/*
 * The sweep of the series at its most threads: 0 or -ENOMEM. nr is 0 where fewer than three amounts
 * of work were measured. The caller frees sweep->groups.
 */
int sweep_make(struct sweep *sweep, const struct results *results,
	       const struct result_series *series);

struct threshold {
	bool found;		/* false: it still matters at the most work measured */
	double work_ns; /* from here on, at every amount measured, a tie with the baseline */
};

/* Of one cell of a sweep. Amounts at which the pair was not measured are passed over. */
struct threshold sweep_threshold(const struct sweep *sweep, const char *cell);

#endif
