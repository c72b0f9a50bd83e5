/*
 * report.md: the same findings for pasting into a mail or an issue; figures as relative links.
 *
 * SPDX-License-Identifier: MIT
 */
#include "report_internal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What Markdown takes for its own, and the HTML inside it. */
void md_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '<')
			fputs("&lt;", out);
		else if (*text == '>')
			fputs("&gt;", out);
		else if (*text == '&')
			fputs("&amp;", out);
		else if (strchr("\\`*[]|", *text))
			fprintf(out, "\\%c", *text);
		else
			fputc((unsigned char)*text < ' ' ? ' ' : *text, out);
	}
}

/* In a block of code nothing but a line's end has a meaning. */
static void put_code(FILE *out, const char *text)
{
	for (; *text; text++)
		fputc((unsigned char)*text < ' ' ? ' ' : *text, out);
}

static void put_lines(FILE *out, const struct report *report, const char *open,
		      void (*say)(struct words *, const struct report *))
{
	struct words words = { 0 };
	size_t i;

	say(&words, report);
	for (i = 0; i < words.nr; i++) {
		fputs(open, out);
		md_text(out, words.lines[i]);
		fputc('\n', out);
	}
	fputs(words.nr ? "\n" : "", out);
	words_free(&words);
}

static void put_facts(FILE *out, const struct report *report, const char *head,
		      void (*say)(struct words *, const struct report *))
{
	struct words words = { 0 };
	size_t i;

	say(&words, report);
	if (words.nr)
		fputs(head, out);
	for (i = 0; i < words.nr; i++) {
		char *value = words.lines[i] + strcspn(words.lines[i], "\t");

		if (*value)
			*value++ = '\0';
		fputs("| ", out);
		md_text(out, words.lines[i]);
		fputs(" | ", out);
		md_text(out, value);
		fputs(" |\n", out);
	}
	fputc('\n', out);
	words_free(&words);
}

static void put_headline_cell(FILE *out, const struct report *report, const struct finding *finding)
{
	struct headline headline;

	report_headline(report, finding, &headline);
	if (!*headline.who) {
		fputs(" - |", out);
		return;
	}
	fputs(" **", out);
	md_text(out, headline.who);
	fputs("**, ", out);
	md_text(out, headline.time);
	fputs("; ", out);
	md_text(out, headline.against);
	fputs(" |", out);
}

static void put_headline(FILE *out, const struct report *report)
{
	char label[256];
	size_t i;

	fprintf(out, "| workload | 1 thread | most threads (%u) |\n|---|---|---|\n",
		report->most_threads);
	for (i = 0; i < report->results.nr_series; i++) {
		const struct result_series *series = &report->results.series[i];

		if (series->extra_work)
			continue;
		fputs("| ", out);
		md_text(out, results_label(&report->results, &series->groups->key, label,
					   sizeof(label)));
		fputs(" |", out);
		put_headline_cell(out, report, report_finding(report, series, false));
		put_headline_cell(out, report, report_finding(report, series, true));
		fputc('\n', out);
	}
	fputc('\n', out);
}

static const struct result_point *point_in(const struct result_group *group, const char *cell)
{
	size_t i;

	for (i = 0; i < group->nr_points; i++)
		if (group->points[i].cell == cell)
			return &group->points[i];
	return NULL;
}

static void put_ratio_cell(FILE *out, const struct result_group *group, const char *cell)
{
	static const char *const names[] = {
		[VERDICT_NONE] = "", [VERDICT_FASTER] = " faster", [VERDICT_SLOWER] = " slower",
		[VERDICT_TIE] = " tie",
	};
	const struct result_point *point = point_in(group, cell);
	char ns[32], ratio[32], low[32], high[32];
	struct versus versus;

	if (!point || isnan(point->ns_per_op)) {
		fputs(" - |", out);
		return;
	}
	versus = findings_versus(group, point);
	fprintf(out, " %s", words_number(point->ns_per_op, ns, sizeof(ns)));
	if (versus.found)
		fprintf(out, "; %s (%s to %s)%s", words_number(versus.ratio, ratio, sizeof(ratio)),
			words_number(versus.lo, low, sizeof(low)),
			words_number(versus.hi, high, sizeof(high)), names[versus.verdict]);
	fputs(" |", out);
}

/* Rows: every cell that some group of the series has, in the order of the group with most of them.
 */
