/*
 * Tests of what a run is found to say: the fastest, the ties, the work that hides the choice.
 *
 * SPDX-License-Identifier: MIT
 */
#include "run_folder.h"

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

/* state: the kind */
static void a_peer_never_wins(void **state)
{
	const char *kind = *state;
	struct results results;
	struct finding finding;
	struct error err;
	char told[32];
	size_t i;

	snprintf(told, sizeof(told), "<td>%s, faster", kind);
	point("theirs", "gcc", kind, 1, 0, 1);
	ratio("theirs@gcc", "refcount@gcc", 1, 0, 0.1, "faster");
	rows_usual("faster");
	assert_int_equal(results_load(&results, dir, &err), 0);
	assert_int_equal(finding_make(&finding, &results.groups[0]), 0);
	assert_string_equal(finding.fastest->strategy, "fast");
	for (i = 0; i < finding.nr_ties; i++)
		assert_string_not_equal(finding.ties[i]->strategy, "theirs");
	finding_free(&finding);
	results_free(&results);
	assert_int_equal(report_write(dir, &err), 0);
	assert_non_null(strstr(file_get("report.html"), told));
	assert_null(strstr(file_get("report.md"), "theirs"));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(fastest_and_ties),
		cmocka_unit_test_prestate_setup_teardown(a_peer_never_wins, folder_create, folder_remove,
							 (void *)"peer"),
		cmocka_unit_test_prestate_setup_teardown(a_peer_never_wins, folder_create, folder_remove,
							 (void *)"aid"),
		IN_FOLDER(one_variant_is_the_baseline),
		IN_FOLDER(few_launches_give_medians),
		cmocka_unit_test(ties_are_told_apart),
		IN_FOLDER(threshold_is_where_ties_begin_for_good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
