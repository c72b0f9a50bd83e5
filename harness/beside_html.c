/*
 * report.html of several runs: one page that needs no network, the figures inline.
 *
 * SPDX-License-Identifier: MIT
 */
#include "beside_internal.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "report_css.h"
#include "report_script.h"

static void put_lines(FILE *out, const struct beside *beside, const char *open,
		      void (*say)(struct words *, const struct beside *))
{
	struct words words = { 0 };

	say(&words, beside);
	for (size_t i = 0; i < words.nr; i++) {
		fputs(open, out);
		html_text(out, words.lines[i]);
		fputs("</p>\n", out);
	}
	words_free(&words);
}

static void put_number(FILE *out, double value)
{
	char number[32];

	fprintf(out, "<td class=n data-v=%.6g>%s", value, words_number(value, number, sizeof(number)));
}

/* Sorts by the ratio to the baseline, of which a run's own verdict is told. */
static void put_best(FILE *out, const struct beside *beside, const struct beside_case *at, size_t run,
		     bool contended)
{
	const struct finding *finding = beside_finding(beside, at, run, contended);
	struct headline headline;
	double floor;

	if (!finding) {
		fprintf(out, "<td class=soft data-at=\"%s\">not measured<td>",
			contended ? "most threads" : "1 thread");
		return;
	}
	report_headline(&beside->runs[run].report, finding, &headline);
	fprintf(out, "<td data-at=\"%s\" data-v=%.6g><b>", contended ? "most threads" : "1 thread",
		finding->versus.found ? finding->versus.ratio : 1);
	html_text(out, headline.who);
	fprintf(out, "</b> <small>%s", headline.time);
	if (contended)
		fprintf(out, ", %u threads", finding->group->key.threads);
	fprintf(out, "; <span class=\"%s\">", headline.mark);
	html_text(out, headline.against);
	fputs("</span></small>", out);
	floor = beside_floor(finding);
	if (isnan(floor))
		fputs("<td>", out);
	else
		fprintf(out, "<td class=n data-at=\"noise floor\" data-v=%.6g>%.2g%%", floor, 100 * floor);
}

static void put_answer(FILE *out, const struct beside *beside)
{
	fputs("<h2 id=answer>The answer for each machine</h2>\n<div class=answer>\n", out);
	put_lines(out, beside, "<p>", words_beside_answer);
	put_lines(out, beside, "<p class=soft>", words_beside_limits);
	fputs("</div>\n<p class=soft>The fastest strategy of each workload, its time, and that against "
	      RESULTS_BASELINE " by the run&#39;s own verdict. A tie names those whose difference is inside "
	      "the noise. noise floor: " RESULTS_BASELINE " against itself.</p>\n"
	      "<div class=wide><table class=headline><thead><tr>", out);
	html_head(out, "machine", false);
	for (int contended = 0; contended < 2; contended++) {
		if (!beside_has(beside, contended))
			continue;
		html_head(out, contended ? "its most threads" : "1 thread", false);
		html_head(out, "noise floor", true);
	}
	fputs("</thead>\n", out);
	for (size_t i = 0; i < beside->nr_cases; i++) {
		fputs("<tbody class=group><tr><th colspan=5>", out);
		html_text(out, beside->cases[i].label);
		fputc('\n', out);
		for (size_t run = 0; run < beside->nr; run++) {
			fputs("<tr><th>", out);
			html_text(out, beside->runs[run].label);
			for (int contended = 0; contended < 2; contended++)
				if (beside_has(beside, contended))
					put_best(out, beside, &beside->cases[i], run, contended);
			fputc('\n', out);
		}
		fputs("</tbody>\n", out);
	}
	fputs("</table></div>\n", out);
}

static const char *verdict_name(enum result_verdict verdict)
{
	return verdict == VERDICT_FASTER ? "faster" : verdict == VERDICT_SLOWER ? "slower" :
	       verdict == VERDICT_TIE ? "tie" : "";
}

