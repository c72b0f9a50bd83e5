/*
 * What the windows of a run add up to: its groups, their points, and the results of each launch.
 *
 * SPDX-License-Identifier: MIT
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tally.h"

/* FNV-1a, the text's end included, so that ("ab", "c") and ("a", "bc") differ. */
static uint64_t text_hash(uint64_t hash, const char *text)
{
	do
		hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	while (*text++);
	return hash;
}

/* Makes room for one more of an array's elements. Returns the array, or NULL without memory. */
static void *array_grow(void *array, size_t nr, size_t *size, size_t element)
{
	size_t larger = *size ? *size * 2 : 8;

	if (nr < *size)
		return array;
	array = realloc(array, larger * element);
	if (array)
		*size = larger;
	return array;
}

bool tally_group_is(const struct tally_group *group, const struct sample *sample)
{
	for (int i = 0; i < SAMPLES_NR_KEYS; i++)
		if (strcmp(group->key[i], sample->key[i]))
			return false;
	return true;
}

static void group_free(struct tally_group *group)
{
	for (int i = 0; i < SAMPLES_NR_KEYS; i++)
		free(group->key[i]);
	for (unsigned i = 0; i < group->nr_points; i++) {
		free(group->points[i].strategy);
		free(group->points[i].variant);
	}
	for (size_t i = 0; i < group->nr_launches; i++) {
		free(group->launches[i]->totals);
		free(group->launches[i]);
	}
	free(group->points);
	free(group->launches);
	free(group);
}

static struct tally_group *group_create(const struct sample *sample, uint64_t hash)
{
	struct tally_group *group = calloc(1, sizeof(*group));

	if (!group)
		return NULL;
	group->hash = hash;
	group->threads = sample->threads;
	group->deferred = sample->deferred;
	group->baseline = -1;
	for (int i = 0; i < SAMPLES_NR_KEYS; i++) {
		group->key[i] = strdup(sample->key[i]);
		if (!group->key[i]) {
			group_free(group);
			return NULL;
		}
	}
	return group;
}

struct tally_group *tally_group_get(struct tally *tally, const struct sample *sample)
{
	struct tally_group *group, **bucket;
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	void *groups;

	for (int i = 0; i < SAMPLES_NR_KEYS; i++)
		hash = text_hash(hash, sample->key[i]);
	bucket = &tally->buckets[hash % (sizeof(tally->buckets) / sizeof(*tally->buckets))];
	for (group = *bucket; group; group = group->next)
		if (group->hash == hash && tally_group_is(group, sample))
			return group;
	groups = array_grow(tally->groups, tally->nr_groups, &tally->size_groups,
			    sizeof(*tally->groups));
	if (!groups)
		return NULL;
	tally->groups = groups;
	group = group_create(sample, hash);
	if (!group)
		return NULL;
	group->next = *bucket;
	*bucket = group;
	tally->groups[tally->nr_groups++] = group;
	return group;
}

static bool baseline_may_be(const char *strategy, enum samples_kind kind)
{
	return kind != SAMPLES_CONTROL && !strcmp(strategy, TALLY_BASELINE);
}

static struct tally_point *point_add(struct tally_group *group, const struct sample *sample,
				     uint64_t hash)
{
	size_t size = group->size_points;
	struct tally_point *point;
	void *points;

	points = array_grow(group->points, group->nr_points, &size, sizeof(*group->points));
	if (!points)
		return NULL;
	group->points = points;
	group->size_points = (unsigned)size;
	point = &group->points[group->nr_points];
	*point = (struct tally_point){ .hash = hash, .kind = sample->kind };
	for (int i = 0; i < TALLY_NR_PEAKS; i++)
		point->peaks[i] = NAN;
	point->strategy = strdup(sample->strategy);
	point->variant = strdup(sample->variant);
	if (!point->strategy || !point->variant) {
		free(point->strategy);
		free(point->variant);
		return NULL;
	}
	group->nr_points++;
	return point;
}

