/*
 * The rounds of one launch of one group, gathered window by window and folded into the launch's
 * values.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rounds.h"
#include "stats.h"

static const struct rounds_cell no_cell = { NAN, NAN, NAN };

void rounds_init(struct rounds *rounds, const struct samples *samples, struct tally *tally)
{
	memset(rounds, 0, sizeof(*rounds));
	rounds->samples = samples;
	rounds->tally = tally;
}

/* Makes room for nr elements. Returns the array, or NULL without memory. */
static void *array_reserve(void *array, size_t nr, size_t *size, size_t element)
{
	size_t larger = nr + nr / 2 + 8;

	if (nr <= *size)
		return array;
	array = realloc(array, larger * element);
	if (array)
		*size = larger;
	return array;
}

static int columns_reserve(struct rounds *rounds, unsigned nr)
{
	struct rounds_column *columns;

	if (nr <= rounds->nr_columns)
		return 0;
	columns = realloc(rounds->columns, nr * sizeof(*columns));
	if (!columns)
		return -ENOMEM;
	memset(columns + rounds->nr_columns, 0, (nr - rounds->nr_columns) * sizeof(*columns));
	rounds->columns = columns;
	rounds->nr_columns = nr;
	return 0;
}

/* Appends an empty round to each point's column; a point first seen now has missed all before. */
static int columns_extend(struct rounds *rounds)
{
	size_t nr = rounds->nr_rounds;
	void *cells;

	if (columns_reserve(rounds, rounds->group->nr_points))
		return -ENOMEM;
	for (unsigned p = 0; p < rounds->group->nr_points; p++) {
		struct rounds_column *column = &rounds->columns[p];

		cells = array_reserve(column->cells, nr + 1, &column->size, sizeof(no_cell));
		if (!cells)
			return -ENOMEM;
		column->cells = cells;
		if (p >= rounds->nr_begun) {
			column->fairness = NAN;
			for (size_t r = 0; r < nr; r++)
				column->cells[r] = no_cell;
		}
		column->cells[nr] = no_cell;
	}
	rounds->nr_begun = rounds->group->nr_points;
	return 0;
}

/* Adds the round that was being read to the columns and to the points' totals, if it is whole. */
static int round_close(struct rounds *rounds)
{
	if (rounds->nr_windows < rounds->round_windows)
		rounds->nr_windows = 0;
	if (!rounds->nr_windows)
		return 0;
	if (columns_extend(rounds))
		return -ENOMEM;
	for (unsigned i = 0; i < rounds->nr_windows; i++) {
		const struct rounds_window *window = &rounds->windows[i];
		struct rounds_column *column = &rounds->columns[window->point];

		column->cells[rounds->nr_rounds] = (struct rounds_cell){
			.ns_per_op = window->figure[SAMPLES_NS_PER_OP],
			.mops = window->figure[SAMPLES_MOPS],
			.window_ns = window->figure[SAMPLES_WINDOW_NS],
		};
		if (!isnan(window->figure[SAMPLES_FAIRNESS]))
			column->fairness = window->figure[SAMPLES_FAIRNESS];
		tally_window_add(&rounds->group->points[window->point], window->figure,
				 window->flags);
	}
	rounds->nr_windows = 0;
	rounds->nr_rounds++;
	return 0;
}

/*
 * A point's figures in this launch: its time per op by the median of its windows', and by all they did.
 * NAN without a window; infinite where mostly nothing was done, or nothing at all. Returns whether every
 * round has a window of it, or none.
 */
static bool point_values(const struct rounds *rounds, unsigned point, struct tally_launch *launch)
{
	const struct rounds_column *column = &rounds->columns[point];
	double mops = 0, window_ns = 0;
	size_t nr = 0;

	launch->fairness[point] = column->fairness;
	for (size_t r = 0; r < rounds->nr_rounds; r++) {
		const struct rounds_cell *cell = &column->cells[r];

		if (isnan(cell->ns_per_op))
			continue;
		rounds->ratios[nr++] = cell->ns_per_op;
		mops += cell->mops * cell->window_ns;
		window_ns += cell->window_ns;
	}
	if (!nr)
		return true;
	launch->nr_measured++;
	launch->ns_totals[point] = 1000 * (double)rounds->group->threads * window_ns / mops;
	launch->rates[point] = mops / window_ns;
	launch->ns_medians[point] = stats_median_inplace(rounds->ratios, nr);
	return nr == rounds->nr_rounds;
}

