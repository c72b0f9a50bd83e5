/*
 * The x axis of figures of lines: where values stand, and which ticks have a number.
 *
 * SPDX-License-Identifier: MIT
 */
#include "figures_internal.h"

#include <math.h>
#include <stdlib.h>

/* 0 ns of work has no place on a log axis: it stands this factor left of the least above it. */
#define ZERO_AT 4.0

/* Of a tick's number. */
#define DIGIT_PX 8.0

static double least_work(const struct figure *figure)
{
	size_t i;

	for (i = 0; i < figure->nr_groups; i++)
		if (figure->groups[i]->key.work_ns > 0)
			return figure->groups[i]->key.work_ns;
	return 1;
}

double figure_x_place(const struct figure *figure, double x)
{
	if (figure->kind == FIGURE_WORK && x <= 0)
		return least_work(figure) / ZERO_AT;
	return x;
}

static double x_of(const struct figure *figure, size_t group)
{
	const struct result_key *key = &figure->groups[group]->key;

	return figure->kind == FIGURE_WORK ? key->work_ns : key->threads;
}

/* The ends, then powers of two, then the others. */
static unsigned tick_rank(const struct figure *figure, size_t group)
{
	const unsigned threads = figure->groups[group]->key.threads;

	if (group == 0 || group == figure->nr_groups - 1)
		return 0;
	return figure->kind == FIGURE_WORK || threads & (threads - 1) ? 2 : 1;
}

void figure_write_x_ticks(FILE *out, const struct figure *figure, double low, double high,
			  double plot_px)
{
	struct axis_label *labels = calloc(figure->nr_groups, sizeof(*labels));
	char text[32];
	size_t i;

	for (i = 0; labels && i < figure->nr_groups; i++) {
		const double x = x_of(figure, i);
		const int length = snprintf(text, sizeof(text), "%.9g", x);

		labels[i].middle = plot_px * log(figure_x_place(figure, x) / low) / log(high / low);
		labels[i].width = DIGIT_PX * (length + 1);
		labels[i].rank = tick_rank(figure, i);
	}
	if (labels)
		axis_choose(labels, figure->nr_groups);
	fprintf(out, "x_ticks = \"");
	for (i = 0; i < figure->nr_groups; i++) {
		const double x = x_of(figure, i);

		snprintf(text, sizeof(text), "%.9g", x);
		fprintf(out, "%s'%s' %.9g", i ? ", " : "", labels && labels[i].shown ? text : "",
			figure_x_place(figure, x));
	}
	fprintf(out, "\"\n");
	free(labels);
}
