/*
 * Tests of harness/stats_shift.c against SciPy's answers, by enumeration, and by properties: of two samples.
 *
 * SPDX-License-Identifier: MIT
 */
#include <float.h>
#include <stdbool.h>

#include "numbers.h"

#include "harness/stats.h"

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
		{ 96, 96, 3500, 0.0038670105695352446 },	/* SciPy takes minutes: in whole numbers */
	};
	struct stats_shift shift;
	double a[96], b[96];

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

/* Of coarse values, most of them equal, and of values of all magnitudes. */
static double draw(bool coarse)
{
	const double uniform = (double)(random_next(&random_state) >> 11) * 0x1p-53;

	return coarse ? floor(6 * uniform) : (uniform - 0.5) * exp(40 * uniform);
}

/* The estimate and the interval are those that all differences, put into order, have; p counts their signs. */
static void test_shift_of_all_differences(void **state)
{
	double a[140] = { 0 }, b[140] = { 0 }, all[NR(a) * NR(b)];
	struct stats_shift shift;

	(void)state;
	for (unsigned trial = 0; trial < 300; trial++) {
		const size_t na = 1 + random_next(&random_state) % NR(a);
		const size_t nb = trial % 3 ? na : 1 + random_next(&random_state) % NR(b), nr = na * nb;
		size_t k = 0, twice = 0;

		for (size_t i = 0; i < na; i++)
			a[i] = draw(trial % 2);
		for (size_t j = 0; j < nb; j++)
			b[j] = draw(trial % 2);
		for (size_t i = 0; i < nr; i++) {
			all[i] = b[i % nb] - a[i / nb];
			twice += (all[i] < 0) + (all[i] <= 0);
		}
		stats_sort(all, nr);
		assert_int_equal(stats_shift(a, na, b, nb, 0.95, &shift), 0);
		assert_near(shift.estimate, all[(nr - 1) / 2] / 2 + all[nr / 2] / 2, 0);
		while (k < nr / 2 && (all[k] != shift.lo || all[nr - 1 - k] != shift.hi))
			k++;
		assert_true(all[k] == shift.lo && all[nr - 1 - k] == shift.hi);
		if (twice == nr)
			assert_near(shift.p, 1, 0);
	}
}

/* Equal values do not help: all equal say nothing, and p is never below that of a broken tie. */
static void test_shift_ties(void **state)
{
	const double same[] = { 2, 2, 2, 2, 2, 2 }, tied[] = { 1, 1, 1, 1, 1, 2 };
	const double low[] = { 1, 2, 3 }, high[] = { 3, 4, 5 };
	const double apart[] = { 0.9, 0.91, 0.92, 0.93, 0.94, 2.1 };
	const double none[] = { 0 }, neighbours[] = { 1 + DBL_EPSILON, 1 + 2 * DBL_EPSILON };
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
	/* What lies between these two is rounded to the upper one. */
	assert_int_equal(stats_shift(none, 1, neighbours, 2, 0.95, &shift), 0);
	assert_true(shift.lo == neighbours[0] && shift.hi == neighbours[1]);
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
	static const size_t sizes[] = { 5, 12, 97 };
	struct stats_shift shift;
	double a[97], b[97];
	unsigned covered, significant;

	(void)state;
	for (size_t k = 0; k < NR(sizes); k++) {
		covered = significant = 0;
		for (int trial = 0; trial < 2000; trial++) {
			for (size_t i = 0; i < sizes[k]; i++) {
				a[i] = -log((double)(1 + random_next(&random_state) % 1000000) / 1e6);
				b[i] = 3 - log((double)(1 + random_next(&random_state) % 1000000) / 1e6);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_drift),
		cmocka_unit_test(test_shift_p_known),
		cmocka_unit_test(test_shift_interval_known),
		cmocka_unit_test(test_shift_p_is_counting),
		cmocka_unit_test(test_shift_of_all_differences),
		cmocka_unit_test(test_shift_ties),
		cmocka_unit_test(test_shift_arguments),
		cmocka_unit_test(test_shift_covers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
