/*
 * Makes the plan: which groups there are, and which cells are points of each.
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan.h"

#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "thread_counts.h"

/* The sweep's steps: from less than an atomic operation to far more than a contended one. */
static const unsigned sweep_ns[] = { 10, 30, 100, 300, 1000, 3000 };

const char *plan_setting_name(enum setting setting)
{
	return setting == SETTING_HELD ? "held" : "churn";
}

void plan_point_name(const struct group *group, const struct workload *cell, char *name,
		     unsigned bytes)
{
	char replace[24] = "";

	if (group->replace)
		snprintf(replace, sizeof(replace), "/replace:%u", group->replace);
	snprintf(name, bytes, "%s/%s@%s/%s/%s/objects:%u/work_ns:%u%s%s/threads:%u",
		 group->workload, cell->strategy, cell->variant,
		 plan_setting_name(group->setting), group->placements, group->objects,
		 group->work_ns, replace, group->packed ? "/packed" : "", group->threads);
}

struct maker {
	struct plan *plan;
	const struct registry *registry;
	const struct options *options;
	const struct place *place;
	regex_t filter;
	struct error *err;
};

/* A control belongs to whatever is measured. */
static bool variant_wanted(const struct options *options, const struct workload *cell)
{
	for (unsigned i = 0; i < options->nr_variants; i++)
		if (!strcmp(variant_name(options->variants[i]), cell->variant))
			return true;
	return !options->nr_variants || cell->kind == CELL_CONTROL;
}

static const char *cell_hole(const struct workload *cell, const struct group *group)
{
	return group->replace ? cell->hole_replace : cell->hole[group->setting];
}

static bool cell_fits(const struct workload *cell, const struct group *group)
{
	return !strcmp(cell->name, group->workload) &&
	       cell->settings & 1u << group->setting && !cell_hole(cell, group) &&
	       (!cell->padded_only || !group->packed) &&
	       (!cell->bare_only || (group->objects == 1 && !group->work_ns)) &&
	       group->threads >= cell->min_workers &&
	       group->threads % cell->multiple == 0 &&
	       (!cell->max_workers || group->threads <= cell->max_workers);
}

static bool is_baseline(const struct workload *cell)
{
	return cell->kind != CELL_CONTROL && !strcmp(cell->strategy, PLAN_BASELINE);
}

static bool filter_matches(const struct maker *maker, const struct group *group,
			   const struct workload *cell)
{
	char name[PLAN_NAME_BYTES];

	if (!maker->options->filter)
		return true;
	plan_point_name(group, cell, name, sizeof(name));
	return !regexec(&maker->filter, name, 0, NULL, 0);
}

/* Chooses the group's points; none when the filter wants none of them. */
static int group_fill(struct maker *maker, struct group *group)
{
	const struct registry *registry = maker->registry;
	bool wanted = false;

	group->cells = calloc(registry->nr_cells, sizeof(*group->cells));
	if (!group->cells)
		return error_set(maker->err, ENOMEM, "no memory for the plan");
	for (unsigned i = 0; i < registry->nr_cells; i++) {
		const struct workload *cell = registry->cells[i];
		bool matches;

		if (!variant_wanted(maker->options, cell) || !cell_fits(cell, group))
			continue;
		matches = cell->kind != CELL_CONTROL && filter_matches(maker, group, cell);
		wanted |= matches;
		/* The baseline and the controls belong to every group. */
		if (!matches && cell->kind != CELL_CONTROL && !is_baseline(cell))
			continue;
		group->cells[group->nr_cells++] = cell;
		if ((group->setting == SETTING_CHURN || group->replace) &&
		    cell->reclaim_period_ns > group->reclaim_period_ns)
			group->reclaim_period_ns = cell->reclaim_period_ns;
	}
	group->deferred = group->reclaim_period_ns;
	if (!wanted)
		group->nr_cells = 0;
	return 0;
}

static bool same_processors(const struct place *place, const struct group *a,
			    const struct group *b)
{
	const unsigned nr_a = place->nr_cpus[a->placement], nr_b = place->nr_cpus[b->placement];

	/* Workers beyond the processors go round them: then all of them matter. */
	if (a->oversubscribed != b->oversubscribed || (a->oversubscribed && nr_a != nr_b))
		return false;
	return !memcmp(place->cpus[a->placement], place->cpus[b->placement],
		       (a->oversubscribed ? nr_a : a->threads) * sizeof(int));
}

