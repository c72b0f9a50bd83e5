/*
 * report.html: one page that needs no network, the figures inline.
 *
 * SPDX-License-Identifier: MIT
 */
#include "report_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report_css.h"

void html_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&': fputs("&amp;", out); break;
		case '<': fputs("&lt;", out); break;
		case '>': fputs("&gt;", out); break;
		case '"': fputs("&quot;", out); break;
		case '\'': fputs("&#39;", out); break;
		default: fputc((unsigned char)*text < ' ' ? ' ' : *text, out);
		}
	}
}

static void put_paragraphs(FILE *out, const struct report *report, const char *open,
			   void (*say)(struct words *, const struct report *))
{
	struct words words = { 0 };
	size_t i;

	say(&words, report);
	for (i = 0; i < words.nr; i++) {
		fputs(open, out);
		html_text(out, words.lines[i]);
		fputs("</p>\n", out);
	}
	words_free(&words);
}

static void put_facts(FILE *out, const struct report *report,
		      void (*say)(struct words *, const struct report *))
{
	struct words words = { 0 };
	size_t i;

	say(&words, report);
	fputs("<div class=wide><table class=facts>\n", out);
	for (i = 0; i < words.nr; i++) {
		char *value = words.lines[i] + strcspn(words.lines[i], "\t");

		if (*value)
			*value++ = '\0';
		fputs("<tr><th>", out);
		html_text(out, words.lines[i]);
		fputs("<td>", out);
		html_text(out, value);
		fputc('\n', out);
	}
	fputs("</table></div>\n", out);
	words_free(&words);
}

static void put_headline_cell(FILE *out, const struct report *report, const struct finding *finding)
{
	struct headline headline;

	report_headline(report, finding, &headline);
	if (!*headline.who) {
		fputs("<td class=soft>not measured", out);
		return;
	}
	fprintf(out, "<td data-at=\"%u thread%s\"><b>", finding->group->key.threads,
		finding->group->key.threads == 1 ? "" : "s");
	html_text(out, headline.who);
	fputs("</b> <small>", out);
	html_text(out, headline.time);
	fputs("; ", out);
	html_text(out, headline.against);
	fputs("</small>", out);
}

static bool has_series(const struct report *report, bool main)
{
	size_t i;

	for (i = 0; i < report->results.nr_series; i++)
		if (!report->results.series[i].extra_work &&
		    report_is_main(report, &report->results.series[i]) == main)
			return true;
	return false;
}

static bool has_single(const struct report *report)
{
	size_t i;

	for (i = 0; i < report->results.nr_groups; i++)
		if (report->results.groups[i].key.threads == 1)
			return true;
	return false;
}

static void put_headline(FILE *out, const struct report *report, bool main)
{
	bool contended = report->most_threads > 1, single = has_single(report);
	char label[256];
	size_t i;

	fputs("<div class=wide><table class=headline><thead><tr><th>workload", out);
	fputs(single ? "<th>1 thread" : "", out);
	if (contended)
		fprintf(out, "<th>most threads (%u)", report->most_threads);
	fputs("</thead>\n", out);
	for (i = 0; i < report->results.nr_series; i++) {
		const struct result_series *series = &report->results.series[i];

		if (series->extra_work || report_is_main(report, series) != main)
			continue;
		fputs("<tr><th>", out);
		html_text(out, results_label(&report->results, &series->groups->key, label,
					     sizeof(label)));
		if (single)
			put_headline_cell(out, report, report_finding(report, series, false));
		if (contended)
			put_headline_cell(out, report, report_finding(report, series, true));
		fputc('\n', out);
	}
	fputs("</table></div>\n", out);
}

