/*
 * Figures of several runs: a panel a strategy, a line a run, all panels of a figure on the same axes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "beside_panels.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "figures_internal.h"
#include "runfile.h"

#define COLUMNS 3
#define PANEL_PX 118
#define PAGE_PX 560
#define HEAD_PX 52
#define LEGEND_PX 18
#define FOOT_PX 48

/* A block; a thread count that the run measured without this strategy breaks its line. */
static void write_block(FILE *out, const struct beside *beside, const struct beside_figure *plot,
			size_t run, const char *strategy)
{
	const struct result_series *series = plot->at->series[run];
	size_t nr = 0;

	fputs("# ", out);
	figure_put_plain(out, strategy);
	fputs(" on ", out);
	figure_put_plain(out, beside->runs[run].label);
	fputc('\n', out);
	for (size_t i = 0; series && i < series->nr; i++) {
		const unsigned threads = series->groups[i].key.threads;
		const struct beside_dot dot = beside_dot_of(beside, plot, run, strategy, threads);

		if (dot.y > 0 && !isinf(dot.y)) {
			fprintf(out, "%u %.9g %.9g %.9g\n", threads, dot.y, isnan(dot.lo) ? dot.y : dot.lo,
				isnan(dot.hi) ? dot.y : dot.hi);
			nr++;
		} else if (nr) {
			fprintf(out, "%u ? ? ?\n", threads);
		}
	}
	/* gnuplot skips a block without a line, and counts on. */
	fputs(nr ? "\n\n" : "? ? ? ?\n\n\n", out);
}

static void write_data(FILE *out, const struct beside *beside, size_t number)
{
	const struct beside_figure *plot = &beside->plots[number];
	const struct beside_panels panels = beside_panels_of(beside, plot);

	fputs("# ", out);
	figure_put_plain(out, beside->figures.figures[number].title);
	fprintf(out, "\n# columns: threads %s low high\n", plot->ratios ? "ratio" : "ns_per_op");
	for (size_t i = 0; i < panels.nr; i++)
		for (size_t run = 0; run < beside->nr; run++)
			write_block(out, beside, plot, run, panels.list[i]->name);
}

/* Gnuplot's arrays of texts and places. */
static void write_ticks(FILE *out, const char *axis, const double *ticks, size_t nr)
{
	fprintf(out, "array %s_ticks[%zu] = [", axis, nr);
	for (size_t i = 0; i < nr; i++)
		fprintf(out, "%s%.9g", i ? ", " : "", ticks[i]);
	fprintf(out, "]\narray %s_names[%zu] = [", axis, nr);
	for (size_t i = 0; i < nr; i++) {
		const double unit = ticks[i] >= 1e6 ? 1e6 : ticks[i] >= 1e4 ? 1e3 : 1;

		fprintf(out, "%s'%.6g%s'", i ? ", " : "", ticks[i] / unit,
			unit > 1e3 ? "M" : unit > 1 ? "k" : "");
	}
	fputs("]\n", out);
}

#define MOST_TICKS 24

/* Five at most have room. */
static void write_x(FILE *out, const struct beside_panels *panels)
{
	double ticks[MOST_TICKS], step = 2;
	size_t nr = 0;

	while (log(panels->x_high / panels->x_low) / log(step) >= 5)
		step *= 2;
	for (double x = panels->x_low; x <= panels->x_high * 1.001 && nr < MOST_TICKS; x *= step)
		ticks[nr++] = x;
	write_ticks(out, "x", ticks, nr);
}

static void write_y(FILE *out, double low, double high)
{
	static const double steps[] = { 1, 2, 5 };
	const double decades = log10(high / low);
	const int stride = decades > 8 ? 3 : decades > 5 ? 2 : 1;
	double ticks[MOST_TICKS];
	size_t nr = 0;

	for (int power = (int)floor(log10(low)); power <= (int)ceil(log10(high)); power++)
		for (size_t i = 0; i < (decades < 1.7 ? 3 : 1); i++) {
			const double at = steps[i] * pow(10, power);

			if (at >= low && at <= high && !(power % stride) && nr < MOST_TICKS)
				ticks[nr++] = at;
		}
	write_ticks(out, "y", ticks, nr);
}

static void write_axes(FILE *out, const struct beside_panels *panels)
{
	/* A factor of four at least, so that noise looks small. */
	const double span = log(panels->y_high / panels->y_low), least = log(4);
	const double air = span < least ? (least - span) / 2 + 0.05 : 0.05 * span;
	const double low = panels->y_low * exp(-air), high = panels->y_high * exp(air);
	const bool one = panels->x_low == panels->x_high;

	fprintf(out, "x_low = %.9g; x_high = %.9g; y_low = %.9g; y_high = %.9g; spread = %g\n",
		panels->x_low / (one ? 2 : 1.15), panels->x_high * (one ? 2 : 1.15), low, high, one ? 0.9 : 0);
	write_x(out, panels);
	write_y(out, low, high);
}

