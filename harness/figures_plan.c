/*
 * Which figures a run has data for, and the names of their files.
 *
 * SPDX-License-Identifier: MIT
 */
#include "figures_internal.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "findings.h"

/* Names of files come from names in the data: only what no system and no URL takes amiss stays. */
static void name_clean(char *name)
{
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("-_", *name))
			*name = '-';
}

static void name_make(struct figure *figure, const struct results *results,
		      const struct result_key *key)
{
	static const char *const prefixes[] = {
		[FIGURE_VERSUS] = "versus", [FIGURE_COST] = "cost",
		[FIGURE_THROUGHPUT] = "throughput", [FIGURE_RETRIES] = "retries",
		 [FIGURE_UNCONTENDED] = "uncontended",
		[FIGURE_WORK] = "work", [FIGURE_FAIRNESS] = "fairness",
		[FIGURE_MISSES] = "misses", [FIGURE_MOVED] = "moved",
		[FIGURE_LATENCY] = "latency",
	};
	char objects[16], extra[64] = "";

	/* A figure has a group. NOLINTNEXTLINE(clang-analyzer-*) */
	snprintf(objects, sizeof(objects), "-%u", key->objects);
	if (results->nr_variants > 1)
		snprintf(extra, sizeof(extra), "-%.60s", figure->variant);
	if (figure->kind == FIGURE_FAIRNESS_ROWS)
		snprintf(figure->name, sizeof(figure->name), "fairness%s", extra);
	else
		snprintf(figure->name, sizeof(figure->name), "%s-%.24s-%.8s%s%.12s%s%s%.8s%s%.8s%s",
			 prefixes[figure->kind], key->workload, key->setting,
			 results->many_placements ? "-" : "",
			 results->many_placements ? key->placement : "",
			 results->many_objects ? objects : "", results->many_layouts ? "-" : "",
			 results->many_layouts ? key->layout : "", results->many_nodes ? "-n" : "",
			 results->many_nodes ? key->node : "", extra);
	name_clean(figure->name);
}

/* Long names are cut, so two may become one: a number keeps them apart. */
static void name_unique(struct figures *figures, struct figure *figure)
{
	size_t i, length = strlen(figure->name);

	if (length > sizeof(figure->name) - 8)
		length = sizeof(figure->name) - 8;
	for (i = 0; i + 1 < figures->nr; i++) {
		if (strcmp(figures->figures[i].name, figure->name))
			continue;
		snprintf(figure->name + length, sizeof(figure->name) - length, "-%zu",
			 figures->nr % 100000);
		return;
	}
}

/* Below one in a hundred ops retries explain no time. */
#define LEAST_RETRIES 0.01

static bool group_has_data(enum figure_kind kind, const char *variant,
			   const struct result_group *group)
{
	size_t i;

	for (i = 0; i < group->nr_points; i++) {
		const struct result_point *point = &group->points[i];

		if (!figure_has_place(kind, variant, point) || isnan(figure_dot(kind, group, point).y))
			continue;
		/* The baseline beside itself, and a workload in which hardly anything retries, show nothing. */
		if ((kind != FIGURE_VERSUS || findings_versus(group, point).found) &&
		    (kind != FIGURE_RETRIES || point->retries_per_op >= LEAST_RETRIES))
			return true;
	}
	return false;
}

/*
 * Adds a figure of those of the nr groups that have data for it; without any it is left out. 0 or
 * -ENOMEM.
 */
