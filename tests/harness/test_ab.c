/*
 * Tests of harness/ab.c: which of two variants is the change, and what it may cost.
 *
 * SPDX-License-Identifier: MIT
 */
#include "run_folder.h"

#include "harness/ab.h"

static char *told;

/* Returns what ab_print() does. */
static int printed(bool other_commit, double fail_above)
{
	struct error err = { "" };
	size_t length;
	FILE *out = open_memstream(&told, &length);
	int ret;

	assert_non_null(out);
	ret = ab_print(dir, other_commit, fail_above, out, &err);
	assert_int_equal(fclose(out), 0);
	return ret;
}

/* b of cas takes so many times the time of what is here, b of mutex as long. */
static void rows(double value, const char *verdict)
{
	point("refcount", "gcc", "candidate", 1, 0, 10);
	point("cas", "gcc", "candidate", 1, 0, 10);
	point("cas", "b", "candidate", 1, 0, 10 * value);
	point("mutex", "gcc", "candidate", 1, 0, 30);
	point("mutex", "b", "candidate", 1, 0, 30);
	ratio("cas@b", "cas@gcc", 1, 0, value, verdict);
	ratio("mutex@gcc", "mutex@b", 1, 0, 1, *verdict ? "tie" : "");
	rows_end();
}

static void b_is_the_change(void **state)
{
	(void)state;
	rows(2, "slower");
	assert_int_equal(printed(false, NAN), 0);
	assert_non_null(strstr(told, "b against what is here, in"));
	assert_non_null(strstr(told, "slower  +100.00% [ +99.00% +101.00%]  getput, held, 1 thread: cas"));
	assert_non_null(strstr(told, "1 slower, 0 faster, 1 tie"));
	assert_null(strstr(told, "limit"));
	free(told);
	assert_int_equal(printed(false, 0.5), 1);
	assert_non_null(strstr(told, "limit 50%: failed"));
	free(told);
	assert_int_equal(printed(false, 1.1), 0);
	assert_non_null(strstr(told, "limit 110%: passed"));
	free(told);
}

/* Then b is what there was before. */
static void what_is_here_is_the_change_beside_another_commit(void **state)
{
	(void)state;
	rows(2, "slower");
	assert_int_equal(printed(true, 0.03), 0);
	assert_non_null(strstr(told, "What is here against the other commit, in"));
	assert_non_null(strstr(told, "faster   -50.00%"));
	assert_non_null(strstr(told, "0 slower, 1 faster, 1 tie"));
	free(told);
	summary = csv_start("summary.csv", SUMMARY);
	ratios = csv_start("ratios.csv", RATIOS);
	rows(0.5, "faster");
	assert_int_equal(printed(true, 0.03), 1);
	assert_non_null(strstr(told, "1 slower, 0 faster, 1 tie"));
	free(told);
}

static void too_few_launches_pass_no_limit(void **state)
{
	(void)state;
	rows(2, "");
	assert_int_equal(printed(false, 0.03), 2);
	assert_non_null(strstr(told, "2 without a verdict"));
	free(told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(b_is_the_change),
		IN_FOLDER(what_is_here_is_the_change_beside_another_commit),
		IN_FOLDER(too_few_launches_pass_no_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
