/*
 * How far one sample lies from another: Mann and Whitney's test, Hodges and Lehmann's shift.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

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
	qsort(differences, nr, sizeof(*differences), stats_compare);
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
