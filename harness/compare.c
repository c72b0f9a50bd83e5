/*
 * Tests what changed between two runs, at three levels, and calls it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "compare_internal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"

#define SIGNIFICANT	0.05	/* of all rows together */
#define LEVEL		0.95	/* of intervals */
#define LEVEL_Z		1.959964	/* its quantile of the normal distribution */

/* Half of the rows lie within so many standard errors where nothing changed. */
#define SCATTER_Z	0.674490
#define SCATTER_ROWS	40

/* In each launch the median of those rows that are groups, or of those that are points. */
static int level_fold(const struct compare *compare, const struct compare_row *rows, size_t nr,
		      bool groups, double *samples)
{
	const size_t nr_launches = compare->a.nr_launches + compare->b.nr_launches;
	double *scratch = calloc(nr + 1, sizeof(*scratch));

	if (!scratch)
		return -ENOMEM;
	for (size_t launch = 0; launch < nr_launches; launch++) {
		size_t present = 0;

		for (size_t i = 0; i < nr; i++)
			if (groups == !rows[i].point)
				scratch[present++] = rows[i].samples[launch];
		samples[launch] = compare_median(scratch, present, scratch);
	}
	free(scratch);
	return 0;
}

static size_t groups_present(const struct compare *compare, size_t launch)
{
	size_t nr = 0;

	for (size_t i = 0; i < compare->nr_rows; i++)
		nr += !compare->rows[i].point && !isnan(compare->rows[i].samples[launch]);
	return nr;
}

/*
 * Takes the samples of launches from first to last away that have no more than half the groups of the
 * fullest: those that go on for the sake of a few groups tell of these, and not of the machine.
 */
static void scant_drop(const struct compare *compare, size_t first, size_t last, double *samples)
{
	size_t most = 0;

	for (size_t launch = first; launch < last; launch++)
		if (groups_present(compare, launch) > most)
			most = groups_present(compare, launch);
	for (size_t launch = first; launch < last; launch++)
		if (2 * groups_present(compare, launch) <= most)
			samples[launch] = NAN;
}

/* Raises *most to the change between the halves of a run's launches, where there is one. */
static int drift_find(const double *samples, size_t nr, double *most)
{
	struct stats_shift shift;

	if (stats_drift(samples, nr, &shift))
		return -ENOMEM;
	if (shift.p <= JUDGE_DRIFT_P)
		*most = fmax(*most, fabs(shift.estimate));
	return 0;
}

/*
 * The shift of the samples from A to B, beside those of the level above unless it is NULL: of the
 * launches that have both.
 */
static int samples_test(const struct compare *compare, const double *samples, const double *above,
			struct compare_change *change)
{
	const size_t nr_a = compare->a.nr_launches, nr = nr_a + compare->b.nr_launches;
	double *present = calloc(nr + 1, sizeof(*present)), sample;
	int ret = 0;

	if (!present)
		return -ENOMEM;
	*change = (struct compare_change){ .shift = { NAN, NAN, NAN, 0, 1 }, .drift = 0 };
	for (size_t i = 0; i < nr; i++) {
		sample = samples[i] - (above ? above[i] : 0);
		if (isnan(sample))
			continue;
		present[change->nr_a + change->nr_b] = sample;
		change->nr_a += i < nr_a;
		change->nr_b += i >= nr_a;
	}
	if (change->nr_a && change->nr_b)
		ret = stats_shift(present, change->nr_a, present + change->nr_a, change->nr_b, LEVEL,
				  &change->shift);
	if (!ret && above)
		ret = drift_find(present, change->nr_a, &change->drift);
	if (!ret && above)
		ret = drift_find(present + change->nr_a, change->nr_b, &change->drift);
	free(present);
	return ret;
}

static int whole_fold(struct compare *compare)
{
	const size_t nr_a = compare->a.nr_launches, nr = nr_a + compare->b.nr_launches;

	if (level_fold(compare, compare->rows, compare->nr_rows, true, compare->samples))
		return -ENOMEM;
	scant_drop(compare, 0, nr_a, compare->samples);
	scant_drop(compare, nr_a, nr, compare->samples);
	return samples_test(compare, compare->samples, NULL, &compare->whole);
}

static int levels_test(struct compare *compare)
{
	const struct compare_row *group = NULL;
	int ret = 0;

	compare->samples = compare_samples_new(compare);
	if (!compare->samples)
		return -ENOMEM;
	for (size_t i = 0; !ret && i < compare->nr_rows; i++)
		if (!compare->rows[i].point)
			ret = level_fold(compare, &compare->rows[i + 1], compare->rows[i].nr_points,
					 false, compare->rows[i].samples);
	if (!ret)
		ret = whole_fold(compare);
	for (size_t i = 0; !ret && i < compare->nr_rows; i++) {
		struct compare_row *row = &compare->rows[i];

		if (!row->point)
			group = row;
		ret = samples_test(compare, row->samples, NULL, &row->total);
		if (!ret)
			ret = samples_test(compare, row->samples,
					   /* A point follows its group. NOLINTNEXTLINE(clang-analyzer-*) */
					   row->point ? group->samples : compare->samples, &row->own);
	}
	return ret;
}

