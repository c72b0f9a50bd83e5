/*
 * Puts a run's rows into the groups that a reader compares, and those into series and sweeps.
 *
 * SPDX-License-Identifier: MIT
 */
#include "results_internal.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int number_compare(double a, double b)
{
	return (a > b) - (a < b);
}

/* Groups of a series stand together, groups of a sweep nearly so. */
static int key_compare(const struct result_key *a, const struct result_key *b)
{
	/* Texts are never NULL. NOLINTNEXTLINE(clang-analyzer-*) */
	int diff = strcmp(a->workload, b->workload);

	if (!diff)
		diff = strcmp(b->setting, a->setting);	/* held before churn */
	if (!diff)
		diff = strcmp(a->placement, b->placement);
	if (!diff)
		diff = strcmp(a->layout, b->layout);
	if (!diff)
		diff = strcmp(a->node, b->node);
	if (!diff)
		diff = number_compare(a->objects, b->objects);
	if (!diff)
		diff = number_compare(a->replace, b->replace);
	if (!diff)
		diff = number_compare(a->work_ns, b->work_ns);
	return diff ? diff : number_compare(a->threads, b->threads);
}

static int point_compare(const void *left, const void *right)
{
	const struct result_point *a = left, *b = right;
	int diff = key_compare(&a->key, &b->key);

	if (!diff)	/* absent ones last */
		diff = isnan(a->ns_per_op) - isnan(b->ns_per_op);
	if (!diff)
		diff = number_compare(a->ns_per_op, b->ns_per_op);
	return diff ? diff : strcmp(a->cell, b->cell);
}

static int ratio_compare(const void *left, const void *right)
{
	const struct result_ratio *a = left, *b = right;
	int diff = key_compare(&a->key, &b->key);

	if (!diff)
		diff = strcmp(a->a, b->a);
	return diff ? diff : strcmp(a->b, b->b);
}

bool results_same_series(const struct result_key *a, const struct result_key *b)
{
	struct result_key other = *b;

	other.threads = a->threads;
	return !key_compare(a, &other);
}

bool results_same_sweep(const struct result_key *a, const struct result_key *b)
{
	struct result_key other = *b;

	other.work_ns = a->work_ns;
	return !key_compare(a, &other);
}

/* Cuts the sorted rows into groups, and gives each group its ratios. */
static int groups_build(struct results *results)
{
	struct result_group *group = NULL;
	size_t i, at = 0;

	results->groups = calloc(results->nr_points + 1, sizeof(*results->groups));
	if (!results->groups)
		return -ENOMEM;
	for (i = 0; i < results->nr_points; i++) {
		const struct result_point *point = &results->points[i];

		if (!group || key_compare(&group->key, &point->key)) {
			group = &results->groups[results->nr_groups++];
			group->key = point->key;
			group->points = point;
		}
		group->nr_points++;
	}
	for (i = 0; i < results->nr_groups; i++) {
		group = &results->groups[i];
		while (at < results->nr_ratios &&
		       key_compare(&results->ratios[at].key, &group->key) < 0)
			at++;
		group->ratios = results->nr_ratios ? results->ratios + at : NULL;
		while (at < results->nr_ratios &&
		       !key_compare(&results->ratios[at].key, &group->key)) {
			group->nr_ratios++;
			at++;
		}
	}
	return 0;
}

static int series_build(struct results *results)
{
	struct result_series *series = NULL;
	size_t i;

	results->series = calloc(results->nr_groups + 1, sizeof(*results->series));
	if (!results->series)
		return -ENOMEM;
	for (i = 0; i < results->nr_groups; i++) {
		const struct result_group *group = &results->groups[i];

		if (!series || !results_same_series(&series->groups->key, &group->key)) {
			struct result_key key = group->key;

			/* Sorted by work: what differs from the one before in work alone is more.
			 */
			if (series) {
				key.work_ns = series->groups->key.work_ns;
				results->series[results->nr_series].extra_work =
					results_same_series(&series->groups->key, &key);
			}
			series = &results->series[results->nr_series++];
			series->groups = group;
		}
		series->nr++;
	}
	return 0;
}