static int figure_add(struct figures *figures, const struct results *results,
		      enum figure_kind kind, const char *variant,
		      const struct result_group *const *groups, size_t nr)
{
	struct figure *figure, *grown;
	size_t i;

	grown = realloc(figures->figures, (figures->nr + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	figures->figures = grown;
	figure = &grown[figures->nr];
	*figure = (struct figure){ .kind = kind, .variant = variant };
	figure->groups = calloc(nr + 1, sizeof(*figure->groups));
	if (!figure->groups)
		return -ENOMEM;
	for (i = 0; i < nr; i++)
		if (group_has_data(kind, variant, groups[i]))
			figure->groups[figure->nr_groups++] = groups[i];
	if (!figure->nr_groups) {
		free(figure->groups);
		return 0;
	}
	figures->nr++;
	name_make(figure, results, &figure->groups[0]->key);
	name_unique(figures, figure);
	return figure_words(figure, results);
}

/* The groups of a series from least threads on. 0 or -ENOMEM. */
static int series_add(struct figures *figures, const struct results *results,
		      enum figure_kind kind, const char *variant,
		      const struct result_series *series, unsigned least)
{
	const struct result_group **groups = calloc(series->nr + 1, sizeof(*groups));
	size_t i, nr = 0;
	int ret;

	if (!groups)
		return -ENOMEM;
	for (i = 0; i < series->nr; i++)
		if (series->groups[i].key.threads >= least)
			groups[nr++] = &series->groups[i];
	ret = figure_add(figures, results, kind, variant, groups, nr);
	free(groups);
	return ret;
}

/* Of a series the groups whose single ops were sampled. 0 or -ENOMEM. */
static int latencies_add(struct figures *figures, const struct results *results, const char *variant,
			 const struct result_series *series)
{
	const struct result_group **groups = calloc(series->nr + 1, sizeof(*groups));
	size_t nr = 0;
	int ret;

	if (!groups)
		return -ENOMEM;
	for (size_t i = 0; i < series->nr; i++)
		if (latency_has(results, variant, &series->groups[i]))
			groups[nr++] = &series->groups[i];
	ret = figure_add(figures, results, FIGURE_LATENCY, variant, groups, nr);
	free(groups);
	return ret;
}

static size_t contended(const struct result_series *series)
{
	size_t i, nr = 0;

	for (i = 0; i < series->nr; i++)
		nr += series->groups[i].key.threads > 1;
	return nr;
}

static int fairness_rows_add(struct figures *figures, const struct results *results,
			     const char *variant)
{
	const struct result_group **groups = calloc(results->nr_series + 1, sizeof(*groups));
	size_t i, nr = 0;
	int ret;

	if (!groups)
		return -ENOMEM;
	for (i = 0; i < results->nr_series; i++) {
		const struct result_series *series = &results->series[i];

		if (!series->extra_work && contended(series) == 1)
			groups[nr++] = &series->groups[series->nr - 1];
	}
	ret = figure_add(figures, results, FIGURE_FAIRNESS_ROWS, variant, groups, nr);
	free(groups);
	return ret;
}

static int sweep_add(struct figures *figures, const struct results *results, const char *variant,
		     const struct result_series *series)
{
	struct sweep sweep;
	int ret = sweep_make(&sweep, results, series);

	if (!ret && sweep.nr)
		ret = figure_add(figures, results, FIGURE_WORK, variant, sweep.groups, sweep.nr);
	free(sweep.groups);
	return ret;
}

/*
 * The workload that does least around the count, told by its time at one thread: there the cost of
 * a strategy itself shows best. NULL where nothing was measured at one thread.
 */
static const char *barest_workload(const struct results *results)
{
	const char *barest = NULL;
	double least = INFINITY;
	size_t i, j;

	for (i = 0; i < results->nr_groups; i++) {
		const struct result_group *group = &results->groups[i];

		for (j = 0; j < group->nr_points && group->key.threads == 1; j++) {
			const struct result_point *point = &group->points[j];

			if (point->kind != RESULT_CANDIDATE || !(point->ns_per_op < least))
				continue;
			least = point->ns_per_op;
			barest = point->key.workload;
		}
	}
	return barest;
}

static bool has_handovers(const struct results *results)
{
	for (size_t i = 0; i < results->nr_handovers; i++)
		if (results->handovers[i].ns > 0)
			return true;
	return false;
}

static int handover_add(struct figures *figures, const struct results *results)
{
	struct figure *grown;

	if (!has_handovers(results))
		return 0;
	grown = realloc(figures->figures, (figures->nr + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	figures->figures = grown;
	grown[figures->nr] = (struct figure){ .kind = FIGURE_HANDOVER, .variant = "" };
	return handover_figure(&grown[figures->nr++], results);
}

static int kind_add(struct figures *figures, const struct results *results, const char *variant,
		    enum figure_kind kind, const struct result_series *series)
{
	const struct result_group *first = &series->groups[0];

	if (series->extra_work)
		return 0;
	switch (kind) {
	case FIGURE_UNCONTENDED:
		if (first->key.workload != barest_workload(results) || first->key.threads != 1)
			return 0;
		return figure_add(figures, results, kind, variant, &first, 1);
	case FIGURE_THROUGHPUT:
		return series->nr < 2 ? 0 : series_add(figures, results, kind, variant, series, 0);
	case FIGURE_VERSUS:
	case FIGURE_COST:
	case FIGURE_RETRIES:
	case FIGURE_MISSES:
	case FIGURE_MOVED:
		return series_add(figures, results, kind, variant, series, 0);
	case FIGURE_WORK:
		return sweep_add(figures, results, variant, series);
	case FIGURE_LATENCY:
		return latencies_add(figures, results, variant, series);
	default:
		return contended(series) < 2 ? 0 :
			series_add(figures, results, kind, variant, series, 2);
	}
}

int figures_plan(struct figures *figures, const struct results *results)
{
	static const enum figure_kind kinds[] = {
		FIGURE_VERSUS, FIGURE_UNCONTENDED, FIGURE_WORK, FIGURE_COST, FIGURE_THROUGHPUT,
		FIGURE_LATENCY, FIGURE_RETRIES, FIGURE_MISSES, FIGURE_MOVED, FIGURE_FAIRNESS,
	};
	size_t i, kind, variant;
	int ret = 0;

	memset(figures, 0, sizeof(*figures));
	for (kind = 0; kind < sizeof(kinds) / sizeof(*kinds); kind++)
		for (i = 0; i < results->nr_series; i++)
			for (variant = 0; !ret && variant < results->nr_variants; variant++)
				ret = kind_add(figures, results, results->variants[variant],
					       kinds[kind], &results->series[i]);
	for (variant = 0; !ret && variant < results->nr_variants; variant++)
		ret = fairness_rows_add(figures, results, results->variants[variant]);
	if (!ret)
		ret = panels_share(figures, results);
	return ret ? ret : handover_add(figures, results);
}

void figures_free(struct figures *figures)
{
	size_t i;

	for (i = 0; i < figures->nr; i++) {
		struct figure *figure = &figures->figures[i];

		free(figure->title);
		free(figure->caption);
		free(figure->alt);
		free(figure->groups);
	}
	free(figures->figures);
	memset(figures, 0, sizeof(*figures));
}
