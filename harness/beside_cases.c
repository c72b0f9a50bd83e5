/*
 * What the runs have in common: the same workload, setting, objects and so on, and in it the same
 * strategies.
 *
 * SPDX-License-Identifier: MIT
 */
#include "beside_internal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool same_case(const struct result_key *a, const struct result_key *b)
{
	return !strcmp(a->workload, b->workload) && !strcmp(a->setting, b->setting) &&
	       !strcmp(a->placement, b->placement) && !strcmp(a->layout, b->layout) &&
	       a->objects == b->objects && a->replace == b->replace && a->work_ns == b->work_ns;
}

static struct beside_case *find_case(struct beside *beside, const struct result_key *key)
{
	for (size_t i = 0; i < beside->nr_cases; i++)
		if (same_case(beside->cases[i].key, key))
			return &beside->cases[i];
	return NULL;
}

/* A sweep over work is at each machine's own most threads: it stays in the run's own report. */
static int add_series(struct beside *beside, size_t run)
{
	const struct results *results = &beside->runs[run].report.results;
	struct beside_case *at, *grown;

	for (size_t i = 0; i < results->nr_series; i++) {
		const struct result_series *series = &results->series[i];

		if (series->extra_work)
			continue;
		at = find_case(beside, &series->groups->key);
		if (!at) {
			grown = realloc(beside->cases, (beside->nr_cases + 1) * sizeof(*grown));
			if (!grown)
				return -ENOMEM;
			beside->cases = grown;
			at = &grown[beside->nr_cases++];
			*at = (struct beside_case){ .key = &series->groups->key };
		}
		/* Of those that differ in nodes only the first. */
		if (!at->series[run]) {
			at->series[run] = series;
			at->nr_runs++;
		}
	}
	return 0;
}

static int threads_compare(const void *a, const void *b)
{
	const unsigned left = *(const unsigned *)a, right = *(const unsigned *)b;

	return (left > right) - (left < right);
}

static int add_threads(struct beside_case *at)
{
	size_t most = 0, nr = 0;

	for (size_t i = 0; i < BESIDE_MOST; i++)
		most += at->series[i] ? at->series[i]->nr : 0;
	at->threads = calloc(most + 1, sizeof(*at->threads));
	if (!at->threads)
		return -ENOMEM;
	for (size_t i = 0; i < BESIDE_MOST; i++)
		for (size_t j = 0; at->series[i] && j < at->series[i]->nr; j++)
			at->threads[nr++] = at->series[i]->groups[j].key.threads;
	qsort(at->threads, nr, sizeof(*at->threads), threads_compare);
	for (size_t i = 0; i < nr; i++)
		if (!at->nr_threads || at->threads[at->nr_threads - 1] != at->threads[i])
			at->threads[at->nr_threads++] = at->threads[i];
	return 0;
}

static const struct result_group *find_group(const struct result_series *series, unsigned threads)
{
	for (size_t i = 0; series && i < series->nr; i++)
		if (series->groups[i].key.threads == threads)
			return &series->groups[i];
	return NULL;
}

struct beside_point beside_point(const struct beside *beside, const struct beside_case *at, size_t run,
				 const char *strategy, unsigned threads)
{
	const struct result_group *group = find_group(at->series[run], threads);

	for (size_t i = 0; group && i < group->nr_points; i++) {
		const struct result_point *point = &group->points[i];

		if (point->variant == beside->runs[run].variant && !isnan(point->ns_per_op) &&
		    !strcmp(point->strategy, strategy))
			return (struct beside_point){ group, point };
	}
	return (struct beside_point){ NULL, NULL };
}

static bool has_strategy(const struct beside_case *at, const char *name)
{
	for (size_t i = 0; i < at->nr_strategies; i++)
		if (!strcmp(at->strategies[i].name, name))
			return true;
	return false;
}

static int add_strategies(const struct beside *beside, struct beside_case *at)
{
	for (size_t run = 0; run < beside->nr; run++)
		for (size_t i = 0; at->series[run] && i < at->series[run]->nr; i++) {
			const struct result_group *group = &at->series[run]->groups[i];

			for (size_t j = 0; j < group->nr_points; j++) {
				const struct result_point *point = &group->points[j];
				struct beside_strategy *grown;

				if (point->kind == RESULT_CONTROL || has_strategy(at, point->strategy) ||
				    !beside_point(beside, at, run, point->strategy,
						  group->key.threads).point)
					continue;
				grown = realloc(at->strategies, (at->nr_strategies + 1) * sizeof(*grown));
				if (!grown)
					return -ENOMEM;
				at->strategies = grown;
				grown[at->nr_strategies++] = (struct beside_strategy){
					.name = point->strategy, .kind = point->kind };
			}
		}
	return 0;
}

static bool run_has(const struct beside *beside, const struct beside_case *at, size_t run,
		    const char *strategy)
{
	for (size_t i = 0; i < at->nr_threads; i++)
		if (beside_point(beside, at, run, strategy, at->threads[i]).point)
			return true;
	return false;
}

