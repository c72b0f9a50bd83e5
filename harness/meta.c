/*
 * Gathers the facts of a run and writes them as JSON.
 *
 * SPDX-License-Identifier: MIT
 */
#include "meta.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "build_id.h"
#include "group.h"
#include "home.h"
#include "machine.h"
#include "results.h"
#include "runfile.h"
#include "schedule_keep.h"

#include "build.h"	/* generated: the commit, the tool chains, the libraries' versions */

static json_t *counters(const struct meta *meta)
{
	json_t *all = json_object();

	for (unsigned i = 0; i < meta->counting->nr; i++)
		json_object_set_new(all, meta->counting->names[i], *meta->facts.absent[i] ?
				    json_string(meta->facts.absent[i]) : json_null());
	return all;
}

/* Of those that are there the event that is counted, where it is one of this processor. */
static json_t *counter_events(const struct meta *meta)
{
	json_t *all = json_object();

	for (unsigned i = 0; i < meta->counting->nr; i++)
		if (*meta->counting->codes[i] && !*meta->facts.absent[i])
			json_object_set_new(all, meta->counting->names[i],
					    json_string(meta->counting->codes[i]));
	return all;
}

static json_t *handover_map(const struct handover *handover)
{
	json_t *all, *ns;

	if (!handover)
		return json_null();
	ns = json_object();
	for (enum step step = 0; step < NR_STEPS; step++)
		if (!isnan(handover->step_ns[step]))
			json_object_set_new(ns, step_name(step), json_real(handover->step_ns[step]));
	all = json_pack("{s:i, s:i, s:o}", "cores", (int)handover->nr_cores, "chosen",
			(int)handover->nr_chosen, "ns", ns);
	return all ? all : json_null();
}

/* What node the objects were to be on, and why none is told. */
static json_t *home(const struct options *options)
{
	char name[32], reason[128];
	const char *absent = options->use_malloc ? "objects come from malloc" :
			     home_absent(reason, sizeof(reason));

	return json_pack("{s:s, s:s?}", "asked", home_name(&options->home, name, sizeof(name)),
			 "absent", absent);
}

/* Each measured placement with its processors, in the order in which workers get them. */
static json_t *placements(const struct meta *meta)
{
	json_t *all = json_object();

	for (unsigned p = 0; p < NR_PLACEMENTS; p++) {
		json_t *cpus;

		if (!meta->options->placements[p])
			continue;
		cpus = json_array();
		for (unsigned i = 0; i < meta->place->nr_cpus[p]; i++)
			json_array_append_new(cpus, json_integer(meta->place->cpus[p][i]));
		json_object_set_new(all, place_name(meta->place, p), cpus);
	}
	return all;
}

/* Of each measured placement, whether or not as many threads were measured. */
static json_t *boundaries(const struct meta *meta)
{
	const struct place *place = meta->place;
	json_t *all = json_object();

	for (unsigned p = 0; p < NR_PLACEMENTS; p++) {
		json_t *list;

		if (!meta->options->placements[p])
			continue;
		list = json_array();
		for (unsigned i = 0; i < place->nr_boundaries[p]; i++)
			json_array_append_new(list, json_pack("{s:i, s:s}",
				"n", (int)place->boundaries[p][i].n,
				"kind", step_name(place->boundaries[p][i].kind)));
		json_object_set_new(all, place_name(place, p), list);
	}
	return all;
}

static int by_value(const void *a, const void *b)
{
	const unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return (x > y) - (x < y);
}

static json_t *threads(const struct plan *plan)
{
	unsigned *counts = calloc(plan->nr_groups, sizeof(*counts));
	json_t *all = json_array();

	for (unsigned i = 0; counts && i < plan->nr_groups; i++)
		counts[i] = plan->groups[i].threads;
	if (counts)
		qsort(counts, plan->nr_groups, sizeof(*counts), by_value);
	for (unsigned i = 0; counts && i < plan->nr_groups; i++)
		if (!i || counts[i] != counts[i - 1])
			json_array_append_new(all, json_integer(counts[i]));
	free(counts);
	return all;
}

/* The strategies measured whose counts stick where they leave their range, each once. */
static json_t *saturating(const struct plan *plan)
{
	json_t *told = json_object(), *all = json_array();

	for (unsigned i = 0; i < plan->nr_groups; i++)
		for (unsigned j = 0; j < plan->groups[i].nr_cells; j++) {
			const struct workload *cell = plan->groups[i].cells[j];

			if (cell->kind != CELL_CANDIDATE || !cell->saturates ||
			    json_object_get(told, cell->strategy))
				continue;
			json_object_set_new(told, cell->strategy, json_true());
			json_array_append_new(all, json_string(cell->strategy));
		}
	json_decref(told);
	return all;
}

/* As a reader types it: the program itself is run.sh's affair, as the variants that ab compares are. */
static json_t *command(const struct meta *meta)
{
	json_t *all = json_array();
	unsigned nr = 0;

	while (meta->command[nr])
		nr++;
	if (meta->options->command == COMMAND_AB)
		nr -= 2;
	json_array_append_new(all, json_string("./run.sh"));
	for (unsigned i = 1; i < nr; i++)
		json_array_append_new(all, json_string(meta->command[i]));
	return all;
}

/* What bears on the figures, as it was before the first of them. */
static json_t *environment(struct doctor *doctor)
{
	json_t *all = json_array();

	if (!doctor->nr)
		doctor_here(doctor);
	for (unsigned i = 0; i < doctor->nr; i++) {
		const struct doctor_item *item = &doctor->items[i];

		json_array_append_new(all, json_pack("{s:s, s:s, s:s, s:s, s:s?}",
						     "name", item->name, "value", item->value,
						     "mark", doctor_mark_name(item->mark),
						     "effect", item->effect, "remedy",
						     *item->remedy ? item->remedy : NULL));
	}
	return all;
}

