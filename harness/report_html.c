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
#include "report_script.h"

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

void html_paragraphs(FILE *out, const struct report *report, const char *open,
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

void html_head(FILE *out, const char *title, bool number)
{
	fprintf(out, "<th%s aria-sort=none><button type=button>", number ? " class=n" : "");
	html_text(out, title);
	fputs("</button>", out);
}

void html_facts(FILE *out, const struct report *report,
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

static void put_headline_cell(FILE *out, const struct report *report, const struct finding *finding,
			      unsigned threads)
{
	struct headline headline;

	report_headline(report, finding, &headline);
	/* Where a narrow page has no heads above the cells. */
	threads = finding ? finding->group->key.threads : threads;
	fprintf(out, "<td data-at=\"%u thread%s\">", threads, threads == 1 ? "" : "s");
	if (!*headline.who) {
		fputs("<span class=soft>not measured</span>", out);
		return;
	}
	fputs("<b>", out);
	html_text(out, headline.who);
	fprintf(out, "</b> <small>%s; <span class=\"%s\">", headline.time, headline.mark);
	html_text(out, headline.against);
	fputs("</span></small>", out);
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
			put_headline_cell(out, report, report_finding(report, series, false), 1);
		if (contended)
			put_headline_cell(out, report, report_finding(report, series, true),
					  report->most_threads);
		fputc('\n', out);
	}
	fputs("</table></div>\n", out);
}

static void put_answer(FILE *out, const struct report *report)
{
	const bool unjudged = report_unjudged(report);
	char interval[64];

	fputs("<h2 id=answer>The answer for this machine</h2>\n<div class=answer>\n", out);
	html_paragraphs(out, report, "<p>", words_advice);
	html_paragraphs(out, report, "<p>", words_work);
	fputs("</div>\n", out);
	if (has_series(report, true) && unjudged)
		fputs("<p class=soft>The strategy of the lowest median in each workload.</p>\n", out);
	else if (has_series(report, true))
		fprintf(out, "<p class=soft>The fastest strategy of each workload, its time, and that "
			"against " RESULTS_BASELINE " (%s). A tie names those whose difference is "
			"inside the noise.</p>\n",
			words_interval(report->results.groups, report->results.nr_groups, interval,
				       sizeof(interval)));
	if (has_series(report, true))
		put_headline(out, report, true);
	if (!unjudged) {
		fputs("<details><summary>Faster than " RESULTS_BASELINE ", tie or slower, in each "
		      "workload</summary>\n", out);
		html_facts(out, report, words_verdicts);
		fputs("</details>\n", out);
	}
	if (has_series(report, false)) {
		fputs("<details><summary>Other placements, objects and layouts</summary>\n", out);
		put_headline(out, report, false);
		fputs("</details>\n", out);
	}
}

static void put_rest(FILE *out, const struct report *report)
{
	char *command = report_command(report);

	fputs("<h2 id=machine>Machine</h2>\n", out);
	html_facts(out, report, words_machine);
	html_paragraphs(out, report, "<p>", words_environment);
	fputs("<h2 id=method>Method</h2>\n", out);
	html_paragraphs(out, report, "<p>", words_method);
	fputs("<h3>Precision</h3>\n", out);
	html_paragraphs(out, report, "<p>", words_precision);
	fputs("<h3>Controls</h3>\n", out);
	html_paragraphs(out, report, "<p>", words_controls);
	html_paragraphs(out, report, "<p>", words_disturbed);
	fputs("<h3>Flags in this run</h3>\n", out);
	html_facts(out, report, words_flags);
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
	html_paragraphs(out, report, "<p class=status>", words_status);
	fputs("<nav><a href=#answer>Answer</a><a href=#figures>Figures</a><a "
	      "href=#tables>Tables</a><a href=#holes>Holes</a><a href=#machine>Machine</a><a "
	      "href=#method>Method</a></nav>\n",
	      out);
	html_crashes(out, report);
	put_answer(out, report);
	html_figures(out, report);
	fputs("<h2 id=tables>Tables</h2>\n<p>Fastest first; a column's head sorts. ratio: time over " RESULTS_BASELINE
	      "&#39;s, below 1 is faster. fairness: slowest thread over fastest. hand-overs: "
	      "the time as a multiple of one in which a shared line changes hands once.</p>\n", out);
	html_tables(out, report);
	html_holes(out, report);
	put_rest(out, report);
	fprintf(out, "<script>\n%s</script>\n</html>\n", report_script);
	return ferror(out) ? -EIO : 0;
}
