/*
 * Tests of harness/stats.c against SciPy's answers, by enumeration, and by properties.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/stats.h"

#define NR(array) (sizeof(array) / sizeof(*(array)))

static void assert_near(double value, double expected, double relative)
{
	if (!(fabs(value - expected) <= relative * fabs(expected)))
		fail_msg("%.17g, expected %.17g", value, expected);
}

/* Reproducible numbers (xorshift64, Marsaglia 2003). */
static uint64_t random_next(void)
{
	static uint64_t x = 88172645463325252u;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return x;
}

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
		size_t n = 1 + random_next() % NR(values);
		uint64_t distinct = trial % 2 ? 3 : 1 << 20;

		for (size_t i = 0; i < n; i++)
			values[i] = sorted[i] = (double)(random_next() % distinct);
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

static void test_drift(void **state)
{
	const double grown[] = { 1, 2, 3, 9, 11, 12, 13 };
	const double same[] = { 1, 2, 3, 9, 1, 2, 3 };
	struct stats_shift shift;

	(void)state;
	/* All of the last three are above the first three: two of the 20 orders are as far apart. */
	assert_int_equal(stats_drift(grown, 7, &shift), 0);
	assert_true(shift.estimate == 10);
	assert_true(fabs(shift.p - 0.1) < 1e-12);
	assert_int_equal(stats_drift(same, 7, &shift), 0);
	assert_true(shift.estimate == 0 && shift.p == 1);
	assert_int_equal(stats_drift(grown, 1, &shift), 0);
	assert_true(shift.p == 1 && isnan(shift.estimate));
	assert_int_equal(stats_drift(grown, 0, &shift), 0);
	assert_true(shift.p == 1);
}

