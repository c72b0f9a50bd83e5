/*
 * The verdicts of a group's comparisons, corrected for how many there are.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "judge_internal.h"
#include "stats.h"

#define SIGNIFICANT	0.05	/* of a group's verdicts together */

enum family judge_family(const struct tally_group *group, unsigned a, unsigned b)
{
	if ((int)a == group->baseline || (int)b == group->baseline)
		return WITH_BASELINE;
	return strcmp(group->points[a].strategy, group->points[b].strategy) ? OTHERS :
	       SAME_STRATEGY;
}

static const char *pair_verdict(const struct judge_pair *pair)
{
	if (pair->p > SIGNIFICANT || !(fabs(pair->ratio.median - 1) > pair->floor))
		return "tie";
	return pair->ratio.median < 1 ? "faster" : "slower";
}

static bool in_family(const struct judging *work, const struct judge_pair *pair,
		      enum family family)
{
	return !isnan(pair->p) && judge_family(work->group, pair->a, pair->b) == family;
}

int judge_verdicts(const struct judging *work, enum family family)
{
	struct judge *judge = work->judge;
	double *p = calloc(judge->nr_pairs + 1, sizeof(*p));
	size_t nr = 0;
	int ret;

	if (!p)
		return -ENOMEM;
	for (size_t i = 0; i < judge->nr_pairs; i++)
		if (in_family(work, &judge->pairs[i], family))
			p[nr++] = judge->pairs[i].p;
	ret = stats_holm(p, nr);
	if (ret)
		goto free_p;
	nr = 0;
	for (size_t i = 0; i < judge->nr_pairs; i++) {
		struct judge_pair *pair = &judge->pairs[i];

		if (!in_family(work, pair, family))
			continue;
		pair->p = p[nr++];
		if (pair->ratio.launches < work->needed[family] || isnan(pair->floor))
			pair->p = NAN;
		else
			pair->verdict = pair_verdict(pair);
	}
free_p:
	free(p);
	return ret;
}

void judge_needs(struct judging *work)
{
	const struct tally_group *group = work->group;
	size_t nr_compared[NR_FAMILIES] = { 0 };

	for (unsigned b = 0; b < group->nr_points; b++)
		for (unsigned a = 0; a < b; a++)
			if (!judge_is_control(group, a) && !judge_is_control(group, b))
				nr_compared[judge_family(group, a, b)]++;
	for (int family = 0; family < NR_FAMILIES; family++) {
		work->needed[family] = stats_launches_needed(nr_compared[family]);
		if (work->needed[family] < STATS_INTERVAL_LAUNCHES)
			work->needed[family] = STATS_INTERVAL_LAUNCHES;
	}
}
