/*
 * report.md of several runs: the answer and its links; the rest folded.
 *
 * SPDX-License-Identifier: MIT
 */
#include "beside_internal.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static void put_lines(FILE *out, const struct beside *beside, const char *open,
		      void (*say)(struct words *, const struct beside *))
{
	struct words words = { 0 };

	say(&words, beside);
	for (size_t i = 0; i < words.nr; i++) {
		fputs(open, out);
		md_text(out, words.lines[i]);
		fputc('\n', out);
	}
	fputs(words.nr ? "\n" : "", out);
	words_free(&words);
}

static void put_best(FILE *out, const struct beside *beside, const struct beside_case *at, size_t run,
		     bool contended)
{
	const struct finding *finding = beside_finding(beside, at, run, contended);
	struct headline headline;
	double floor;

	if (!finding) {
		fputs(" - |", out);
		return;
	}
	report_headline(&beside->runs[run].report, finding, &headline);
	fputs(" **", out);
	md_text(out, headline.who);
	fprintf(out, "**, %s", headline.time);
	if (contended)
		fprintf(out, ", %u threads", finding->group->key.threads);
	fputs("; ", out);
	md_text(out, headline.against);
	floor = beside_floor(finding);
	if (!isnan(floor))
		fprintf(out, "; noise floor %.2g%%", 100 * floor);
	fputs(" |", out);
}

static void put_answer(FILE *out, const struct beside *beside)
{
	fputs("| workload | machine | 1 thread | its most threads |\n|---|---|---|---|\n", out);
	for (size_t i = 0; i < beside->nr_cases; i++)
		for (size_t run = 0; run < beside->nr; run++) {
			fputs("| ", out);
			md_text(out, run ? "" : beside->cases[i].label);
			fputs(" | ", out);
			md_text(out, beside->runs[run].label);
			fputs(" |", out);
			put_best(out, beside, &beside->cases[i], run, false);
			put_best(out, beside, &beside->cases[i], run, true);
			fputc('\n', out);
		}
	fputc('\n', out);
}

static void put_figures(FILE *out, const struct beside *beside)
{
	fputs("<details><summary>Figures</summary>\n\n", out);
	for (size_t i = 0; i < beside->figures.nr; i++)
		md_figure(out, &beside->figures.figures[i],
			  report_formats(beside->drawn, &beside->figures.figures[i]));
	fputs("\n</details>\n\n", out);
}

static void put_fact(void *arg, const char *name, char *const *texts, size_t nr)
{
	FILE *out = arg;

	fputs("| ", out);
	md_text(out, name);
	for (size_t i = 0; i < nr; i++) {
		fputs(" | ", out);
		md_text(out, texts[i]);
	}
	fputs(" |\n", out);
}

static void put_common(void *arg, const char *name, char *const *texts, size_t nr)
{
	(void)nr;
	put_fact(arg, name, texts, 1);
}

static void put_facts(FILE *out, const struct beside *beside)
{
	const struct beside_count count = beside_count(beside);

	fputs("<details><summary>What differs</summary>\n\n| |", out);
	for (size_t i = 0; i < beside->nr; i++) {
		fputc(' ', out);
		md_text(out, beside->runs[i].label);
		fputs(" |", out);
	}
	fputs("\n|---|", out);
	for (size_t i = 0; i < beside->nr; i++)
		fputs("---|", out);
	fputs("\n| folder |", out);
	for (size_t i = 0; i < beside->nr; i++) {
		fputc(' ', out);
		md_text(out, beside->runs[i].report.dir);
		fputs(" |", out);
	}
	fputs("\n| points |", out);
	for (size_t i = 0; i < beside->nr; i++)
		fprintf(out, " %zu |", count.of[i]);
	fputs("\n| points that no other has |", out);
	for (size_t i = 0; i < beside->nr; i++)
		fprintf(out, " %zu |", count.alone[i]);
	fputc('\n', out);
	beside_facts(beside, true, put_fact, out);
	fputs("\n</details>\n\n<details><summary>What is the same</summary>\n\n| | all runs |\n|---|---|\n",
	      out);
	beside_facts(beside, false, put_common, out);
	fputs("\n</details>\n", out);
}

int beside_md(FILE *out, const void *arg)
{
	const struct beside *beside = arg;

	fprintf(out, "# Reference counting strategies, %zu runs side by side\n\n", beside->nr);
	put_lines(out, beside, "> ", words_beside_status);
	put_lines(out, beside, "- ", words_beside_answer);
	put_lines(out, beside, "- ", words_beside_limits);
	put_answer(out, beside);
	fputs("All tables and figures: [report.html](report.html).\n\n", out);
	put_figures(out, beside);
	put_facts(out, beside);
	return ferror(out) ? -EIO : 0;
}