/* By medians: this only orders panels and rows. */
static void strategy_rank(const struct beside *beside, const struct beside_case *at,
			  struct beside_strategy *strategy)
{
	double sum = 0;
	unsigned nr = 0;

	for (size_t run = 0; run < beside->nr; run++) {
		const struct result_series *series = at->series[run];
		const unsigned most = series ? series->groups[series->nr - 1].key.threads : 0;
		const struct beside_point own = beside_point(beside, at, run, strategy->name, most);
		const struct beside_point base = beside_point(beside, at, run, RESULTS_BASELINE, most);

		strategy->nr_runs += run_has(beside, at, run, strategy->name);
		if (!own.point || !base.point || own.point->ns_per_op <= 0 || base.point->ns_per_op <= 0)
			continue;
		sum += log(own.point->ns_per_op / base.point->ns_per_op);
		nr++;
	}
	strategy->ratio = nr ? exp(sum / nr) : INFINITY;
}

static int strategy_compare(const void *left, const void *right)
{
	static const int ranks[] = {
		[RESULT_CANDIDATE] = 0, [RESULT_PEER] = 1, [RESULT_FLOOR] = 2, [RESULT_CONTROL] = 3,
	};
	const struct beside_strategy *a = left, *b = right;
	const int diff = ranks[a->kind] - ranks[b->kind];

	if (diff)
		return diff;
	if (a->ratio != b->ratio)
		return a->ratio < b->ratio ? -1 : 1;
	return strcmp(a->name, b->name);
}

/* Names what cases differ in; results_label() looks at these flags alone. */
static void labels_make(struct beside *beside)
{
	const struct result_key *first = beside->nr_cases ? beside->cases[0].key : NULL;
	struct results many = { .nr_variants = 1 };
	bool works = false;

	for (size_t i = 0; i < beside->nr_cases; i++) {
		const struct result_key *key = beside->cases[i].key;

		many.many_placements |= strcmp(key->placement, first->placement) != 0;
		many.many_layouts |= strcmp(key->layout, first->layout) != 0;
		many.many_objects |= key->objects != first->objects;
		works |= key->work_ns != first->work_ns;
	}
	for (size_t i = 0; i < beside->nr_cases; i++) {
		struct beside_case *at = &beside->cases[i];
		size_t used;

		results_label(&many, at->key, at->label, sizeof(at->label));
		used = strlen(at->label);
		if (works)
			snprintf(at->label + used, sizeof(at->label) - used, ", %.6g ns of work",
				 at->key->work_ns);
	}
}

/* As in a run's own report. */
static int case_compare(const void *left, const void *right)
{
	const struct result_key *a = ((const struct beside_case *)left)->key;
	const struct result_key *b = ((const struct beside_case *)right)->key;
	int diff = strcmp(a->workload, b->workload);

	diff = diff ? diff : strcmp(b->setting, a->setting);	/* held before churn */
	diff = diff ? diff : strcmp(a->placement, b->placement);
	diff = diff ? diff : strcmp(a->layout, b->layout);
	if (!diff && a->objects != b->objects)
		diff = a->objects < b->objects ? -1 : 1;
	if (!diff && a->replace != b->replace)
		diff = a->replace < b->replace ? -1 : 1;
	return diff ? diff : (a->work_ns > b->work_ns) - (a->work_ns < b->work_ns);
}

int cases_make(struct beside *beside)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < beside->nr; i++)
		ret = add_series(beside, i);
	labels_make(beside);
	if (!ret && beside->nr_cases)
		qsort(beside->cases, beside->nr_cases, sizeof(*beside->cases), case_compare);
	for (size_t i = 0; !ret && i < beside->nr_cases; i++) {
		struct beside_case *at = &beside->cases[i];

		ret = add_threads(at);
		if (!ret)
			ret = add_strategies(beside, at);
		for (size_t j = 0; j < at->nr_strategies; j++)
			strategy_rank(beside, at, &at->strategies[j]);
		if (at->nr_strategies)
			qsort(at->strategies, at->nr_strategies, sizeof(*at->strategies), strategy_compare);
	}
	return ret;
}

void cases_free(struct beside *beside)
{
	for (size_t i = 0; i < beside->nr_cases; i++) {
		free(beside->cases[i].threads);
		free(beside->cases[i].strategies);
	}
	free(beside->cases);
}

struct beside_count beside_count(const struct beside *beside)
{
	struct beside_count count = { 0 };

	for (size_t c = 0; c < beside->nr_cases; c++) {
		const struct beside_case *at = &beside->cases[c];

		for (size_t i = 0; i < at->nr_strategies * at->nr_threads; i++) {
			const char *name = at->strategies[i / at->nr_threads].name;
			const unsigned threads = at->threads[i % at->nr_threads];
			size_t nr = 0, last = 0;

			for (size_t run = 0; run < beside->nr; run++) {
				if (!beside_point(beside, at, run, name, threads).point)
					continue;
				count.of[run]++;
				last = run;
				nr++;
			}
			count.all += nr > 0;
			count.common += nr == beside->nr;
			if (nr == 1)
				count.alone[last]++;
		}
	}
	return count;
}