/*
 * The median of the rounds' ns(a) / ns(b) in this launch. Two windows of which neither did anything have no
 * ratio.
 */
static double pair_median(const struct rounds *rounds, unsigned a, unsigned b)
{
	const struct rounds_cell *of_a = rounds->columns[a].cells, *of_b = rounds->columns[b].cells;
	size_t nr = 0;

	for (size_t r = 0; r < rounds->nr_rounds; r++) {
		const double ratio = of_a[r].ns_per_op / of_b[r].ns_per_op;

		if (!isnan(ratio))
			rounds->ratios[nr++] = ratio;
	}
	return nr ? stats_median_inplace(rounds->ratios, nr) : NAN;
}

/* ns(a) / ns(b) in this launch by what both did in all the rounds that have both. */
static double pair_total(const struct rounds *rounds, unsigned a, unsigned b)
{
	const struct rounds_cell *of_a = rounds->columns[a].cells, *of_b = rounds->columns[b].cells;
	double mops_a = 0, mops_b = 0, window_a_ns = 0, window_b_ns = 0;

	for (size_t r = 0; r < rounds->nr_rounds; r++, of_a++, of_b++) {
		if (isnan(of_a->ns_per_op) || isnan(of_b->ns_per_op))
			continue;
		mops_a += of_a->mops * of_a->window_ns;
		mops_b += of_b->mops * of_b->window_ns;
		window_a_ns += of_a->window_ns;
		window_b_ns += of_b->window_ns;
	}
	return (mops_b / window_b_ns) / (mops_a / window_a_ns);
}

static void pairs_fold(const struct rounds *rounds, struct tally_launch *launch)
{
	for (unsigned upper = 0; upper < launch->nr_points; upper++)
		for (unsigned lower = 0; lower < upper; lower++) {
			const bool swap = (int)lower == rounds->group->baseline;
			const unsigned a = swap ? upper : lower, b = swap ? lower : upper;
			const size_t pair = tally_pair(lower, upper);

			launch->medians[pair] = pair_median(rounds, a, b);
			if (launch->totals)
				launch->totals[pair] = pair_total(rounds, a, b);
		}
}

/* All the launch's rounds are in: computes its values and forgets the rounds. */
static int launch_fold(struct rounds *rounds)
{
	struct tally_group *group = rounds->group;
	struct tally_launch *launch;
	bool whole = true;
	double *ratios;

	ratios = array_reserve(rounds->ratios, rounds->nr_rounds, &rounds->size_ratios,
			       sizeof(*ratios));
	if (!ratios)
		return -ENOMEM;
	rounds->ratios = ratios;
	launch = tally_launch_add(group, rounds->launch);
	if (!launch)
		return -ENOMEM;
	tally_baseline_choose(rounds->tally, group);
	for (unsigned point = 0; point < group->nr_points; point++)
		if (!point_values(rounds, point, launch))
			whole = false;
	if (!whole && !tally_totals_add(launch))
		return -ENOMEM;
	pairs_fold(rounds, launch);
	if (launch->nr_measured > group->most_measured)
		group->most_measured = launch->nr_measured;
	return 0;
}

static int launch_close(struct rounds *rounds, struct error *err)
{
	int ret = round_close(rounds);

	if (!ret && rounds->nr_rounds)
		ret = launch_fold(rounds);
	rounds->group = NULL;
	return ret ? error_set(err, ENOMEM, "%s: no memory", rounds->samples->csv.path) : 0;
}

static int launch_open(struct rounds *rounds, const struct sample *sample, struct error *err)
{
	struct tally_group *group = tally_group_get(rounds->tally, sample);

	if (!group)
		return error_set(err, ENOMEM, "%s: no memory", rounds->samples->csv.path);
	for (size_t i = 0; i < group->nr_launches; i++)
		if (group->launches[i]->launch == sample->launch)
			return samples_damaged(rounds->samples, err,
					       "the group came before in this launch");
	rounds->group = group;
	rounds->launch = sample->launch;
	rounds->round = sample->round;
	rounds->nr_rounds = 0;
	rounds->nr_begun = 0;
	rounds->nr_windows = 0;
	rounds->round_windows = sample->round_windows;
	return 0;
}

