/*
 * The statistics of the method: medians, their intervals, and the test behind the verdicts.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats.h"

/* Up to so many values, the most launches of a run by default, ranks are exact: a million steps. */
#define RANKS_EXACT 96

static void values_swap(double *a, double *b)
{
	double swapped = *a;

	*a = *b;
	*b = swapped;
}

/* Hoare's selection: afterwards values[rank] is in its place, none before it is larger. */
static void values_select(double *values, size_t n, size_t rank)
{
	size_t first = 0, last = n - 1;

	while (first < last) {
		double pivot = values[first + (last - first) / 2];
		size_t i = first, j = last;

		for (;;) {
			while (values[i] < pivot)
				i++;
			while (pivot < values[j])
				j--;
			if (i >= j)
				break;
			values_swap(&values[i++], &values[j--]);
		}
		/* [first, i) <= pivot <= [i, last], or i == j stands on the pivot */
		if (rank <= j)
			last = j;
		else
			first = j + 1;
	}
}

double stats_median_inplace(double *values, size_t n)
{
	size_t middle = n / 2;
	double below;

	values_select(values, n, middle);
	if (n % 2)
		return values[middle];
	below = values[0];
	for (size_t i = 1; i < middle; i++)
		if (values[i] > below)
			below = values[i];
	/* Halved first, so that two large values do not overflow; equal ones (infinities) stay. */
	return below == values[middle] ? below : below / 2 + values[middle] / 2;
}

int stats_median(const double *values, size_t n, double *median)
{
	double *copy;

	if (!n)
		return -EINVAL;
	copy = malloc(n * sizeof(*copy));
	if (!copy)
		return -ENOMEM;
	memcpy(copy, values, n * sizeof(*copy));
	*median = stats_median_inplace(copy, n);
	free(copy);
	return 0;
}

/*
 * Walks over the binomial distribution (n, 1/2) from k = 0 upwards. 2^-n is far below the smallest
 * double for n in the thousands, so terms and sum are kept as multiples of 2^scale.
 */
struct binomial {
	size_t n, k;
	double term, sum;	/* P(B = k), P(B <= k) */
	int scale;
};

static void binomial_first(struct binomial *b, size_t n)
{
	*b = (struct binomial){ .n = n, .term = 1, .sum = 1, .scale = -(int)n };
}

static void binomial_next(struct binomial *b)
{
	b->term *= (double)(b->n - b->k) / (double)(b->k + 1);
	b->k++;
	b->sum += b->term;
	if (b->sum > 0x1p500) {
		b->term = ldexp(b->term, -500);
		b->sum = ldexp(b->sum, -500);
		b->scale += 500;
	}
}

/* P(B <= k) */
static double binomial_below(const struct binomial *b)
{
	return ldexp(b->sum, b->scale);
}

/* The rank of the interval's lower end, from 1; 1 also where the level cannot be had. */
static size_t interval_rank(size_t n, double level, double *coverage)
{
	struct binomial b;
	double wider;
	size_t rank = 1;

	binomial_first(&b, n);
	*coverage = 1 - 2 * binomial_below(&b);
	while (rank < (n + 1) / 2) {
		binomial_next(&b);
		wider = *coverage;
		*coverage = 1 - 2 * binomial_below(&b);
		if (*coverage < level) {
			*coverage = wider;
			break;
		}
		rank++;
	}
	return rank;
}

static int value_compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The values of a rank from below and of the same from above. Returns 0 or -ENOMEM. */
static int ends_find(const double *values, size_t n, size_t rank, struct stats_interval *interval)
{
	double *sorted = malloc(n * sizeof(*sorted));

	if (!sorted)
		return -ENOMEM;
	memcpy(sorted, values, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), value_compare);
	interval->lo = sorted[rank - 1];
	interval->hi = sorted[n - rank];
	free(sorted);
	return 0;
}

int stats_interval(const double *values, size_t n, double level, struct stats_interval *interval)
{
	if (!n || !(level > 0 && level < 1))
		return -EINVAL;
	return ends_find(values, n, interval_rank(n, level, &interval->coverage), interval);
}

int stats_outlook(const double *values, size_t n, double level, size_t later,
		  struct stats_interval *interval)
{
	double rank;

	if (!n || later < n || !(level > 0 && level < 1))
		return -EINVAL;
	/* The value of rank r of n is around the quantile r / (n + 1). */
	rank = (double)(interval_rank(later, level, &interval->coverage) - 1) *
	       (double)(n + 1) / (double)(later + 1);
	return ends_find(values, n, rank < 1.5 ? 1 : (size_t)(rank + 0.5), interval);
}

double stats_sign_p(const double *values, size_t n, double centre)
{
	size_t above = 0, below = 0, fewer;
	struct binomial b;

	for (size_t i = 0; i < n; i++) {
		above += values[i] > centre;
		below += values[i] < centre;
	}
	fewer = above < below ? above : below;
	binomial_first(&b, above + below);
	while (b.k < fewer)
		binomial_next(&b);
	return fmin(1, 2 * binomial_below(&b));
}

/*
 * P(U <= u) for u = 0 .. na nb / 2: U counts the pairs of which the value of a is above that of b. How many
 * of the orders have which U is the product over i = 1 .. na of (1 - x^(nb + i)) / (1 - x^i), whose factors
 * are taken one by one; all products between count orders, too, so that no digits are lost.
 * Source: Harding, "An efficient, minimal-storage procedure for calculating the Mann-Whitney U, generalized
 * U and similar distributions", Applied Statistics 33 (1984).
 */
