/*
 * Writes a figure's .gp, which sets the strings and numbers of the project's scripts.
 *
 * SPDX-License-Identifier: MIT
 *
 * Names and the machine come from files that anybody may have written. They stand in single quotes,
 * where gnuplot expands nothing.
 */
#include "figures_internal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * What a page of 1280 pixels shows two of side by side, and one of 400 still makes readable; panels go
 * three by three.
 */
#define PAGE_PX 560
#define PANEL_PX 360

/* A page's width is that of some 88 letters, and behind the machine stands how often it measured. */
#define MACHINE_BYTES 49

void figure_put_quoted(FILE *out, const char *text)
{
	const size_t quotes = strspn(text, "'");

	/* At its beginning gnuplot takes a doubled quote for a text that ends there. */
	if (quotes)
		fprintf(out, "\"%.*s\" . ", (int)quotes, text);
	text += quotes;
	fputc('\'', out);
	for (size_t i = 0; *text; text++, i++) {
		if (*text == '\'')
			fputc('\'', out);
		/* gnuplot writes it as it is, and no XML may have it. */
		if (i >= 2 && !strncmp(text - 2, "]]>", 3))
			fputc(' ', out);
		fputc((unsigned char)*text < ' ' || *text == 127 ? ' ' : *text, out);
	}
	fputc('\'', out);
}

char *figure_machine(const struct results *results, char *buf, size_t size)
{
	const char *cpu = results_meta_text(results, "machine", "cpu");
	const char *host = results_meta_text(results, "host", NULL);

	snprintf(buf, size < MACHINE_BYTES ? size : MACHINE_BYTES, "%.24s%s%s", host,
		 *host && *cpu ? ", " : "", cpu);
	return buf;
}

static void write_head(FILE *out, const struct results *results, const struct figure *figure,
		       const struct chart *chart, unsigned width, unsigned height)
{
	char text[512], machine[128], n[64];

	fprintf(out, "# ");
	figure_put_plain(out, figure->title);
	fprintf(out, "\n# Draws %s.svg, .png and .pdf from %s.dat: gnuplot %s.gp\n\n", figure->name,
		figure->name, figure->name);
	fprintf(out, "name = '%s'\ntitle = ", figure->name);
	/* A panel has room for its workload; what it shows of that, its axis tells. */
	snprintf(text, sizeof(text), "%.*s", figure_is_panel(figure) ? (int)strcspn(figure->title, ":") :
		 (int)strlen(figure->title), figure->title);
	figure_put_quoted(out, text);
	if (chart->launches_min == chart->launches_max)
		snprintf(n, sizeof(n), "%u", chart->launches_max);
	else
		snprintf(n, sizeof(n), "%u to %u", chart->launches_min, chart->launches_max);
	snprintf(text, sizeof(text), "%s, n = %s launches%s",
		 figure_machine(results, machine, sizeof(machine)), n,
		 !figure_has_intervals(figure) ? "" : chart->launches_min < 6 ? ", bars: extremes"
					   : ", bars: 95% intervals");
	fprintf(out, "\nsubtitle = ");
	figure_put_quoted(out, text);
	fprintf(out, "\nwidth = %u; height = %u; panel = %d\nn = %zu; launches = %zu\n", width, height,
		figure_is_panel(figure), chart->nr_lines, chart_launches_block(chart));
}

/* A number that a name always gives, among the styles for names that style.gp does not know. */
static unsigned spare_style(const char *name)
{
	unsigned hash = 2166136261u;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return 31 + hash % 12;
}

static void write_names(FILE *out, const struct chart *chart)
{
	size_t i;

	fprintf(out, "array names[n] = [");
	for (i = 0; i < chart->nr_lines; i++) {
		fputs(i ? ", " : "", out);
		figure_put_quoted(out, chart->lines[i].name);
	}
	fprintf(out, "]\narray spares[n] = [");
	for (i = 0; i < chart->nr_lines; i++)
		fprintf(out, "%s%u", i ? ", " : "", spare_style(chart->lines[i].name));
	fprintf(out, "]\n");
}

static unsigned longest_name(const struct chart *chart)
{
	size_t i, longest = 0;

	for (i = 0; i < chart->nr_lines; i++)
		if (strlen(chart->lines[i].name) > longest)
			longest = strlen(chart->lines[i].name);
	return longest > 28 ? 28 : (unsigned)longest;
}

/* A range that holds low to high with air, at least a factor of two so that noise looks small. */
static void log_range(double *low, double *high)
{
	double least = log(2), span = log(*high / *low);
	double air = span < least ? (least - span) / 2 + 0.05 : 0.05 * span;

	*low *= exp(-air);
	*high *= exp(air);
}

/* Of an axis from 0, with air behind the longest bar; all may be 0. */
static double linear_end(const struct chart *chart)
{
	return chart->y_max > 0 ? chart->y_max * 1.04 : 1;
}

