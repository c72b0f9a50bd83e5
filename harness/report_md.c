/*
 * report.md: the answer and its links, short enough to paste into an issue; the rest folded.
 *
 * SPDX-License-Identifier: MIT
 */
#include "report_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* Returns how many bytes more than one it has put. */
static unsigned put_plain(FILE *out, const char *text)
{
	const unsigned bytes = text_control(text);

	fputc(bytes ? ' ' : *text, out);
	return bytes > 1;
}

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
			text += put_plain(out, text);
	}
}

/* In a block of code nothing but a line's end has a meaning. */
static void put_code(FILE *out, const char *text)
{
	for (; *text; text++)
		text += put_plain(out, text);
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

static bool is_in_answer(const struct report *report, const struct result_series *series)
{
	return !series->extra_work && report_is_main(report, series);
}

static void put_headline(FILE *out, const struct report *report)
{
	char label[256];
	size_t i;

	if (!report->results.nr_series)
		return;
	fprintf(out, "| workload | 1 thread | most threads (%u) |\n|---|---|---|\n",
		report->most_threads);
	for (i = 0; i < report->results.nr_series; i++) {
		const struct result_series *series = &report->results.series[i];

		if (!is_in_answer(report, series))
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

static void put_links(FILE *out, const struct report *report)
{
	char interval[64];

	fprintf(out, "Less time is faster; in brackets the %s of the ratio.", words_interval(
		report->results.groups, report->results.nr_groups, interval, sizeof(interval)));
	fputs(" All tables and figures: [report.html](report.html). Numbers: "
	      "[summary.csv](summary.csv), [ratios.csv](ratios.csv), [holes.csv](holes.csv), "
	      "[meta.json](meta.json).\n\n", out);
}

/* GitHub folds it; what is inside stands between blank lines, or it would be taken for HTML. */
static void put_fold(FILE *out, const char *title)
{
	fprintf(out, "<details><summary>%s</summary>\n\n", title);
}

void md_figure(FILE *out, const struct figure *figure, unsigned formats)
{
	fputs("- ", out);
	md_text(out, figure->title);
	fputc(':', out);
	for (unsigned i = 0; i < FIGURES_NR_FORMATS; i++)
		if (formats & 1u << i)
			fprintf(out, " [%s](plots/%s.%s)", figures_formats[i], figure->name,
				figures_formats[i]);
	fprintf(out, " [data](plots/%s.dat)\n", figure->name);
}

static void put_figures(FILE *out, const struct report *report)
{
	size_t i, shown = 0;

	if (!report->figures.nr)
		return;
	put_fold(out, "Figures");
	for (i = 0; i < report->figures.nr; i++) {
		const struct figure *figure = &report->figures.figures[i];
		unsigned formats = report_formats(report->drawn, figure);

		if (!formats)
			continue;
		shown++;
		md_figure(out, figure, formats);
	}
	if (shown < report->figures.nr)
		fprintf(out, "\nFigures are missing: %zu of %zu were not drawn.\n",
			report->figures.nr - shown, report->figures.nr);
	fputs("\n</details>\n\n", out);
}

static void put_holes(FILE *out, const struct report *report)
{
	struct hole_reasons reasons;
	size_t i, j;

	if (!report->results.nr_holes)
		return;
	put_fold(out, "Holes");
	if (hole_reasons_make(&reasons, &report->results))
		fputs("There was no memory to tell them.\n", out);
	for (i = 0; i < reasons.nr; i++) {
		fputs("- ", out);
		md_text(out, reasons.list[i].reason);
		fputc('\n', out);
		for (j = 0; j < reasons.list[i].cells.nr; j++) {
			fputs("  - ", out);
			md_text(out, reasons.list[i].cells.lines[j]);
			fputc('\n', out);
		}
	}
	hole_reasons_free(&reasons);
	fputs("\n</details>\n\n", out);
}

int report_md(FILE *out, const struct report *report)
{
	const char *host = results_meta_text(&report->results, "host", NULL);
	char *command = report_command(report);

	fputs("# Reference counting strategies on ", out);
	md_text(out, *host ? host : "an unnamed machine");
	fputs("\n\n", out);
	put_lines(out, report, "> ", words_status);
	md_crashes(out, report);
	put_lines(out, report, "- ", words_advice);
	put_lines(out, report, "- ", words_work);
	put_headline(out, report);
	put_links(out, report);
	put_figures(out, report);
	put_holes(out, report);
	put_fold(out, "Machine");
	put_facts(out, report, "| | |\n|---|---|\n", words_machine);
	put_lines(out, report, "- ", words_environment);
	fputs("</details>\n\n", out);
	put_fold(out, "Method");
	put_lines(out, report, "- ", words_method);
	put_lines(out, report, "- ", words_precision);
	put_lines(out, report, "- ", words_controls);
	put_lines(out, report, "- ", words_disturbed);
	put_lines(out, report, "- ", words_latency);
	put_facts(out, report, "| flag | meaning |\n|---|---|\n", words_flags);
	fputs("</details>\n", out);
	if (command && *command) {
		fputs("\nRepeat:\n\n    ", out);
		put_code(out, command);
		fputc('\n', out);
	}
	free(command);
	return ferror(out) ? -EIO : 0;
}
