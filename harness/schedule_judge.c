/*
 * How well the ratios of the points are known, by the samples so far.
 *
 * SPDX-License-Identifier: MIT
 */
#include "schedule_internal.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rounds.h"

static bool number_is(const char *text, unsigned number)
{
	char *end;

	return strtoul(text, &end, 10) == number && end != text && !*end;
}

int schedule_group(const struct plan *plan, const char *const *key)
{
	for (unsigned i = 0; i < plan->nr_groups; i++) {
		const struct group *group = &plan->groups[i];

		if (!strcmp(key[SAMPLES_WORKLOAD], group->workload) &&
		    !strcmp(key[SAMPLES_SETTING], plan_setting_name(group->setting)) &&
		    !strcmp(key[SAMPLES_PLACEMENT], group->placements) &&
		    !strcmp(key[SAMPLES_LAYOUT], group->packed ? "packed" : "padded") &&
		    number_is(key[SAMPLES_THREADS], group->threads) &&
		    number_is(key[SAMPLES_OBJECTS], group->objects) &&
		    number_is(key[SAMPLES_WORK_NS], group->work_ns) &&
		    number_is(key[SAMPLES_REPLACE], group->replace))
			return (int)i;
	}
	return -1;
}

static bool is_at_look(const struct schedule_point *point)
{
	return schedule_look_after(point->done - 1) == point->done;
}

/* The point of the judged group that the plan's is, -1 where it has none. */
static int point_find(const struct tally_group *judged, const struct workload *cell)
{
	for (unsigned i = 0; i < judged->nr_points; i++)
		if (!strcmp(judged->points[i].strategy, cell->strategy) &&
		    !strcmp(judged->points[i].variant, cell->variant))
			return (int)i;
	return -1;
}

/* The widest of what the home nodes that the group met say. */
static int group_judge(struct schedule *schedule, const struct tally_group *measured,
		       unsigned group)
{
	const struct group *planned = &schedule->plan->groups[group];
	struct schedule_point *point = &schedule->points[planned->first_point];
	const struct schedule_point *end = point + planned->nr_cells;
	struct judge_width width;
	struct judge judge;
	int error = judge_group(measured, &judge);

	for (; !error && point < end; point++) {
		const int index = point_find(measured, point->cell);

		if (index < 0 || !is_at_look(point))
			continue;
		width = judge_width(measured, &judge, (unsigned)index);
		point->width.now = fmax(point->width.now, width.now);
		point->width.outlook = fmax(point->width.outlook, width.outlook);
	}
	judge_free(&judge);
	return error;
}

/*
 * Looks at all points of the groups that were measured, if they have as many launches as a look is
 * after: how a point is judged depends on the A/A control, which may have got more of them.
 */
static int points_judge(struct schedule *schedule, const struct tally *tally)
{
	int error = 0;

	for (unsigned i = 0; i < schedule->plan->nr_points; i++) {
		struct schedule_point *point = &schedule->points[i];

		if (schedule->active[point->group] && is_at_look(point))
			point->width = (struct judge_width){ 0, 0 };
	}
	for (size_t i = 0; !error && i < tally->nr_groups; i++) {
		/* A home node may make two of one. */
		const int group = schedule_group(schedule->plan,
						 (const char *const *)tally->groups[i]->key);

		if (group >= 0 && schedule->active[group])
			error = group_judge(schedule, tally->groups[i], (unsigned)group);
	}
	return error;
}

int schedule_judge(struct schedule *schedule, const char *directory, struct error *err)
{
	struct tally tally = { 0 };
	struct samples samples;
	char *path;
	int error;

	if (asprintf(&path, "%s/samples.csv", directory) < 0)
		return error_set(err, ENOMEM, "no memory to judge the points");
	error = samples_open(&samples, path, err);
	if (!error) {
		error = rounds_read(&samples, &tally, err);
		if (!error && points_judge(schedule, &tally))
			error = error_set(err, ENOMEM, "no memory to judge the points");
		samples_close(&samples);
	}
	tally_free(&tally);
	free(path);
	return error;
}
