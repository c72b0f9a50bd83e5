/*
 * Tests of what a run's folder is turned into: findings, figures and both pages of the report.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/figures_internal.h"
#include "harness/findings.h"
#include "harness/report_internal.h"

#define SUMMARY                                                                                 \
	"workload,strategy,variant,placement,threads,objects,node,launches,windows,ns_per_op,"  \
	"ns_per_op_lo,ns_per_op_hi,mops,fairness,ticks_per_op,cycles_per_op,"                   \
	"instructions_per_op,cache_misses_per_op,retries_per_op,flags,setting,work_ns,layout,"  \
	"kind,failed_per_op,reclaim_ns_per_op,switches_per_op,migrations_per_op\n"
#define RATIOS                                                                                  \
	"workload,placement,threads,objects,node,a,b,launches,ratio,ratio_lo,ratio_hi,verdict," \
	"setting,work_ns,layout,floor,judged,p_holm\n"
#define HOLES "workload,strategy,variant,setting,reason\n"
#define META "{\"host\":\"here\",\"status\":\"complete\",\"machine\":{\"pus\":2}}"

/* The folder's name holds what a shell or a URL would stumble over. */
static char top[64], dir[128];
static FILE *summary, *ratios;

static void file_put(const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static char *file_get(const char *name)
{
	static char text[1 << 20];
	char path[256];
	FILE *file;
	size_t got;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "r");
	assert_non_null(file);
	got = fread(text, 1, sizeof(text) - 1, file);
	text[got] = '\0';
	fclose(file);
	return text;
}

static FILE *csv_start(const char *name, const char *header)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(header, file);
	return file;
}

static int folder_create(void **state)
{
	(void)state;
	strcpy(top, "/tmp/test_report.XXXXXX");
	if (!mkdtemp(top))
		return -1;
	snprintf(dir, sizeof(dir), "%s/it's a \"run\"", top);
	if (mkdir(dir, 0777))
		return -1;
	file_put("meta.json", META);
	file_put("holes.csv", HOLES);
	summary = csv_start("summary.csv", SUMMARY);
	ratios = csv_start("ratios.csv", RATIOS);
	return 0;
}

static int folder_remove(void **state)
{
	char command[160];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", top);	/* top is mkdtemp's: plain */
	return system(command);
}

static void point(const char *strategy, const char *variant, const char *kind, unsigned threads,
		  double work, double ns)
{
	fprintf(summary, "getput,%s,%s,compact,%u,1,,12,99,%g,%g,%g,%g,0.9,,,,,,,held,%g,padded,%s"
		",,,,\n", strategy, variant, threads, ns, ns * 0.99, ns * 1.01,
		1000 * threads / ns, work, kind);
}

static void ratio(const char *a, const char *b, unsigned threads, double work, double value,
		  const char *verdict)
{
	fprintf(ratios, "getput,compact,%u,1,,%s,%s,12,%g,%g,%g,%s,held,%g,padded,0.01,median,\n",
		threads, a, b, value, value * 0.995, value * 1.005, verdict, work);
}

static void rows_end(void)
{
	assert_int_equal(fclose(summary), 0);
	assert_int_equal(fclose(ratios), 0);
}

/* Three candidates and a floor at one thread: fast 5 ns, near 5.02 ns, refcount 10 ns. */
static void rows_usual(const char *fast_verdict)
{
	point("none", "gcc", "floor", 1, 0, 0.3);
	point("near", "gcc", "candidate", 1, 0, 5.02);
	point("fast", "gcc", "candidate", 1, 0, 5);
	point("refcount", "gcc", "candidate", 1, 0, 10);
	point("refcount", "aa", "control", 1, 0, 10.01);
	point("empty", "gcc", "control", 1, 0, 30);
	ratio("refcount@gcc", "fast@gcc", 1, 0, 2, !strcmp(fast_verdict, "faster") ? "slower" : "");
	ratio("near@gcc", "refcount@gcc", 1, 0, 0.502, fast_verdict);
	ratio("near@gcc", "fast@gcc", 1, 0, 1.004, "");
	ratio("refcount@aa", "refcount@gcc", 1, 0, 1.001, "");
	rows_end();
}

static void fastest_and_ties(void **state)
{
	struct results results;
	struct finding finding;
	struct error err;

	(void)state;
	rows_usual("faster");
	assert_int_equal(results_load(&results, dir, &err), 0);
	assert_int_equal(results.nr_groups, 1);
	assert_int_equal(finding_make(&finding, &results.groups[0]), 0);
	assert_string_equal(finding.fastest->strategy, "fast");
	assert_string_equal(finding.baseline->cell, "refcount@gcc");
	assert_true(finding.judged);
	assert_int_equal(finding.nr_ties, 1);
	assert_string_equal(finding.ties[0]->strategy, "near");
	/* The file holds refcount over fast only, so it is turned round. */
	assert_int_equal(finding.versus.verdict, VERDICT_FASTER);
	assert_float_equal(finding.versus.ratio, 0.5, 1e-9);
	assert_true(finding.versus.lo < 0.5 && finding.versus.hi > 0.5);
	assert_float_equal(findings_floor(&results.groups[0], NULL), 0.01, 1e-9);
	finding_free(&finding);
	results_free(&results);
}

