/*
 * Panels: small figures of the same kind, one a workload, with the same axes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "figures_internal.h"

#include <math.h>

/*
 * What lies outside stands at the edge: a strategy that takes a thousandth would press all others
 * together.
 */
#define LEAST_RATIO 0.05
#define MOST_RATIO 5.0

bool figure_is_panel(const struct figure *figure)
{
	return figure->kind == FIGURE_VERSUS;
}

int panels_share(struct figures *figures, const struct results *results)
{
	double x_low = INFINITY, x_high = 0, y_low = INFINITY, y_high = 0;
	size_t names = 0;

	for (size_t i = 0; i < figures->nr; i++) {
		struct chart chart;
		int ret;

		if (!figure_is_panel(&figures->figures[i]))
			continue;
		ret = chart_make(&chart, results, &figures->figures[i]);
		x_low = fmin(x_low, chart.x_min);
		x_high = fmax(x_high, chart.x_max);
		y_low = fmin(y_low, chart.y_min);
		y_high = fmax(y_high, chart.y_max);
		names = chart.nr_lines > names ? chart.nr_lines : names;
		chart_free(&chart);
		if (ret)
			return ret;
	}
	for (size_t i = 0; i < figures->nr; i++) {
		struct figure *figure = &figures->figures[i];

		figure->x_low = x_low;
		figure->x_high = x_high;
		figure->y_low = fmax(y_low, LEAST_RATIO);
		figure->y_high = fmin(y_high, MOST_RATIO);
		figure->nr_names = names;
	}
	return 0;
}
