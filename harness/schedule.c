/*
 * The launches that are planned, and how many more are when those are done.
 *
 * SPDX-License-Identifier: MIT
 */
#include "schedule_internal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "budget.h"

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

/* Up to the next look, or as many as the budget still takes: then the last. */
static int launches_add(struct schedule *schedule, uint64_t spent_ns)
{
	const uint64_t left_ns = spent_ns < schedule->budget_ns ? schedule->budget_ns - spent_ns : 0;
	unsigned more = schedule_launches_to_look(schedule);
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
	error = schedule_judge(schedule, directory, err);
	if (!error)
		schedule_choose(schedule);
	schedule->ended = error || !schedule->nr_active;
	if (!schedule->ended && launches_add(schedule, spent_ns))
		error = error_set(err, ENOMEM, "no memory for the plan of the launches");
	return error;
}