static void one_variant_is_the_baseline(void **state)
{
	struct results results;
	struct error err;
	size_t i;

	(void)state;
	point("refcount", "clang", "candidate", 1, 0, 9);
	point("refcount", "gcc", "candidate", 1, 0, 10);
	point("cas", "clang", "candidate", 1, 0, 20);
	ratio("refcount@clang", "refcount@gcc", 1, 0, 0.9, "faster");
	ratio("refcount@gcc", "cas@clang", 1, 0, 0.5, "faster");
	ratio("refcount@clang", "cas@clang", 1, 0, 0.45, "");
	rows_end();
	assert_int_equal(results_load(&results, dir, &err), 0);
	assert_int_equal(results.nr_variants, 2);
	for (i = 0; i < 3; i++) {
		const struct result_point *one = &results.groups[0].points[i];
		struct versus versus = findings_versus(&results.groups[0], one);

		assert_int_equal(versus.found, strcmp(one->cell, "refcount@gcc") != 0);
		if (!strcmp(one->cell, "cas@clang"))
			assert_float_equal(versus.ratio, 2, 1e-9);
	}
	results_free(&results);
}

static void few_launches_give_medians(void **state)
{
	struct results results;
	struct finding finding;
	struct error err;

	(void)state;
	rows_usual("");
	assert_int_equal(results_load(&results, dir, &err), 0);
	assert_int_equal(finding_make(&finding, &results.groups[0]), 0);
	assert_false(finding.judged);
	assert_int_equal(finding.nr_ties, 0);
	assert_string_equal(finding.fastest->strategy, "fast");
	finding_free(&finding);
	results_free(&results);
	assert_int_equal(report_write(dir, &err), 0);
	assert_non_null(strstr(file_get("report.html"), "No verdict is possible"));
	assert_non_null(strstr(file_get("report.html"), "medians only"));
	assert_null(strstr(file_get("report.html"), "less time than refcount"));
}