static void put_series(FILE *out, const struct report *report, const struct result_series *series)
{
	const struct result_group *widest = &series->groups[0];
	char label[256];
	size_t i, j;

	for (i = 0; i < series->nr; i++)
		if (series->groups[i].nr_points > widest->nr_points)
			widest = &series->groups[i];
	fputs("\n### ", out);
	md_text(out, results_label(&report->results, &series->groups->key, label, sizeof(label)));
	if (series->groups->key.work_ns > 0)
		fprintf(out, ", %.6g ns of work", (double)series->groups->key.work_ns);
	fputs("\n\n| strategy |", out);
	for (i = 0; i < series->nr; i++)
		fprintf(out, " %u thread%s |", series->groups[i].key.threads,
			series->groups[i].key.threads == 1 ? "" : "s");
	fputs("\n|---|", out);
	for (i = 0; i < series->nr; i++)
		fputs("---|", out);
	fputc('\n', out);
	for (i = 0; i < widest->nr_points; i++) {
		const struct result_point *point = &widest->points[i];

		if (point->kind == RESULT_CONTROL)
			continue;
		fputs("| ", out);
		md_text(out, results_cell_name(&report->results, point));
		fputs(point->kind == RESULT_FLOOR ? " (floor) |" :
		      point->kind == RESULT_PEER ? " (peer) |" : " |", out);
		for (j = 0; j < series->nr; j++)
			put_ratio_cell(out, &series->groups[j], point->cell);
		fputc('\n', out);
	}
}

static void put_figures(FILE *out, const struct report *report)
{
	static const char *const names[] = { "svg", "png", "pdf" };
	size_t i, shown = 0;
	unsigned j;

	fputs("## Figures\n\n", out);
	for (i = 0; i < report->figures.nr; i++) {
		const struct figure *figure = &report->figures.figures[i];
		unsigned formats = report_formats(report, figure);

		if (!formats)
			continue;
		shown++;
		fputs("- ", out);
		md_text(out, figure->title);
		fputc(':', out);
		for (j = 0; j < 3; j++)
			if (formats & 1u << j)
				fprintf(out, " [%s](plots/%s.%s)", names[j], figure->name,
					names[j]);
		fprintf(out, " [data](plots/%s.dat)\n", figure->name);
	}
	if (shown < report->figures.nr)
		fprintf(out, "\nFigures are missing: %zu of %zu were not drawn.\n",
			report->figures.nr - shown, report->figures.nr);
	fputc('\n', out);
}

static void put_holes(FILE *out, const struct report *report)
{
	size_t i, j;

	if (!report->results.nr_holes)
		return;
	fputs("\n## Holes\n\n| workload | setting | strategy | variant | reason "
	      "|\n|---|---|---|---|---|\n",
	      out);
	for (i = 0; i < report->results.nr_holes; i++) {
		const struct result_hole *hole = &report->results.holes[i];
		const char *const fields[] = { hole->workload, hole->setting, hole->strategy,
					       hole->variant, hole->reason };

		fputc('|', out);
		for (j = 0; j < sizeof(fields) / sizeof(*fields); j++) {
			fputc(' ', out);
			md_text(out, fields[j]);
			fputs(" |", out);
		}
		fputc('\n', out);
	}
}

int report_md(FILE *out, const struct report *report)
{
	const char *host = results_meta_text(&report->results, "host", NULL);
	char *command = report_command(report);
	size_t i;

	fputs("# Reference counting strategies on ", out);
	md_text(out, *host ? host : "an unnamed machine");
	fputs("\n\n", out);
	put_lines(out, report, "> ", words_status);
	put_lines(out, report, "- ", words_advice);
	put_lines(out, report, "- ", words_work);
	put_headline(out, report);
	if (!report_unjudged(report))
		put_facts(out, report, "| against " RESULTS_BASELINE " | |\n|---|---|\n",
			  words_verdicts);
	put_figures(out, report);
	fputs("## Tables\n\nns/op; ratio to " RESULTS_BASELINE
	      " (95% interval) and verdict. Below 1 is faster.\n",
	      out);
	for (i = 0; i < report->results.nr_series; i++)
		put_series(out, report, &report->results.series[i]);
	if (report->results.latencies.nr)
		put_lines(out, report, "\n## Latency\n\n- ", words_latency);
	md_latencies(out, report);
	put_holes(out, report);
	put_facts(out, report, "\n## Machine\n\n| | |\n|---|---|\n", words_machine);
	put_lines(out, report, "- ", words_environment);
	fputs("## Method\n\n", out);
	put_lines(out, report, "- ", words_method);
	put_lines(out, report, "- ", words_precision);
	put_lines(out, report, "- ", words_controls);
	put_lines(out, report, "- ", words_disturbed);
	put_facts(out, report, "| flag | meaning |\n|---|---|\n", words_flags);
	if (command && *command) {
		fputs("Repeat:\n\n    ", out);
		put_code(out, command);
		fputc('\n', out);
	}
	free(command);
	return ferror(out) ? -EIO : 0;
}
