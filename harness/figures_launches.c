/*
 * What each launch measured of a figure's dots.
 *
 * SPDX-License-Identifier: MIT
 */
#include "figures_internal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"

/* Whether the placement is one of those that gave the same processors, a+b. */
static bool has_placement(const char *names, const char *placement)
{
	const size_t length = strlen(placement);

	while (names) {
		if (!strncmp(names, placement, length) && (!names[length] || names[length] == '+'))
			return true;
		names = strchr(names, '+');
		if (names)
			names++;
	}
	return false;
}

static bool is_group(const struct tally_group *group, const struct result_key *key)
{
	return group->threads == key->threads &&
	       !strcmp(group->key[SAMPLES_WORKLOAD], key->workload) &&
	       !strcmp(group->key[SAMPLES_SETTING], key->setting) &&
	       !strcmp(group->key[SAMPLES_LAYOUT], key->layout) &&
	       !strcmp(group->key[SAMPLES_NODE], key->node) &&
	       strtoul(group->key[SAMPLES_OBJECTS], NULL, 10) == key->objects &&
	       strtoul(group->key[SAMPLES_REPLACE], NULL, 10) == key->replace &&
	       strtod(group->key[SAMPLES_WORK_NS], NULL) == key->work_ns &&
	       has_placement(group->key[SAMPLES_PLACEMENT], key->placement);
}

static const struct tally_group *group_find(const struct tally *tally, const struct result_key *key)
{
	for (size_t i = 0; i < tally->nr_groups; i++)
		if (is_group(tally->groups[i], key))
			return tally->groups[i];
	return NULL;
}

/* Of its group, nr_points where it is not there. */
static unsigned point_find(const struct tally_group *group, const struct result_point *point)
{
	unsigned i = 0;

	while (i < group->nr_points && (strcmp(group->points[i].strategy, point->strategy) ||
					strcmp(group->points[i].variant, point->variant)))
		i++;
	return i;
}

static int dot_add(struct chart_line *line, const struct chart_dot *dot, const struct tally *tally)
{
	const struct tally_group *group = group_find(tally, &dot->point->key);
	const bool bursty = strstr(dot->point->flags, "bursty") != NULL;
	struct chart_launch *grown;
	unsigned point;

	if (!group)
		return 0;
	point = point_find(group, dot->point);
	grown = realloc(line->launches, (line->nr_launches + group->nr_launches + 1) *
			sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	line->launches = grown;
	for (size_t i = 0; point < group->nr_points && i < group->nr_launches; i++) {
		const double ns = judge_launch_ns(group, i, point, bursty);

		if (ns > 0 && isfinite(ns))
			grown[line->nr_launches++] = (struct chart_launch){ dot->x, ns };
	}
	return 0;
}

int launches_add(struct chart *chart, const struct figure *figure, const struct tally *tally)
{
	if (!tally || figure->kind != FIGURE_COST)
		return 0;
	for (size_t i = 0; i < chart->nr_lines; i++) {
		struct chart_line *line = &chart->lines[i];

		for (size_t j = 0; j < line->nr; j++) {
			if (line->dots[j].point && dot_add(line, &line->dots[j], tally))
				return -ENOMEM;
		}
		for (size_t j = 0; j < line->nr_launches; j++) {
			chart->y_min = fmin(chart->y_min, line->launches[j].y);
			chart->y_max = fmax(chart->y_max, line->launches[j].y);
		}
	}
	return 0;
}
