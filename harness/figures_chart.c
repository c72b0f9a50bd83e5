/*
 * Arranges the points of a figure's groups into one line a strategy.
 *
 * SPDX-License-Identifier: MIT
 */
#include "figures_internal.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "findings.h"

struct chart_dot figure_dot(enum figure_kind kind, const struct result_group *group,
			    const struct result_point *point)
{
	struct chart_dot dot = { .y = NAN, .lo = NAN, .hi = NAN, .point = point };

	if (kind == FIGURE_FAIRNESS || kind == FIGURE_FAIRNESS_ROWS) {
		dot.y = point->fairness;
	} else if (kind == FIGURE_MISSES) {
		dot.y = point->cache_misses_per_op;
	} else if (kind == FIGURE_MOVED) {
		dot.y = point->moved_per_op;
	} else if (kind == FIGURE_THROUGHPUT) {
		dot.y = point->mops > 0 ? point->mops : NAN;
	} else if (kind == FIGURE_RETRIES) {
		dot.y = point->retries_per_op;
	} else if (kind == FIGURE_WORK || kind == FIGURE_VERSUS) {
		struct versus versus = findings_versus(group, point);

		dot.y = versus.ratio > 0 ? versus.ratio : NAN;
		if (kind == FIGURE_VERSUS && !versus.found &&
		    !strcmp(point->strategy, RESULTS_BASELINE))
			dot.y = 1;
		dot.lo = versus.lo;
		dot.hi = versus.hi;
	} else {
		dot.y = point->ns_per_op > 0 ? point->ns_per_op : NAN;
		dot.lo = point->ns_per_op_lo;
		dot.hi = point->ns_per_op_hi;
	}
	/* A log axis has no place for the rest of an interval that reaches zero. */
	if (isnan(dot.lo) || dot.lo <= 0)
		dot.lo = dot.y;
	if (isnan(dot.hi) || dot.hi <= 0)
		dot.hi = dot.y;
	return dot;
}

bool figure_has_place(enum figure_kind kind, const char *variant, const struct result_point *point)
{
	if (point->kind == RESULT_CONTROL || point->variant != variant)
		return false;
	return (kind != FIGURE_WORK && kind != FIGURE_VERSUS) || point->kind != RESULT_FLOOR;
}

/* The line of that name, added where there is none; NULL without memory. */
static struct chart_line *line_get(struct chart *chart, const struct figure *figure, const char *name)
{
	struct chart_line *line, *grown;

	for (size_t i = 0; i < chart->nr_lines; i++)
		if (chart->lines[i].name == name)
			return &chart->lines[i];
	grown = realloc(chart->lines, (chart->nr_lines + 1) * sizeof(*grown));
	if (!grown)
		return NULL;
	chart->lines = grown;
	line = &grown[chart->nr_lines];
	*line = (struct chart_line){ .name = name };
	line->dots = calloc(figure->nr_groups, sizeof(*line->dots));
	chart->nr_lines += line->dots != NULL;
	return line->dots ? line : NULL;
}

static int line_add(struct chart *chart, const struct figure *figure, struct chart_dot dot)
{
	struct chart_line *line = line_get(chart, figure, dot.point->strategy);

	if (!line)
		return -ENOMEM;
	if (line->nr < figure->nr_groups)	/* a damaged file may name a point twice */
		line->dots[line->nr++] = dot;
	return 0;
}

static void range_add(struct chart *chart, const struct chart_dot *dot)
{
	chart->x_min = fmin(chart->x_min, dot->x);
	chart->x_max = fmax(chart->x_max, dot->x);
	chart->y_min = fmin(chart->y_min, dot->lo);
	chart->y_max = fmax(chart->y_max, dot->hi);
	if (!dot->point)
		return;
	if (dot->point->launches < chart->launches_min)
		chart->launches_min = dot->point->launches;
	if (dot->point->launches > chart->launches_max)
		chart->launches_max = dot->point->launches;
}

/* Beside strategies only: by itself it is no scaling figure. 0 or -ENOMEM. */
static int floor_add(struct chart *chart, const struct results *results, const struct figure *figure)
{
	static const char name[] = CHART_FLOOR;	/* no strategy's, though one may be called so */
	struct chart_line *line;

	if (figure->kind != FIGURE_COST || figure->nr_groups < 2 || !chart->nr_lines)
		return 0;
	for (size_t i = 0; i < figure->nr_groups; i++) {
		const double floor = results_floor(results, figure->groups[i]);

		if (isnan(floor))
			continue;
		line = line_get(chart, figure, name);
		if (!line)
			return -ENOMEM;
		line->dots[line->nr] = (struct chart_dot){
			figure->groups[i]->key.threads, floor, floor, floor, NULL,
		};
		range_add(chart, &line->dots[line->nr++]);
	}
	return 0;
}

/* By name, and the baseline last: drawn over the others. */
static int line_compare(const void *left, const void *right)
{
	const struct chart_line *a = left, *b = right;
	int diff = !strcmp(a->name, RESULTS_BASELINE) - !strcmp(b->name, RESULTS_BASELINE);

	return diff ? diff : strcmp(a->name, b->name);
}

int chart_make(struct chart *chart, const struct results *results, const struct figure *figure)
{
	bool rows = figure->kind == FIGURE_FAIRNESS_ROWS;
	size_t i, j;
	int ret;

	*chart = (struct chart){ .x_min = INFINITY, .x_max = -INFINITY, .y_min = INFINITY,
				 .y_max = -INFINITY, .launches_min = UINT_MAX };
	for (i = 0; i < figure->nr_groups; i++) {
		const struct result_group *group = figure->groups[i];

		for (j = 0; j < group->nr_points; j++) {
			const struct result_point *point = &group->points[j];
			struct chart_dot dot = figure_dot(figure->kind, group, point);

			if (!figure_has_place(figure->kind, figure->variant, point) || isnan(dot.y))
				continue;
			dot.x = rows ? (double)(i + 1) :
				figure->kind == FIGURE_WORK ? group->key.work_ns :
							      group->key.threads;
			ret = line_add(chart, figure, dot);
			if (ret)
				return ret;
			range_add(chart, &dot);
		}
	}
	/* One group: rows in the order of their values, which is that of its points. */
	if (chart->nr_lines && figure->nr_groups > 1)
		qsort(chart->lines, chart->nr_lines, sizeof(*chart->lines), line_compare);
	ret = floor_add(chart, results, figure);
	return ret ? ret : bounds_make(chart, results, figure);
}

void chart_free(struct chart *chart)
{
	size_t i;

	for (i = 0; i < chart->nr_lines; i++) {
		free(chart->lines[i].dots);
		free(chart->lines[i].launches);
	}
	free(chart->lines);
	free(chart->bounds);
	memset(chart, 0, sizeof(*chart));
}
