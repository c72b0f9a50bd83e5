/*
 * Looks at what was measured and plans further launches of the points that need them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "schedule.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "budget.h"
#include "rounds.h"

/* After the first there is a 95 percent interval, and power for the comparisons with the baseline. */
static const unsigned looks[] = { 12, 16, 24, 32, 48, JUDGE_MOST_LAUNCHES };

#define NR_LOOKS (sizeof(looks) / sizeof(*looks))

unsigned schedule_look_after(unsigned launches)
{
	for (unsigned i = 0; i < NR_LOOKS; i++)
		if (looks[i] > launches)
			return looks[i];
	return 0;
}

unsigned schedule_sample_turns(const struct options *options)
{
	return options->launches && options->launches < looks[0] ? options->launches : looks[0];
}

unsigned schedule_most(const struct schedule *schedule)
{
	return schedule->precision ? SCHEDULE_MOST_OF_ALL : schedule->launches;
}

/* Nothing is known yet: all points are measured. */
static void points_init(struct schedule *schedule)
{
	for (unsigned g = 0; g < schedule->plan->nr_groups; g++) {
		const struct group *group = &schedule->plan->groups[g];

		schedule->active[g] = true;
		for (unsigned i = 0; i < group->nr_cells; i++)
			schedule->points[group->first_point + i] = (struct schedule_point){
				.cell = group->cells[i],
				.group = g,
				.done = schedule->launches,
				.width = { INFINITY, INFINITY },
				.measured = true,
			};
	}
}

int schedule_open(struct schedule *schedule, const struct plan *plan,
		  const struct options *options, struct error *err)
{
	*schedule = (struct schedule){
		.plan = plan,
		.precision = options->launches ? 0 : options->precision,
		.budget_ns = budget_ns(plan, options),
		.launches = options->launches ? options->launches : looks[0],
		.points = calloc(plan->nr_points, sizeof(*schedule->points)),
		.took_ns = calloc(plan->nr_groups, sizeof(*schedule->took_ns)),
		.active = calloc(plan->nr_groups, sizeof(*schedule->active)),
		.ended = options->launches,
		.nr_active = plan->nr_groups,
	};
	if (!schedule->points || !schedule->took_ns || !schedule->active)
		return error_set(err, ENOMEM, "no memory for %u points", plan->nr_points);
	points_init(schedule);
	if (schedule_block_add(schedule, schedule->launches))
		return error_set(err, ENOMEM, "no memory for %u points", plan->nr_points);
	return 0;
}

int schedule_block_add(struct schedule *schedule, unsigned launches)
{
	const size_t nr = schedule->nr_blocks;
	bool *measured = calloc(schedule->plan->nr_points + 1, sizeof(*measured));
	struct schedule_block *blocks = NULL;

	if (measured)
		blocks = realloc(schedule->blocks, (nr + 1) * sizeof(*blocks));
	if (!blocks) {
		free(measured);
		return -ENOMEM;
	}
	for (unsigned i = 0; i < schedule->plan->nr_points; i++)
		measured[i] = schedule->points[i].measured;
	schedule->blocks = blocks;
	schedule->blocks[schedule->nr_blocks++] = (struct schedule_block){ launches, measured };
	return 0;
}

const struct schedule_block *schedule_block_of(const struct schedule *schedule, unsigned launch)
{
	const struct schedule_block *block = schedule->blocks;

	while (launch > block->launches)
		launch -= block++->launches;
	return block;
}

bool schedule_measures(const struct schedule *schedule, unsigned launch, unsigned point)
{
	const unsigned left_out = schedule->points[point].left_out;

	return schedule_block_of(schedule, launch)->measured[point] &&
	       !(left_out && launch >= left_out);
}

bool schedule_has(const struct schedule *schedule, unsigned launch, unsigned group)
{
	const struct group *planned = &schedule->plan->groups[group];

	for (unsigned i = 0; i < planned->nr_cells; i++)
		if (schedule_measures(schedule, launch, planned->first_point + i))
			return true;
	return false;
}

void schedule_close(struct schedule *schedule)
{
	free(schedule->points);
	free(schedule->took_ns);
	free(schedule->active);
	while (schedule->nr_blocks)
		free(schedule->blocks[--schedule->nr_blocks].measured);
	free(schedule->blocks);
}

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

/* Without these nobody can tell what a ratio of the others is. */
static bool comes_along(const struct schedule_point *point)
{
	return !point->left_out && !strcmp(point->cell->strategy, PLAN_BASELINE) &&
	       (point->cell->kind != CELL_CONTROL || !strcmp(point->cell->variant, TALLY_CONTROL));
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

		point->measured |= schedule->active[point->group] && comes_along(point);
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
 * Those that may get there; where there are none, those that are nearest to it. What a few launches say of
 * many is no exact thing, and alone a point takes more time later than beside the others of its group.
 */
static void points_choose(struct schedule *schedule)
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

static int samples_judge(struct schedule *schedule, const char *directory, struct error *err)
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

/* What is measured has launches to come up to the next look at one of the points that are open. */
static unsigned launches_to_look(const struct schedule *schedule)
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

/* Up to the next look, or as many as the budget still takes: then the last. */
static int launches_add(struct schedule *schedule, uint64_t spent_ns)
{
	const uint64_t left_ns = spent_ns < schedule->budget_ns ? schedule->budget_ns - spent_ns : 0;
	unsigned more = launches_to_look(schedule);
	uint64_t launch_ns = 1;

	for (unsigned i = 0; i < schedule->plan->nr_groups; i++)
		launch_ns += schedule->active[i] ? schedule->took_ns[i] : 0;
	schedule->ended = left_ns / launch_ns < more || !more;
	if (schedule->ended)
		more = (unsigned)(left_ns / launch_ns < more ? left_ns / launch_ns : more);
	for (unsigned i = 0; i < schedule->plan->nr_points; i++)
		schedule->points[i].done += schedule->points[i].measured ? more : 0;
	schedule->launches += more;
	return more ? schedule_block_add(schedule, more) : 0;
}

int schedule_look(struct schedule *schedule, const char *directory, uint64_t spent_ns,
		  struct error *err)
{
	int error;

	if (schedule->ended)
		return 0;
	error = samples_judge(schedule, directory, err);
	if (!error)
		points_choose(schedule);
	schedule->ended = error || !schedule->nr_active;
	if (!schedule->ended && launches_add(schedule, spent_ns))
		error = error_set(err, ENOMEM, "no memory for the plan of the launches");
	return error;
}
