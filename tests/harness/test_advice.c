/*
 * Tests of what a report advises: margins against what a strategy gives up.
 *
 * SPDX-License-Identifier: MIT
 */
#include "run_folder.h"

/* Three workloads at one thread count: cell over refcount, with a verdict each. */
static void rows_of(const char *strategy, unsigned threads, const double *ratio_of, const char *const *verdicts)
{
	static const char *const workloads[] = { "one", "two", "three" };

	for (size_t i = 0; i < 3; i++) {
		if (isnan(ratio_of[i]))
			continue;
		fprintf(summary, "%s,%s,gcc,compact,%u,1,,12,9,%g,,,1,1,,,,,,,held,0,padded,candidate,,,,,0,"
			"%s,%s,,,\n", workloads[i], strategy, threads, 10 * ratio_of[i],
			!strcmp(strategy, "quick") ? "32" : "4", !strcmp(strategy, "quick") ? "2048" : "0");
		if (strcmp(strategy, "refcount") != 0)
			fprintf(ratios, "%s,compact,%u,1,,%s@gcc,refcount@gcc,12,%g,%g,%g,%s,held,0,padded,"
				"0.01,median,,0\n", workloads[i], threads, strategy, ratio_of[i],
				ratio_of[i] * 0.99, ratio_of[i] * 1.01, verdicts[i]);
	}
}

static const double same[] = { 1, 1, 1 }, much[] = { 0.1, 0.2, 0.3 }, little[] = { 0.92, 0.9, 1 };
static const char *const wins[] = { "faster", "faster", "faster" };
static const char *const two_wins[] = { "faster", "faster", "tie" };
static const char *const ties[] = { "tie", "tie", "tie" };

static const char quick_holes[] = HOLES "one,quick,gcc,churn,the strategy has no put that takes a lock\n"
	"two,quick,gcc,churn,kref_put of the strategy returns nothing\n"
	"two,quick,gcc,held,the strategy has no put that takes a lock\n";

static const char *report_md_get(void)
{
	struct error err;

	rows_end();
	assert_int_equal(report_write(dir, &err), 0);
	return file_get("report.md");
}

static void assert_says(const char *md, const char *wanted)
{
	if (!strstr(md, wanted))
		fail_msg("nowhere: \"%s\"\nin: %.1500s", wanted, md);
}

static void what_gives_up_is_named_with_its_price(void **state)
{
	const char *md;

	(void)state;
	file_put("holes.csv", quick_holes);
	file_put("meta.json", "{\"saturating\":[\"refcount\"]}");
	rows_of("refcount", 4, same, ties);
	rows_of("quick", 4, much, wins);
	md = report_md_get();
	assert_says(md, "- 4 threads on one count: stay with refcount; where you can do without what it "
		    "gives up, take quick (80.0% less time in the median, faster in 3 of the 3 workloads "
		    "that it fits). Nothing that can do all that refcount can takes 5% less time in most "
		    "workloads.\n");
	assert_says(md, "- What quick gives up: no put that takes a lock; kref_put returns nothing; a count "
		    "that leaves its range does not stick; 32 bytes an object and 2 KiB a thread.\n");
	assert_says(md, "Nothing is claimed beyond 4 threads");
	assert_null(strstr(md, "1 thread, nobody else"));
}

static void what_gives_nothing_up_needs_less(void **state)
{
	const char *md;

	(void)state;
	rows_of("refcount", 1, same, ties);
	rows_of("alike", 1, little, two_wins);
	md = report_md_get();
	assert_says(md, "- 1 thread, nobody else at the count: take alike (8.00% less time in the median, "
		    "faster in 2 of the 3 workloads that it fits). In 1 of 3 workloads nothing beats "
		    "refcount beyond the noise.\n");
	assert_says(md, "What alike gives up: nothing that this run tells; 4 bytes an object.\n");
	assert_says(md, "One thread shows no contention");
}

/* The same margin with a limit is not worth it. */
static void a_small_margin_buys_no_limit(void **state)
{
	const char *md;

	(void)state;
	file_put("holes.csv", quick_holes);
	rows_of("refcount", 1, same, ties);
	rows_of("quick", 1, little, two_wins);
	md = report_md_get();
	assert_says(md, "at the count: stay with refcount. Nothing that can do all");
	assert_null(strstr(md, "gives up"));
}

static void ties_are_no_reason_to_change(void **state)
{
	const char *md;

	(void)state;
	file_put("meta.json", "{}");
	rows_of("refcount", 2, same, ties);
	rows_of("alike", 2, little, ties);
	md = report_md_get();
	assert_says(md, "- 2 threads on one count: stay with refcount. Nothing");
	assert_says(md, "In 3 of 3 workloads nothing beats refcount beyond the noise.");
	assert_says(md, "Two threads show no scaling");
}

/* A strategy with a limit is not named beside one without that is as fast. */
static void no_limit_without_need(void **state)
{
	const char *md;

	(void)state;
	file_put("holes.csv", quick_holes);
	rows_of("refcount", 4, same, ties);
	rows_of("quick", 4, much, wins);
	rows_of("alike", 4, much, wins);
	md = report_md_get();
	assert_says(md, "take alike (80.0% less time in the median, faster in 3 of the 3 workloads that it "
		    "fits).\n");
}

static void a_long_tie_is_cut(void **state)
{
	static const char *const others[] = { "a", "b", "c", "d", "e" };
	static const double near[] = { 1.0001, 1.0001, 1.0001 };
	const char *md;

	(void)state;
	rows_of("refcount", 1, same, ties);
	for (size_t i = 0; i < 5; i++)
		rows_of(others[i], 1, near, ties);
	for (size_t i = 0; i < 5; i++)
		fprintf(ratios, "one,compact,1,1,,refcount@gcc,%s@gcc,12,1,1,1,tie,held,0,padded,0.01,"
			"median,,0\n", others[i]);
	md = report_md_get();
	assert_says(md, "**tie: refcount, a, b, c and 2 more**");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(what_gives_up_is_named_with_its_price),
		IN_FOLDER(what_gives_nothing_up_needs_less),
		IN_FOLDER(a_small_margin_buys_no_limit),
		IN_FOLDER(ties_are_no_reason_to_change),
		IN_FOLDER(no_limit_without_need),
		IN_FOLDER(a_long_tie_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
