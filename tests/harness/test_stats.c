/*
 * Tests of harness/stats.c against SciPy's answers, by enumeration, and by properties: of one sample.
 *
 * SPDX-License-Identifier: MIT
 */
#include "numbers.h"

#include "harness/stats.h"

static int double_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void test_median_known(void **state)
{
	double odd[] = { 5, 1, 9 }, even[] = { 4, 1, 3, 2 }, huge[] = { 1.5e308, 1.7e308 };
	double ends[] = { INFINITY, 1, INFINITY }, median;

	(void)state;
	assert_int_equal(stats_median(odd, 3, &median), 0);
	assert_true(median == 5);
	assert_true(odd[0] == 5 && odd[1] == 1 && odd[2] == 9);
	assert_int_equal(stats_median(odd, 1, &median), 0);
	assert_true(median == 5);
	assert_int_equal(stats_median(even, 4, &median), 0);
	assert_true(median == 2.5);
	assert_int_equal(stats_median(huge, 2, &median), 0);
	assert_near(median, 1.6e308, 1e-15);
	assert_int_equal(stats_median(ends, 3, &median), 0);
	assert_true(isinf(median));
	assert_int_equal(stats_median(odd, 0, &median), -EINVAL);
}

/* Selection against sorting, with many ties (few distinct values) and without. */
static void test_median_is_sorting(void **state)
{
	double values[257], sorted[257], expected;

	(void)state;
	for (int trial = 0; trial < 5000; trial++) {
		size_t n = 1 + random_next(&random_state) % NR(values);
		uint64_t distinct = trial % 2 ? 3 : 1 << 20;

		for (size_t i = 0; i < n; i++)
			values[i] = sorted[i] = (double)(random_next(&random_state) % distinct);
		qsort(sorted, n, sizeof(*sorted), double_compare);
		expected = (sorted[n / 2] + sorted[(n - 1) / 2]) / 2;
		assert_true(stats_median_inplace(values, n) == expected);
	}
}

/*
 * SciPy: r = 1; while r + 1 <= (n + 1) // 2 and 1 - 2 * binom.cdf(r, n, .5) >= level: r += 1;
 * coverage 1 - 2 * binom.cdf(r - 1, n, .5).
 */
static void test_interval_known(void **state)
{
	static const struct {
		size_t n;
		double level;
		size_t rank;
		double coverage;
	} known[] = {
		{ 1, 0.95, 1, 0 },
		{ 2, 0.95, 1, 0.5 },
		{ 5, 0.95, 1, 0.9375 },
		{ 6, 0.95, 1, 0.96875 },
		{ 7, 0.95, 1, 0.984375 },
		{ 8, 0.95, 1, 0.9921875 },
		{ 9, 0.95, 2, 0.9609375 },
		{ 11, 0.95, 2, 0.98828125 },
		{ 12, 0.95, 3, 0.96142578125 },
		{ 13, 0.95, 3, 0.9775390625 },
		{ 20, 0.95, 6, 0.958610534667969 },
		{ 25, 0.95, 8, 0.956714749336243 },
		{ 50, 0.95, 18, 0.967160862435732 },
		{ 100, 0.95, 40, 0.964799799782295 },
		{ 1000, 0.95, 469, 0.953708802639502 },
		{ 5000, 0.95, 2431, 0.950684141895829 },
		{ 12, 0.99, 2, 0.99365234375 },
		{ 12, 0.5, 5, 0.6123046875 },
		{ 100, 0.99, 37, 0.993362879484074 },
		{ 7, 0.99, 1, 0.984375 },
		{ 8, 0.99, 1, 0.9921875 },
		{ 9, 0.9609375, 2, 0.9609375 },
	};
	struct stats_interval interval;
	double values[5000];

	(void)state;
	for (size_t k = 0; k < NR(known); k++) {
		/* the value is the rank; descending, so that the order must not matter */
		for (size_t i = 0; i < known[k].n; i++)
			values[i] = (double)(known[k].n - i);
		assert_int_equal(stats_interval(values, known[k].n, known[k].level, &interval), 0);
		assert_near(interval.lo, (double)known[k].rank, 0);
		assert_near(interval.hi, (double)(known[k].n + 1 - known[k].rank), 0);
		assert_near(interval.coverage, known[k].coverage, 1e-12);
		assert_true(values[0] == (double)known[k].n);
	}
}

