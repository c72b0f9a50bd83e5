/*
 * Brings a run that was killed to where it was.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build_id.h"
#include "machine.h"
#include "resume.h"
#include "rounds.h"
#include "schedule_keep.h"

/* What --rev named when the run of ab began; NULL: the run was none, or had no --rev. */
static const char *commit_of_b(const json_t *earlier)
{
	const char *here = json_string_value(json_object_get(earlier, "commit"));
	const json_t *variant;
	size_t i;

	json_array_foreach(json_object_get(earlier, "toolchain"), i, variant) {
		const char *commit = json_string_value(json_object_get(variant, "commit"));

		if (commit && here && strcmp(commit, here) != 0)
			return commit;
	}
	return NULL;
}

/* Another program would measure other loops, another machine anything. */
static int same_program(const json_t *earlier, struct error *err)
{
	const char *then = json_string_value(json_object_get(earlier, "build_id"));
	const char *commit = json_string_value(json_object_get(earlier, "commit"));
	const char *header = json_string_value(json_object_get(earlier, "strategy_header"));
	const char *b = commit_of_b(earlier);
	char id[BUILD_ID_TEXT_BYTES];

	build_id_read(id);
	if (then && *id && !strcmp(then, id))
		return 0;
	return error_set(err, EXDEV, "--resume: the program is not the one that began the run (commit %s, "
			 "build id %.16s; this one is %.16s): check that commit out%s%s%s%.12s and give the "
			 "same CC, CXX and CFLAGS", commit ? commit : "unknown", then ? then : "unknown",
			 *id ? id : "unknown", header ? ", restore " : "", header ? header : "",
			 b ? ", let --rev name " : "", b ? b : "");
}

/* The other orders have no build id; they are of the same objects, if the Makefile linked as many. */
static int same_orders(const struct meta *meta, struct error *err)
{
	const json_int_t then = json_integer_value(json_object_get(meta->earlier, "link_orders"));
	const unsigned nr = meta->nr_orders ? meta->nr_orders : 1;

	return then == nr ? 0 : error_set(err, EXDEV, "--resume: the run was begun with a program that was "
					  "linked in %lld orders, here are %u", (long long)then, nr);
}

static int same_machine(const json_t *earlier, const char *directory, const struct meta *meta,
			struct error *err)
{
	const char *host = json_string_value(json_object_get(earlier, "host"));
	struct error cause;
	char *path;
	int error;

	if (asprintf(&path, "%s/topology.xml", directory) < 0)
		return error_set(err, ENOMEM, "no memory");
	if (!host || strcmp(host, meta->host) != 0)
		error = error_set(&cause, EXDEV, "its host is not what meta.json tells");
	else
		error = machine_same(earlier, path, meta->place, &cause);
	free(path);
	return error ? error_set(err, -error, "--resume: the run in %s was begun on another machine, or on "
				 "this one set up otherwise: %s", directory, cause.text) : 0;
}

/* 30 years. */
#define MOST_MEASURING_S 1e9

static int facts_restore(struct meta *meta, struct error *err)
{
	const json_t *earlier = meta->earlier, *counters = json_object_get(earlier, "counters");
	const json_t *clock = json_object_get(earlier, "clock");
	const json_t *done = json_object_get(earlier, "launches_done");
	const json_t *measuring = json_object_get(earlier, "measuring_s");
	const char *source = json_string_value(json_object_get(clock, "source"));
	struct meta_facts *facts = &meta->facts;

	if (!json_is_integer(done) || json_integer_value(done) < 0 ||
	    json_integer_value(done) > SCHEDULE_MOST_OF_ALL * 10)
		return error_set(err, EBADMSG, "meta.json: launches_done: is no number of launches");
	facts->launches_done = (unsigned)json_integer_value(done);
	/* Or the budget would begin anew. */
	if (!json_is_number(measuring) || !(json_number_value(measuring) >= 0 &&
					    json_number_value(measuring) < MOST_MEASURING_S))
		return error_set(err, EBADMSG, "meta.json: measuring_s: is no time of measuring");
	facts->measuring_ns = (uint64_t)(json_number_value(measuring) * 1e9 + 0.5);
	if (source)
		snprintf(facts->clock, sizeof(facts->clock), "%s", source);
	facts->ticks_per_ns = json_number_value(json_object_get(clock, "ticks_per_ns"));
	if (json_integer_value(json_object_get(clock, "max_offset_ns")) > 0)
		facts->max_offset_ns =
			(uint64_t)json_integer_value(json_object_get(clock, "max_offset_ns"));
	for (unsigned i = 0; i < meta->counting->nr; i++) {
		const char *absent = json_string_value(json_object_get(counters,
								       meta->counting->names[i]));

		if (absent)
			snprintf(facts->absent[i], sizeof(facts->absent[i]), "%s", absent);
	}
	return 0;
}