static int window_add(struct rounds *rounds, const struct tally_point *point,
		      const struct sample *sample)
{
	size_t size = rounds->size_windows;
	struct rounds_window *windows;

	windows = array_reserve(rounds->windows, rounds->nr_windows + 1, &size, sizeof(*windows));
	if (!windows)
		return -ENOMEM;
	rounds->windows = windows;
	rounds->size_windows = (unsigned)size;
	windows += rounds->nr_windows++;
	windows->point = (unsigned)(point - rounds->group->points);
	windows->flags = sample->flags;
	memcpy(windows->figure, sample->figure, sizeof(windows->figure));
	return 0;
}

/* Makes the sample's launch, group and round the current ones. */
static int rounds_advance(struct rounds *rounds, const struct sample *sample, struct error *err)
{
	int ret = 0;

	if (rounds->group &&
	    (rounds->launch != sample->launch || !tally_group_is(rounds->group, sample)))
		ret = launch_close(rounds, err);
	if (!ret && !rounds->group)
		ret = launch_open(rounds, sample, err);
	if (ret || rounds->round == sample->round)
		return ret;
	if (sample->round < rounds->round)
		return samples_damaged(rounds->samples, err, "the round is before the last one");
	if (round_close(rounds))
		return error_set(err, ENOMEM, "%s: no memory", rounds->samples->csv.path);
	rounds->round = sample->round;
	rounds->round_windows = sample->round_windows;
	return 0;
}

int rounds_add(struct rounds *rounds, const struct sample *sample, struct error *err)
{
	struct tally_point *point;
	int ret;

	ret = rounds_advance(rounds, sample, err);
	if (ret)
		return ret;
	/* A launch that is open has its group. NOLINTNEXTLINE(clang-analyzer-*) */
	if (sample->deferred != rounds->group->deferred)
		return samples_damaged(rounds->samples, err, "deferred differs within the group");
	point = tally_point_get(rounds->tally, rounds->group, sample);
	if (!point)
		return error_set(err, ENOMEM, "%s: no memory", rounds->samples->csv.path);
	if (sample->kind != point->kind)
		return samples_damaged(rounds->samples, err, "kind differs within the point");
	for (unsigned i = 0; i < rounds->nr_windows; i++)
		if (&rounds->group->points[rounds->windows[i].point] == point)
			return samples_damaged(rounds->samples, err,
					       "the point has two windows in this round");
	if (sample->round_windows != rounds->round_windows ||
	    (sample->round_windows && rounds->nr_windows == sample->round_windows))
		return samples_damaged(rounds->samples, err, "round_windows is not what the round has");
	if (window_add(rounds, point, sample))
		return error_set(err, ENOMEM, "%s: no memory", rounds->samples->csv.path);
	return 0;
}

int rounds_finish(struct rounds *rounds, struct error *err)
{
	return rounds->group ? launch_close(rounds, err) : 0;
}

void rounds_free(struct rounds *rounds)
{
	for (unsigned i = 0; i < rounds->nr_columns; i++)
		free(rounds->columns[i].cells);
	free(rounds->columns);
	free(rounds->windows);
	free(rounds->ratios);
}

int rounds_read(struct samples *samples, struct tally *tally, struct error *err)
{
	struct sample sample;
	struct rounds rounds;
	int ret;

	rounds_init(&rounds, samples, tally);
	while ((ret = samples_next(samples, &sample, err)) > 0) {
		ret = rounds_add(&rounds, &sample, err);
		if (ret)
			goto free_rounds;
	}
	if (!ret)
		ret = rounds_finish(&rounds, err);
	if (!ret && !tally->nr_groups)
		ret = error_set(err, ENODATA, "%s: holds no windows", samples->csv.path);
free_rounds:
	rounds_free(&rounds);
	return ret;
}