struct tally_point *tally_point_get(struct tally *tally, struct tally_group *group,
				    const struct sample *sample)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	struct tally_point *point;

	hash = text_hash(text_hash(hash, sample->strategy), sample->variant);
	for (unsigned i = 0; i < group->nr_points; i++) {
		point = &group->points[i];
		if (point->hash == hash && !strcmp(point->strategy, sample->strategy) &&
		    !strcmp(point->variant, sample->variant))
			return point;
	}
	if (!tally->baseline_variant && baseline_may_be(sample->strategy, sample->kind)) {
		tally->baseline_variant = strdup(sample->variant);
		if (!tally->baseline_variant)
			return NULL;
	}
	return point_add(group, sample, hash);
}

bool tally_point_is_aa(const struct tally_point *point)
{
	return point->kind == SAMPLES_CONTROL && !strcmp(point->strategy, TALLY_BASELINE) &&
	       !strcmp(point->variant, TALLY_CONTROL);
}

static void rate_add(struct tally_point *point, int rate, double events, double ops)
{
	if (isnan(events) || isnan(ops))
		return;
	point->events[rate] += events;
	point->ops[rate] += ops;
}

void tally_window_add(struct tally_point *point, const double *figure, uint64_t flags)
{
	static const enum samples_figure events[TALLY_NR_RATES] = {
		SAMPLES_TICKS, SAMPLES_CYCLES, SAMPLES_INSTRUCTIONS, SAMPLES_CACHE_MISSES,
		SAMPLES_RETRIES, SAMPLES_FAILED, SAMPLES_RECLAIM_NS, SAMPLES_SWITCHES,
		SAMPLES_MIGRATIONS, SAMPLES_DELAY_NS,
	};
	static const enum samples_figure ops[TALLY_NR_RATES] = {
		SAMPLES_OPS, SAMPLES_COUNTED_OPS, SAMPLES_COUNTED_OPS, SAMPLES_COUNTED_OPS,
		SAMPLES_TOTAL_OPS, SAMPLES_TOTAL_OPS, SAMPLES_TOTAL_OPS, SAMPLES_COUNTED_OPS,
		SAMPLES_COUNTED_OPS, SAMPLES_DELAYS,
	};
	static const enum samples_figure peaks[TALLY_NR_PEAKS] = {
		SAMPLES_GARBAGE_OBJECTS, SAMPLES_GARBAGE_BYTES, SAMPLES_KREF_BYTES,
		SAMPLES_THREAD_BYTES,
	};

	point->windows++;
	point->flags |= flags;
	point->disturbed += (flags & FLAGSET_DISTURBED) != 0;
	for (int i = 0; i < TALLY_NR_RATES; i++)
		rate_add(point, i, figure[events[i]], figure[ops[i]]);
	for (int i = 0; i < SAMPLES_MAX_COUNTERS; i++)
		rate_add(point, TALLY_NR_RATES + i, figure[SAMPLES_NR_FIGURES + i],
			 figure[SAMPLES_COUNTED_OPS]);
	for (int i = 0; i < TALLY_NR_PEAKS; i++)	/* of a number and a NAN the number */
		point->peaks[i] = fmax(point->peaks[i], figure[peaks[i]]);
}

void tally_baseline_choose(const struct tally *tally, struct tally_group *group)
{
	if (group->baseline >= 0)
		return;
	for (unsigned i = 0; i < group->nr_points; i++) {
		if (!baseline_may_be(group->points[i].strategy, group->points[i].kind))
			continue;
		if (group->baseline < 0)
			group->baseline = (int)i;
		if (!strcmp(group->points[i].variant, tally->baseline_variant))
			group->baseline = (int)i;
	}
}

struct tally_launch *tally_launch_add(struct tally_group *group, uint64_t launch)
{
	size_t nr = group->nr_points, nr_pairs = tally_pair(0, nr), nr_figures;
	struct tally_launch *added;
	void *launches;