static void put_interval(FILE *out, double lo, double hi)
{
	char low[32], high[32];

	if (lo < hi)
		fprintf(out, " <small>%s to %s</small>", words_number(lo, low, sizeof(low)),
			words_number(hi, high, sizeof(high)));
}

static void put_value(FILE *out, const struct beside *beside, const struct beside_figure *plot, size_t run,
		      const char *strategy, unsigned threads)
{
	const struct beside_point at = beside_point(beside, plot->at, run, strategy, threads);
	struct versus versus;

	if (!at.point) {
		fputs("<td>", out);
		return;
	}
	if (!plot->ratios) {
		put_number(out, at.point->ns_per_op);
		put_interval(out, at.point->ns_per_op_lo, at.point->ns_per_op_hi);
		return;
	}
	versus = findings_versus(at.group, at.point);
	if (isnan(versus.ratio)) {
		fputs("<td>", out);
		return;
	}
	put_number(out, versus.ratio);
	put_interval(out, versus.lo, versus.hi);
	if (versus.verdict != VERDICT_NONE)
		fprintf(out, " <small class=%s>%s</small>", verdict_name(versus.verdict),
			verdict_name(versus.verdict));
}

static const char *kind_name(enum result_kind kind)
{
	return kind == RESULT_FLOOR ? " (floor)" : kind == RESULT_PEER ? " (peer)" : "";
}

static void put_strategy(FILE *out, const struct beside *beside, const struct beside_figure *plot,
			 const struct beside_strategy *strategy)
{
	const struct beside_case *at = plot->at;

	fprintf(out, "<tbody class=group><tr><th colspan=%zu>", at->nr_threads + 1);
	html_text(out, strategy->name);
	fprintf(out, "%s\n", kind_name(strategy->kind));
	for (size_t run = 0; run < beside->nr; run++) {
		fputs("<tr><th>", out);
		html_text(out, beside->runs[run].label);
		for (size_t i = 0; i < at->nr_threads; i++)
			put_value(out, beside, plot, run, strategy->name, at->threads[i]);
		fputc('\n', out);
	}
	fputs("</tbody>\n", out);
}

static void put_values(FILE *out, const struct beside *beside, const struct beside_figure *plot)
{
	const struct beside_case *at = plot->at;
	char title[32];

	fputs("<details class=behind><summary>Values</summary><div class=wide>"
	      "<table class=lines><thead><tr>", out);
	html_head(out, "machine", false);
	for (size_t i = 0; i < at->nr_threads; i++) {
		snprintf(title, sizeof(title), "%u thread%s", at->threads[i],
			 at->threads[i] == 1 ? "" : "s");
		html_head(out, title, true);
	}
	fputs("</thead>\n", out);
	for (size_t i = 0; i < at->nr_strategies; i++)
		if (!plot->ratios || strcmp(at->strategies[i].name, RESULTS_BASELINE) != 0)
			put_strategy(out, beside, plot, &at->strategies[i]);
	fputs("</table></div></details>\n", out);
}

static bool put_figure(FILE *out, const struct beside *beside, size_t number)
{
	const struct figure *figure = &beside->figures.figures[number];
	const bool shown = html_figure(out, beside->drawn, figure, number + 1,
				       report_formats(beside->drawn, figure), true);

	put_values(out, beside, &beside->plots[number]);
	fputs("</figure>\n", out);
	return shown;
}

