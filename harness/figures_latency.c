/*
 * Latencies in figures: a panel a strategy, at the fewest threads and at the most.
 *
 * SPDX-License-Identifier: MIT
 */
#include "figures_internal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS 4
#define PANEL_PX 118

/* What of a strategy was sampled in the figure's first and last group; NULL: nothing. */
struct panel {
	const char *name;
	const struct latencies_point *few, *most;
};

struct panels {
	struct panel *panels;
	size_t nr;
	size_t reference;	/* the baseline's, from 1; 0: none */
	double stamps_ns, x_low, x_high, y_low;
};

/* What the figure would show of the point. */
static const struct latencies_point *shown(const struct results *results, const char *variant,
					   const struct result_point *point)
{
	const struct latencies_point *latency;

	if (point->kind == RESULT_CONTROL || point->variant != variant)
		return NULL;
	latency = results_latency(results, point);
	return latency && latency->ops.nr ? latency : NULL;
}

bool latency_has(const struct results *results, const char *variant, const struct result_group *group)
{
	for (size_t i = 0; i < group->nr_points; i++)
		if (shown(results, variant, &group->points[i]))
			return true;
	return false;
}

static void panels_range(struct panels *panels, const struct latencies_point *latency)
{
	unsigned first = 0;

	while (!latency->ops.counts[first])
		first++;
	panels->x_low = fmin(panels->x_low, fmax(1, (double)histogram_least(first)));
	panels->x_high = fmax(panels->x_high, (double)latency->ops.max_ns);
	panels->y_low = fmin(panels->y_low, 1 / (double)latency->ops.nr);
	if (!isnan(latency->stamps_ns))
		panels->stamps_ns = fmin(panels->stamps_ns, fmax(1, latency->stamps_ns));
}

static void group_add(struct panels *panels, const struct results *results, const struct figure *figure,
		      const struct result_group *group)
{
	const bool most = group->key.threads > 1;

	for (size_t i = 0; i < group->nr_points; i++) {
		const struct result_point *point = &group->points[i];
		const struct latencies_point *latency = shown(results, figure->variant, point);
		struct panel *panel;
		size_t at = 0;

		if (!latency)
			continue;
		while (at < panels->nr && panels->panels[at].name != point->strategy)
			at++;
		panel = &panels->panels[at];
		panels->nr += at == panels->nr;
		panel->name = point->strategy;
		if (most)
			panel->most = latency;
		else
			panel->few = latency;
		panels_range(panels, latency);
	}
}

/* In the order of the tables at the most threads. 0 or -ENOMEM; panels_free() in both cases. */
static int panels_make(struct panels *panels, const struct results *results, const struct figure *figure)
{
	const struct result_group *first = figure->groups[0];
	const struct result_group *last = figure->groups[figure->nr_groups - 1];

	*panels = (struct panels){ .stamps_ns = INFINITY, .x_low = INFINITY, .y_low = 1 };
	panels->panels = calloc(first->nr_points + last->nr_points, sizeof(*panels->panels));
	if (!panels->panels)
		return -ENOMEM;
	group_add(panels, results, figure, last);
	if (first != last)
		group_add(panels, results, figure, first);
	/* What the stamps take is nothing to ops that take far longer. */
	if (panels->stamps_ns * 10 > panels->x_low)
		panels->x_low = fmin(panels->x_low, panels->stamps_ns);
	else
		panels->stamps_ns = INFINITY;
	panels->x_low *= 0.8;
	/* A decade of each axis at least, with a tick in it. */
	panels->x_high = fmax(1.3 * panels->x_high, 13 * panels->x_low);
	panels->y_low = fmin(0.8 * panels->y_low, 0.05);
	for (size_t i = 0; i < panels->nr; i++)
		if (!strcmp(panels->panels[i].name, RESULTS_BASELINE))
			panels->reference = i + 1;
	return 0;
}

static void panels_free(struct panels *panels)
{
	free(panels->panels);
}

static const char *plural(const struct result_group *group)
{
	return group->key.threads == 1 ? "" : "s";
}

int latency_words(struct figure *figure, const struct results *results)
{
	const struct result_group *last = figure->groups[figure->nr_groups - 1];
	const bool many = results->nr_variants > 1;
	char label[256];

	results_label(results, &last->key, label, sizeof(label));
	if (asprintf(&figure->title, "%s%s%s%s: what single ops take", label, many ? " (" : "",
		     many ? figure->variant : "", many ? ")" : "") < 0)
		figure->title = NULL;
	figure->caption = strdup(
		"How many of the sampled ops take longer than so many ns: at 10% stands the 90th "
		"percentile. A step to the right is a slower op, a tail that goes far to the right are "
		"rare ops that wait. Times hold the two stamps around an op, dotted; nothing is taken "
		"off. In grey refcount's.");
	if (asprintf(&figure->alt, "%s. The percentiles are in the tables of latencies. Most threads: %u "
		     "thread%s.", figure->title ? figure->title : "", last->key.threads, plural(last)) < 0)
		figure->alt = NULL;
	return figure->title && figure->caption && figure->alt ? 0 : -ENOMEM;
}

/* A step in y that is less than a pixel is left to the next one: it would only make the files large. */
#define LEAST_STEP 0.93