static void test_interval_arguments(void **state)
{
	struct stats_interval interval;
	double one[] = { 7.5 };

	(void)state;
	assert_int_equal(stats_interval(one, 1, 0.95, &interval), 0);
	assert_true(interval.lo == 7.5 && interval.hi == 7.5);
	assert_int_equal(stats_interval(one, 0, 0.95, &interval), -EINVAL);
	assert_int_equal(stats_interval(one, 1, 0, &interval), -EINVAL);
	assert_int_equal(stats_interval(one, 1, 1, &interval), -EINVAL);
	assert_int_equal(stats_interval(one, 1, NAN, &interval), -EINVAL);
}

/* Of 48 the interval one rank farther out is from the 16th to the 33rd, of 12 from the 2nd to the 11th. */
static void test_outlook(void **state)
{
	double values[48];
	struct stats_interval outlook;

	(void)state;
	for (int i = 0; i < 48; i++)
		values[i] = i + 1;
	assert_int_equal(stats_sorted_outlook(values, 48, 0.95, 48, &outlook), 0);
	assert_true(outlook.lo == 16 && outlook.hi == 33);
	assert_int_equal(stats_sorted_outlook(values, 12, 0.95, 12, &outlook), 0);
	assert_true(outlook.lo == 2 && outlook.hi == 11);
	/* 16 of 49 parts are 4.2 of 13, or 8.2 of 25. */
	assert_int_equal(stats_sorted_outlook(values, 12, 0.95, 48, &outlook), 0);
	assert_true(outlook.lo == 4 && outlook.hi == 9);
	assert_int_equal(stats_sorted_outlook(values, 24, 0.95, 48, &outlook), 0);
	assert_true(outlook.lo == 8 && outlook.hi == 17);
	assert_int_equal(stats_sorted_outlook(values, 1, 0.95, 1, &outlook), 0);
	assert_true(outlook.lo == 1 && outlook.hi == 1);
	assert_int_equal(stats_sorted_outlook(values, 0, 0.95, 48, &outlook), -EINVAL);
	assert_int_equal(stats_sorted_outlook(values, 12, 0.95, 11, &outlook), -EINVAL);
	assert_int_equal(stats_sorted_outlook(values, 12, 1, 48, &outlook), -EINVAL);
}

/* The promise itself: of skewed samples the interval holds the true median as often as said. */
static void test_interval_covers(void **state)
{
	enum { NR_TRIALS = 40000, NR_VALUES = 12 };
	struct stats_interval interval;
	double values[NR_VALUES], spread;
	int held = 0;

	(void)state;
	for (int trial = 0; trial < NR_TRIALS; trial++) {
		for (int i = 0; i < NR_VALUES; i++)	/* exponential: median ln 2 */
			values[i] = -log(((double)(random_next(&random_state) >> 11) + 0.5) * 0x1p-53);
		assert_int_equal(stats_interval(values, NR_VALUES, 0.95, &interval), 0);
		held += interval.lo < log(2) && log(2) < interval.hi;
	}
	spread = sqrt(interval.coverage * (1 - interval.coverage) / NR_TRIALS);
	if (fabs((double)held / NR_TRIALS - interval.coverage) > 4 * spread)
		fail_msg("held in %d of %d", held, NR_TRIALS);
}

/* SciPy: binomtest(above, above + below, .5).pvalue */
static void test_sign_known(void **state)
{
	static const struct {
		size_t above, below;
		double p;
	} known[] = {
		{ 0, 0, 1 },
		{ 1, 0, 1 },
		{ 6, 0, 0.03125 },
		{ 0, 6, 0.03125 },
		{ 5, 1, 0.21875 },
		{ 3, 3, 1 },
		{ 12, 0, 0.00048828125 },
		{ 1, 11, 0.00634765625 },
		{ 2, 10, 0.03857421875 },
		{ 7, 13, 0.263175964355469 },
		{ 40, 60, 0.0568879336409809 },
		{ 480, 520, 0.217448293204141 },
		{ 2400, 2600, 0.00488364973751758 },
		{ 5000, 5000, 1 },
	};
	double values[10000];

	(void)state;
	for (size_t k = 0; k < NR(known); k++) {
		size_t n = known[k].above + known[k].below;

		for (size_t i = 0; i < n; i++)
			values[i] = i < known[k].above ? 1.5 : 0.5;
		assert_near(stats_sign_p(values, n, 1), known[k].p, 1e-10);
	}
}

/* Where doubles are too coarse for 2^-n alone: P(B = 0) of n = 1060 is 2^-1060, p twice that. */
static void test_sign_far_tail(void **state)
{
	double values[1060];

	(void)state;
	for (size_t i = 0; i < NR(values); i++)
		values[i] = 2;
	assert_true(stats_sign_p(values, NR(values), 1) == ldexp(1, -1059));
}