/* The right end: where each name stands, and from where a thin line leads to it. */
static void write_ends(FILE *out, struct chart *chart, double x_last, double low, double high,
		       bool log_y, double gap)
{
	double *places = calloc(chart->nr_lines + 1, sizeof(*places));
	size_t i;

	for (i = 0; places && i < chart->nr_lines; i++) {
		double y = fmin(fmax(chart->lines[i].dots[chart->lines[i].nr - 1].y, low), high);

		places[i] = log_y ? log(y / low) / log(high / low) : (y - low) / (high - low);
	}
	if (places)
		axis_spread(places, chart->nr_lines, gap);
	fprintf(out, "array name_y[n] = [");
	for (i = 0; i < chart->nr_lines; i++)
		fprintf(out, "%s%.4f", i ? ", " : "", places ? places[i] : 0.5);
	fprintf(out, "]\narray end_y[n] = [");
	for (i = 0; i < chart->nr_lines; i++)
		fprintf(out, "%s%.9g", i ? ", " : "",
			fmin(fmax(chart->lines[i].dots[chart->lines[i].nr - 1].y, low), high));
	fprintf(out, "]\narray ends[n] = [");
	for (i = 0; i < chart->nr_lines; i++)
		fprintf(out, "%s%d", i ? ", " : "",
			chart->lines[i].dots[chart->lines[i].nr - 1].x >= x_last);
	fprintf(out, "]\n");
	free(places);
}

/* What a page or a panel takes, in pixels. */
struct sizes {
	unsigned width, name, letter, above, below, ends, least;
};

static struct sizes sizes_of(const struct figure *figure)
{
	if (figure_is_panel(figure))
		return (struct sizes){ .width = PANEL_PX, .name = 14, .letter = 7, .above = 34, .below = 46,
				       .ends = 50, .least = 200 };
	return (struct sizes){ .width = PAGE_PX, .name = 18, .letter = 8, .above = 62, .below = 56,
			       .ends = 74, .least = 330 };
}

static bool is_log(const struct figure *figure)
{
	return figure->kind != FIGURE_FAIRNESS && !figure_is_counted(figure);
}

static char *y_ticks(const struct figure *figure, double low, double high, char *ticks, size_t size)
{
	const bool counted = figure_is_counted(figure);

	return axis_ticks(low, is_log(figure) || counted ? high : 1, is_log(figure), ticks, size);
}

/* What is left of the plot: the axis's name and ticks of four letters, and each letter more of the longest. */
static unsigned left_of(const char *ticks, bool panel)
{
	size_t longest = 4;

	while ((ticks = strchr(ticks, '\'')) != NULL) {
		const size_t letters = strcspn(++ticks, "'");

		longest = letters > longest ? letters : longest;
		ticks += letters + 1;
	}
	return (panel ? 70 : 74) + 9 * (unsigned)(longest - 4);
}

static void write_lines(FILE *out, const struct results *results, const struct figure *figure,
			struct chart *chart)
{
	const bool panel = figure_is_panel(figure);
	const struct sizes sizes = sizes_of(figure);
	const size_t names = panel ? figure->nr_names : chart->nr_lines;
	unsigned need = (unsigned)names * sizes.name, plot = need > sizes.least ? need : sizes.least;
	double low = panel ? figure->y_low : chart->y_min, high = panel ? figure->y_high : chart->y_max;
	double first = figure_x_place(figure, panel ? figure->x_low : chart->x_min);
	double last = figure_x_place(figure, panel ? figure->x_high : chart->x_max);
	double span = log(last / first);
	/* Two or three columns of dots stand beside their ticks. */
	double spread = figure->nr_groups > 3 ? 0.0 : panel ? 0.04 * span : 0.16 * span;
	double x_low = first * exp(-0.05 * span - spread / 2 - 0.01);
	double x_high = last * exp(0.03 * span + spread / 2 + 0.01);
	char ticks[2048];
	unsigned left_px, right_px = sizes.ends + 10 + sizes.letter * longest_name(chart);

	if (is_log(figure))
		log_range(&low, &high);
	else
		low = 0, high = figure_is_counted(figure) ? linear_end(chart) : 1.04;
	write_head(out, results, figure, chart, sizes.width, plot + sizes.above + sizes.below);
	left_px = left_of(y_ticks(figure, low, high, ticks, sizeof(ticks)), panel);
	fprintf(out, "left_px = %u; right_px = %u\n", left_px, right_px);
	write_names(out, chart);
	fprintf(out, "x_label = '%s'\ny_label = '%s%s'\n",
		figure->kind == FIGURE_WORK ? "work between two ops, ns" : "threads",
		figure_value_name(figure), figure->kind == FIGURE_COST ||
		figure->kind == FIGURE_THROUGHPUT ? " (log scale)" : "");
	fprintf(out, "x_low = %.9g; x_high = %.9g; x_last = %.9g\n", x_low, x_high, last);
	figure_write_x_ticks(out, figure, x_low, x_high, sizes.width - left_px - right_px);
	bounds_write(out, chart, x_low, x_high, sizes.width - left_px - right_px);
	fprintf(out, "log_y = %d; y_low = %.9g; y_high = %.9g\ny_ticks = \"%s\"\n", is_log(figure), low, high,
		ticks);
	write_ends(out, chart, panel ? figure->x_high : chart->x_max, low, high, is_log(figure), (double)sizes.name / plot);
	fprintf(out, "handover = %zu\n", chart->lines[chart->nr_lines - 1].dots[0].point ? (size_t)0 :
		chart->nr_lines);
	fprintf(out, "band = %d; one = %d; spread = %.3g\n\nload 'lines.gp'\n",
		figure->kind == FIGURE_WORK,
		figure->kind == FIGURE_WORK || figure->kind == FIGURE_VERSUS, spread);
}

