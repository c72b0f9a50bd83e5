/*
 * Runs the launches one after another and leaves the run's folder complete.
 *
 * SPDX-License-Identifier: MIT
 */
#include "run.h"

#include <errno.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ab.h"
#include "clock.h"
#include "count_plan.h"
#include "folder.h"
#include "gbench.h"
#include "launch.h"
#include "meta.h"
#include "orders.h"
#include "profile.h"
#include "progress.h"
#include "launcher.h"
#include "record.h"
#include "resume.h"
#include "schedule.h"
#include "stats.h"

struct run {
	const struct options *options;
	const struct place *place;
	const struct plan *plan;
	const char *home;
	char **arguments;
	char host[256];
	char *directory, *started_utc;
	struct meta meta;
	struct count_plan counting;
	struct orders orders;
	struct handover handover;
	struct schedule schedule;
	struct cut cut;		/* of a run that goes on */
	double *values;		/* ns_per_op of [launch][point], NAN: not measured */
	enum launcher_end end;
	cpu_set_t cpus[8];	/* this process's when it began; of the kernel's at most 8192 */
	bool begun_new;		/* the folder is this run's own, from nothing */
	bool interrupted;
	struct error err;	/* of a launch that failed */
};

static int complain(const struct error *err, int code)
{
	fprintf(stderr, "krefbench: %s\n", err->text);
	return code;
}

/* The folder of a new run, and the files that do not depend on what will be measured. */
static int begin_new(struct run *run, const struct registry *registry, struct error *err)
{
	char *path;
	int error;

	error = folder_make(run->home, run->options->directory, run->host, &run->directory,
			    &run->started_utc, err);
	if (!error)
		error = folder_lock(run->directory, true, err);
	if (error)
		return error;
	run->begun_new = true;
	run->meta.started_utc = run->started_utc;
	if (asprintf(&path, "%s/topology.xml", run->directory) < 0)
		return error_set(err, ENOMEM, "no memory");
	error = place_export(run->place, path, err);
	free(path);
	if (!error)
		error = record_holes(run->directory, registry, err);
	/* What meta.json tells of is there, then. */
	if (!error)
		error = folder_sync(run->directory, "topology.xml", err);
	return error ? error : folder_sync(run->directory, "holes.csv", err);
}

static int begin_again(struct run *run, struct error *err)
{
	const char *started;
	int error;

	run->directory = realpath(run->options->resumed, NULL);
	if (!run->directory)
		return error_set(err, errno, "--resume: %s: %s", run->options->resumed, strerror(errno));
	/* For the launches: results/latest, or a link of the user's, may point elsewhere by then. */
	error = setenv(OPTIONS_RESUMED, run->directory, 1) ? error_set(err, ENOMEM, "no memory") :
							     folder_lock(run->directory, false, err);
	if (!error)
		error = resume_begin(run->directory, run->options, &run->meta, &run->schedule,
				     &run->orders, &run->cut, err);
	if (error)
		return error;
	started = json_string_value(json_object_get(run->meta.earlier, "started_utc"));
	run->meta.started_utc = started ? started : "";
	return 0;
}

