/*
 * Runs the launches one after another, for as long as the schedule plans more.
 *
 * SPDX-License-Identifier: MIT
 */
#include "run_internal.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "folder.h"
#include "launch.h"
#include "profile.h"
#include "progress.h"

int run_complain(const struct error *err, int code)
{
	fprintf(stderr, "krefbench: %s\n", err->text);
	return code;
}

/* The point is left out from now on, and of its launch there is what the files have. */
static int leave_out(struct run *run, const struct crash *crash, struct error *err)
{
	int error;

	if (crashes_add(&run->meta.crashes, crash))
		return error_set(err, ENOMEM, "no memory for the points that crashed");
	schedule_leave_out(&run->schedule, crash->point, crash->launch);
	if (!run->schedule.nr_active)
		return error_set(err, ENODATA, "nothing is left to measure");
	error = meta_write(&run->meta, run->directory, "running", NULL, err);
	cut_free(&run->cut);
	return error ? error : cut_make(&run->cut, &run->schedule, run->directory, crash->launch - 1,
					schedule_sample_turns(run->options), err);
}

/*
 * A cpuset that changes while the run goes on: launches would plan for other processors. Not told where the
 * kernel does not tell them.
 */
static int check_processors(const struct run *run, struct error *err)
{
	cpu_set_t now[8] = { 0 };

	if (!CPU_COUNT_S(sizeof(now), run->cpus) || sched_getaffinity(0, sizeof(now), now) ||
	    CPU_EQUAL_S(sizeof(now), now, run->cpus))
		return 0;
	return error_set(err, ENXIO, "the processors that this process may use changed: %d when the run "
			 "began, %d now", CPU_COUNT_S(sizeof(now), run->cpus),
			 CPU_COUNT_S(sizeof(now), now));
}

static void launch_once(struct run *run, const struct launcher *launcher, unsigned launch)
{
	const unsigned n = run->plan->nr_points;
	struct launcher once = *launcher;
	struct crash crash;

	do {
		run->end = launcher_run(&once, launch, run->values + (size_t)(launch - 1) * n, n,
					&crash, &run->err);
		once.again = true;
		if (run->end == LAUNCHER_CRASHED && leave_out(run, &crash, &run->err))
			run->end = LAUNCHER_FAILED;
	} while (run->end == LAUNCHER_CRASHED && !launcher_interrupted() &&
		 run->cut.nr_whole < run->cut.nr_groups);
	if (run->end == LAUNCHER_CRASHED)
		run->end = LAUNCHER_DONE;
}

static void launch_one(struct run *run, const struct launcher *launcher, unsigned launch)
{
	launch_once(run, launcher, launch);
	run->interrupted = launcher_interrupted();
	/* Then the launch has told that it was cut short, as it should. */
	if (run->interrupted && run->end == LAUNCHER_FAILED)
		run->end = LAUNCHER_DONE;
	if (run->end == LAUNCHER_DONE && !run->interrupted)
		run->meta.facts.launches_done = launch;
}

/* Where all groups were left out, there is nothing to launch. */
static bool may_go_on(const struct run *run)
{
	return run->end == LAUNCHER_DONE && !run->interrupted && run->schedule.nr_active;
}

static bool goes_on(const struct run *run)
{
	return may_go_on(run) &&
	       run->meta.facts.launches_done < run->schedule.launches;
}

/* Killed after the last launch that was planned, the run has the next look before it. */
static bool looks(const struct run *run)
{
	return may_go_on(run) && !run->schedule.ended;
}

/* Without it the run has no floors to show, and goes on. */
static void take_handovers(struct run *run)
{
	struct error err;
	int error;

	if (run->plan->max_threads < 2)
		return;
	error = handover_open(&run->handover, run->place, &err);
	/* Of a run that goes on they are there, unless it was killed before it had told so. */
	if (!error && json_is_object(json_object_get(run->meta.earlier, "handover")))
		return;
	if (!error)
		error = handover_measure(&run->handover, run->options->seed, launcher_interrupted,
					 &err);
	if (!error)
		error = handover_write(&run->handover, run->plan, run->place, run->directory, &err);
	if (!error)
		error = folder_sync(run->directory, "handover.csv", &err);
	if (!error)
		error = folder_sync(run->directory, "floors.csv", &err);
	if (!error)
		run->meta.handover = &run->handover;
	else if (error != -EINTR)
		run_complain(&err, 0);
}

/* Whether they are still what they were is for the reader to see. */
static void take_handovers_again(struct run *run)
{
	double ns[NR_STEPS];

	handover_again(&run->handover, ns);
	for (enum step step = 0; step < NR_STEPS; step++) {
		json_t *launches = json_object_get(run->meta.handovers_again, step_name(step));

		if (isnan(ns[step]))
			continue;
		if (!launches) {
			launches = json_array();
			json_object_set_new(run->meta.handovers_again, step_name(step), launches);
		}
		json_array_append_new(launches, json_real(ns[step]));
	}
}