static void write_rows(FILE *out, const struct results *results, const struct figure *figure,
		       const struct chart *chart)
{
	bool fair = figure->kind == FIGURE_FAIRNESS;
	bool bars = figure->kind == FIGURE_UNCONTENDED || figure_is_counted(figure);
	bool log_x = !bars && !fair && chart->y_max > 8 * chart->y_min;
	double low = log_x ? chart->y_min : 0, high = fair ? 1.1 : linear_end(chart);
	char ticks[2048];
	size_t i;

	if (log_x) {
		high = chart->y_max;
		log_range(&low, &high);
	}
	write_head(out, results, figure, chart, PAGE_PX,
		   (unsigned)chart->nr_lines * 24 + 62 + 56 + 24);
	fprintf(out, "left_px = %u; right_px = 66\n", 36 + 8 * longest_name(chart));
	write_names(out, chart);
	fprintf(out, "array values[n] = [");
	for (i = 0; i < chart->nr_lines; i++)
		fprintf(out, "%s'%s'", i ? ", " : "",
			figure_number(chart->lines[i].dots[0].y, ticks, sizeof(ticks)));
	fprintf(out, "]\narray middles[n] = [");
	for (i = 0; i < chart->nr_lines; i++)
		fprintf(out, "%s%.9g", i ? ", " : "", chart->lines[i].dots[0].y);
	fprintf(out, "]\nbars = %d; log_x = %d; x_low = %.9g; x_high = %.9g\n", bars, log_x, low,
		high);
	fprintf(out, "x_ticks = \"%s\"\n", axis_ticks(low, high, log_x, ticks, sizeof(ticks)));
	if (fair)
		fprintf(out, "x_label = '%s'\n", figure_value_name(figure));
	else
		fprintf(out, "x_label = '%s, %u thread%s%s'\n", figure_value_name(figure),
			figure->groups[0]->key.threads,
			figure->groups[0]->key.threads == 1 ? "" : "s",
			log_x ? " (log scale)" : "");
	fprintf(out, "\nload 'bars.gp'\n");
}

static void write_dots(FILE *out, const struct results *results, const struct figure *figure,
		       const struct chart *chart)
{
	unsigned rows = (unsigned)figure->nr_groups * 26, names = (unsigned)chart->nr_lines * 20;
	size_t i, longest = 0;
	char label[256];

	write_head(out, results, figure, chart, PAGE_PX, (rows > names ? rows : names) + 62 + 56 + 20);
	fprintf(out, "rows = %zu\narray row_names[rows] = [", figure->nr_groups);
	for (i = 0; i < figure->nr_groups; i++) {
		fputs(i ? ", " : "", out);
		results_label(results, &figure->groups[i]->key, label, sizeof(label));
		figure_put_quoted(out, label);
		longest = strlen(label) > longest ? strlen(label) : longest;
	}
	fprintf(out, "]\n");
	fprintf(out, "left_px = %zu; right_px = %u\n", 24 + 7 * (longest > 36 ? 36 : longest),
		40 + 7 * longest_name(chart));
	write_names(out, chart);
	fprintf(out, "x_label = 'slowest over fastest thread (1: fair)'\n");
	fprintf(out, "x_low = 0; x_high = 1.02\nx_ticks = \"0, 0.2, 0.4, 0.6, 0.8, 1\"\n");
	fprintf(out, "\nload 'dots.gp'\n");
}

int figure_write_script(FILE *out, const struct results *results, const struct figure *figure,
			const struct chart *chart)
{
	struct chart placed = *chart;

	if (figure->kind == FIGURE_HANDOVER)
		return handover_write_script(out, results, figure);
	if (figure->kind == FIGURE_LATENCY)
		return latency_write_script(out, results, figure);
	if (figure->kind == FIGURE_FAIRNESS_ROWS)
		write_dots(out, results, figure, chart);
	else if (figure_is_rows(figure))
		write_rows(out, results, figure, chart);
	else
		write_lines(out, results, figure, &placed);
	return ferror(out) ? -EIO : 0;
}