/*
 * An earlier placement of the plan gives the same processors: only its name is added. The groups of
 * a workload and setting come one after the other.
 */
static bool merge_placement(struct maker *maker, const struct group *wanted)
{
	for (unsigned i = maker->plan->nr_groups; i-- > 0;) {
		struct group *group = &maker->plan->groups[i];
		const size_t length = strlen(group->placements);

		if (strcmp(group->workload, wanted->workload) != 0 ||
		    group->setting != wanted->setting)
			break;
		if (group->threads != wanted->threads ||
		    group->objects != wanted->objects || group->work_ns != wanted->work_ns ||
		    group->replace != wanted->replace || group->packed != wanted->packed ||
		    !same_processors(maker->place, group, wanted))
			continue;
		snprintf(group->placements + length, sizeof(group->placements) - length, "+%s",
			 wanted->placements);
		return true;
	}
	return false;
}

static int add_group(struct maker *maker, const struct group *wanted)
{
	struct plan *plan = maker->plan;
	struct group *groups;
	int error;

	if (merge_placement(maker, wanted))
		return 0;
	groups = realloc(plan->groups, (plan->nr_groups + 1) * sizeof(*groups));
	if (!groups)
		return error_set(maker->err, ENOMEM, "no memory for the plan");
	plan->groups = groups;
	groups[plan->nr_groups] = *wanted;
	error = group_fill(maker, &groups[plan->nr_groups]);
	if (error || !groups[plan->nr_groups].nr_cells) {
		free(groups[plan->nr_groups].cells);
		return error;
	}
	groups[plan->nr_groups].first_point = plan->nr_points;
	plan->nr_points += groups[plan->nr_groups].nr_cells;
	if (wanted->threads > plan->max_threads)
		plan->max_threads = wanted->threads;
	plan->nr_groups++;
	return 0;
}

static int add_work(struct maker *maker, struct group *group, const struct workload *cell,
		    bool most_threads)
{
	const struct option_values *given = &maker->options->work_ns;
	const bool sweep = !given->nr && cell->sweeps_work && most_threads && group->objects == 1;
	int error = 0;

	for (unsigned i = 0; !error && i < given->nr; i++) {
		group->work_ns = given->values[i];
		error = add_group(maker, group);
	}
	if (!given->nr) {
		group->work_ns = 0;
		error = add_group(maker, group);
	}
	for (unsigned i = 0; !error && sweep && i < sizeof(sweep_ns) / sizeof(*sweep_ns); i++) {
		group->work_ns = sweep_ns[i];
		error = add_group(maker, group);
	}
	return error;
}

/* The shares of replacing ops; only where there is an entry that an owner keeps. */
static int add_replace(struct maker *maker, struct group *group, const struct workload *cell,
		       bool most_threads)
{
	const struct option_values *given = &maker->options->replace;
	int error = 0;

	group->replace = 0;
	if (!given->nr || !cell->replaces || group->setting != SETTING_HELD)
		return add_work(maker, group, cell, most_threads);
	for (unsigned i = 0; !error && i < given->nr; i++) {
		group->replace = given->values[i];
		error = add_work(maker, group, cell, most_threads);
	}
	return error;
}

static int add_layouts(struct maker *maker, struct group *group, const struct workload *cell,
		       bool most_threads)
{
	const struct options *options = maker->options;
	int error = 0;

	group->packed = false;
	if (options->padded || !options->packed)
		error = add_replace(maker, group, cell, most_threads);
	group->packed = true;
	if (!error && options->packed)
		error = add_replace(maker, group, cell, most_threads);
	return error;
}

/* The largest number that the workload can use, in whatever order they were asked for. */
static unsigned most_of(const struct thread_counts *threads, unsigned multiple)
{
	unsigned most = 0;

	for (unsigned i = 0; i < threads->nr; i++)
		if (threads->values[i] > most && threads->values[i] % multiple == 0)
			most = threads->values[i];
	return most;
}