	launches = array_grow(group->launches, group->nr_launches, &group->size_launches,
			      sizeof(*group->launches));
	if (!launches)
		return NULL;
	group->launches = launches;
	nr_figures = 4 * nr + nr_pairs;
	added = malloc(sizeof(*added) + nr_figures * sizeof(*added->figures));
	if (!added)
		return NULL;
	added->launch = launch;
	added->nr_points = group->nr_points;
	added->nr_measured = 0;
	added->ns_medians = added->figures;
	added->ns_totals = added->ns_medians + nr;
	added->rates = added->ns_totals + nr;
	added->fairness = added->rates + nr;
	added->medians = added->fairness + nr;
	added->totals = NULL;
	for (size_t i = 0; i < nr_figures; i++)
		added->figures[i] = NAN;
	group->launches[group->nr_launches++] = added;
	return added;
}

bool tally_totals_add(struct tally_launch *launch)
{
	const size_t nr_pairs = tally_pair(0, launch->nr_points);

	launch->totals = malloc((nr_pairs + 1) * sizeof(*launch->totals));
	for (size_t i = 0; launch->totals && i < nr_pairs; i++)
		launch->totals[i] = NAN;
	return launch->totals;
}

double tally_totals(const struct tally_group *group, const struct tally_launch *launch, unsigned lower,
		    unsigned upper)
{
	const bool swap = (int)lower == group->baseline;

	if (launch->totals)
		return launch->totals[tally_pair(lower, upper)];
	return launch->rates[swap ? lower : upper] / launch->rates[swap ? upper : lower];
}

/* Of a name "workload/strategy@variant/...", "replace:N" only where ops replace: see plan_point_name(). */
static bool point_is(const struct tally_group *group, const struct tally_point *point,
		     const char *name)
{
	char *const *key = group->key;
	const bool packed = !strcmp(key[SAMPLES_LAYOUT], "packed");
	const bool replaces = strcmp(key[SAMPLES_REPLACE], "0") != 0;
	char own[512];

	snprintf(own, sizeof(own), "%s/%s@%s/%s/%s/objects:%s/work_ns:%s%s%s%s/threads:%s",
		 key[SAMPLES_WORKLOAD], point->strategy, point->variant, key[SAMPLES_SETTING],
		 key[SAMPLES_PLACEMENT], key[SAMPLES_OBJECTS], key[SAMPLES_WORK_NS],
		 replaces ? "/replace:" : "", replaces ? key[SAMPLES_REPLACE] : "",
		 packed ? "/packed" : "", key[SAMPLES_THREADS]);
	return !strcmp(own, name);
}

static void launch_forget(struct tally_launch *launch, unsigned point)
{
	launch->nr_measured -= !isnan(launch->ns_medians[point]);
	launch->ns_medians[point] = launch->ns_totals[point] = NAN;
	launch->rates[point] = launch->fairness[point] = NAN;
	for (unsigned other = 0; other < launch->nr_points; other++) {
		const size_t pair = other < point ? tally_pair(other, point) : tally_pair(point, other);

		if (other == point)
			continue;
		launch->medians[pair] = NAN;
		if (launch->totals)
			launch->totals[pair] = NAN;
	}
}

static void point_forget(struct tally_group *group, unsigned point)
{
	group->points[point].windows = 0;
	group->most_measured = 0;
	for (size_t i = 0; i < group->nr_launches; i++) {
		struct tally_launch *launch = group->launches[i];

		if (point < launch->nr_points)
			launch_forget(launch, point);
		if (launch->nr_measured > group->most_measured)
			group->most_measured = launch->nr_measured;
	}
}

void tally_leave_out(struct tally *tally, const char *const *names)
{
	for (size_t g = 0; g < tally->nr_groups; g++)
		for (unsigned i = 0; i < tally->groups[g]->nr_points; i++)
			for (const char *const *name = names; *name; name++)
				if (point_is(tally->groups[g], &tally->groups[g]->points[i], *name))
					point_forget(tally->groups[g], i);
}

void tally_free(struct tally *tally)
{
	for (size_t i = 0; i < tally->nr_groups; i++)
		group_free(tally->groups[i]);
	free(tally->groups);
	free(tally->baseline_variant);
}