/* The share that is left at the end of buckets that hold any, to the slowest op. */
static void put_curve(FILE *out, const struct latencies_point *latency)
{
	const struct histogram *ops;
	double drawn = 1;
	uint64_t left;
	unsigned i = 0;

	if (!latency) {
		fputs("? ?\n\n\n", out);
		return;
	}
	ops = &latency->ops;
	left = ops->nr;
	while (!ops->counts[i])
		i++;
	fprintf(out, "%.9g 1\n", fmax(1, (double)histogram_least(i)));
	for (; left > ops->counts[i]; i++) {
		const double share = (double)(left - ops->counts[i]) / (double)ops->nr;

		left -= ops->counts[i];
		if (share > LEAST_STEP * drawn)
			continue;
		drawn = share;
		fprintf(out, "%.9g %.9g\n", (double)histogram_least(i + 1), share);
	}
	fprintf(out, "%.9g %.9g\n\n\n", fmax(1, (double)ops->max_ns), drawn);
}

int latency_write_data(FILE *out, const struct results *results, const struct figure *figure)
{
	struct panels panels;
	int ret = panels_make(&panels, results, figure);

	for (size_t i = 0; !ret && i < panels.nr; i++) {
		const struct panel *panel = &panels.panels[i];

		fputs("# ", out);
		figure_put_plain(out, panel->name);
		fputs(", 1 thread\n", out);
		put_curve(out, panel->few);
		fputs("# ", out);
		figure_put_plain(out, panel->name);
		fputs(", most threads\n", out);
		put_curve(out, panel->most);
	}
	panels_free(&panels);
	return ret || ferror(out) ? -EIO : 0;
}

static void put_arrays(FILE *out, const struct panels *panels)
{
	fprintf(out, "array names[n] = [");
	for (size_t i = 0; i < panels->nr; i++) {
		fputs(i ? ", " : "", out);
		figure_put_quoted(out, panels->panels[i].name);
	}
	fprintf(out, "]\narray few[n] = [");
	for (size_t i = 0; i < panels->nr; i++)
		fprintf(out, "%s%d", i ? ", " : "", panels->panels[i].few != NULL);
	fprintf(out, "]\narray most[n] = [");
	for (size_t i = 0; i < panels->nr; i++)
		fprintf(out, "%s%d", i ? ", " : "", panels->panels[i].most != NULL);
	fprintf(out, "]\n");
}

/* Gnuplot's array of texts, or of powers of ten. */
static void put_ticks(FILE *out, const char *array, const char *const *names, int from, int to)
{
	fprintf(out, "array %s[%d] = [", array, abs(to - from) + 1);
	for (int i = from; ; i += to < from ? -1 : 1) {
		if (names)
			fprintf(out, "'%s'", names[abs(i)]);
		else
			fprintf(out, "1e%d", i);
		if (i == to)
			break;
		fputs(", ", out);
	}
	fputs("]\n", out);
}

static void put_axes(FILE *out, const struct panels *panels)
{
	static const char *const times[] = { "1", "10", "100", "1k", "10k", "100k", "1M", "10M",
					     "100M", "1G", "10G", "100G", "1T" };
	static const char *const shares[] = { "100%", "10%", "1%", "0.1%", "0.01%", "0.001%",
					      "0.0001%" };
	const int first = (int)ceil(log10(panels->x_low));
	const int last = (int)fmin(12, floor(log10(panels->x_high)));
	const int least = (int)fmax(-6, ceil(log10(panels->y_low)));

	put_ticks(out, "x_ticks", NULL, first, last);
	put_ticks(out, "x_names", times, first, last);
	put_ticks(out, "y_ticks", NULL, 0, least);
	put_ticks(out, "y_names", shares, 0, least);
}

int latency_write_script(FILE *out, const struct results *results, const struct figure *figure)
{
	const struct result_group *last = figure->groups[figure->nr_groups - 1];
	const bool both = figure->groups[0]->key.threads == 1;
	struct panels panels;
	char machine[128];
	int ret = panels_make(&panels, results, figure);

	fprintf(out, "# Draws %s.svg, .png and .pdf from %s.dat: gnuplot %s.gp\n\nname = '%s'\ntitle = ",
		figure->name, figure->name, figure->name, figure->name);
	figure_put_quoted(out, figure->title);
	fputs("\nsubtitle = ", out);
	figure_put_quoted(out, figure_machine(results, machine, sizeof(machine)));
	fprintf(out, "\nwidth = 720; height = %zu; panel = 0\nleft_px = 72; right_px = 14\nn = %zu\n",
		(panels.nr + COLUMNS - 1) / COLUMNS * PANEL_PX + 84 + 48, panels.nr);
	fprintf(out, "few_name = '%s'\n", both ? "thin: 1 thread" : "");
	if (last->key.threads > 1)
		fprintf(out, "most_name = '%s%u threads'\n", both ? "thick: " : "", last->key.threads);
	else
		fputs("most_name = ''\n", out);
	fprintf(out, "reference = %zu; reference_name = '%s'\n", panels.reference,
		panels.reference ? "grey: " RESULTS_BASELINE : "");
	fprintf(out, "stamps_name = '%s'\n", isfinite(panels.stamps_ns) ?
		"dotted: what the stamps take by themselves" : "");
	fprintf(out, "stamps = %.9g\nx_low = %.9g; x_high = %.9g; y_low = %.9g\n",
		isfinite(panels.stamps_ns) ? panels.stamps_ns : panels.x_low, panels.x_low,
		panels.x_high, panels.y_low);
	if (!ret) {
		put_arrays(out, &panels);
		put_axes(out, &panels);
	}
	fputs("\nload 'latency.gp'\n", out);
	panels_free(&panels);
	return ret || ferror(out) ? -EIO : 0;
}