static void put_figures(FILE *out, const struct beside *beside)
{
	size_t drawn = 0;

	fputs("<h2 id=figures>Figures</h2>\n<p class=soft>A panel a strategy, fastest first by the geometric "
	      "mean over the runs of its time over " RESULTS_BASELINE "&#39;s at their most threads; a line a "
	      "run, the same in all figures; strokes are the intervals. (1 of 4) behind a name: so many of "
	      "the runs have it. A line ends where the run ends, and breaks where the run lacks the point. "
	      "Floors and peers are in the tables.</p>\n<div class=figures>\n", out);
	for (size_t i = 0; i < beside->figures.nr; i++)
		drawn += put_figure(out, beside, i);
	fputs("</div>\n", out);
	if (drawn < beside->figures.nr)
		fputs("<p class=status>Figures are missing: gnuplot was not there or failed.</p>\n", out);
	else if (!beside->figures.nr)
		fputs("<p>Nothing was measured that could be drawn.</p>\n", out);
}

static void put_fact(void *arg, const char *name, char *const *texts, size_t nr)
{
	FILE *out = arg;

	fputs("<tr><th>", out);
	html_text(out, name);
	for (size_t i = 0; i < nr; i++) {
		fputs("<td>", out);
		html_text(out, texts[i]);
	}
	fputc('\n', out);
}

static void put_common(void *arg, const char *name, char *const *texts, size_t nr)
{
	(void)nr;
	put_fact(arg, name, texts, 1);
}

static void put_facts(FILE *out, const struct beside *beside)
{
	const struct beside_count count = beside_count(beside);

	fputs("<h2 id=differences>What differs</h2>\n<div class=wide><table class=\"facts beside\"><thead><tr>",
	      out);
	html_head(out, "fact", false);
	for (size_t i = 0; i < beside->nr; i++)
		html_head(out, beside->runs[i].label, false);
	fputs("</thead><tbody>\n<tr><th>folder", out);
	for (size_t i = 0; i < beside->nr; i++) {
		fputs("<td>", out);
		html_text(out, beside->runs[i].report.dir);
	}
	fputs("\n<tr><th>points", out);
	for (size_t i = 0; i < beside->nr; i++)
		fprintf(out, "<td data-v=%zu>%zu", count.of[i], count.of[i]);
	fputs("\n<tr><th>points that no other has", out);
	for (size_t i = 0; i < beside->nr; i++)
		fprintf(out, "<td data-v=%zu>%zu", count.alone[i], count.alone[i]);
	fputc('\n', out);
	beside_facts(beside, true, put_fact, out);
	fputs("</tbody></table></div>\n<details><summary>What is the same</summary>\n<div class=wide>"
	      "<table class=facts><thead><tr>", out);
	html_head(out, "fact", false);
	html_head(out, "all runs", false);
	fputs("</thead><tbody>\n", out);
	beside_facts(beside, false, put_common, out);
	fputs("</tbody></table></div>\n</details>\n", out);
}

int beside_html(FILE *out, const void *arg)
{
	const struct beside *beside = arg;

	fprintf(out, "<!doctype html>\n<html lang=en>\n<meta charset=utf-8>\n<meta name=viewport "
		"content=\"width=device-width, initial-scale=1\">\n<title>krefbench: %zu runs side by "
		"side</title>\n<style>\n%s</style>\n<body>\n<h1>Reference counting strategies, %zu runs side "
		"by side</h1>\n<p class=soft>", beside->nr, report_css, beside->nr);
	for (size_t i = 0; i < beside->nr; i++) {
		const char *cpu = results_meta_text(&beside->runs[i].report.results, "machine", "cpu");

		fputs(i ? " &middot; " : "", out);
		html_text(out, beside->runs[i].label);
		fputs(*cpu ? ": " : "", out);
		html_text(out, cpu);
	}
	fputs("</p>\n", out);
	put_lines(out, beside, "<p class=status>", words_beside_status);
	fputs("<nav><a href=#answer>Answer</a><a href=#figures>Figures</a><a href=#differences>What "
	      "differs</a></nav>\n", out);
	put_answer(out, beside);
	put_figures(out, beside);
	put_facts(out, beside);
	fprintf(out, "<script>\n%s</script>\n</html>\n", report_script);
	return ferror(out) ? -EIO : 0;
}
