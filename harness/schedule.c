/*
 * Looks at what was measured and plans further launches of the groups that need them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "schedule.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rounds.h"

/* After the first there is a 95 percent interval, and power for the comparisons with the baseline. */
static const unsigned looks[] = { 12, 16, 24, 32, JUDGE_MOST_LAUNCHES };

#define NR_LOOKS (sizeof(looks) / sizeof(*looks))

#define NS_PER_S 1000000000ull

/* The matrix of up to 8 processors has some 85 groups. */
#define BUDGET_NS (300 * NS_PER_S)
#define BUDGET_GROUP_NS (7 * NS_PER_S / 2)

/* Of the windows; the longest that a group needs where there are few of them. */
#define SLICE_NS (3 * NS_PER_S / 8)
#define QUICK_SLICE_NS (NS_PER_S / 10)

/* Of the budget, for the windows of the first launches: half of it, with what cannot be shorter. */
#define FIRST_SHARE 0.2

unsigned schedule_look_after(unsigned launches)
{
	for (unsigned i = 0; i < NR_LOOKS; i++)
		if (looks[i] > launches)
			return looks[i];
	return 0;
}

uint64_t schedule_budget_ns(const struct plan *plan, const struct options *options)
{
	const uint64_t grown = plan->nr_groups * BUDGET_GROUP_NS;

	if (options->budget_s)
		return options->budget_s * NS_PER_S;
	return grown > BUDGET_NS ? grown : BUDGET_NS;
}

uint64_t schedule_group_ns(const struct plan *plan, const struct options *options)
{
	const uint64_t budget_ns = schedule_budget_ns(plan, options);
	uint64_t slice_ns;

	if (options->quick && !options->budget_s)
		return QUICK_SLICE_NS;
	slice_ns = options->launches ?
		   budget_ns / options->launches / plan->nr_groups :
		   (uint64_t)(FIRST_SHARE * (double)budget_ns) / looks[0] / plan->nr_groups;
	return options->budget_s || slice_ns < SLICE_NS ? slice_ns : SLICE_NS;
}

unsigned schedule_most(const struct schedule *schedule)
{
	return schedule->precision ? SCHEDULE_MOST_OF_ALL : schedule->launches;
}

int schedule_open(struct schedule *schedule, const struct plan *plan,
		  const struct options *options, struct error *err)
{
	*schedule = (struct schedule){
		.plan = plan,
		.precision = options->launches ? 0 : options->precision,
		.budget_ns = schedule_budget_ns(plan, options),
		.launches = options->launches ? options->launches : looks[0],
		.done = calloc(plan->nr_groups, sizeof(*schedule->done)),
		.widths = calloc(plan->nr_groups, sizeof(*schedule->widths)),
		.active = calloc(plan->nr_groups, sizeof(*schedule->active)),
		.ended = options->launches,
		.nr_active = plan->nr_groups,
		.took_ns = calloc(plan->nr_groups, sizeof(*schedule->took_ns)),
	};
	if (!schedule->done || !schedule->widths || !schedule->active || !schedule->took_ns)
		return error_set(err, ENOMEM, "no memory for %u groups", plan->nr_groups);
	for (unsigned i = 0; i < plan->nr_groups; i++) {
		schedule->done[i] = schedule->launches;
		schedule->widths[i] = (struct judge_width){ INFINITY, INFINITY };
		schedule->active[i] = true;
	}
	return 0;
}

void schedule_close(struct schedule *schedule)
{
	free(schedule->done);
	free(schedule->widths);
	free(schedule->active);
	free(schedule->took_ns);
}

static bool number_is(const char *text, unsigned number)
{
	char *end;

	return strtoul(text, &end, 10) == number && end != text && !*end;
}

