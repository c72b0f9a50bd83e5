/*
 * The statistics of the method: medians, their intervals, and the test behind the verdicts.
 *
 * SPDX-License-Identifier: MIT
 *
 * Nothing here assumes a normal distribution. Values must not be NaN; infinities are ordered as
 * one would expect. The sample is what is independent: a launch, never a window.
 */
#ifndef HARNESS_STATS_H
#define HARNESS_STATS_H

#include <stddef.h>

/* For qsort() of doubles: ascending. */
int stats_compare(const void *a, const void *b);
void stats_sort(double *values, size_t n);

struct stats_interval {
	double lo, hi;
	double coverage;	/* achieved, at least; of extremes it may be below the level */
};

/* The fewest values whose extremes are an interval of 95 percent: 1 - 2 / 2^6. */
#define STATS_INTERVAL_LAUNCHES 6

/* The median, of an even n the mean of the middle two. Returns 0, -EINVAL (n is 0) or -ENOMEM. */
int stats_median(const double *values, size_t n, double *median);

/* The same without a copy: reorders values, cannot fail; n must not be 0. Linear in n. */
double stats_median_inplace(double *values, size_t n);

/*
 * The distribution-free interval of the median from the order statistics of rank r and n + 1 - r:
 * the largest r with a coverage 1 - 2 P(B < r) of at least level, B binomial (n, 1/2). It is the
 * narrowest symmetric one, for n = 12 ranks 3 and 10. Where n is too small for the level (below 6
 * at 0.95) it is the extremes, and coverage says what they give (0 for n = 1). The coverage is
 * exact for a continuous distribution and a lower limit with ties. Values may come in any order.
 * Source: Conover, Practical Nonparametric Statistics, 3rd edition, section 3.2; David and
 * Nagaraja, Order Statistics, 3rd edition, section 7.1.
 * Returns 0, -EINVAL (n is 0, or level is not inside (0, 1)) or -ENOMEM.
 */
int stats_interval(const double *values, size_t n, double level, struct stats_interval *interval);

/* The same two of values in ascending order, without a copy; for a median n must not be 0. */
double stats_sorted_median(const double *sorted, size_t n);
int stats_sorted_interval(const double *sorted, size_t n, double level, struct stats_interval *interval);

/*
 * Where the interval of `later` values will lie, each end one rank farther out, going by the quantiles
 * of the n that are there, which are in ascending order; coverage is that of later values without the
 * rank. With later = n it is the interval of these, one rank farther out. Wild values do not spoil it as
 * they do the interval of few. The ends are never outside the values. Returns 0 or -EINVAL (n is 0 or
 * above later, or level is not inside (0, 1)).
 */
int stats_sorted_outlook(const double *sorted, size_t n, double level, size_t later,
			 struct stats_interval *interval);

/*
 * The exact two-sided p of the sign test that the median is centre. Values equal to centre say
 * nothing for either side and are dropped; where none is left p is 1.
 * Source: Conover, section 3.4.
 */
double stats_sign_p(const double *values, size_t n, double centre);

/* How much larger the values of one sample are than those of another. */
struct stats_shift {
	double estimate;	/* Hodges and Lehmann's: the median of all differences */
	double lo, hi;
	double coverage;	/* of lo and hi, at least; of extremes it may be below the level */
	double p;		/* Mann and Whitney's, two-sided, that there is none */
};

/*
 * The shift from sample a to sample b, both independent and finite: b may have the distribution of a,
 * moved. The interval is Moses': from the difference of rank k to that of rank na nb + 1 - k, k the
 * largest with a coverage 1 - 2 P(U < k) of at least level, U Mann and Whitney's; with too few
 * values for the level the extremes, as above. Both are exact up to 96 values in each sample; beyond,
 * the normal approximation. Equal values count half for each side, which makes p larger, never
 * smaller.
 * Source: Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 3rd edition, sections 4.1
 * to 4.3.
 * Returns 0, -EINVAL (a sample is empty, or level is not inside (0, 1)) or -ENOMEM.
 */
int stats_shift(const double *a, size_t na, const double *b, size_t nb, double level,
		struct stats_shift *shift);

/*
 * The shift from the first half of the values to the second, which is one at random where all are from
 * one distribution, in the order in which they came; of an odd n the middle one says nothing. With n
 * below 2 p is 1 and the rest NaN. Values must be finite. Returns 0 or -ENOMEM.
 */
int stats_drift(const double *values, size_t n, struct stats_shift *shift);

/*
 * The smallest p that stats_shift() can give for samples of these sizes: all of one below all of the
 * other.
 */
double stats_shift_least_p(size_t na, size_t nb);

/*
 * Holm's correction: replaces m p values by those adjusted for all m comparisons, in their places;
 * monotone in the given ones and at most 1. It holds the family's error under any dependence.
 * Source: Holm, A simple sequentially rejective multiple test procedure, 1979.
 * Returns 0 or -ENOMEM.
 */
int stats_holm(double *p, size_t m);

/*
 * The fewest launches with which one of m comparisons can be significant at 0.05 after Holm's
 * correction, 1 + ceil(log2(m / 0.05)): the smallest p of n signs is 2^(1 - n). Fewer can only say
 * tie. For m = 0 it is 1.
 */
unsigned stats_launches_needed(size_t m);

#endif
