/*
 * How far one sample lies from another: Mann and Whitney's test, Hodges and Lehmann's shift.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats.h"

/* Up to so many values, the most launches of a run by default, ranks are exact: a million steps. */
#define RANKS_EXACT 96

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

/* Two samples in ascending order, and the na nb differences of a value of b and one of a: they are not stored. */
struct differences {
	const double *a, *b;
	size_t na, nb;
};

/* What a bound parts the differences into. */
struct parts {
	size_t nr_upto;		/* differences that are at most the bound */
	double last, next;	/* the largest of them and the smallest of the others, infinite where there is none */
};

/* The larger the value of a, the more of b lie within the bound: both samples are walked through once. */
static struct parts differences_part(const struct differences *d, double bound)
{
	struct parts parts = { .last = -INFINITY, .next = INFINITY };
	size_t j = 0;

	for (size_t i = 0; i < d->na; i++) {
		while (j < d->nb && d->b[j] - d->a[i] <= bound)
			j++;
		parts.nr_upto += j;
		if (j && d->b[j - 1] - d->a[i] > parts.last)
			parts.last = d->b[j - 1] - d->a[i];
		if (j < d->nb && d->b[j] - d->a[i] < parts.next)
			parts.next = d->b[j] - d->a[i];
	}
	return parts;
}

/* The difference of a rank, counted from 0: halves the range that it lies in, whose ends are differences. */
static double differences_ranked(const struct differences *d, size_t rank)
{
	double least = d->b[0] - d->a[d->na - 1], most = d->b[d->nb - 1] - d->a[0];

	while (least < most) {
		const double half = least / 2 + most / 2;
		/* Of two neighbours the half may be rounded to the upper one. */
		const struct parts parts = differences_part(d, half < most ? half : least);

		if (rank < parts.nr_upto)
			most = parts.last;
		else
			least = parts.next;
	}
	return least;
}

/* The p of the differences: U is how many are below 0, of those that are 0 the half. */
static double shift_p(const struct ranks *ranks, const struct differences *d)
{
	const size_t nr = d->na * d->nb;
	size_t twice = differences_part(d, 0).nr_upto + differences_part(d, -DBL_TRUE_MIN).nr_upto, u;

	if (twice > nr)
		twice = 2 * nr - twice;
	u = (twice + 1) / 2;	/* a half goes towards the middle */
	return fmin(1, 2 * ranks_below(ranks, u < nr / 2 ? u : nr / 2));
}

static void shift_interval(const struct ranks *ranks, const struct differences *d, double level,
			   struct stats_shift *shift)
{
	const size_t nr = d->na * d->nb;
	size_t k = 1, beyond = nr / 2 + 2;	/* the rank that is sought is in [k, beyond) */

	while (beyond - k > 1) {
		const size_t middle = k + (beyond - k) / 2;

		if (1 - 2 * ranks_below(ranks, middle - 1) >= level)
			k = middle;
		else
			beyond = middle;
	}
	shift->coverage = fmax(0, 1 - 2 * ranks_below(ranks, k - 1));
	shift->lo = differences_ranked(d, k - 1);
	shift->hi = differences_ranked(d, nr - k);
}

int stats_shift(const double *a, size_t na, const double *b, size_t nb, double level,
		struct stats_shift *shift)
{
	const size_t nr = na * nb;
	struct differences d = { .na = na, .nb = nb };
	struct ranks ranks;
	double *sorted;

	if (!na || !nb || !(level > 0 && level < 1))
		return -EINVAL;
	sorted = malloc((na + nb) * sizeof(*sorted));
	if (!sorted)
		return -ENOMEM;
	if (ranks_init(&ranks, na, nb)) {
		free(sorted);
		return -ENOMEM;
	}
	memcpy(sorted, a, na * sizeof(*a));
	memcpy(sorted + na, b, nb * sizeof(*b));
	stats_sort(sorted, na);
	stats_sort(sorted + na, nb);
	d.a = sorted;
	d.b = sorted + na;
	shift->estimate = differences_ranked(&d, (nr - 1) / 2) / 2 + differences_ranked(&d, nr / 2) / 2;
	shift->p = shift_p(&ranks, &d);
	shift_interval(&ranks, &d, level, shift);
	free(ranks.below);
	free(sorted);
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
