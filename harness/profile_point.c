/*
 * Finds the cell that a profile is of, and refuses what it cannot do.
 *
 * SPDX-License-Identifier: MIT
 */
#include "profile_point.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define NAME_BYTES 128
/* Longer windows say no more, and the samples of a minute are many already. */
#define MAX_SECONDS 60

/* workload+strategy or workload/strategy, with @variant or without. */
struct name {
	char workload[NAME_BYTES], strategy[NAME_BYTES];
	const char *variant;	/* NULL: none given */
};

static bool name_read(const char *text, struct name *name)
{
	const size_t workload = strcspn(text, "+/");
	size_t strategy;

	if (!workload || !text[workload] || workload >= NAME_BYTES)
		return false;
	strategy = strcspn(text + workload + 1, "@");
	if (!strategy || strategy >= NAME_BYTES)
		return false;
	snprintf(name->workload, sizeof(name->workload), "%.*s", (int)workload, text);
	snprintf(name->strategy, sizeof(name->strategy), "%.*s", (int)strategy,
		 text + workload + 1);
	name->variant = strchr(text, '@');
	if (name->variant)
		name->variant++;
	return true;
}

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	return a < b ? (a < c ? a : c) : (b < c ? b : c);
}

/* How many letters to put in, take out or change (Wagner and Fischer 1974, one row at a time). */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[NAME_BYTES + 1];
	const unsigned n = (unsigned)strnlen(b, NAME_BYTES);

	for (unsigned j = 0; j <= n; j++)
		row[j] = j;
	for (unsigned i = 1; a[i - 1]; i++) {
		unsigned diagonal = row[0];

		row[0] = i;
		for (unsigned j = 1; j <= n; j++) {
			const unsigned change = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			row[j] = least(change, row[j] + 1, row[j - 1] + 1);
		}
	}
	return row[n];
}

static const char *part_of(const struct workload *cell, bool strategy)
{
	return strategy ? cell->strategy : cell->name;
}

/* 0 where the registry has a cell with that workload or strategy. */
static int part_check(const struct registry *registry, const char *text, bool strategy,
		      struct error *err)
{
	const char *nearest = "";
	unsigned best = NAME_BYTES;

	for (unsigned i = 0; i < registry->nr_cells; i++) {
		const struct workload *cell = registry->cells[i];
		const unsigned far = distance(text, part_of(cell, strategy));

		if (cell->kind == CELL_CONTROL || far >= best)
			continue;
		best = far;
		nearest = part_of(cell, strategy);
	}
	return best ? error_set(err, EINVAL, "profile: there is no %s \"%s\"; the nearest is %s "
				"(--list names all cells)", strategy ? "strategy" : "workload", text,
				nearest) : 0;
}

/* The variant of a cell that names none is the first. */
static const char *variant_of(const struct options *options, const struct name *name)
{
	return name->variant ? name->variant :
	       options->nr_variants ? variant_name(options->variants[0]) : NULL;
}

static bool is_it(const struct workload *cell, const struct name *name, const char *variant)
{
	return cell->kind != CELL_CONTROL && !strcmp(cell->name, name->workload) &&
	       !strcmp(cell->strategy, name->strategy) &&
	       (!variant || !strcmp(cell->variant, variant));
}

static int cell_find(const struct options *options, const struct registry *registry,
		     unsigned index, const struct workload **cell, struct error *err)
{
	const char *variant;
	struct name name;
	int error;

	if (!name_read(options->cells[index], &name))
		return error_set(err, EINVAL, "profile: \"%s\" is no cell; they are named "
				 "workload+strategy (--list names all)", options->cells[index]);
	error = part_check(registry, name.workload, false, err);
	if (!error)
		error = part_check(registry, name.strategy, true, err);
	if (error)
		return error;
	variant = variant_of(options, &name);
	for (unsigned i = 0; i < registry->nr_cells; i++)
		if (is_it(registry->cells[i], &name, variant)) {
			*cell = registry->cells[i];
			return 0;
		}
	return error_set(err, EINVAL, "profile: %s+%s is not compiled as variant %s", name.workload,
			 name.strategy, variant ? variant : "of this program");
}

static enum setting setting_of(const struct options *options, const struct workload *cell)
{
	if (options->setting)
		return strcmp(options->setting, "churn") ? SETTING_HELD : SETTING_CHURN;
	return cell->settings & 1 << SETTING_HELD ? SETTING_HELD : SETTING_CHURN;
}

/* Whether it can run in its setting at all. */
static int hole_check(const struct options *options, const struct workload *cell, struct error *err)
{
	const enum setting setting = setting_of(options, cell);
	const bool replace = options->replace.nr && options->replace.values[0];

	if (!(cell->settings & 1u << setting))
		return error_set(err, EINVAL, "--setting: %s has no setting %s", cell->name,
				 plan_setting_name(setting));
	if (cell->hole[setting])
		return error_set(err, EINVAL, "profile: %s+%s is a hole in the setting %s: %s",
				 cell->name, cell->strategy, plan_setting_name(setting),
				 cell->hole[setting]);
	if (replace && (!cell->replaces || setting != SETTING_HELD))
		return error_set(err, EINVAL, "--replace: %s has no entries to replace in the "
				 "setting %s", cell->name, plan_setting_name(setting));
	if (replace && cell->hole_replace)
		return error_set(err, EINVAL, "profile: %s+%s is a hole with --replace: %s",
				 cell->name, cell->strategy, cell->hole_replace);
	return 0;
}