static void ties_are_told_apart(void **state)
{
	const struct {
		struct versus versus;
		bool tie;
	} cases[] = {
		{ { false, NAN, NAN, NAN, NAN, VERDICT_NONE, 0 }, false },
		{ { true, 0.5, 0.4, 0.6, 0.01, VERDICT_TIE, 12 }, true },
		{ { true, 0.98, 0.97, 0.995, 0.01, VERDICT_FASTER, 12 }, false },
		{ { true, 0.995, 0.994, 0.996, 0.01, VERDICT_FASTER, 12 }, true },
		{ { true, 1.03, 1.005, 1.05, 0.01, VERDICT_NONE, 12 }, true },
		{ { true, 1.03, 1.02, 1.05, 0.01, VERDICT_NONE, 12 }, false },
		{ { true, 1.005, NAN, NAN, 0.01, VERDICT_NONE, 1 }, true },
		{ { true, NAN, NAN, NAN, 0.01, VERDICT_NONE, 1 }, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(findings_is_tie(&cases[i].versus), cases[i].tie);
}

static void threshold_is_where_ties_begin_for_good(void **state)
{
	static const double work[] = { 0, 10, 100, 1000 };
	static const double early[] = { 1.5, 1.2, 1.0, 1.0 };
	static const double dips[] = { 1.5, 1.0, 1.3, 1.0 };
	struct results results;
	struct threshold threshold;
	struct sweep sweep;
	struct error err;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		point("refcount", "gcc", "candidate", 2, work[i], 10 + work[i]);
		point("early", "gcc", "candidate", 2, work[i], (10 + work[i]) * early[i]);
		point("dips", "gcc", "candidate", 2, work[i], (10 + work[i]) * dips[i]);
		point("never", "gcc", "candidate", 2, work[i], (10 + work[i]) * 2);
		ratio("early@gcc", "refcount@gcc", 2, work[i], early[i], "");
		ratio("dips@gcc", "refcount@gcc", 2, work[i], dips[i], "");
		ratio("never@gcc", "refcount@gcc", 2, work[i], 2, "slower");
	}
	rows_end();
	assert_int_equal(results_load(&results, dir, &err), 0);
	assert_int_equal(results.nr_series, 4);
	assert_false(results.series[0].extra_work);
	assert_true(results.series[3].extra_work);
	assert_int_equal(sweep_make(&sweep, &results, &results.series[0]), 0);
	assert_int_equal(sweep.nr, 4);
	for (i = 0; i < results.groups[0].nr_points; i++) {
		const struct result_point *one = &results.groups[0].points[i];

		threshold = sweep_threshold(&sweep, one->cell);
		if (!strcmp(one->strategy, "early"))
			assert_float_equal(threshold.work_ns, 100, 0);
		else if (!strcmp(one->strategy, "dips"))
			assert_float_equal(threshold.work_ns, 1000, 0);
		else
			assert_false(threshold.found);
	}
	free(sweep.groups);
	results_free(&results);
	assert_int_equal(report_write(dir, &err), 0);
	assert_non_null(strstr(file_get("report.md"), "these still differ from refcount: never."));
}

static void hostile_names_are_text(void **state)
{
	struct error err;
	char *html;

	(void)state;
	file_put("meta.json", "{\"host\":\"<script>alert(1)</script>\",\"status\":7,"
		 "\"machine\":[\"'\\\"&\"],\"toolchain\":{\"a\":1},\"command\":[1,\"it's\"],"
		 "\"mitigations\":{\"<b>\":\"<i>\"},\"counters\":{\"cycles\":3}}");
	point("<img src=x onerror=alert(2)>", "g|c", "candidate", 1, 0, 5);
	point("refcount", "g|c", "candidate", 1, 0, 10);
	rows_end();
	assert_int_equal(report_write(dir, &err), 0);
	html = file_get("report.html");
	assert_null(strstr(html, "<script"));
	assert_null(strstr(html, "<img"));
	assert_null(strstr(html, "<b>\""));
	assert_non_null(strstr(html, "&lt;script&gt;alert(1)&lt;/script&gt;"));
	assert_non_null(strstr(html, "&lt;img src=x"));
	assert_non_null(strstr(file_get("report.md"), "&lt;script&gt;"));
	assert_null(strstr(file_get("report.md"), "<img"));
}

static void partial_runs_and_holes_are_shown(void **state)
{
	struct error err;

	(void)state;
	file_put("meta.json", "{\"status\":\"partial\",\"status_reason\":\"stopped\","
		 "\"launches_planned\":12,\"launches_done\":5,\"quick\":true}");
	file_put("holes.csv", HOLES "getput,snzi,gcc,held,a reference carries its leaf\n");
	rows_usual("faster");
	assert_int_equal(report_write(dir, &err), 0);
	assert_non_null(strstr(file_get("report.html"), "This run is partial: stopped"));
	assert_non_null(strstr(file_get("report.html"), "5 of 12 launches"));
	assert_non_null(strstr(file_get("report.html"), "A quick run"));
	assert_non_null(strstr(file_get("report.html"), "a reference carries its leaf"));
	assert_non_null(strstr(file_get("report.html"), "Figures are missing"));
	assert_non_null(strstr(file_get("report.md"), "> This run is partial: stopped"));
	assert_non_null(strstr(file_get("report.md"), "a reference carries its leaf"));
}

static void nothing_measured_is_no_error(void **state)
{
	struct error err;

	(void)state;
	file_put("meta.json", "{}");
	rows_end();
	assert_int_equal(report_write(dir, &err), 0);
	assert_non_null(strstr(file_get("report.html"), "Nothing was measured."));
}

static void damaged_files_are_refused(void **state)
{
	static const struct {
		const char *name, *text;
	} cases[] = {
		{ "meta.json", "{\"host\":" }, { "meta.json", "[]" }, { "meta.json", "" },
		{ "summary.csv", "workload,strategy\ngetput,cas\n" },
		{ "summary.csv", SUMMARY "getput,cas\n" },
		{ "summary.csv", SUMMARY
		  "getput,cas,gcc,compact,x,1,,1,1,5,5,5,1,1,,,,,,,held,0,padded,candidate,,,,\n" },
		{ "ratios.csv", RATIOS "getput,compact,1\n" },
		{ "holes.csv", "workload\ngetput\n" },
	};
	struct error err;
	size_t i;

	(void)state;
	rows_usual("faster");
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *before = strdup(file_get(cases[i].name));

		err.text[0] = '\0';
		file_put(cases[i].name, cases[i].text);
		assert_int_equal(report_write(dir, &err), -EBADMSG);
		assert_non_null(strstr(err.text, cases[i].name));
		file_put(cases[i].name, before);
		free(before);
	}
	assert_int_equal(report_write(dir, &err), 0);
}

