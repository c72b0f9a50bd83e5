/*
 * Reads two runs, finds the points that both have, and takes each launch's sample of them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "compare_internal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "results.h"
#include "rounds.h"

/* An op that never ends takes so long, that its logarithm is a number. */
#define NEVER_NS 1e12

int compare_no_memory(struct error *err)
{
	return error_set(err, ENOMEM, "no memory to compare");
}

static int samples_load(struct compare_run *run, struct error *err)
{
	struct samples samples;
	char *path;
	int ret;

	if (asprintf(&path, "%s/samples.csv", run->directory) < 0)
		return compare_no_memory(err);
	ret = samples_open(&samples, path, err);
	free(path);
	if (ret)
		return ret;
	ret = rounds_read(&samples, &run->tally, err);
	samples_close(&samples);
	return ret;
}

static int run_load(struct compare_run *run, const char *directory, struct error *err)
{
	const char *status;
	int ret;

	run->directory = directory;
	ret = results_meta_load(&run->meta, directory, err);
	if (ret)
		return ret;
	status = json_string_value(json_object_get(run->meta, "status"));
	if (status && !strcmp(status, "void"))
		return error_set(err, EINVAL, "%s: a void run, of which no number may be used",
				 directory);
	return samples_load(run, err);
}

/* Do two lists such as `compact+scatter` have a name in common? */
static bool placements_meet(const char *a, const char *b)
{
	size_t length;

	for (; *a; a += length + (a[length] == '+')) {
		length = strcspn(a, "+");
		for (const char *at = b; *at; at += strcspn(at, "+"), at += *at == '+')
			if (strcspn(at, "+") == length && !strncmp(a, at, length))
				return true;
	}
	return false;
}

static bool groups_match(const struct tally_group *a, const struct tally_group *b)
{
	for (int i = 0; i < SAMPLES_NR_KEYS; i++)
		if (i != SAMPLES_PLACEMENT && strcmp(a->key[i], b->key[i]))
			return false;
	return placements_meet(a->key[SAMPLES_PLACEMENT], b->key[SAMPLES_PLACEMENT]);
}

static bool group_taken(const struct compare *compare, const struct tally_group *b)
{
	size_t i = 0;

	while (i < compare->nr_rows && compare->rows[i].other != b)
		i++;
	return i < compare->nr_rows;
}

/* B's group that stands beside this one of A, each only once. */
static const struct tally_group *group_find(const struct compare *compare,
					    const struct tally_group *a)
{
	const struct tally *tally = &compare->b.tally;

	for (size_t i = 0; i < tally->nr_groups; i++)
		if (groups_match(a, tally->groups[i]) && !group_taken(compare, tally->groups[i]))
			return tally->groups[i];
	return NULL;
}

/* Of a launch: the point's time per op, NAN where it has none. */
static double launch_ns(const struct tally_group *group, size_t launch, unsigned point, bool bursty)
{
	const double ns = judge_launch_ns(group, launch, point, bursty);

	return ns > NEVER_NS ? NEVER_NS : ns;
}

static bool point_measured(const struct tally_group *group, unsigned point)
{
	for (size_t i = 0; i < group->nr_launches; i++)
		if (!isnan(launch_ns(group, i, point, false)))
			return true;
	return false;
}

static size_t points_count(const struct tally *tally)
{
	size_t nr = 0;

	for (size_t i = 0; i < tally->nr_groups; i++)
		for (unsigned p = 0; p < tally->groups[i]->nr_points; p++)
			nr += tally->groups[i]->points[p].kind != SAMPLES_CONTROL &&
			      point_measured(tally->groups[i], p);
	return nr;
}

static size_t launch_index(const struct compare_run *run, uint64_t launch)
{
	size_t i = 0;

	while (i < run->nr_launches && run->launches[i] != launch)
		i++;
	return i;
}

