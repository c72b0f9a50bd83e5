/*
 * The boundaries of a figure's placement, as meta.json tells them: which have a line, which a name.
 *
 * SPDX-License-Identifier: MIT
 *
 * Only numbers, and names that are known here, go on to gnuplot.
 */
#include "figures_internal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The outermost first. */
static const char *const kinds[] = { "package", "node", "L3", "core" };

#define NR_KINDS (sizeof(kinds) / sizeof(*kinds))

/* More lines would be an area. */
#define MAX_BOUNDS 1024

/* Of a name in the plot's small letters, with air at both sides. */
#define LETTER_PX 7.0
#define AIR_PX 10.0

/* From the array of meta.json; NULL: a run without, or a figure that is not against threads. */
static json_t *bounds_list(const struct results *results, const struct figure *figure)
{
	if (figure->kind != FIGURE_COST && figure->kind != FIGURE_FAIRNESS)
		return NULL;
	return results_meta(results, "boundaries", figure->groups[0]->key.placement);
}

static unsigned least_threads(const struct figure *figure)
{
	return figure->groups[0]->key.threads;
}

static unsigned most_threads(const struct figure *figure)
{
	return figure->groups[figure->nr_groups - 1]->key.threads;
}

/* What is none, or stands outside the figure, or before the last one, is left out. */
static bool bound_read(struct chart_bound *bound, json_t *item, unsigned after, unsigned least,
		       unsigned most)
{
	const json_int_t n = json_integer_value(json_object_get(item, "n"));
	const char *kind = json_string_value(json_object_get(item, "kind"));

	if (!kind || n <= after || n < least || n >= most)
		return false;
	for (size_t i = 0; i < NR_KINDS; i++)
		if (!strcmp(kind, kinds[i])) {
			*bound = (struct chart_bound){ .n = (unsigned)n, .name = kinds[i] };
			return true;
		}
	return false;
}

bool bounds_any(const struct results *results, const struct figure *figure)
{
	json_t *list = bounds_list(results, figure);
	struct chart_bound bound;

	for (size_t i = 0; i < json_array_size(list); i++)
		if (bound_read(&bound, json_array_get(list, i), 0, least_threads(figure),
			       most_threads(figure)))
			return true;
	return false;
}

int bounds_make(struct chart *chart, const struct results *results, const struct figure *figure)
{
	json_t *list = bounds_list(results, figure);
	size_t size = json_array_size(list), i;

	size = size < MAX_BOUNDS ? size : MAX_BOUNDS;
	chart->bounds = calloc(size + 1, sizeof(*chart->bounds));
	if (!chart->bounds)
		return -ENOMEM;
	for (i = 0; i < size; i++) {
		const size_t nr = chart->nr_bounds;

		chart->nr_bounds += bound_read(&chart->bounds[nr], json_array_get(list, i),
					       nr ? chart->bounds[nr - 1].n : 0,
					       least_threads(figure), most_threads(figure));
	}
	return 0;
}

/* The first of each kind, from the outermost in; then all of the outermost. */
static void names_rank(const struct chart *chart, struct axis_label *labels)
{
	unsigned rank = 0;

	for (size_t kind = 0; kind < NR_KINDS; kind++) {
		const bool outermost = rank == 0;
		bool first = true;

		for (size_t i = 0; i < chart->nr_bounds; i++) {
			if (chart->bounds[i].name != kinds[kind])
				continue;
			if (first)
				labels[i].rank = rank++;
			else
				labels[i].rank = outermost ? NR_KINDS : AXIS_NEVER;
			first = false;
		}
	}
}

void bounds_write(FILE *out, const struct chart *chart, double low, double high, double plot_px)
{
	struct axis_label *labels = calloc(chart->nr_bounds + 1, sizeof(*labels));
	size_t i;

	fprintf(out, "bounds = %zu\n", labels ? chart->nr_bounds : 0);
	if (!labels || !chart->nr_bounds)
		goto out;
	for (i = 0; i < chart->nr_bounds; i++) {
		const struct chart_bound *bound = &chart->bounds[i];

		labels[i].middle = plot_px * log((bound->n + 0.5) / low) / log(high / low);
		labels[i].width = LETTER_PX * (double)strlen(bound->name) + AIR_PX;
	}
	names_rank(chart, labels);
	axis_choose(labels, chart->nr_bounds);
	fprintf(out, "array bound_x[bounds] = [");
	for (i = 0; i < chart->nr_bounds; i++)
		fprintf(out, "%s%.9g", i ? ", " : "", chart->bounds[i].n + 0.5);
	fprintf(out, "]\narray bound_kinds[bounds] = [");
	for (i = 0; i < chart->nr_bounds; i++)
		fprintf(out, "%s'%s'", i ? ", " : "", chart->bounds[i].name);
	fprintf(out, "]\narray bound_named[bounds] = [");
	for (i = 0; i < chart->nr_bounds; i++)
		fprintf(out, "%s%d", i ? ", " : "", labels[i].shown);
	fprintf(out, "]\n");
out:
	free(labels);
}
