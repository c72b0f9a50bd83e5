/*
 * Medians, their intervals, the sign test, and what is corrected for many tests.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats.h"

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

/* Halved first, so that two large values do not overflow; equal ones (infinities) stay. */
static double middle_of(double below, double above)
{
	return below == above ? below : below / 2 + above / 2;
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
	return middle_of(below, values[middle]);
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

int stats_compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

void stats_sort(double *values, size_t n)
{
	qsort(values, n, sizeof(*values), stats_compare);
}

double stats_sorted_median(const double *sorted, size_t n)
{
	return middle_of(sorted[(n - 1) / 2], sorted[n / 2]);
}

/* The values of a rank from below and of the same from above. */
static void ends_find(const double *sorted, size_t n, size_t rank, struct stats_interval *interval)
{
	interval->lo = sorted[rank - 1];
	interval->hi = sorted[n - rank];
}

int stats_sorted_interval(const double *sorted, size_t n, double level, struct stats_interval *interval)
{
	if (!n || !(level > 0 && level < 1))
		return -EINVAL;
	ends_find(sorted, n, interval_rank(n, level, &interval->coverage), interval);
	return 0;
}

int stats_sorted_outlook(const double *sorted, size_t n, double level, size_t later,
			 struct stats_interval *interval)
{
	double rank;

	if (!n || later < n || !(level > 0 && level < 1))
		return -EINVAL;
	/* The value of rank r of n is around the quantile r / (n + 1). */
	rank = (double)(interval_rank(later, level, &interval->coverage) - 1) *
	       (double)(n + 1) / (double)(later + 1);
	ends_find(sorted, n, rank < 1.5 ? 1 : (size_t)(rank + 0.5), interval);
	return 0;
}

int stats_interval(const double *values, size_t n, double level, struct stats_interval *interval)
{
	double *sorted = malloc((n + 1) * sizeof(*sorted));
	int ret;

	if (!sorted)
		return -ENOMEM;
	memcpy(sorted, values, n * sizeof(*sorted));
	stats_sort(sorted, n);
	ret = stats_sorted_interval(sorted, n, level, interval);
	free(sorted);
	return ret;
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

static int pointee_compare(const void *a, const void *b)
{
	return stats_compare(*(double *const *)a, *(double *const *)b);
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