static int launches_list(struct compare_run *run)
{
	size_t most = 0, at;

	for (size_t i = 0; i < run->tally.nr_groups; i++)
		most += run->tally.groups[i]->nr_launches;
	run->launches = calloc(most + 1, sizeof(*run->launches));
	if (!run->launches)
		return -ENOMEM;
	for (size_t i = 0; i < run->tally.nr_groups; i++)
		for (size_t l = 0; l < run->tally.groups[i]->nr_launches; l++) {
			at = launch_index(run, run->tally.groups[i]->launches[l]->launch);
			run->launches[at] = run->tally.groups[i]->launches[l]->launch;
			run->nr_launches += at == run->nr_launches;
		}
	return 0;
}

double *compare_samples_new(const struct compare *compare)
{
	const size_t nr = compare->a.nr_launches + compare->b.nr_launches;
	double *samples = calloc(nr + 1, sizeof(*samples));

	for (size_t i = 0; samples && i < nr; i++)
		samples[i] = NAN;
	return samples;
}

/* Puts the logarithms of the point's times in their launches' places from samples on. */
static void samples_fill(double *samples, const struct compare_run *run,
			 const struct tally_group *group, unsigned point, bool bursty)
{
	for (size_t i = 0; i < group->nr_launches; i++)
		samples[launch_index(run, group->launches[i]->launch)] =
			log(launch_ns(group, i, point, bursty));
}

double compare_median(const double *samples, size_t nr, double *scratch)
{
	size_t present = 0;

	for (size_t i = 0; i < nr; i++)
		if (!isnan(samples[i]))
			scratch[present++] = samples[i];
	return present ? stats_median_inplace(scratch, present) : NAN;
}

/*
 * The noise floor that the run itself judges this point of its group by; that of the A/A control for
 * the group as a whole (no point) and for the baseline.
 */
static double run_floor(const struct tally_group *group, const struct judge *judge, int point)
{
	double floor = NAN;

	for (size_t i = 0; i < judge->nr_pairs; i++) {
		const struct judge_pair *pair = &judge->pairs[i];

		if ((int)pair->b != group->baseline)
			continue;
		if ((int)pair->a == point)
			return pair->floor;
		if (tally_point_is_aa(&group->points[pair->a]))
			floor = pair->floor;
	}
	return floor;
}

/* A group that both runs have, and what each makes of it. */
struct twin_groups {
	const struct tally_group *a, *b;
	struct judge judge_a, judge_b;
};

/* The larger of both runs', NAN where one has none. */
static double twin_floor(const struct twin_groups *twin, int point_a, int point_b)
{
	const double a = run_floor(twin->a, &twin->judge_a, point_a);
	const double b = run_floor(twin->b, &twin->judge_b, point_b);

	return isnan(a) || a > b ? a : b;
}

/* Adds the point's row, its samples over the median of A's. */
static int point_add(struct compare *compare, const struct twin_groups *twin, unsigned index_a,
		     unsigned index_b)
{
	const size_t nr_a = compare->a.nr_launches, nr_b = compare->b.nr_launches;
	const bool bursty_a = twin->judge_a.points[index_a].flags & FLAGSET_BURSTY;
	const bool bursty_b = twin->judge_b.points[index_b].flags & FLAGSET_BURSTY;
	/* What one run alone met in its totals is as likely the run's as the point's. */
	const bool bursty = bursty_a && bursty_b;
	struct compare_row *row = &compare->rows[compare->nr_rows];
	double *scratch = calloc(nr_a + nr_b, sizeof(*scratch)), centre;

	*row = (struct compare_row){
		.group = twin->a, .other = twin->b, .point = &twin->a->points[index_a],
		.floor = twin_floor(twin, (int)index_a, (int)index_b),
		.samples = compare_samples_new(compare),
		.bursty_a = bursty_a, .bursty_b = bursty_b,
	};
	if (!scratch || !row->samples) {
		free(scratch);
		free(row->samples);
		return -ENOMEM;
	}
	compare->nr_rows++;
	samples_fill(row->samples, &compare->a, twin->a, index_a, bursty);
	samples_fill(row->samples + nr_a, &compare->b, twin->b, index_b, bursty);
	centre = compare_median(row->samples, nr_a, scratch);
	row->ns_a = exp(centre);
	row->ns_b = exp(compare_median(row->samples + nr_a, nr_b, scratch));
	for (size_t i = 0; i < nr_a + nr_b; i++)
		row->samples[i] -= centre;
	free(scratch);
	return 0;
}