static double *ranks_exact(size_t na, size_t nb)
{
	const size_t size = na * nb / 2 + 1;
	double *p = calloc(size, sizeof(*p));

	if (!p)
		return NULL;
	p[0] = 1;
	for (size_t i = 1; i <= na; i++) {
		const double share = (double)i / (double)(nb + i);

		for (size_t u = size; u-- > nb + i; )
			p[u] -= p[u - nb - i];
		for (size_t u = i; u < size; u++)
			p[u] += p[u - i];
		for (size_t u = 0; u < size; u++)
			p[u] *= share;
	}
	for (size_t u = 1; u < size; u++)
		p[u] += p[u - 1];
	return p;
}

/* The normal approximation to P(U <= u), corrected for continuity. */
static double ranks_normal(size_t na, size_t nb, double u)
{
	const double a = (double)na, b = (double)nb;

	return erfc((a * b / 2 - u - 0.5) / sqrt(a * b * (a + b + 1) / 6)) / 2;
}

/* The distribution of U; below is NULL where it is approximated. */
struct ranks {
	size_t na, nb;
	double *below;
};

static int ranks_init(struct ranks *ranks, size_t na, size_t nb)
{
	*ranks = (struct ranks){ .na = na, .nb = nb };
	if (na > RANKS_EXACT || nb > RANKS_EXACT)
		return 0;
	ranks->below = ranks_exact(na, nb);
	return ranks->below ? 0 : -ENOMEM;
}

/* P(U <= u), u at most na nb / 2 */
static double ranks_below(const struct ranks *ranks, size_t u)
{
	return ranks->below ? ranks->below[u] : ranks_normal(ranks->na, ranks->nb, (double)u);
}

/* The p of the differences b - a: U is how many are below 0, of those that are 0 the half. */
static double shift_p(const struct ranks *ranks, const double *differences, size_t nr)
{
	size_t twice = 0, u;

	for (size_t i = 0; i < nr; i++)
		twice += (differences[i] <= 0) + (differences[i] < 0);
	if (twice > nr)
		twice = 2 * nr - twice;
	u = (twice + 1) / 2;	/* a half goes towards the middle */
	return fmin(1, 2 * ranks_below(ranks, u < nr / 2 ? u : nr / 2));
}

static void shift_interval(const struct ranks *ranks, const double *sorted, size_t nr, double level,
			   struct stats_shift *shift)
{
	size_t k = 1;

	while (k <= nr / 2 && 1 - 2 * ranks_below(ranks, k) >= level)
		k++;
	shift->coverage = fmax(0, 1 - 2 * ranks_below(ranks, k - 1));
	shift->lo = sorted[k - 1];
	shift->hi = sorted[nr - k];
}

int stats_shift(const double *a, size_t na, const double *b, size_t nb, double level,
		struct stats_shift *shift)
{
	const size_t nr = na * nb;
	struct ranks ranks;
	double *differences;

	if (!na || !nb || !(level > 0 && level < 1))
		return -EINVAL;
	differences = malloc(nr * sizeof(*differences));
	if (!differences)
		return -ENOMEM;
	if (ranks_init(&ranks, na, nb)) {
		free(differences);
		return -ENOMEM;
	}
	for (size_t i = 0; i < na; i++)
		for (size_t j = 0; j < nb; j++)
			differences[i * nb + j] = b[j] - a[i];
	qsort(differences, nr, sizeof(*differences), value_compare);
	shift->estimate = differences[(nr - 1) / 2] / 2 + differences[nr / 2] / 2;
	shift->p = shift_p(&ranks, differences, nr);
	shift_interval(&ranks, differences, nr, level, shift);
	free(ranks.below);
	free(differences);
	return 0;
}

int stats_drift(const double *values, size_t n, struct stats_shift *shift)
{
	*shift = (struct stats_shift){ .estimate = NAN, .lo = NAN, .hi = NAN, .p = 1 };
	if (n < 2)
		return 0;
	return stats_shift(values, n / 2, values + n - n / 2, n / 2, 0.95, shift);
}

double stats_shift_least_p(size_t na, size_t nb)
{
	double p = 2;	/* 2 / (na + nb over na) */

	for (size_t i = 1; i <= na; i++)
		p *= (double)i / (double)(nb + i);
	return fmin(1, p);
}

static int pointee_compare(const void *a, const void *b)
{
	return value_compare(*(double *const *)a, *(double *const *)b);
}

int stats_holm(double *p, size_t m)
{
	double **order, least = 0;

	if (!m)
		return 0;
	order = malloc(m * sizeof(*order));
	if (!order)
		return -ENOMEM;
	for (size_t i = 0; i < m; i++)
		order[i] = &p[i];
	qsort(order, m, sizeof(*order), pointee_compare);
	for (size_t i = 0; i < m; i++) {
		least = fmax(least, fmin(1, (double)(m - i) * *order[i]));
		*order[i] = least;
	}
	free(order);
	return 0;
}

unsigned stats_launches_needed(size_t m)
{
	double attainable = 1;	/* p of n signs that all agree */
	unsigned n = 1;

	while ((double)m * attainable > 0.05) {
		attainable /= 2;
		n++;
	}
	return n;
}