static void foreign_svg_is_refused(void **state)
{
	static const char *const bad[] = {
		"<svg><script>alert(1)</script></svg>", "<svg onload='alert(1)'></svg>",
		"<svg onload ='alert(1)'></svg>", "<svg><use href='http://x/#a'/></svg>",
		"<svg><g style='fill: url(http://x)'/></svg>", "<svg><image href='#a'/></svg>",
		"<svg><g", "<svg><!-- ", "<svg><g a=b></g></svg>", "no svg at all",
	};
	char path[256], *page;
	size_t i, length;
	FILE *out;

	(void)state;
	rows_end();
	snprintf(path, sizeof(path), "%s/a.svg", dir);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		file_put("a.svg", bad[i]);
		out = open_memstream(&page, &length);
		assert_int_equal(report_svg(out, path, 1, "alt"), -EBADMSG);
		fclose(out);
		assert_int_equal(length, 0);
		free(page);
	}
	file_put("a.svg", "<?xml version='1'?><svg viewBox=\"0 0 1 1\"><title>Gnuplot</title>"
		 "<g id='a' fill = 'url(#b)'><use xlink:href='#c'/></g></svg>");
	out = open_memstream(&page, &length);
	assert_int_equal(report_svg(out, path, 7, "a<b"), 0);
	fclose(out);
	assert_string_equal(page, "<svg role=\"img\" aria-label=\"a&lt;b\" viewBox=\"0 0 1 1\">"
			    "<g id='f7-a' fill='url(#f7-b)'><use xlink:href='#f7-c'/></g></svg>");
	free(page);
}

static void names_keep_apart(void **state)
{
	double at[] = { 0.5, 0.5, 0.5, 0.95, 1.0, 0.0 };

	(void)state;
	axis_spread(at, 6, 0.1);
	assert_true(at[5] >= 0.05 - 1e-9);
	assert_float_equal(at[0] + at[1] + at[2], 1.5, 1e-9);
	assert_true(fabs(at[0] - at[1]) >= 0.1 - 1e-9 && fabs(at[1] - at[2]) >= 0.1 - 1e-9);
	assert_true(at[4] - at[3] >= 0.1 - 1e-9 && at[4] <= 0.95 + 1e-9);
}

static void numbers_have_three_digits(void **state)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = {
		{ 0, "0" }, { 7.384, "7.38" }, { 9.996, "10.0" }, { 0.01234, "0.0123" },
		{ 123456, "123000" }, { 999.6, "1000" }, { -1.5, "-1.50" }, { 1e-6, "1.00e-06" },
		{ NAN, "-" },
	};
	char text[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(words_number(cases[i].value, text, sizeof(text)),
				    cases[i].text);
}

/* Needs gnuplot; the program that runs the tests stands in the repository's top. */
static void figures_are_drawn(void **state)
{
	struct error err;

	(void)state;
	file_put("meta.json", "{\"host\":\"`touch x` $(touch x) 'q' @x \\\\\"}");
	point("it's `touch x`", "gcc", "candidate", 1, 0, 7);
	rows_usual("faster");
	if (system("command -v gnuplot > /dev/null 2>&1"))
		skip();
	err.text[0] = '\0';
	if (figures_draw(dir, "plots", FIGURES_SVG | FIGURES_PDF, &err))
		fail_msg("%s", err.text);
	assert_non_null(strstr(file_get("plots/cost-getput-held.svg"), "it&apos;s `touch x`") ?:
			strstr(file_get("plots/cost-getput-held.svg"), "it's `touch x`"));
	assert_non_null(strstr(file_get("plots/uncontended-getput-held.pdf"), "%PDF"));
	assert_int_equal(report_write(dir, &err), 0);
	assert_non_null(strstr(file_get("report.html"), "role=\"img\""));
	assert_null(strstr(file_get("report.html"), "Figures are missing"));
}

static void no_gnuplot_is_told(void **state)
{
	char *path = strdup(getenv("PATH"));
	struct error err;

	(void)state;
	rows_usual("faster");
	setenv("PATH", "/nonexistent", 1);
	assert_int_equal(figures_draw(dir, "plots", FIGURES_SVG, &err), -ENOENT);
	setenv("PATH", path, 1);
	free(path);
	assert_non_null(strstr(err.text, "gnuplot"));
	assert_int_equal(report_write(dir, &err), 0);
	assert_non_null(strstr(file_get("report.html"), "Figures are missing"));
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_create, folder_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(fastest_and_ties),
		IN_FOLDER(one_variant_is_the_baseline),
		IN_FOLDER(few_launches_give_medians),
		cmocka_unit_test(ties_are_told_apart),
		IN_FOLDER(threshold_is_where_ties_begin_for_good),
		IN_FOLDER(hostile_names_are_text),
		IN_FOLDER(partial_runs_and_holes_are_shown),
		IN_FOLDER(nothing_measured_is_no_error),
		IN_FOLDER(damaged_files_are_refused),
		IN_FOLDER(foreign_svg_is_refused),
		cmocka_unit_test(names_keep_apart),
		cmocka_unit_test(numbers_have_three_digits),
		IN_FOLDER(figures_are_drawn),
		IN_FOLDER(no_gnuplot_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