static int point_find(const struct tally_group *group, const struct tally_point *point)
{
	for (unsigned i = 0; i < group->nr_points; i++)
		if (!strcmp(group->points[i].strategy, point->strategy) &&
		    !strcmp(group->points[i].variant, point->variant))
			return (int)i;
	return -1;
}

/* Adds a row for the group and one for each of its points that both runs have. */
static int group_add(struct compare *compare, const struct twin_groups *twin)
{
	const size_t at = compare->nr_rows;
	size_t nr_judged = 0;
	int other, ret = 0;

	compare->rows[at] = (struct compare_row){
		.group = twin->a, .other = twin->b, .floor = twin_floor(twin, -1, -1),
		.samples = compare_samples_new(compare),
	};
	compare->nr_rows++;
	if (!compare->rows[at].samples)
		return -ENOMEM;
	for (unsigned i = 0; !ret && i < twin->a->nr_points; i++) {
		other = point_find(twin->b, &twin->a->points[i]);
		if (other < 0 || !point_measured(twin->a, i) ||
		    !point_measured(twin->b, (unsigned)other))
			continue;
		ret = point_add(compare, twin, i, (unsigned)other);
		nr_judged += twin->a->points[i].kind != SAMPLES_CONTROL;
	}
	compare->rows[at].nr_points = compare->nr_rows - at - 1;
	compare->nr_judged += nr_judged + 1;
	compare->only_a -= nr_judged;
	compare->only_b -= nr_judged;
	if (ret || nr_judged)
		return ret;
	/* Controls alone are nothing to compare. */
	while (compare->nr_rows > at)
		/* Each row that is taken again is made again. NOLINTNEXTLINE(clang-analyzer-*) */
		free(compare->rows[--compare->nr_rows].samples);
	compare->nr_judged--;
	return 0;
}

static int groups_judge_and_add(struct compare *compare, const struct tally_group *a,
				const struct tally_group *b)
{
	struct twin_groups twin = { .a = a, .b = b };
	int ret = judge_group(a, &twin.judge_a);

	if (!ret)
		ret = judge_group(b, &twin.judge_b);
	if (!ret)
		ret = group_add(compare, &twin);
	judge_free(&twin.judge_a);
	judge_free(&twin.judge_b);
	return ret;
}

static int groups_align(struct compare *compare)
{
	const struct tally *a = &compare->a.tally;
	const struct tally_group *other;
	size_t most = 0;
	int ret = 0;

	compare->only_a = points_count(a);
	compare->only_b = points_count(&compare->b.tally);
	for (size_t i = 0; i < a->nr_groups; i++)
		most += a->groups[i]->nr_points + 1;
	compare->rows = calloc(most + 1, sizeof(*compare->rows));
	if (!compare->rows || launches_list(&compare->a) || launches_list(&compare->b))
		return -ENOMEM;
	for (size_t i = 0; !ret && i < a->nr_groups; i++) {
		other = group_find(compare, a->groups[i]);
		if (other)
			ret = groups_judge_and_add(compare, a->groups[i], other);
	}
	return ret;
}

int compare_align(struct compare *compare, const char *a, const char *b, struct error *err)
{
	int ret = run_load(&compare->a, a, err);

	if (!ret)
		ret = run_load(&compare->b, b, err);
	if (ret)
		return ret;
	if (groups_align(compare))
		return compare_no_memory(err);
	if (!compare->nr_rows)
		return error_set(err, ENODATA, "%s and %s have no point in common", a, b);
	return 0;
}