static void write_names(FILE *out, const struct beside *beside, const struct beside_figure *plot,
			const struct beside_panels *panels)
{
	fprintf(out, "n = %zu; machines = %zu\narray labels[machines] = [", panels->nr, beside->nr);
	for (size_t i = 0; i < beside->nr; i++) {
		fputs(i ? ", " : "", out);
		figure_put_quoted(out, beside->runs[i].label);
	}
	fputs("]\narray names[n] = [", out);
	for (size_t i = 0; i < panels->nr; i++) {
		const struct beside_strategy *strategy = panels->list[i];
		char name[64];

		if (strategy->nr_runs < beside->nr)
			snprintf(name, sizeof(name), "%.14s (%zu of %zu)", strategy->name, strategy->nr_runs,
				 beside->nr);
		else
			snprintf(name, sizeof(name), "%.20s", strategy->name);
		fputs(i ? ", " : "", out);
		figure_put_quoted(out, name);
	}
	fprintf(out, "]\none = %d; y_label = '%s'\n", plot->ratios,
		plot->ratios ? "time over refcount" : "ns per op");
}

/* Two, where half a page has room for each label. */
static size_t legend_columns(const struct beside *beside)
{
	for (size_t i = 0; i < beside->nr; i++)
		if (strlen(beside->runs[i].label) > 30)
			return 1;
	return 2;
}

static void write_script(FILE *out, const struct beside *beside, size_t number)
{
	const struct figure *figure = &beside->figures.figures[number];
	const struct beside_panels panels = beside_panels_of(beside, &beside->plots[number]);
	const size_t keys = legend_columns(beside);
	const size_t legend = HEAD_PX + (beside->nr + keys - 1) / keys * LEGEND_PX;

	fprintf(out, "# Draws %s.svg, .png and .pdf from %s.dat: gnuplot %s.gp\n\nname = '%s'\ntitle = ",
		figure->name, figure->name, figure->name, figure->name);
	figure_put_quoted(out, figure->title);
	fprintf(out, "\nsubtitle = ''\nwidth = %d; height = %zu; panel = 0\nleft_px = 64; right_px = 10\n",
		PAGE_PX, (panels.nr + COLUMNS - 1) / COLUMNS * PANEL_PX + legend + FOOT_PX);
	fprintf(out, "columns = %d; keys = %zu; head_px = %d; legend_px = %d; foot_px = %d\n", COLUMNS, keys,
		HEAD_PX, LEGEND_PX, FOOT_PX);
	write_names(out, beside, &beside->plots[number], &panels);
	write_axes(out, &panels);
	fputs("\nload 'beside.gp'\n", out);
}

static int write_file(const struct beside *beside, const char *dir, size_t number, const char *ending,
		      void (*write)(FILE *, const struct beside *, size_t), struct error *err)
{
	const char *name = beside->figures.figures[number].name;
	char *path;
	FILE *out;
	int ret = 0;

	if (asprintf(&path, "%s/plots/%s%s", dir, name, ending) < 0)
		return error_set(err, ENOMEM, "out of memory");
	out = runfile_create(path, &ret, err);
	if (out) {
		write(out, beside, number);
		ret = runfile_close(out);
		if (ret)
			error_set(err, -ret, "cannot write %s: %s", path, strerror(-ret));
	}
	free(path);
	return ret;
}

static int write_all(const struct beside *beside, const char *dir, const char *scripts, struct error *err)
{
	int ret = figures_copy(dir, scripts, "style.gp", err);

	if (!ret)
		ret = figures_copy(dir, scripts, "beside.gp", err);
	for (size_t i = 0; !ret && i < beside->figures.nr; i++) {
		ret = write_file(beside, dir, i, ".dat", write_data, err);
		if (!ret)
			ret = write_file(beside, dir, i, ".gp", write_script, err);
	}
	return ret;
}

int beside_draw(struct beside *beside, const char *out, const char *scripts, struct error *err)
{
	locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0), before;
	bool forgotten;
	int ret;

	if (!plain)
		return error_set(err, ENOMEM, "out of memory");
	before = uselocale(plain);	/* a decimal comma would spoil every number */
	ret = figures_begin(out, &beside->figures, &forgotten, err);
	beside->drawn = forgotten ? out : NULL;
	if (!ret)
		ret = write_all(beside, out, scripts, err);
	if (!ret)
		ret = figures_gnuplot(out, &beside->figures, FIGURES_SVG | FIGURES_PNG | FIGURES_PDF, err);
	uselocale(before);
	freelocale(plain);
	return ret;
}