static int variants_build(struct results *results)
{
	const struct result_point *first = results->points;
	size_t i, j;

	results->variants = calloc(results->nr_points + 1, sizeof(*results->variants));
	if (!results->variants)
		return -ENOMEM;
	for (i = 0; i < results->nr_points; i++) {
		const struct result_point *point = &results->points[i];

		results->many_placements |= point->key.placement != first->key.placement;
		results->many_layouts |= point->key.layout != first->key.layout;
		results->many_nodes |= point->key.node != first->key.node;
		results->many_objects |= point->key.objects != first->key.objects;
		if (point->kind == RESULT_CONTROL)
			continue;
		for (j = 0; j < results->nr_variants; j++)
			if (results->variants[j] == point->variant)
				break;
		if (j == results->nr_variants)
			results->variants[results->nr_variants++] = point->variant;
	}
	return 0;
}

const struct latencies_point *results_latency(const struct results *results,
					      const struct result_point *point)
{
	static const char *const kinds[] = {
		[RESULT_CANDIDATE] = "candidate", [RESULT_FLOOR] = "floor",
		[RESULT_PEER] = "peer", [RESULT_AID] = "aid", [RESULT_CONTROL] = "control",
	};
	const struct result_key *key = &point->key;
	const struct latencies_point *found;
	char *text;

	if (asprintf(&text, "%s,%s,%s,%s,%s,%s,%u,%u,%s,%.9g,%s,%u", key->workload, point->strategy,
		     point->variant, kinds[point->kind], key->setting, key->placement, key->threads,
		     key->objects, key->node, key->work_ns, key->layout, key->replace) < 0)
		return NULL;
	found = latencies_find(&results->latencies, text);
	free(text);
	return found;
}

double results_floor(const struct results *results, const struct result_group *group)
{
	/* With several objects there are several lines, and threads seldom meet. */
	for (size_t i = 0; group->key.objects == 1 && i < results->nr_floors; i++)
		if (results->floors[i].placement == group->key.placement &&
		    results->floors[i].threads == group->key.threads &&
		    results->floors[i].ns_per_op > 0)
			return results->floors[i].ns_per_op;
	return NAN;
}

int results_group(struct results *results)
{
	int ret;

	if (results->nr_points)
		qsort(results->points, results->nr_points, sizeof(*results->points), point_compare);
	if (results->nr_ratios)
		qsort(results->ratios, results->nr_ratios, sizeof(*results->ratios), ratio_compare);
	ret = groups_build(results);
	if (!ret)
		ret = series_build(results);
	return ret ? ret : variants_build(results);
}

char *results_label(const struct results *results, const struct result_key *key, char *buf,
		    size_t size)
{
	char objects[32] = "", node[64] = "", replace[48] = "";

	if (results->many_objects)
		snprintf(objects, sizeof(objects), ", %u object%s", key->objects,
			 key->objects == 1 ? "" : "s");
	if (key->replace)
		snprintf(replace, sizeof(replace), ", %u of 1000 replace", key->replace);
	if (results->many_nodes && *key->node)
		snprintf(node, sizeof(node), ", node %s", key->node);
	snprintf(buf, size, "%s%s%s%s%s%s%s%s%s%s", key->workload, *key->setting ? ", " : "",
		 key->setting, results->many_placements ? ", " : "",
		 results->many_placements ? key->placement : "", objects, replace,
		 results->many_layouts ? ", " : "", results->many_layouts ? key->layout : "",
		 node);
	return buf;
}

const char *results_cell_name(const struct results *results, const struct result_point *point)
{
	return results->nr_variants > 1 ? point->cell : point->strategy;
}