/* The group of the plan that the samples' group is; a home node may make two of one. */
static int group_find(const struct plan *plan, const struct tally_group *measured)
{
	char *const *key = measured->key;

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

static bool is_precise(const struct schedule *schedule, unsigned group)
{
	return schedule->widths[group].now <= schedule->precision;
}

/* Looks at the groups that have as many launches as a look is after. */
static int groups_judge(struct schedule *schedule, const struct tally *tally)
{
	int error = 0;

	for (unsigned i = 0; i < schedule->plan->nr_groups; i++)
		if (schedule_look_after(schedule->done[i] - 1) != schedule->done[i])
			schedule->active[i] = false;
		else if (schedule->active[i])
			schedule->widths[i] = (struct judge_width){ 0, 0 };
	for (size_t i = 0; !error && i < tally->nr_groups; i++) {
		const int group = group_find(schedule->plan, tally->groups[i]);
		struct judge_width width;
		struct judge judge;

		if (group < 0 || !schedule->active[group])
			continue;
		error = judge_group(tally->groups[i], &judge);
		if (!error) {
			width = judge_width(tally->groups[i], &judge);
			schedule->widths[group].now = fmax(schedule->widths[group].now, width.now);
			schedule->widths[group].outlook = fmax(schedule->widths[group].outlook,
							       width.outlook);
		}
		judge_free(&judge);
	}
	return error;
}

/* Whether more launches may help. */
static bool is_open(const struct schedule *schedule, unsigned group)
{
	return !is_precise(schedule, group) && isfinite(schedule->widths[group].outlook) &&
	       schedule_look_after(schedule->done[group]);
}

/* Those of the fewest threads among the open groups that may get within precision. */
static void groups_choose_within(struct schedule *schedule, double precision)
{
	const struct plan *plan = schedule->plan;
	unsigned threads = UINT_MAX;

	for (unsigned i = 0; i < plan->nr_groups; i++)
		if (is_open(schedule, i) && schedule->widths[i].outlook <= precision &&
		    plan->groups[i].threads < threads)
			threads = plan->groups[i].threads;
	for (unsigned i = 0; i < plan->nr_groups; i++) {
		schedule->active[i] = is_open(schedule, i) && plan->groups[i].threads == threads &&
				      schedule->widths[i].outlook <= precision;
		schedule->nr_active += schedule->active[i];
	}
}

/*
 * Those that may get there; where there are none, those that are nearest to it. What a few launches say of
 * many is no more exact than by half, and a group of few threads is not left for that.
 */
static void groups_choose(struct schedule *schedule)
{
	bool any_open = false;

	schedule->nr_active = schedule->nr_imprecise = 0;
	for (unsigned i = 0; i < schedule->plan->nr_groups; i++) {
		schedule->nr_imprecise += !is_precise(schedule, i);
		any_open |= is_open(schedule, i);
		schedule->active[i] = false;
	}
	for (double reach = 1.5; any_open && !schedule->nr_active; reach *= 1.5)
		groups_choose_within(schedule, reach * schedule->precision);
}

static int samples_judge(struct schedule *schedule, const char *directory, struct error *err)
{
	struct tally tally = { 0 };
	struct samples samples;
	char *path;
	int error;

	if (asprintf(&path, "%s/samples.csv", directory) < 0)
		return error_set(err, ENOMEM, "no memory to judge the groups");
	error = samples_open(&samples, path, err);
	if (!error) {
		error = rounds_read(&samples, &tally, err);
		if (!error && groups_judge(schedule, &tally))
			error = error_set(err, ENOMEM, "no memory to judge the groups");
		samples_close(&samples);
	}
	tally_free(&tally);
	free(path);
	return error;
}

/* Up to the next look at one of them, or as many as the budget still takes: then the last. */
static void launches_add(struct schedule *schedule, uint64_t spent_ns)
{
	const uint64_t left_ns = spent_ns < schedule->budget_ns ? schedule->budget_ns - spent_ns : 0;
	unsigned more = SCHEDULE_MOST_OF_ALL - schedule->launches;
	uint64_t launch_ns = 1;

	for (unsigned i = 0; i < schedule->plan->nr_groups; i++) {
		unsigned next;

		if (!schedule->active[i])
			continue;
		launch_ns += schedule->took_ns[i];
		next = schedule_look_after(schedule->done[i]) - schedule->done[i];
		more = next < more ? next : more;
	}
	schedule->ended = left_ns / launch_ns < more || !more;
	if (schedule->ended)
		more = (unsigned)(left_ns / launch_ns < more ? left_ns / launch_ns : more);
	for (unsigned i = 0; i < schedule->plan->nr_groups; i++)
		schedule->done[i] += schedule->active[i] ? more : 0;
	schedule->launches += more;
}

int schedule_look(struct schedule *schedule, const char *directory, uint64_t spent_ns,
		  struct error *err)
{
	int error;

	if (schedule->ended)
		return 0;
	error = samples_judge(schedule, directory, err);
	if (!error)
		groups_choose(schedule);
	schedule->ended = error || !schedule->nr_active;
	if (!schedule->ended)
		launches_add(schedule, spent_ns);
	return error;
}
