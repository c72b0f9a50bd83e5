/*
 * The logic behind the report's headline, apart from how it is worded.
 *
 * SPDX-License-Identifier: MIT
 */
#include "findings.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum result_verdict verdict_turn(enum result_verdict verdict)
{
	if (verdict == VERDICT_FASTER)
		return VERDICT_SLOWER;
	return verdict == VERDICT_SLOWER ? VERDICT_FASTER : verdict;
}

struct versus findings_pair(const struct result_group *group, const char *a, const char *b)
{
	struct versus versus = { .ratio = NAN, .lo = NAN, .hi = NAN, .floor = NAN };
	size_t i;

	for (i = 0; i < group->nr_ratios; i++) {
		const struct result_ratio *ratio = &group->ratios[i];
		bool turned = ratio->a == b && ratio->b == a;

		if (!turned && (ratio->a != a || ratio->b != b))
			continue;
		versus.found = true;
		versus.floor = ratio->floor;
		versus.launches = ratio->launches;
		versus.ratio = turned ? 1 / ratio->ratio : ratio->ratio;
		versus.lo = turned ? 1 / ratio->hi : ratio->lo;
		versus.hi = turned ? 1 / ratio->lo : ratio->hi;
		versus.verdict = turned ? verdict_turn(ratio->verdict) : ratio->verdict;
		if (!turned)
			break;
	}
	return versus;
}

static bool is_baseline(const struct result_point *point)
{
	return point->kind == RESULT_CANDIDATE && !strcmp(point->strategy, RESULTS_BASELINE);
}

/* Whether the others' verdicts are against this one, of several variants of the baseline. */
static bool judges_others(const struct result_group *group, const struct result_point *base)
{
	size_t i;

	for (i = 0; i < group->nr_points; i++) {
		const struct result_point *point = &group->points[i];

		if (point->strategy != base->strategy &&
		    findings_pair(group, point->cell, base->cell).verdict != VERDICT_NONE)
			return true;
	}
	return false;
}

/* The baseline that point is judged against; itself where it is the one, or the only one. */
static const struct result_point *baseline_of(const struct result_group *group,
					      const struct result_point *point)
{
	const struct result_point *any = NULL, *same = NULL;
	size_t i;

	if (is_baseline(point) && judges_others(group, point))
		return point;
	for (i = 0; i < group->nr_points; i++) {
		const struct result_point *base = &group->points[i];

		if (!is_baseline(base))
			continue;
		any = any ? any : base;
		if (base->variant == point->variant)
			same = base;
		if (base != point &&
		    findings_pair(group, point->cell, base->cell).verdict != VERDICT_NONE)
			return base;
	}
	return same ? same : any;
}

struct versus findings_versus(const struct result_group *group, const struct result_point *point)
{
	struct versus none = { .ratio = NAN, .lo = NAN, .hi = NAN, .floor = NAN };
	const struct result_point *base = baseline_of(group, point);

	return base && base != point ? findings_pair(group, point->cell, base->cell) : none;
}

bool findings_is_tie(const struct versus *versus)
{
	double top = 1 + (isnan(versus->floor) ? 0 : versus->floor);
	bool inside = versus->ratio <= top && versus->ratio >= 1 / top;

	if (!versus->found || versus->verdict == VERDICT_TIE)
		return versus->found;
	/* A verdict has weighed the interval already; only the floor can overrule it. */
	if (versus->verdict != VERDICT_NONE || isnan(versus->lo) || isnan(versus->hi))
		return inside;
	return inside || (versus->lo <= top && versus->hi >= 1 / top);
}

double findings_floor(const struct result_group *group, const char *judged)
{
	double floor = NAN;
	size_t i;

	for (i = 0; i < group->nr_ratios; i++)
		if (!judged || !strcmp(group->ratios[i].judged, judged))
			floor = fmax(floor, group->ratios[i].floor);
	return floor;
}

bool findings_judged(const struct result_group *group)
{
	size_t i;

	for (i = 0; i < group->nr_ratios; i++)
		if (group->ratios[i].verdict != VERDICT_NONE)
			return true;
	return false;
}

int finding_make(struct finding *finding, const struct result_group *group)
{
	size_t i;

	*finding = (struct finding){ .group = group, .judged = findings_judged(group) };
	finding->ties = calloc(group->nr_points + 1, sizeof(*finding->ties));
	if (!finding->ties)
		return -ENOMEM;
	for (i = 0; i < group->nr_points; i++) {
		const struct result_point *point = &group->points[i];
		struct versus pair;

		if (point->kind != RESULT_CANDIDATE || isnan(point->ns_per_op))
			continue;
		if (!finding->fastest) {	/* points are sorted, fastest first */
			finding->fastest = point;
			finding->baseline = baseline_of(group, point);
			finding->versus = findings_versus(group, point);
			continue;
		}
		pair = findings_pair(group, point->cell, finding->fastest->cell);
		if (finding->judged && findings_is_tie(&pair))
			finding->ties[finding->nr_ties++] = point;
	}
	return 0;
}

void finding_free(struct finding *finding)
{
	free(finding->ties);
	finding->ties = NULL;
	finding->nr_ties = 0;
}

bool finding_among_best(const struct finding *finding, const struct result_point *point)
{
	size_t i;

	for (i = 0; i < finding->nr_ties; i++)
		if (finding->ties[i] == point)
			return true;
	return finding->fastest == point;
}

int sweep_make(struct sweep *sweep, const struct results *results,
	       const struct result_series *series)
{
	const struct result_group *most = &series->groups[series->nr - 1];
	size_t i;

	*sweep = (struct sweep){ 0 };
	if (series->extra_work)
		return 0;
	sweep->groups = calloc(results->nr_groups + 1, sizeof(*sweep->groups));
	if (!sweep->groups)
		return -ENOMEM;
	for (i = 0; i < results->nr_groups; i++)	/* sorted by work_ns */
		if (results_same_sweep(&results->groups[i].key, &most->key))
			sweep->groups[sweep->nr++] = &results->groups[i];
	if (sweep->nr < 3)
		sweep->nr = 0;
	return 0;
}

static const struct result_point *find_cell(const struct result_group *group, const char *cell)
{
	size_t i;

	for (i = 0; i < group->nr_points; i++)
		if (group->points[i].cell == cell)
			return &group->points[i];
	return NULL;
}

struct threshold sweep_threshold(const struct sweep *sweep, const char *cell)
{
	struct threshold threshold = { 0 };
	size_t i;

	for (i = sweep->nr; i > 0; i--) {
		const struct result_group *group = sweep->groups[i - 1];
		const struct result_point *point = find_cell(group, cell);
		struct versus versus;

		if (!point)
			continue;
		versus = findings_versus(group, point);
		if (!versus.found)
			continue;
		if (!findings_is_tie(&versus))
			break;
		threshold.found = true;
		threshold.work_ns = group->key.work_ns;
	}
	return threshold;
}
