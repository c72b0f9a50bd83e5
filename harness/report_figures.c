/*
 * The figures of report.html: by kind, each with its values in a table behind it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "report_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "figures_internal.h"

/* A kind of figures, in the order of the page. What is folded opens by a click or a link. */
static const struct section {
	enum figure_kind kinds[2];
	const char *title;
	bool folded;
} sections[] = {
	{ { FIGURE_VERSUS, FIGURE_VERSUS }, "Time beside " RESULTS_BASELINE "'s, all workloads", false },
	{ { FIGURE_UNCONTENDED, FIGURE_WORK }, "Uncontended, and beside work", false },
	{ { FIGURE_COST, FIGURE_COST }, "Time of one op", false },
	{ { FIGURE_THROUGHPUT, FIGURE_THROUGHPUT }, "Throughput", true },
	{ { FIGURE_FAIRNESS, FIGURE_FAIRNESS_ROWS }, "Fairness", true },
	{ { FIGURE_LATENCY, FIGURE_LATENCY }, "What single ops take", true },
	{ { FIGURE_RETRIES, FIGURE_RETRIES }, "Retries", true },
	{ { FIGURE_MISSES, FIGURE_MISSES }, "Cache misses", true },
	{ { FIGURE_MOVED, FIGURE_MOVED }, "Cache lines moved between cores", true },
	{ { FIGURE_HANDOVER, FIGURE_HANDOVER }, "Hand-overs between processors", true },
};

static bool is_of(const struct section *section, const struct figure *figure)
{
	return figure->kind == section->kinds[0] || figure->kind == section->kinds[1];
}

/* A group's column: how it is called depends on what the groups differ in. */
static void put_column(FILE *out, const struct report *report, const struct figure *figure, size_t group)
{
	const struct result_key *key = &figure->groups[group]->key;
	char title[256];

	if (figure->kind == FIGURE_FAIRNESS_ROWS)
		results_label(&report->results, key, title, sizeof(title));
	else if (figure->kind == FIGURE_WORK)
		snprintf(title, sizeof(title), "%.6g ns of work", key->work_ns);
	else
		snprintf(title, sizeof(title), "%u thread%s", key->threads,
			 key->threads == 1 ? "" : "s");
	html_head(out, title, true);
}

static double x_of(const struct figure *figure, size_t group)
{
	const struct result_key *key = &figure->groups[group]->key;

	return figure->kind == FIGURE_FAIRNESS_ROWS ? (double)(group + 1) :
	       figure->kind == FIGURE_WORK ? key->work_ns : key->threads;
}

static void put_value(FILE *out, const struct chart_line *line, double x)
{
	char number[32], low[32], high[32];

	for (size_t i = 0; i < line->nr; i++) {
		const struct chart_dot *dot = &line->dots[i];

		if (dot->x != x)
			continue;
		fprintf(out, "<td class=n data-v=%.6g>%s", dot->y,
			words_number(dot->y, number, sizeof(number)));
		if (dot->lo < dot->hi)
			fprintf(out, " <small>%s to %s</small>",
				words_number(dot->lo, low, sizeof(low)),
				words_number(dot->hi, high, sizeof(high)));
		return;
	}
	fputs("<td>", out);
}

static void put_chart(FILE *out, const struct report *report, const struct figure *figure)
{
	struct chart chart;

	if (chart_make(&chart, &report->results, figure)) {
		chart_free(&chart);
		return;
	}
	html_head(out, "strategy", false);
	for (size_t i = 0; i < figure->nr_groups; i++)
		put_column(out, report, figure, i);
	fputs("</thead><tbody>\n", out);
	for (size_t i = 0; i < chart.nr_lines; i++) {
		fputs("<tr><th>", out);
		html_text(out, chart.lines[i].name);
		for (size_t j = 0; j < figure->nr_groups; j++)
			put_value(out, &chart.lines[i], x_of(figure, j));
		fputc('\n', out);
	}
	fputs("</tbody>", out);
	chart_free(&chart);
}

static void put_handovers(FILE *out, const struct report *report)
{
	char number[32];

	html_head(out, "processors", false);
	html_head(out, "new in", false);
	html_head(out, "ns", true);
	fputs("</thead><tbody>\n", out);
	for (size_t i = 0; i < report->results.nr_handovers; i++) {
		const struct result_handover *handover = &report->results.handovers[i];

		fprintf(out, "<tr><th>%u, %u<td>", handover->cpu_a, handover->cpu_b);
		html_text(out, handover->step);
		if (isnan(handover->ns))
			fputs("<td>\n", out);
		else
			fprintf(out, "<td class=n data-v=%.6g>%s\n", handover->ns,
				words_number(handover->ns, number, sizeof(number)));
	}
	fputs("</tbody>", out);
}