static bool is_control(const struct compare_row *row)
{
	return row->point && row->point->kind == SAMPLES_CONTROL;
}

static bool has_few(const struct compare *compare, const struct compare_row *row)
{
	const double least = stats_shift_least_p(row->own.nr_a, row->own.nr_b);

	return (double)compare->nr_judged * least > SIGNIFICANT;
}

static enum compare_verdict row_verdict(const struct compare *compare,
					const struct compare_row *row)
{
	const double change = expm1(row->own.shift.estimate);

	if (is_control(row))
		return COMPARE_CONTROL;
	if (has_few(compare, row))
		return COMPARE_FEW;
	if (isnan(row->floor))
		return COMPARE_NO_FLOOR;
	if (row->p > SIGNIFICANT || fabs(change) <= row->floor)
		return COMPARE_TIE;
	/* As far as half of it, and by more than noise. */
	if (expm1(row->own.drift) > row->floor && 2 * row->own.drift >= fabs(row->own.shift.estimate))
		return COMPARE_DRIFT;
	return change > 0 ? COMPARE_SLOWER : COMPARE_FASTER;
}

/* How far the row is from no change, in standard errors as its interval tells them. NAN without one. */
static double row_z(const struct compare_row *row)
{
	const struct stats_shift *shift = &row->own.shift;

	return shift->coverage >= LEVEL ? fabs(shift->estimate) / ((shift->hi - shift->lo) / 2 / LEVEL_Z) :
	       NAN;
}

/*
 * How many times as far apart the runs are, by the median of their rows, as launches inside the runs
 * are. More than 1 is the work of what differs between two runs alone, as which memory and which
 * neighbours; or else most rows changed. Where there are few rows nothing is known of it.
 * Source: Devlin and Roeder, Genomic control for association studies, Biometrics 55, 1999.
 */
static int scatter_find(struct compare *compare)
{
	double *z = calloc(compare->nr_rows + 1, sizeof(*z));
	size_t nr = 0;

	if (!z)
		return -ENOMEM;
	for (size_t i = 0; i < compare->nr_rows; i++) {
		z[nr] = is_control(&compare->rows[i]) ? NAN : row_z(&compare->rows[i]);
		nr += !isnan(z[nr]);
	}
	compare->scatter = 1;
	if (nr >= SCATTER_ROWS)
		compare->scatter = fmax(1, stats_median_inplace(z, nr) / SCATTER_Z);
	free(z);
	return 0;
}

/*
 * Mann and Whitney's, which ranks alone decide; where the runs scatter, not below that of the distance
 * in units of the scatter, for which no ranks tell.
 */
static double row_p(const struct compare *compare, const struct compare_row *row)
{
	const double z = row_z(row) / compare->scatter;

	return isnan(z) || compare->scatter <= 1 ? row->own.shift.p : fmax(row->own.shift.p, erfc(z / sqrt(2)));
}

/*
 * Groups and points are one family: a reader meets them all in one list. What has too few launches is
 * of it too, so that it does not make the others' test easier.
 */
static int verdicts_give(struct compare *compare)
{
	double *p = calloc(compare->nr_judged + 1, sizeof(*p));
	size_t nr = 0;
	int ret;

	if (!p)
		return -ENOMEM;
	for (size_t i = 0; i < compare->nr_rows; i++)
		if (!is_control(&compare->rows[i]))
			p[nr++] = row_p(compare, &compare->rows[i]);
	ret = stats_holm(p, nr);
	nr = 0;
	for (size_t i = 0; !ret && i < compare->nr_rows; i++) {
		struct compare_row *row = &compare->rows[i];

		row->p = is_control(row) ? NAN : p[nr++];
		row->verdict = row_verdict(compare, row);
		compare->nr_verdicts[row->verdict]++;
		if (row->verdict == COMPARE_FEW || row->verdict == COMPARE_NO_FLOOR)
			row->p = NAN;
	}
	free(p);
	return ret;
}

bool compare_whole_above(const struct compare *compare, double limit)
{
	return compare->whole.shift.coverage >= LEVEL &&
	       expm1(compare->whole.shift.lo) > limit;
}

bool compare_row_above(const struct compare_row *row, double limit)
{
	return row->verdict == COMPARE_SLOWER && expm1(row->total.shift.estimate) > limit;
}

int compare_runs(struct compare *compare, const char *a, const char *b, struct error *err)
{
	int ret;

	*compare = (struct compare){ 0 };
	ret = compare_align(compare, a, b, err);
	if (ret)
		return ret;
	if (levels_test(compare) || scatter_find(compare) || verdicts_give(compare))
		return compare_no_memory(err);
	return 0;
}

static void run_free(struct compare_run *run)
{
	json_decref(run->meta);
	tally_free(&run->tally);
	free(run->launches);
}

void compare_free(struct compare *compare)
{
	for (size_t i = 0; i < compare->nr_rows; i++)
		free(compare->rows[i].samples);
	free(compare->rows);
	free(compare->samples);
	run_free(&compare->a);
	run_free(&compare->b);
}