/* Of 48 the interval one rank farther out is from the 16th to the 33rd, of 12 from the 2nd to the 11th. */
static void test_outlook(void **state)
{
	double values[48];
	struct stats_interval outlook;

	(void)state;
	for (int i = 0; i < 48; i++)
		values[i] = i + 1;
	assert_int_equal(stats_outlook(values, 48, 0.95, 48, &outlook), 0);
	assert_true(outlook.lo == 16 && outlook.hi == 33);
	assert_int_equal(stats_outlook(values, 12, 0.95, 12, &outlook), 0);
	assert_true(outlook.lo == 2 && outlook.hi == 11);
	/* 16 of 49 parts are 4.2 of 13, or 8.2 of 25. */
	assert_int_equal(stats_outlook(values, 12, 0.95, 48, &outlook), 0);
	assert_true(outlook.lo == 4 && outlook.hi == 9);
	assert_int_equal(stats_outlook(values, 24, 0.95, 48, &outlook), 0);
	assert_true(outlook.lo == 8 && outlook.hi == 17);
	assert_int_equal(stats_outlook(values, 1, 0.95, 1, &outlook), 0);
	assert_true(outlook.lo == 1 && outlook.hi == 1);
	assert_int_equal(stats_outlook(values, 0, 0.95, 48, &outlook), -EINVAL);
	assert_int_equal(stats_outlook(values, 12, 0.95, 11, &outlook), -EINVAL);
	assert_int_equal(stats_outlook(values, 12, 1, 48, &outlook), -EINVAL);
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
			values[i] = -log(((double)(random_next() >> 11) + 0.5) * 0x1p-53);
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
		size_t m = 1 + random_next() % NR(p), rejected = 0, small = 0;
		double alpha = (double)(1 + random_next() % 50) / 100 + 1e-9;

		for (size_t i = 0; i < m; i++)
			p[i] = (double)(random_next() % 100) / 400;
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

/*
 * Two samples in which nr_above pairs have the value of a above that of b: so many of b's values, one
 * after the other, lie below all of a's, and one below as many as are left.
 */
static void plant_ranks(double *a, size_t na, double *b, size_t nb, size_t nr_above)
{
	for (size_t i = 0; i < na; i++)
		a[i] = (double)i;
	for (size_t j = 0; j < nb; j++) {
		size_t below = nr_above < na ? nr_above : na;

		b[j] = (double)(na - below) - 0.5 - 1e-3 * (double)j;
		nr_above -= below;
	}
	assert_int_equal(nr_above, 0);
}

/*
 * SciPy 1.10: 2 * _mwu_state.cdf(u, na, nb), of mannwhitneyu(method='exact'). The other way round is
 * the same.
 */
static void test_shift_p_known(void **state)
{
	static const struct {
		size_t na, nb, u;
		double p;
	} known[] = {
		{ 1, 1, 0, 1 },
		{ 3, 3, 0, 0.1 },
		{ 3, 3, 1, 0.2 },
		{ 3, 3, 3, 0.7 },
		{ 12, 12, 0, 7.39602301050679e-07 },
		{ 12, 12, 14, 0.0003712803551274409 },
		{ 12, 12, 36, 0.03872113886920726 },
		{ 12, 12, 48, 0.1781820279599254 },
		{ 12, 12, 72, 1 },
		{ 5, 20, 10, 0.004253717297195558 },
		{ 5, 20, 33, 0.27178618482966305 },
		{ 40, 40, 0, 1.8603403656036278e-23 },
		{ 40, 40, 160, 1.6360251658144043e-11 },
		{ 40, 40, 533, 0.009807632141247103 },
	};
	struct stats_shift shift;
	double a[40], b[40];

	(void)state;
	for (size_t k = 0; k < NR(known); k++) {
		plant_ranks(a, known[k].na, b, known[k].nb, known[k].u);
		assert_int_equal(stats_shift(a, known[k].na, b, known[k].nb, 0.95, &shift), 0);
		assert_near(shift.p, known[k].p, 1e-12);
		assert_int_equal(stats_shift(b, known[k].nb, a, known[k].na, 0.95, &shift), 0);
		assert_near(shift.p, known[k].p, 1e-12);
		if (!known[k].u)
			assert_near(stats_shift_least_p(known[k].na, known[k].nb), known[k].p,
				    1e-12);
	}
}

/*
 * As above: k = 1; while 1 - 2 * _mwu_state.cdf(k, na, nb) >= level: k += 1. The differences are
 * whole numbers, each once, so that an end of the interval tells its rank.
 */
static void test_shift_interval_known(void **state)
{
	static const struct {
		size_t na, nb;
		double level;
		size_t rank;
		double coverage;
	} known[] = {
		{ 1, 1, 0.95, 1, 0 },
		{ 3, 3, 0.95, 1, 0.9 },
		{ 4, 4, 0.95, 1, 0.9714285714285714 },
		{ 5, 7, 0.95, 6, 0.952020202020202 },
		{ 12, 12, 0.95, 38, 0.9550980047009122 },
		{ 12, 9, 0.95, 27, 0.950927091484367 },
		{ 12, 12, 0.99, 28, 0.9917068393983187 },
		{ 20, 30, 0.95, 201, 0.9518705366822952 },
		{ 40, 40, 0.95, 597, 0.9501612720722599 },
	};
	struct stats_shift shift;
	double a[40], b[40], least;

	(void)state;
	for (size_t k = 0; k < NR(known); k++) {
		const size_t na = known[k].na, nb = known[k].nb;

		for (size_t i = 0; i < na; i++)
			a[i] = (double)(i * nb);
		for (size_t j = 0; j < nb; j++)
			b[j] = (double)(nb - j) + 1000;
		least = 1001 - a[na - 1];
		assert_int_equal(stats_shift(a, na, b, nb, known[k].level, &shift), 0);
		assert_near(shift.lo, least + (double)known[k].rank - 1, 0);
		assert_near(shift.hi, 1000 + (double)(nb + 1) -
			    (double)known[k].rank, 0);
		assert_near(shift.estimate, (least + 1000 + (double)nb) / 2, 0);
		assert_near(shift.coverage, known[k].coverage, 1e-12);
	}
}

/* p is the share of all ways to deal the values out of which U is as far out, or farther. */
static void test_shift_p_is_counting(void **state)
{
	double a[8], b[8], u[256], p;
	struct stats_shift shift;
	const unsigned n = 8;

	(void)state;
	for (unsigned na = 1; na < n; na++) {
		const double middle = na * (n - na) / 2.0;

		for (unsigned set = 0; set < 1u << n; set++) {
			unsigned in_a = 0;

			u[set] = 0;
			for (unsigned i = 0; i < n; i++)
				if (set >> i & 1)
					u[set] += i - in_a++;
			if (in_a != na)
				u[set] = NAN;
		}
		for (unsigned set = 0; set < 1u << n; set++) {
			size_t in_a = 0, in_b = 0, as_far = 0, all = 0;

			if (isnan(u[set]))
				continue;
			for (unsigned i = 0; i < n; i++)
				*(set >> i & 1 ? &a[in_a++] : &b[in_b++]) = i;
			for (unsigned other = 0; other < 1u << n; other++) {
				all += !isnan(u[other]);
				as_far += fabs(u[other] - middle) >= fabs(u[set] - middle);
			}
			p = (double)as_far / (double)all;
			assert_int_equal(stats_shift(a, na, b, n - na, 0.95, &shift), 0);
			assert_near(shift.p, p, 1e-12);
		}
	}
}

/* Equal values do not help: all equal say nothing, and p is never below that of a broken tie. */
static void test_shift_ties(void **state)
{
	const double same[] = { 2, 2, 2, 2, 2, 2 }, tied[] = { 1, 1, 1, 1, 1, 2 };
	const double low[] = { 1, 2, 3 }, high[] = { 3, 4, 5 };
	const double apart[] = { 0.9, 0.91, 0.92, 0.93, 0.94, 2.1 };
	struct stats_shift shift, broken;

	(void)state;
	assert_int_equal(stats_shift(same, 6, same, 6, 0.95, &shift), 0);
	assert_near(shift.p, 1, 0);
	assert_near(shift.estimate, 0, 0);
	assert_true(shift.lo == 0 && shift.hi == 0);
	assert_int_equal(stats_shift(same, 6, tied, 6, 0.95, &shift), 0);
	assert_int_equal(stats_shift(same, 6, tied, 5, 0.95, &broken), 0);
	assert_near(shift.estimate, -1, 0);
	assert_true(shift.p > broken.p);
	assert_near(shift.p, 0.015151515151515152, 1e-12);	/* U 3 of 36 */
	assert_int_equal(stats_shift(same, 6, apart, 6, 0.95, &shift), 0);
	assert_near(shift.p, 0.06493506493506493, 1e-12);	/* U 6 */
	/* U 1/2 of 9 is taken for 1 */
	assert_int_equal(stats_shift(low, 3, high, 3, 0.95, &shift), 0);
	assert_near(shift.p, 0.2, 1e-12);
}

static void test_shift_arguments(void **state)
{
	struct stats_shift shift;
	const double one[] = { 7 };

	(void)state;
	assert_int_equal(stats_shift(one, 0, one, 1, 0.95, &shift), -EINVAL);
	assert_int_equal(stats_shift(one, 1, one, 0, 0.95, &shift), -EINVAL);
	assert_int_equal(stats_shift(one, 1, one, 1, 0, &shift), -EINVAL);
	assert_int_equal(stats_shift(one, 1, one, 1, 1, &shift), -EINVAL);
	assert_true(stats_shift_least_p(500, 500) < 1e-200);
}

/* Of skewed samples the interval holds the true shift as often as said, exact or approximated. */
static void test_shift_covers(void **state)
{
	static const size_t sizes[] = { 5, 12, 41 };
	struct stats_shift shift;
	double a[41], b[41];
	unsigned covered, significant;

	(void)state;
	for (size_t k = 0; k < NR(sizes); k++) {
		covered = significant = 0;
		for (int trial = 0; trial < 2000; trial++) {
			for (size_t i = 0; i < sizes[k]; i++) {
				a[i] = -log((double)(1 + random_next() % 1000000) / 1e6);
				b[i] = 3 - log((double)(1 + random_next() % 1000000) / 1e6);
			}
			assert_int_equal(stats_shift(a, sizes[k], b, sizes[k], 0.95, &shift), 0);
			covered += shift.lo <= 3 && 3 <= shift.hi;
			for (size_t i = 0; i < sizes[k]; i++)
				b[i] -= 3;
			assert_int_equal(stats_shift(a, sizes[k], b, sizes[k], 0.95, &shift), 0);
			significant += shift.p <= 0.05;
		}
		/* three standard errors of 2000 trials are 1.5 percent */
		assert_in_range(covered, 2000 * 0.935, 2000 * 0.985);
		assert_in_range(significant, 2000 * 0.015, 2000 * 0.065);
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
		cmocka_unit_test(test_drift),
		cmocka_unit_test(test_sign_known),
		cmocka_unit_test(test_sign_far_tail),
		cmocka_unit_test(test_sign_drops_ties),
		cmocka_unit_test(test_holm_known),
		cmocka_unit_test(test_holm_is_stepping_down),
		cmocka_unit_test(test_launches_needed),
		cmocka_unit_test(test_shift_p_known),
		cmocka_unit_test(test_shift_interval_known),
		cmocka_unit_test(test_shift_p_is_counting),
		cmocka_unit_test(test_shift_ties),
		cmocka_unit_test(test_shift_arguments),
		cmocka_unit_test(test_shift_covers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