static void put_table(FILE *out, const struct report *report, const struct figure *figure)
{
	fputs("<details class=behind><summary>Values</summary><div class=wide><table><thead><tr>", out);
	if (figure->kind == FIGURE_HANDOVER)
		put_handovers(out, report);
	else if (figure->kind == FIGURE_LATENCY)
		html_latencies(out, report, figure);
	else
		put_chart(out, report, figure);
	fputs("</table></div></details>\n", out);
}

bool html_figure(FILE *out, const char *dir, const struct figure *figure, size_t number, unsigned formats,
		 bool captioned)
{
	const struct svg_words words = { number, figure->title, figure->alt };
	bool shown = false;
	char *path;

	fprintf(out, "<figure id=fig-%s>\n<div class=card>", figure->name);
	if (formats & FIGURES_SVG && asprintf(&path, "%s/plots/%s.svg", dir, figure->name) >= 0) {
		shown = !report_svg(out, path, &words);
		free(path);
	}
	if (!shown)
		fputs("This figure has no SVG that can be shown here.", out);
	fputs("</div>\n<figcaption>", out);
	if (captioned)
		html_text(out, figure->caption);
	for (unsigned i = 0; i < FIGURES_NR_FORMATS; i++)
		if (formats & 1u << i)
			fprintf(out, " <a href=\"plots/%s.%s\">%s</a>", figure->name, figures_formats[i],
				figures_formats[i]);
	fprintf(out, " <a href=\"plots/%s.dat\">data</a> <a href=\"plots/%s.gp\">gp</a></figcaption>\n",
		figure->name, figure->name);
	return shown;
}

static void put_figure(FILE *out, const struct report *report, size_t number, unsigned formats)
{
	const struct figure *figure = &report->figures.figures[number];

	html_figure(out, report->drawn, figure, number + 1, formats, figure->kind == FIGURE_UNCONTENDED ||
		    figure->kind == FIGURE_WORK || figure->kind == FIGURE_HANDOVER);
	put_table(out, report, figure);
	fputs("</figure>\n", out);
}

/* The caption that all figures of a kind share stands once, above them. */
static void put_opening(FILE *out, const struct report *report, const struct section *section,
			const struct figure *figure)
{
	fprintf(out, section->folded ? "<details class=kind><summary>%s</summary>\n" : "<h3>%s</h3>\n",
		section->title);
	if (section->kinds[1] != FIGURE_WORK && figure->kind != FIGURE_HANDOVER) {
		fputs("<p class=soft>", out);
		html_text(out, figure->caption);
		fputs("</p>\n", out);
	}
	if (figure->kind == FIGURE_LATENCY)
		html_paragraphs(out, report, "<p class=soft>", words_latency);
	fprintf(out, "<div class=%s>\n", figure_is_panel(figure) ? "panels" : "figures");
}

/* Returns how many are drawn. What is in no table elsewhere has its values here all the same. */
static size_t put_section(FILE *out, const struct report *report, const struct section *section)
{
	const bool always = section->kinds[0] == FIGURE_LATENCY;
	size_t shown = 0, drawn = 0;

	for (size_t i = 0; i < report->figures.nr; i++) {
		const struct figure *figure = &report->figures.figures[i];
		const unsigned formats = is_of(section, figure) ? report_formats(report->drawn, figure) : 0;

		if (!formats && !(always && is_of(section, figure)))
			continue;
		drawn += formats != 0;
		if (!shown++)
			put_opening(out, report, section, figure);
		put_figure(out, report, i, formats);
	}
	if (shown)
		fputs(section->folded ? "</div>\n</details>\n" : "</div>\n", out);
	return drawn;
}

void html_figures(FILE *out, const struct report *report)
{
	size_t drawn = 0;

	fputs("<h2 id=figures>Figures</h2>\n", out);
	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++)
		drawn += put_section(out, report, &sections[i]);
	if (drawn < report->figures.nr)
		fputs("<p class=status>Figures are missing: gnuplot was not there or failed. Draw "
		      "them from these files with <code>./run.sh report</code> and the folder's "
		      "name.</p>\n", out);
	else if (!report->figures.nr)
		fputs("<p>Nothing was measured that could be drawn.</p>\n", out);
}