static void test_sign_drops_ties(void **state)
{
	double values[] = { 1, 2, 2, 1, 2, 2, 1, 2, INFINITY, 1 };

	(void)state;
	assert_true(stats_sign_p(values, NR(values), 1) == 0.03125);
	assert_true(stats_sign_p(values, 1, 1) == 1);
	assert_true(stats_sign_p(values, 0, 1) == 1);
}

/*
 * By hand, and R: p.adjust(c(0.04, 0.01, 0.03, 0.005), "holm") is 0.06 0.03 0.06 0.02;
 * p.adjust(c(0.6, 0.5, 0.01), "holm") is 1 1 0.03.
 */
static void test_holm_known(void **state)
{
	double four[] = { 0.04, 0.01, 0.03, 0.005 }, three[] = { 0.6, 0.5, 0.01 }, one[] = { 0.2 };

	(void)state;
	assert_int_equal(stats_holm(four, 4), 0);
	assert_near(four[0], 0.06, 1e-15);
	assert_near(four[1], 0.03, 1e-15);
	assert_near(four[2], 0.06, 1e-15);
	assert_near(four[3], 0.02, 1e-15);
	assert_int_equal(stats_holm(three, 3), 0);
	assert_true(three[0] == 1 && three[1] == 1);
	assert_near(three[2], 0.03, 1e-15);
	assert_int_equal(stats_holm(one, 1), 0);
	assert_true(one[0] == 0.2);
	assert_int_equal(stats_holm(NULL, 0), 0);
}

/*
 * Against Holm's own procedure: reject the smallest p while p <= alpha / (those left); at each
 * alpha the same ones as adjusted p <= alpha.
 */
static void test_holm_is_stepping_down(void **state)
{
	double p[8], adjusted[8], sorted[8];

	(void)state;
	for (int trial = 0; trial < 2000; trial++) {
		size_t m = 1 + random_next(&random_state) % NR(p), rejected = 0, small = 0;
		double alpha = (double)(1 + random_next(&random_state) % 50) / 100 + 1e-9;

		for (size_t i = 0; i < m; i++)
			p[i] = (double)(random_next(&random_state) % 100) / 400;
		memcpy(adjusted, p, sizeof(p));
		memcpy(sorted, p, sizeof(p));
		qsort(sorted, m, sizeof(*sorted), double_compare);
		while (rejected < m && sorted[rejected] <= alpha / (double)(m - rejected))
			rejected++;
		assert_int_equal(stats_holm(adjusted, m), 0);
		for (size_t i = 0; i < m; i++) {
			small += adjusted[i] <= alpha;
			assert_true(adjusted[i] >= p[i] && adjusted[i] <= 1);
			for (size_t j = 0; j < m; j++)
				assert_true(p[i] > p[j] || adjusted[i] <= adjusted[j]);
		}
		assert_int_equal(small, rejected);
	}
}

/* 1 + ceil(log2(m / 0.05)): with so many launches a p can pass Holm, with one fewer none can. */
static void test_launches_needed(void **state)
{
	(void)state;
	assert_int_equal(stats_launches_needed(0), 1);
	assert_int_equal(stats_launches_needed(1), 6);
	assert_int_equal(stats_launches_needed(51), 11);
	assert_int_equal(stats_launches_needed(52), 12);
	assert_int_equal(stats_launches_needed(102), 12);
	assert_int_equal(stats_launches_needed(103), 13);
	for (size_t m = 1; m < 3000; m++) {
		unsigned n = stats_launches_needed(m);

		assert_int_equal(n, 1 + ceil(log2((double)m / 0.05)));
		assert_true((double)m * ldexp(1, 1 - (int)n) <= 0.05);
		assert_true((double)m * ldexp(1, 2 - (int)n) > 0.05);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_median_known),
		cmocka_unit_test(test_median_is_sorting),
		cmocka_unit_test(test_interval_known),
		cmocka_unit_test(test_interval_arguments),
		cmocka_unit_test(test_interval_covers),
		cmocka_unit_test(test_outlook),
		cmocka_unit_test(test_sign_known),
		cmocka_unit_test(test_sign_far_tail),
		cmocka_unit_test(test_sign_drops_ties),
		cmocka_unit_test(test_holm_known),
		cmocka_unit_test(test_holm_is_stepping_down),
		cmocka_unit_test(test_launches_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