/* Each launch gets the link order that it would have got. */
static int orders_replay(struct orders *orders, const struct schedule *schedule, unsigned launches,
			 struct error *err)
{
	const unsigned nr_groups = schedule->plan->nr_groups;
	bool *active = calloc(nr_groups, sizeof(*active));

	if (!active)
		return error_set(err, ENOMEM, "no memory for %u groups", nr_groups);
	for (unsigned launch = 1; launch <= launches; launch++) {
		for (unsigned g = 0; g < nr_groups; g++)
			active[g] = schedule_has(schedule, launch, g);
		orders_next(orders, ORDERS_SELF, active);
	}
	free(active);
	return 0;
}

static int note_time(json_t *meta)
{
	json_t *times = json_object_get(meta, "resumed");

	if (!json_is_array(times) && json_object_set_new(meta, "resumed", times = json_array()))
		return -ENOMEM;
	return json_array_append_new(times, meta_utc_now()) ? -ENOMEM : 0;
}

static void tell(const char *directory, const struct schedule *schedule, const struct cut *cut)
{
	fprintf(stderr, "krefbench: %s goes on: %llu rounds are kept, %u of %u launches are whole",
		directory, (unsigned long long)cut->nr_rounds, cut->launch - 1, schedule->launches);
	if (cut->nr_whole || cut->group >= 0)
		fprintf(stderr, ", of launch %u %u of %u groups", cut->launch, cut->nr_whole,
			cut->nr_groups);
	if (cut->group >= 0)
		fprintf(stderr, " and %u of %u rounds of the next", cut->kept, cut->planned);
	if (cut->dropped_bytes)
		fprintf(stderr, "; %llu bytes that were torn off are cut",
			(unsigned long long)cut->dropped_bytes);
	fputc('\n', stderr);
}

int resume_begin(const char *directory, const struct options *options, struct meta *meta,
		 struct schedule *schedule, struct orders *orders, struct cut *cut,
		 struct error *err)
{
	int error = resume_load(&meta->earlier, directory, err);

	*cut = (struct cut){ .group = -1 };
	if (!error)
		error = same_program(meta->earlier, err);
	if (!error)
		error = same_orders(meta, err);
	if (!error)
		error = same_machine(meta->earlier, directory, meta, err);
	if (!error)
		error = schedule_restore(schedule, json_object_get(meta->earlier, "schedule"), err);
	if (!error)
		error = facts_restore(meta, err);
	if (!error)
		error = crashes_restore(&meta->crashes, json_object_get(meta->earlier, "crashed"),
					meta->plan, err);
	if (!error)
		error = cut_make(cut, schedule, directory, meta->facts.launches_done,
				 schedule_sample_turns(options), err);
	/* Only to tell of it was no time left. */
	if (!error)
		meta->facts.launches_done += cut->nr_groups && cut->nr_whole == cut->nr_groups;
	if (!error)
		error = orders_replay(orders, schedule, meta->facts.launches_done, err);
	if (!error && note_time(meta->earlier))
		error = error_set(err, ENOMEM, "no memory for meta.json");
	if (error)
		return error;
	meta->facts.measured_ns = cut->measured_ns;
	tell(directory, schedule, cut);
	return 0;
}

/* The plan's point that the judged one is; -1: none. */
static int point_find(const struct group *group, const struct tally_point *measured)
{
	for (unsigned i = 0; i < group->nr_cells; i++)
		if (!strcmp(group->cells[i]->strategy, measured->strategy) &&
		    !strcmp(group->cells[i]->variant, measured->variant))
			return (int)(group->first_point + i);
	return -1;
}

static void take_group(const struct tally_group *measured, const struct schedule *schedule,
		       double *values)
{
	const struct plan *plan = schedule->plan;
	const int group = schedule_group(plan, (const char *const *)measured->key);

	if (group < 0)
		return;
	for (size_t l = 0; l < measured->nr_launches; l++) {
		const struct tally_launch *launch = measured->launches[l];
		const double *of_points = measured->deferred ? launch->ns_totals : launch->ns_medians;

		if (!launch->launch || launch->launch > schedule->launches)
			continue;
		for (unsigned p = 0; p < launch->nr_points; p++) {
			const int point = point_find(&plan->groups[group], &measured->points[p]);

			if (point >= 0)
				values[(launch->launch - 1) * plan->nr_points + (unsigned)point] =
					of_points[p];
		}
	}
}

int resume_values(const char *directory, const struct schedule *schedule, double *values,
		  struct error *err)
{
	struct tally tally = { 0 };
	struct samples samples;
	char *path;
	int error;

	if (asprintf(&path, "%s/samples.csv", directory) < 0)
		return error_set(err, ENOMEM, "no memory");
	error = samples_open(&samples, path, err);
	if (!error) {
		error = rounds_read(&samples, &tally, err);
		samples_close(&samples);
	}
	for (size_t i = 0; !error && i < tally.nr_groups; i++)
		take_group(tally.groups[i], schedule, values);
	tally_free(&tally);
	free(path);
	return error;
}