/* Whether it can run in the way that the options ask for. */
static int way_check(const struct options *options, const struct workload *cell, struct error *err)
{
	const unsigned threads = options->threads.values[0];

	if (threads % cell->multiple)
		return error_set(err, EINVAL, "--threads: %s works in pairs, %u cannot be paired",
				 cell->name, threads);
	if (threads < cell->min_workers || (cell->max_workers && threads > cell->max_workers))
		return error_set(err, EINVAL, "--threads: %s+%s cannot run with %u thread%s, only with "
				 "%u", cell->name, cell->strategy, threads, threads == 1 ? "" : "s",
				 threads < cell->min_workers ? cell->min_workers : cell->max_workers);
	if (options->packed && cell->padded_only)
		return error_set(err, EINVAL, "--layout: %s+%s lays its objects out in its own way, "
				 "never packed", cell->name, cell->strategy);
	if (options->objects.nr && options->objects.values[0] > 1 &&
	    (cell->makes_objects || cell->bare_only))
		return error_set(err, EINVAL, "--objects: %s+%s %s", cell->name, cell->strategy,
				 cell->makes_objects ? "makes its own" : "has one");
	if (cell->bare_only && options->work_ns.values[0])
		return error_set(err, EINVAL, "--work: %s+%s does none", cell->name, cell->strategy);
	return 0;
}

static int single_check(const struct options *options, struct error *err)
{
	unsigned placements = 0;

	for (unsigned p = 0; p < NR_PLACEMENTS; p++)
		placements += options->placements[p];
	if (options->threads.nr > 1 || options->objects.nr > 1 || options->work_ns.nr > 1 ||
	    options->replace.nr > 1 || placements > 1 || (options->packed && options->padded))
		return error_set(err, EINVAL, "profile: is of one point: give one value for each "
				 "option, no list");
	if (options->budget_s > MAX_SECONDS)
		return error_set(err, EINVAL, "--budget: a profile takes its samples in %d s at most",
				 MAX_SECONDS);
	return 0;
}

/* All processors of the placement, as far as each of the cells can use them. */
static unsigned threads_for(const struct options *options, const struct place *place,
			    const struct workload *const *cells)
{
	unsigned threads = 1;

	for (unsigned p = 0; p < NR_PLACEMENTS; p++)
		if (options->placements[p])
			threads = place->nr_cpus[p];
	for (unsigned i = 0; i < options->nr_cells; i++)
		if (cells[i]->max_workers && cells[i]->max_workers < threads)
			threads = cells[i]->max_workers;
	for (unsigned i = 0; i < options->nr_cells; i++)
		threads -= threads > cells[i]->multiple ? threads % cells[i]->multiple : 0;
	return threads;
}

int profile_point_choose(struct options *options, const struct registry *registry,
			 const struct place *place, struct error *err)
{
	const struct workload *cells[2] = { NULL };
	int error = single_check(options, err);

	for (unsigned i = 0; !error && i < options->nr_cells; i++) {
		error = cell_find(options, registry, i, &cells[i], err);
		if (!error)
			error = hole_check(options, cells[i], err);
	}
	if (error)
		return error;
	if (!options->threads.nr)
		options->threads = (struct option_values){
			.values = { threads_for(options, place, cells) }, .nr = 1,
		};
	if (!options->work_ns.nr)
		options->work_ns = (struct option_values){ .values = { 0 }, .nr = 1 };
	for (unsigned i = 0; !error && i < options->nr_cells; i++)
		error = way_check(options, cells[i], err);
	return error;
}

int profile_point_find(const struct options *options, const struct plan *plan, unsigned index,
		       struct group *group, const struct workload **cell, struct error *err)
{
	struct name name;

	if (!name_read(options->cells[index], &name))
		return error_set(err, EINVAL, "profile: \"%s\" is no cell", options->cells[index]);
	for (unsigned g = 0; g < plan->nr_groups; g++)
		for (unsigned i = 0; i < plan->groups[g].nr_cells; i++) {
			const struct workload *found = plan->groups[g].cells[i];

			if (!is_it(found, &name, variant_of(options, &name)) ||
			    plan->groups[g].setting != setting_of(options, found))
				continue;
			*cell = found;
			*group = plan->groups[g];
			group->cells = cell;
			group->nr_cells = 1;
			group->first_point += i;
			return 0;
		}
	return error_set(err, EINVAL, "profile: %s cannot run in this way (plan shows what can)",
			 options->cells[index]);
}