static int add_threads(struct maker *maker, struct group *group, const struct workload *cell)
{
	const unsigned all = maker->place->nr_cpus[group->placement];
	struct option_values objects = maker->options->objects;
	struct thread_counts threads;
	unsigned most;
	int error = thread_counts_make(&threads, &maker->options->threads, maker->place,
				       group->placement, cell->multiple);

	if (error)
		return error_set(maker->err, ENOMEM, "no memory for the plan");
	if (!objects.nr || cell->makes_objects)
		objects = (struct option_values){ .values = { 1 }, .nr = 1 };
	most = most_of(&threads, cell->multiple);
	for (unsigned i = 0; !error && i < threads.nr; i++)
		for (unsigned o = 0; !error && o < objects.nr; o++) {
			group->threads = threads.values[i];
			group->oversubscribed = group->threads > all;
			group->objects = objects.values[o];
			error = add_layouts(maker, group, cell, group->threads == most);
		}
	thread_counts_free(&threads);
	return error;
}

static int add_workload(struct maker *maker, const struct workload *cell)
{
	for (unsigned setting = 0; setting < NR_SETTINGS; setting++) {
		if (!(cell->settings & 1u << setting))
			continue;
		for (unsigned p = 0; p < NR_PLACEMENTS; p++) {
			struct group group = {
				.workload = cell->name, .setting = setting, .placement = p,
			};
			int error;

			if (!maker->options->placements[p])
				continue;
			snprintf(group.placements, sizeof(group.placements), "%s",
				 place_name(maker->place, p));
			error = add_threads(maker, &group, cell);
			if (error)
				return error;
		}
	}
	return 0;
}

/* The first cell of each workload stands for it; a control's entry may differ in its limits. */
static bool first_of_workload(const struct registry *registry, unsigned index)
{
	if (registry->cells[index]->kind == CELL_CONTROL)
		return false;
	for (unsigned i = 0; i < index; i++)
		if (!strcmp(registry->cells[i]->name, registry->cells[index]->name))
			return false;
	return true;
}

/* Has the machine what the options name of it? */
static int place_check(const struct options *options, const struct place *place, struct error *err)
{
	if (options->home.policy == HOME_NODE && !place_has_node(place, options->home.node))
		return error_set(err, EINVAL, "--node: %u is no NUMA node of this machine that this "
				 "process may use", options->home.node);
	for (unsigned p = 0; p < NR_PLACEMENTS; p++)
		if (options->placements[p] && place->missing[p])
			return error_set(err, EINVAL, "--placement: %s: %s", placement_name(p),
					 place->missing[p]);
	return 0;
}

int plan_make(struct plan *plan, const struct registry *registry, const struct options *options,
	      const struct place *place, struct error *err)
{
	struct maker maker = { plan, registry, options, place, .err = err };
	char text[128];
	int error;

	memset(plan, 0, sizeof(*plan));
	error = place_check(options, place, err);
	if (error)
		return error;
	if (options->filter) {
		error = regcomp(&maker.filter, options->filter, REG_EXTENDED | REG_NOSUB);
		if (error) {
			regerror(error, &maker.filter, text, sizeof(text));
			return error_set(err, EINVAL, "--filter: \"%s\" is no extended regular "
					 "expression: %s", options->filter, text);
		}
	}
	for (unsigned i = 0; !error && i < registry->nr_cells; i++)
		if (first_of_workload(registry, i))
			error = add_workload(&maker, registry->cells[i]);
	if (options->filter)
		regfree(&maker.filter);
	if (!error && !plan->nr_groups)
		error = error_set(err, EINVAL, options->filter ?
				  "--filter: \"%s\" matches no point that can run here "
				  "(--list names the cells; pairs need an even number of threads)" :
				  "%s no workload can run with these options (handoff workloads "
				  "need pairs of threads)",
				  options->filter ? options->filter : "--threads:");
	if (error)
		plan_free(plan);
	return error;
}

void plan_free(struct plan *plan)
{
	for (unsigned i = 0; i < plan->nr_groups; i++)
		free(plan->groups[i].cells);
	free(plan->groups);
	memset(plan, 0, sizeof(*plan));
}