/* As the run that goes on told it when it began. */
static json_t *told(const struct meta *meta, const char *name)
{
	json_t *value = json_object_get(meta->earlier, name);

	return value ? json_incref(value) : json_null();
}

static json_t *handover(const struct meta *meta)
{
	json_t *all = meta->handover || !meta->earlier ? handover_map(meta->handover) : told(meta, "handover");

	if (json_is_object(all) && meta->handovers_again)
		json_object_set(all, "again", meta->handovers_again);
	return all;
}

static void set_build(json_t *root)
{
	json_object_set_new(root, "commit", json_string(BUILD_COMMIT));
	json_object_set_new(root, "toolchain", json_loads(BUILD_TOOLCHAIN, 0, NULL));
	if (*BUILD_STRATEGY)
		json_object_set_new(root, "strategy_header", json_string(BUILD_STRATEGY));
	json_object_set_new(root, "libraries", json_loads(BUILD_LIBRARIES, 0, NULL));
}

/* Of one point: where launches go on until ratios are precise, points take turns. */
static unsigned most_planned(const struct meta *meta)
{
	unsigned most = 0;

	for (unsigned i = 0; i < meta->plan->nr_points; i++)
		if (meta->schedule->points[i].done > most)
			most = meta->schedule->points[i].done;
	return most;
}

static void set_run(json_t *root, const struct meta *meta)
{
	const struct meta_facts *facts = &meta->facts;

	json_object_set_new(root, "seed", json_integer((json_int_t)meta->options->seed));
	json_object_set_new(root, "quick", json_boolean(meta->options->quick));
	json_object_set_new(root, "alloc",
			    json_string(meta->options->use_malloc ? "malloc" : "pool"));
	json_object_set_new(root, "poll_every", json_integer(GROUP_POLL_EVERY));
	json_object_set_new(root, "launches_planned", json_integer(meta->schedule->launches));
	json_object_set_new(root, "group_launches_planned", json_integer(most_planned(meta)));
	json_object_set_new(root, "precision", meta->schedule->precision ?
			    json_real(meta->schedule->precision) : json_null());
	json_object_set_new(root, "budget_s",
			    json_real((double)meta->schedule->budget_ns * 1e-9));
	json_object_set_new(root, "launches_done", json_integer(facts->launches_done));
	json_object_set_new(root, "link_orders",
			    json_integer(meta->nr_orders ? meta->nr_orders : 1));
	json_object_set_new(root, "placements", placements(meta));
	json_object_set_new(root, "boundaries", boundaries(meta));
	json_object_set_new(root, "home", home(meta->options));
	json_object_set_new(root, "handover", handover(meta));
	json_object_set_new(root, "threads", threads(meta->plan));
	json_object_set_new(root, "saturating", saturating(meta->plan));
	json_object_set_new(root, "counters", counters(meta));
	json_object_set_new(root, "counter_events", counter_events(meta));
	json_object_set_new(root, "counters_user_mode", json_boolean(meta->counting->user_mode));
	json_object_set_new(root, "crashed", crashes_keep(&meta->crashes, meta->plan));
	json_object_set_new(root, "measured_s", json_real((double)facts->measured_ns * 1e-9));
	json_object_set_new(root, "measuring_s", json_real((double)facts->measuring_ns * 1e-9));
	if (*facts->clock)
		json_object_set_new(root, "clock",
				    json_pack("{s:s, s:f, s:I}", "source", facts->clock,
					      "ticks_per_ns", facts->ticks_per_ns, "max_offset_ns",
					      (json_int_t)facts->max_offset_ns));
}

json_t *meta_utc_now(void)
{
	const time_t now = time(NULL);
	char text[32];
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
	return json_string(text);
}

/* What a run that goes on is to meet again, and how often this one did. */
static void set_resume(json_t *root, const struct meta *meta)
{
	char id[BUILD_ID_TEXT_BYTES];

	build_id_read(id);
	json_object_set_new(root, "build_id", *id ? json_string(id) : json_null());
	json_object_set_new(root, "resumed", meta->earlier ? told(meta, "resumed") : json_array());
	json_object_set_new(root, "schedule", schedule_keep(meta->schedule));
}

static int put_json(FILE *file, const void *root)
{
	return json_dumpf(root, file, JSON_INDENT(2)) ? errno ? -errno : -EIO : 0;
}

int meta_write(struct meta *meta, const char *directory, const char *status,
	       const char *reason, struct error *err)
{
	json_t *root = json_object();
	char *path = NULL;
	int error;

	if (!root || asprintf(&path, "%s/meta.json", directory) < 0) {
		json_decref(root);
		return error_set(err, ENOMEM, "no memory for meta.json");
	}
	json_object_set_new(root, "format", json_integer(RESULTS_FORMAT));
	json_object_set_new(root, "host", json_string(meta->host));
	json_object_set_new(root, "started_utc", json_string(meta->started_utc));
	json_object_set_new(root, "finished_utc", meta_utc_now());
	json_object_set_new(root, "status", json_string(status));
	json_object_set_new(root, "status_reason", reason ? json_string(reason) : json_null());
	json_object_set_new(root, "command", command(meta));
	machine_describe(root, meta->place);
	json_object_set_new(root, "environment", meta->earlier ? told(meta, "environment") :
			    environment(&meta->environment));
	set_build(root);
	set_run(root, meta);
	set_resume(root, meta);
	error = runfile_replace(path, put_json, root, true, err);
	json_decref(root);
	free(path);
	return error;
}
