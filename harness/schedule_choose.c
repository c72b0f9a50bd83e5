/*
 * Which points the next launches measure, by what was judged, and without those that crashed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "schedule_internal.h"

#include <limits.h>
#include <math.h>
#include <string.h>

static bool is_precise(const struct schedule *schedule, const struct schedule_point *point)
{
	return point->width.now <= schedule->precision;
}

/* Whether more launches may help. */
static bool is_open(const struct schedule *schedule, const struct schedule_point *point)
{
	return !point->left_out && !is_precise(schedule, point) && isfinite(point->width.outlook) &&
	       schedule_look_after(point->done);
}

/*
 * Without the baseline there is no ratio, and without the A/A control no floor. Where windows are long, one that
 * is known well would take a fifth of the time of the last points.
 */
static bool comes_along(const struct schedule *schedule, const struct schedule_point *point)
{
	const bool deferred = schedule->plan->groups[point->group].deferred;

	if (point->left_out || strcmp(point->cell->strategy, PLAN_BASELINE) != 0)
		return false;
	return point->cell->kind != CELL_CONTROL ||
	       (!strcmp(point->cell->variant, TALLY_CONTROL) && !(deferred && is_precise(schedule, point)));
}

static void count_active(struct schedule *schedule)
{
	schedule->nr_active = 0;
	for (unsigned i = 0; i < schedule->plan->nr_groups; i++)
		schedule->nr_active += schedule->active[i];
}

static bool is_baseline(const struct workload *cell)
{
	return !strcmp(cell->strategy, PLAN_BASELINE) && cell->kind != CELL_CONTROL;
}

void schedule_leave_out(struct schedule *schedule, unsigned point, unsigned launch)
{
	const unsigned number = schedule->points[point].group;
	const struct group *group = &schedule->plan->groups[number];
	const bool whole = is_baseline(schedule->points[point].cell);

	schedule->active[number] = false;
	for (unsigned i = group->first_point; i < group->first_point + group->nr_cells; i++) {
		struct schedule_point *other = &schedule->points[i];

		if ((whole || i == point) && !other->left_out) {
			other->left_out = launch;
			other->measured = false;
		}
		schedule->active[number] |= other->measured;
	}
	count_active(schedule);
}

/* Those of the fewest threads among the open points that may get within precision. */
static void points_choose_within(struct schedule *schedule, double precision)
{
	const struct group *groups = schedule->plan->groups;
	unsigned threads = UINT_MAX;

	for (unsigned i = 0; i < schedule->plan->nr_points; i++) {
		const struct schedule_point *point = &schedule->points[i];

		if (is_open(schedule, point) && point->width.outlook <= precision &&
		    groups[point->group].threads < threads)
			threads = groups[point->group].threads;
	}
	for (unsigned i = 0; i < schedule->plan->nr_points; i++) {
		struct schedule_point *point = &schedule->points[i];

		point->measured = is_open(schedule, point) && point->width.outlook <= precision &&
				  groups[point->group].threads == threads;
		schedule->active[point->group] |= point->measured;
	}
}

/* What the next launch measures of the active groups, beside the points that it is for. */
static void groups_complete(struct schedule *schedule)
{
	for (unsigned i = 0; i < schedule->plan->nr_points; i++) {
		struct schedule_point *point = &schedule->points[i];

		point->measured |= schedule->active[point->group] && comes_along(schedule, point);
	}
	count_active(schedule);
}

static unsigned count_imprecise(const struct schedule *schedule)
{
	unsigned last = UINT_MAX, nr = 0;

	for (unsigned i = 0; i < schedule->plan->nr_points; i++) {
		const struct schedule_point *point = &schedule->points[i];

		if (point->left_out || is_precise(schedule, point) || point->group == last)
			continue;
		last = point->group;
		nr++;
	}
	return nr;
}

/*
 * What a few launches say of many is no exact thing, and alone a point takes more time later than beside the
 * others of its group.
 */
void schedule_choose(struct schedule *schedule)
{
	bool any_open = false, any_chosen = false;

	for (unsigned i = 0; i < schedule->plan->nr_groups; i++)
		schedule->active[i] = false;
	for (unsigned i = 0; i < schedule->plan->nr_points; i++)
		any_open |= is_open(schedule, &schedule->points[i]);
	for (double reach = 6; any_open && !any_chosen; reach *= 1.5) {
		points_choose_within(schedule, reach * schedule->precision);
		for (unsigned i = 0; i < schedule->plan->nr_groups; i++)
			any_chosen |= schedule->active[i];
	}
	schedule->nr_imprecise = count_imprecise(schedule);
	groups_complete(schedule);
}

unsigned schedule_launches_to_look(const struct schedule *schedule)
{
	unsigned fewest = SCHEDULE_MOST_OF_ALL - schedule->launches;

	for (unsigned i = 0; i < schedule->plan->nr_points; i++) {
		const struct schedule_point *point = &schedule->points[i];

		if (point->measured && is_open(schedule, point) &&
		    schedule_look_after(point->done) - point->done < fewest)
			fewest = schedule_look_after(point->done) - point->done;
	}
	return fewest;
}