/* What a run that goes on needs to know, before each launch: then a kill costs no more than rounds of it. */
static void keep(struct run *run, uint64_t start_ns)
{
	run->meta.facts.measuring_ns = clock_monotonic_ns() - start_ns;
	if (check_processors(run, &run->err) ||
	    meta_write(&run->meta, run->directory, "running", NULL, &run->err))
		run->end = LAUNCHER_FAILED;
}

static void launch_all(struct run *run)
{
	struct progress progress;
	const struct launcher launcher = {
		.arguments = run->arguments,
		.options = run->options,
		.directory = run->directory,
		.lock = run->lock,
		.orders = &run->orders,
		.progress = &progress,
		.schedule = &run->schedule,
		.cut = &run->cut,
		.counting = &run->counting,
		.facts = &run->meta.facts,
	};
	/* The time before a kill was spent, too. */
	const uint64_t start_ns = clock_monotonic_ns() - run->meta.facts.measuring_ns;
	unsigned *const done = &run->meta.facts.launches_done;

	if (sched_getaffinity(0, sizeof(run->cpus), run->cpus))
		CPU_ZERO_S(sizeof(run->cpus), run->cpus);
	launcher_catch_signals();
	progress_start(&progress, &run->schedule);
	take_handovers(run);
	run->interrupted = launcher_interrupted();
	while (goes_on(run) || looks(run)) {
		progress_plan(&progress, run->schedule.launches - *done);
		while (goes_on(run)) {
			take_handovers_again(run);
			keep(run, start_ns);
			if (run->end == LAUNCHER_DONE)
				launch_one(run, &launcher, *done + 1);
		}
		if (*done == run->schedule.launches &&
		    schedule_look(&run->schedule, run->directory, clock_monotonic_ns() - start_ns,
				  &run->err))
			run->end = LAUNCHER_FAILED;
	}
	run->meta.facts.measuring_ns = clock_monotonic_ns() - start_ns;
	progress_end(&progress);
	launcher_release_signals();
}

/* What was asked for by name and will not be in the files. */
static void tell_uncounted(const struct count_plan *counting, const struct options *options)
{
	for (unsigned i = 0; i < options->nr_counters; i++)
		for (unsigned j = 0; j < counting->nr; j++)
			if (!strcmp(counting->names[j], options->counters[i]) && *counting->absences[j])
				fprintf(stderr, "krefbench: --counters: %s is not counted: %s\n",
					options->counters[i], counting->absences[j]);
}

/* Room for the values of all launches that there may be. */
static int open_values(struct run *run, struct error *err)
{
	const size_t nr = (size_t)run->plan->nr_points * schedule_most(&run->schedule);

	run->values = calloc(nr, sizeof(*run->values));
	if (!run->values)
		return error_set(err, ENOMEM, "no memory for %zu values", nr);
	for (size_t i = 0; i < nr; i++)
		run->values[i] = NAN;
	return 0;
}

int run_measure(const struct options *options, const struct registry *registry,
		const struct place *place, const struct plan *plan, const char *home,
		char **arguments)
{
	struct run run = {
		.options = options, .place = place, .plan = plan, .home = home,
		.arguments = arguments,
	};
	struct error err;
	int code;

	if (options->launch)
		return launch_run(options, plan, place);
	if (options->command == COMMAND_PROFILE)
		return profile_run(options, place, plan, home, arguments);
	/* Here, as the light program has no libpfm4 to know the names with. */
	if (count_plan_make(&run.counting, options, &err))
		return run_complain(&err, EXIT_USAGE);
	tell_uncounted(&run.counting, options);
	if (orders_open(&run.orders, ORDERS_SELF, plan->nr_groups)) {
		error_set(&err, ENOMEM, "no memory for %u groups", plan->nr_groups);
		return run_complain(&err, EXIT_INVALID);
	}
	if (run.orders.nr_foreign)
		fprintf(stderr, "krefbench: %u of the %u link orders beside the program are of another build and "
			"left out; make links them anew\n", run.orders.nr_foreign,
			run.orders.nr_foreign + run.orders.nr);
	if (schedule_open(&run.schedule, plan, options, &err) || open_values(&run, &err)) {
		code = run_complain(&err, EXIT_INVALID);
	} else if (run_begin(&run, registry, &err)) {
		code = run_complain(&err, EXIT_USAGE);
	} else {
		launch_all(&run);
		code = run_finish(&run);
	}
	handover_free(&run.handover);
	cut_free(&run.cut);
	crashes_free(&run.meta.crashes);
	json_decref(run.meta.handovers_again);
	json_decref(run.meta.earlier);
	orders_close(&run.orders);
	schedule_close(&run.schedule);
	free(run.values);
	free(run.directory);
	free(run.started_utc);
	return code;
}