static int prepare(struct run *run, const struct registry *registry, struct error *err)
{
	int error;

	if (gethostname(run->host, sizeof(run->host) - 1) || !*run->host)
		strcpy(run->host, "localhost");
	run->meta = (struct meta){
		.options = run->options,
		.place = run->place,
		.plan = run->plan,
		.schedule = &run->schedule,
		.counting = &run->counting,
		.nr_orders = run->orders.nr,
		.host = run->host,
		.command = run->arguments,
	};
	memcpy(run->meta.facts.absent, run->counting.absences, sizeof(run->meta.facts.absent));
	error = run->options->resumed ? begin_again(run, err) : begin_new(run, registry, err);
	if (!error)
		error = meta_write(&run->meta, run->directory, "running", NULL, err);
	if (error && run->begun_new)
		folder_undo(run->directory);
	return error;
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

	/* Of a run that goes on they are there, unless it was killed before it had told so. */
	if (run->plan->max_threads < 2 ||
	    json_is_object(json_object_get(run->meta.earlier, "handover")))
		return;
	error = handover_open(&run->handover, run->place, &err);
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
		complain(&err, 0);
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
	while (goes_on(run) || looks(run)) {
		progress_plan(&progress, run->schedule.launches - *done);
		while (goes_on(run)) {
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
}

/* The launches' values of one point, in rows from *nr on; advances *nr. */
static void add_rows(const struct run *run, unsigned point, unsigned threads, const char *name,
		     struct gbench_row *rows, unsigned *nr)
{
	const unsigned first = *nr;

	for (unsigned launch = 0; launch < run->schedule.launches; launch++) {
		const double value = run->values[(size_t)launch * run->plan->nr_points + point];

		if (!isnan(value))
			rows[(*nr)++] = (struct gbench_row){
				.name = name,
				.threads = threads,
				.repetition = launch,
				.ns_per_op = value,
			};
	}
	for (unsigned i = first; i < *nr; i++)
		rows[i].repetitions = *nr - first;
}

/* The medians of the launches, for the console. */
static unsigned median_rows(const struct gbench_row *rows, unsigned nr, struct gbench_row *medians,
			    double *scratch)
{
	unsigned n = 0;

	for (unsigned i = 0; i < nr; i += rows[i].repetitions) {
		for (unsigned r = 0; r < rows[i].repetitions; r++)
			scratch[r] = rows[i + r].ns_per_op;
		medians[n] = rows[i];
		medians[n].repetition = 0;
		medians[n].ns_per_op = stats_median_inplace(scratch, rows[i].repetitions);
		medians[n++].repetitions = 1;
	}
	return n;
}

static int write_benchmark(const struct run *run, const struct gbench_row *rows, unsigned nr,
			   struct error *err)
{
	char *path;
	int error;

	if (asprintf(&path, "%s/benchmark.json", run->directory) < 0)
		return error_set(err, ENOMEM, "no memory");
	gbench_context("krefbench_run", run->directory);
	error = gbench_write(path, rows, nr);
	free(path);
	return error ? error_set(err, -error, "cannot write benchmark.json: %s",
				 strerror(-error)) : 0;
}

/* Whose answer is what b changes, and stands on stdout alone. */
static bool is_ab(const struct run *run)
{
	return run->options->command == COMMAND_AB;
}

/* benchmark.json and the console's table, both Google Benchmark's. */
static int tell_benchmark(const struct run *run, struct error *err)
{
	const struct plan *plan = run->plan;
	const size_t most = (size_t)plan->nr_points * run->schedule.launches;
	struct gbench_row *rows = calloc(most, sizeof(*rows));
	struct gbench_row *medians = calloc(plan->nr_points, sizeof(*medians));
	char (*names)[PLAN_NAME_BYTES] = calloc(plan->nr_points, sizeof(*names));
	double *scratch = calloc(run->schedule.launches, sizeof(*scratch));
	unsigned nr = 0, point = 0;
	int error = 0;

	if (!rows || !medians || !names || !scratch)
		error = error_set(err, ENOMEM, "no memory for benchmark.json");
	for (unsigned g = 0; !error && g < plan->nr_groups; g++)
		for (unsigned i = 0; i < plan->groups[g].nr_cells; i++, point++) {
			plan_point_name(&plan->groups[g], plan->groups[g].cells[i], names[point],
					sizeof(names[point]));
			add_rows(run, point, plan->groups[g].threads, names[point], rows, &nr);
		}
	if (!error)
		error = write_benchmark(run, rows, nr, err);
	if (!error && !run->interrupted)
		gbench_print(medians, median_rows(rows, nr, medians, scratch), is_ab(run));
	free(rows);
	free(medians);
	free(names);
	free(scratch);
	return error;
}

/* No whole group of any launch. */
static bool nothing_measured(const struct run *run)
{
	const size_t nr_values = (size_t)run->plan->nr_points * run->schedule.launches;

	for (size_t i = 0; i < nr_values; i++)
		if (!isnan(run->values[i]))
			return false;
	return true;
}

/* Of a run of ab: what b changes. Returns an exit code. */
static int tell_ab(const struct run *run)
{
	struct error err;
	const int told = ab_print(run->directory, run->options->fail_above, stdout, &err);

	if (told < 0)
		return complain(&err, EXIT_INVALID);
	return told == 1 ? EXIT_SLOWER : told ? EXIT_INVALID : EXIT_DONE;
}

/* NULL: no point crashed. */
static const char *tell_crashes(const struct run *run, char *text, size_t bytes)
{
	if (!run->meta.crashes.nr)
		return NULL;
	crashes_tell(&run->meta.crashes, run->plan, text, bytes);
	return text;
}

/* The disk is full, most likely: meta.json still says that the run goes on, so that it can. */
static int tell_unsaved(const struct run *run, const struct error *err)
{
	if (strcmp(err->text, run->err.text) != 0)
		complain(err, 0);
	fprintf(stderr, "krefbench: what was measured is in %s: once it can be written, `./run.sh --resume` "
		"goes on, and `./run.sh report` shows what there is\n", run->directory);
	return EXIT_INVALID;
}

/* What was measured is summarised and reported, whatever ended the launches. */
static int finish(struct run *run)
{
	char crashed[sizeof(run->err.text)];
	const char *reason = run->end != LAUNCHER_DONE ? run->err.text :
			     run->interrupted ? "interrupted" : tell_crashes(run, crashed, sizeof(crashed));
	const char *status = run->end == LAUNCHER_VOID ? "void" : reason ? "partial" : "complete";
	const char *chosen = run->options->directory;
	int code, told = EXIT_DONE;
	struct tally tally = { 0 };
	struct error err;

	if (run->options->resumed && folder_is_own(run->home, run->directory))
		chosen = NULL;

	if (run->end != LAUNCHER_DONE)
		complain(&run->err, 0);
	if (meta_write(&run->meta, run->directory, status, reason, &err))
		return tell_unsaved(run, &err);
	if (run->end == LAUNCHER_VOID) {
		fprintf(stderr, "krefbench: the run is void; its samples are in %s\n",
			run->directory);
		return EXIT_INVALID;
	}
	/* What the launches before a kill told is in the file alone. */
	if ((run->options->resumed || run->meta.crashes.nr) &&
	    resume_values(run->directory, &run->schedule, run->values, &err))
		complain(&err, 0);
	if (run->end != LAUNCHER_DONE && nothing_measured(run)) {
		fprintf(stderr, "krefbench: nothing was measured; the folder is %s\n",
			run->directory);
		return EXIT_INVALID;
	}
	if (tell_benchmark(run, &err))
		complain(&err, 0);
	code = run_summarise(run->directory, &tally);
	if (!code && is_ab(run))
		told = tell_ab(run);
	if (!code)
		code = run_report(run->home, run->directory, &tally, run->interrupted,
				  is_ab(run) ? stderr : stdout);
	tally_free(&tally);
	if (code != EXIT_USAGE &&
	    folder_latest(run->home, chosen, run->directory, &err))
		complain(&err, 0);
	if (tell_crashes(run, crashed, sizeof(crashed)))
		fprintf(stderr, "krefbench: %s; see %s/stacks.txt\n", crashed, run->directory);
	return reason ? EXIT_INVALID : code ? code : told;
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
		return complain(&err, EXIT_USAGE);
	if (orders_open(&run.orders, ORDERS_SELF, plan->nr_groups)) {
		error_set(&err, ENOMEM, "no memory for %u groups", plan->nr_groups);
		return complain(&err, EXIT_INVALID);
	}
	if (run.orders.nr_foreign)
		fprintf(stderr, "krefbench: %u of the %u link orders beside the program are of another build and "
			"left out; make links them anew\n", run.orders.nr_foreign,
			run.orders.nr_foreign + run.orders.nr);
	if (schedule_open(&run.schedule, plan, options, &err) || open_values(&run, &err)) {
		code = complain(&err, EXIT_INVALID);
	} else if (prepare(&run, registry, &err)) {
		code = complain(&err, EXIT_USAGE);
	} else {
		launch_all(&run);
		code = finish(&run);
	}
	handover_free(&run.handover);
	cut_free(&run.cut);
	crashes_free(&run.meta.crashes);
	json_decref(run.meta.earlier);
	orders_close(&run.orders);
	schedule_close(&run.schedule);
	free(run.values);
	free(run.directory);
	free(run.started_utc);
	return code;
}