static void put_findings(FILE *out, const struct report *report)
{
	fputs("<h2 id=findings>What was found</h2>\n", out);
	put_paragraphs(out, report, "<p>", words_advice);
	put_paragraphs(out, report, "<p>", words_work);
	if (has_series(report, true)) {
		fputs(report_unjudged(report)
			      ? "<p class=soft>The strategy of the lowest median in each "
				"workload.</p>\n"
			      : "<p class=soft>The fastest strategy of each workload, its time, "
				"and that against " RESULTS_BASELINE
				" with the 95% interval. A tie names all whose difference is "
				"inside the noise.</p>\n",
		      out);
		put_headline(out, report, true);
	}
	if (!report_unjudged(report)) {
		fputs("<details><summary>Faster than " RESULTS_BASELINE ", tie or slower, in each "
		      "workload</summary>\n", out);
		put_facts(out, report, words_verdicts);
		fputs("</details>\n", out);
	}
	if (has_series(report, false)) {
		fputs("<details><summary>Other placements, objects and layouts</summary>\n", out);
		put_headline(out, report, false);
		fputs("</details>\n", out);
	}
}

static void put_figure(FILE *out, const struct report *report, size_t number, unsigned formats)
{
	static const char *const names[] = { "svg", "png", "pdf" };
	const struct figure *figure = &report->figures.figures[number];
	char *path;
	unsigned i;

	fputs("<figure>\n<div class=card>", out);
	if (asprintf(&path, "%s/plots/%s.svg", report->dir, figure->name) < 0)
		path = NULL;
	if (!path || !(formats & FIGURES_SVG) || report_svg(out, path, number + 1, figure->alt))
		fprintf(out, "This figure has no SVG that can be shown here.");
	free(path);
	fputs("</div>\n<figcaption>", out);
	/* Once is enough for a row of figures that say the same of other workloads. */
	if (!number || figure[-1].kind != figure->kind)
		html_text(out, figure->caption);
	for (i = 0; i < 3; i++)
		if (formats & 1u << i)
			fprintf(out, " <a href=\"plots/%s.%s\">%s</a>", figure->name, names[i],
				names[i]);
	fprintf(out, " <a href=\"plots/%s.dat\">data</a> <a href=\"plots/%s.gp\">gp</a>"
		"</figcaption></figure>\n", figure->name, figure->name);
}

static const char *kind_title(enum figure_kind kind)
{
	switch (kind) {
	case FIGURE_UNCONTENDED:
	case FIGURE_WORK: return "Uncontended, and beside work";
	case FIGURE_COST: return "Time of one op, by workload";
	case FIGURE_MISSES: return "Cache misses of one op";
	case FIGURE_MOVED: return "Cache lines moved between cores";
	case FIGURE_LATENCY: return "What single ops take";
	case FIGURE_HANDOVER: return "Between processors";
	default: return "Fairness";
	}
}

static void put_figures(FILE *out, const struct report *report)
{
	const char *title = "";
	bool missing = false;
	size_t i;

	fputs("<h2 id=figures>Figures</h2>\n", out);
	for (i = 0; i < report->figures.nr; i++) {
		const struct figure *figure = &report->figures.figures[i];
		unsigned formats = report_formats(report, figure);

		missing |= !(formats & FIGURES_SVG);
		if (!formats)
			continue;
		if (strcmp(title, kind_title(figure->kind))) {
			fputs(*title ? "</div>\n" : "", out);
			title = kind_title(figure->kind);
			fprintf(out, "<h3>%s</h3>\n<div class=figures>\n", title);
		}
		put_figure(out, report, i, formats);
	}
	fputs(*title ? "</div>\n" : "", out);
	if (missing)
		fputs("<p class=status>Figures are missing: gnuplot was not there or failed. Draw "
		      "them from these files with <code>./run.sh report</code> and the folder's "
		      "name.</p>\n",
		      out);
	else if (!report->figures.nr)
		fputs("<p>Nothing was measured that could be drawn.</p>\n", out);
}

static void put_latencies(FILE *out, const struct report *report)
{
	if (!report->results.latencies.nr)
		return;
	fputs("<h2 id=latency>Latency</h2>\n", out);
	put_paragraphs(out, report, "<p>", words_latency);
	html_latencies(out, report);
}

