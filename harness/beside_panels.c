/*
 * Which figures several runs have, and of each which panels on which axes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "beside_panels.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct beside_dot beside_dot_of(const struct beside *beside, const struct beside_figure *figure, size_t run,
			 const char *strategy, unsigned threads)
{
	const struct beside_point at = beside_point(beside, figure->at, run, strategy, threads);
	struct versus versus;

	if (!at.point)
		return (struct beside_dot){ NAN, NAN, NAN };
	if (!figure->ratios)
		return (struct beside_dot){ at.point->ns_per_op, at.point->ns_per_op_lo, at.point->ns_per_op_hi };
	versus = findings_versus(at.group, at.point);
	return (struct beside_dot){ versus.ratio, versus.lo, versus.hi };
}

/* Widens the axes by what the strategy has; false: it has nothing to show. */
static bool panel_range(struct beside_panels *panels, const struct beside *beside,
			const struct beside_figure *figure, const char *strategy)
{
	const struct beside_case *at = figure->at;
	bool any = false;

	for (size_t i = 0; i < beside->nr * at->nr_threads; i++) {
		const unsigned threads = at->threads[i % at->nr_threads];
		const struct beside_dot dot = beside_dot_of(beside, figure, i / at->nr_threads, strategy, threads);

		if (!(dot.y > 0) || isinf(dot.y))
			continue;
		any = true;
		panels->x_low = fmin(panels->x_low, threads);
		panels->x_high = fmax(panels->x_high, threads);
		panels->y_low = fmin(panels->y_low, dot.y);
		panels->y_high = fmax(panels->y_high, dot.y);
	}
	return any;
}

struct beside_panels beside_panels_of(const struct beside *beside, const struct beside_figure *figure)
{
	struct beside_panels panels = { .x_low = INFINITY, .y_low = INFINITY };
	const struct beside_case *at = figure->at;

	for (size_t i = 0; i < at->nr_strategies; i++) {
		const struct beside_strategy *strategy = &at->strategies[i];
		const bool baseline = !strcmp(strategy->name, RESULTS_BASELINE);
		struct beside_panels wider = panels;

		if (strategy->kind != RESULT_CANDIDATE || (figure->ratios && baseline) ||
		    !panel_range(&wider, beside, figure, strategy->name))
			continue;
		if (panels.nr < BESIDE_MOST_PANELS || baseline)
			panels = wider;
		panels.left_out += panels.nr == BESIDE_MOST_PANELS;
		if (panels.nr < BESIDE_MOST_PANELS)
			panels.list[panels.nr++] = strategy;
		else if (baseline)
			panels.list[BESIDE_MOST_PANELS - 1] = strategy;
	}
	return panels;
}

static int words_of(struct figure *figure, const struct beside *beside, const struct beside_figure *plot)
{
	const struct beside_panels panels = beside_panels_of(beside, plot);
	const char *what = plot->ratios ? "time over " RESULTS_BASELINE "'s" : "ns per op";
	char left[96] = "";

	if (panels.left_out)
		snprintf(left, sizeof(left), " %zu slower ones are only in the table.", panels.left_out);
	if (asprintf(&figure->title, "%s: %s", plot->at->label, what) < 0)
		figure->title = NULL;
	if (asprintf(&figure->caption, "%s%s", plot->ratios ? "Below the line at 1: less time than "
		     RESULTS_BASELINE " in the same run." : "", left) < 0)
		figure->caption = NULL;
	if (asprintf(&figure->alt, "%s against threads, %zu strategies, fastest first, a line for each of %zu "
		     "runs. The values are in the table below.", figure->title ? figure->title : "",
		     panels.nr, plot->at->nr_runs) < 0)
		figure->alt = NULL;
	return figure->title && figure->caption && figure->alt ? 0 : -ENOMEM;
}

/* A label as part of a file's name. */
static void name_of(char *name, size_t size, const struct beside *beside, const struct beside_figure *plot)
{
	snprintf(name, size, "%02zu-%.90s-%s", (size_t)(plot->at - beside->cases) + 1, plot->at->label,
		 plot->ratios ? "ratio" : "ns");
	for (; *name; name++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", *name))
			*name = '_';
}

int beside_figures(struct beside *beside)
{
	struct figures *figures = &beside->figures;
	int ret = 0;

	figures->figures = calloc(2 * beside->nr_cases + 1, sizeof(*figures->figures));
	beside->plots = calloc(2 * beside->nr_cases + 1, sizeof(*beside->plots));
	if (!figures->figures || !beside->plots)
		return -ENOMEM;
	for (size_t i = 0; !ret && i < 2 * beside->nr_cases; i++) {
		const struct beside_figure plot = { &beside->cases[i / 2], i % 2 };
		struct figure *figure = &figures->figures[figures->nr];

		if (!beside_panels_of(beside, &plot).nr)
			continue;
		beside->plots[figures->nr++] = plot;
		figure->kind = plot.ratios ? FIGURE_VERSUS : FIGURE_COST;
		name_of(figure->name, sizeof(figure->name), beside, &plot);
		ret = words_of(figure, beside, &plot);
	}
	return ret;
}