static void put_holes(FILE *out, const struct report *report)
{
	size_t i;

	fputs("<h2 id=holes>Holes</h2>\n<p>Cells that cannot exist here, and why. Nothing is "
	      "emulated to fill one.</p>\n",
	      out);
	if (!report->results.nr_holes) {
		fputs("<p>There are none.</p>\n", out);
		return;
	}
	fputs("<div class=wide><table><thead><tr><th>workload<th>setting<th>strategy"
	      "<th>variant<th>reason</thead>\n", out);
	for (i = 0; i < report->results.nr_holes; i++) {
		const struct result_hole *hole = &report->results.holes[i];
		const char *const fields[] = { hole->workload, hole->setting, hole->strategy,
					       hole->variant, hole->reason };
		size_t j;

		fputs("<tr>", out);
		for (j = 0; j < sizeof(fields) / sizeof(*fields); j++) {
			fputs("<td>", out);
			html_text(out, fields[j]);
		}
		fputc('\n', out);
	}
	fputs("</table></div>\n", out);
}

static void put_rest(FILE *out, const struct report *report)
{
	char *command = report_command(report);

	fputs("<h2 id=machine>Machine</h2>\n", out);
	put_facts(out, report, words_machine);
	put_paragraphs(out, report, "<p>", words_environment);
	fputs("<h2 id=method>Method</h2>\n", out);
	put_paragraphs(out, report, "<p>", words_method);
	fputs("<h3>Precision</h3>\n", out);
	put_paragraphs(out, report, "<p>", words_precision);
	fputs("<h3>Controls</h3>\n", out);
	put_paragraphs(out, report, "<p>", words_controls);
	put_paragraphs(out, report, "<p>", words_disturbed);
	fputs("<h3>Flags in this run</h3>\n", out);
	put_facts(out, report, words_flags);
	fputs("<h3>Once more</h3>\n<p>", out);
	if (command && *command) {
		fputs("Measure again, at the same commit: <code>", out);
		html_text(out, command);
		fputs("</code></p>\n<p>", out);
	}
	fputs("Draw and report again from these files: <code>./run.sh report</code> and the "
	      "folder's name. Columns of summary.csv and ratios.csv are explained in "
	      "results/README.md.</p>\n",
	      out);
	free(command);
}

int report_html(FILE *out, const struct report *report)
{
	const struct results *results = &report->results;
	const char *host = results_meta_text(results, "host", NULL);

	fputs("<!doctype html>\n<html lang=en>\n<meta charset=utf-8>\n"
	      "<meta name=viewport content=\"width=device-width, "
	      "initial-scale=1\">\n<title>krefbench: ",
	      out);
	html_text(out, *host ? host : "a run");
	fprintf(out, "</title>\n<style>\n%s</style>\n<body>\n<h1>Reference counting strategies on ",
		report_css);
	html_text(out, *host ? host : "an unnamed machine");
	fputs("</h1>\n<p class=soft>", out);
	html_text(out, results_meta_text(results, "machine", "cpu"));
	fputs(" &middot; ", out);
	html_text(out, results_meta_text(results, "started_utc", NULL));
	fputs("</p>\n", out);
	put_paragraphs(out, report, "<p class=status>", words_status);
	fputs("<nav><a href=#findings>Findings</a><a href=#figures>Figures</a><a "
	      "href=#tables>Tables</a>", out);
	fputs(report->results.latencies.nr ? "<a href=#latency>Latency</a>" : "", out);
	fputs("<a href=#holes>Holes</a><a href=#machine>Machine</a><a href=#method>Method</a></nav>\n",
	      out);
	put_findings(out, report);
	put_figures(out, report);
	fputs("<h2 id=tables>Tables</h2>\n<p>Fastest first. ratio: time over " RESULTS_BASELINE
	      "&#39;s, below 1 is faster. fairness: slowest thread over fastest. hand-overs: "
	      "the time as a multiple of one in which a shared line changes hands once.</p>\n", out);
	html_tables(out, report);
	put_latencies(out, report);
	put_holes(out, report);
	put_rest(out, report);
	fputs("</html>\n", out);
	return ferror(out) ? -EIO : 0;
}
