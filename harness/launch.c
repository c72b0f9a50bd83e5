/*
 * Runs a launch: Google Benchmark asks for the points, the first of a group measures its rounds.
 *
 * SPDX-License-Identifier: MIT
 */
#include "launch.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "budget.h"
#include "count_plan.h"
#include "gbench.h"
#include "group.h"
#include "mishap.h"
#include "random.h"
#include "schedule.h"
#include "signals.h"

static volatile sig_atomic_t interrupted;

static void on_signal(int signal)
{
	(void)signal;
	interrupted = 1;
}

struct launch {
	const struct options *options;
	const struct plan *plan;
	struct engine engine;
	struct point {
		const struct group *group;
		unsigned number;	/* in the plan */
	} *points;			/* that this launch measures */
	unsigned nr_points;
	/* Of each point of the plan: */
	bool *measured;
	double *ns_per_op;		/* once its group is measured */
	struct error err;
	int error;
};

/* Whether rounds of the group are there already, and how many. */
static void cut_apply(struct engine *engine, const char *cut, unsigned number)
{
	unsigned group, kept, planned;

	engine->kept_rounds = 0;
	if (cut && sscanf(cut, "%u %u %u", &group, &kept, &planned) == 3 && group == number) {
		engine->kept_rounds = kept;
		engine->planned_rounds = planned;
	}
}

static unsigned count_left_out(const struct launch *launch, const struct group *group)
{
	const char *asked = launch->options->launch_points;
	unsigned nr = 0;

	for (unsigned i = 0; asked && i < group->nr_cells; i++)
		nr += asked[group->first_point + i] == '-';
	return nr;
}

static int measure_group(struct launch *launch, const struct group *group)
{
	const unsigned number = (unsigned)(group - launch->plan->groups);

	launch->engine.seed = random_group_seed(launch->options->seed, launch->options->launch, number);
	cut_apply(&launch->engine, launch->options->launch_cut, number);
	launch->engine.samples = latency_wanted(launch->plan, group);
	launch->engine.nr_left_out = count_left_out(launch, group);
	launch->error = group_measure(&launch->engine, group,
				      &launch->measured[group->first_point],
				      &launch->ns_per_op[group->first_point], &launch->err);
	if (!launch->error) {
		printf("group %u\n", number + 1);
		fflush(stdout);
	}
	return launch->error;
}

static int measure_point(void *context, unsigned index, double *ns_per_op)
{
	struct launch *launch = context;
	const struct point *point = &launch->points[index];

	if ((!index || point[-1].group != point->group) && measure_group(launch, point->group))
		return launch->error;
	*ns_per_op = launch->ns_per_op[point->number];
	printf("point %u %.9g\n", point->number, *ns_per_op);
	return 0;
}

/* errno of a member that lacks the counter, or 0: a sum over workers needs all of them. */
static int lacking(const struct team *team, unsigned counter)
{
	for (unsigned i = 0; i < team->nr_members; i++)
		if (team->members[i].counters.errors[counter])
			return team->members[i].counters.errors[counter];
	return 0;
}

static void tell_absent(const struct engine *engine)
{
	const struct count_plan *counting = &engine->counting;

	for (unsigned i = 0; i < counting->nr; i++) {
		const int error = lacking(&engine->team, i);

		if (*counting->absences[i])
			printf("absent %s %s\n", counting->names[i], counting->absences[i]);
		else if (error)
			printf("absent %s perf_event_open in some thread: %s\n", counting->names[i],
			       strerror(error));
	}
}

static void tell_facts(const struct launch *launch)
{
	const struct engine *engine = &launch->engine;

	printf("measured %llu\n", (unsigned long long)engine->measured_ns);
	printf("clock %s %.9g %llu\n", clock_name(&engine->clock), 1 / engine->clock.ns_per_tick,
	       (unsigned long long)engine->max_offset_ns);
	tell_absent(engine);
	fflush(stdout);
}

static int engine_close(struct launch *launch)
{
	struct error err;
	int error;

	team_destroy(&launch->engine.team);
	cputime_close(&launch->engine.stat);
	error = record_close(&launch->engine.record, &err);
	if (error)
		latency_close(&launch->engine.latency, &(struct error){ "" });
	else
		error = latency_close(&launch->engine.latency, &err);
	/* The first failure is the one to tell. */
	if (error && !launch->error) {
		launch->err = err;
		launch->error = error;
	}
	return launch->error;
}

/* Of each placement the largest group holds the processors of all its others. */
static int check_clocks(struct launch *launch)
{
	const struct plan *plan = launch->plan;
	int error = 0;

	for (unsigned p = 0; !error && p < NR_PLACEMENTS; p++) {
		const struct group *largest = NULL;

		for (unsigned i = 0; i < plan->nr_groups; i++)
			if (plan->groups[i].placement == p &&
			    (!largest || plan->groups[i].threads > largest->threads))
				largest = &plan->groups[i];
		if (largest)
			error = engine_check_clock(&launch->engine, largest, &launch->err);
	}
	return error;
}

static int engine_open(struct launch *launch, const struct place *place)
{
	const struct options *options = launch->options;
	struct engine *engine = &launch->engine;
	int error;

	engine->place = place;
	engine->launch = options->launch;
	engine->use_malloc = options->use_malloc;
	engine->home = options->home;
	engine->brief = options->quick;
	engine->sample_turns = schedule_sample_turns(options);
	engine->group_ns = budget_group_ns(launch->plan, options);
	engine->interrupted = &interrupted;
	clock_init(&engine->clock);
	error = count_plan_make(&engine->counting, options, &launch->err);
	if (!error)
		error = record_open(&engine->record, options->directory, &engine->counting, &launch->err);
	if (error)
		return error;
	error = latency_open(&engine->latency, options->directory, launch->plan->max_threads,
			     &launch->err);
	if (error)
		goto close_record;
	error = team_create(&engine->team, launch->plan->max_threads, &engine->counting,
			    &launch->err);
	if (error)
		goto close_latency;
	/* Without it nothing is known of steal, which the doctor tells. */
	cputime_open(&engine->stat, "/proc/stat");
	launch->error = check_clocks(launch);
	return launch->error ? engine_close(launch) : 0;
close_latency:
	latency_close(&engine->latency, &(struct error){ "" });
close_record:
	record_close(&engine->record, &(struct error){ "" });
	return error;
}

/* Fills the points in the plan's order; their names are for Google Benchmark. */
static int name_points(struct launch *launch, char **names)
{
	const char *asked = launch->options->launch_points;

	for (unsigned g = 0; g < launch->plan->nr_groups; g++) {
		const struct group *group = &launch->plan->groups[g];

		for (unsigned i = 0; i < group->nr_cells; i++) {
			const unsigned number = group->first_point + i;
			char name[PLAN_NAME_BYTES];

			launch->measured[number] = !asked || (number < strlen(asked) && asked[number] == '1');
			if (!launch->measured[number])
				continue;
			plan_point_name(group, group->cells[i], name, sizeof(name));
			names[launch->nr_points] = strdup(name);
			if (!names[launch->nr_points])
				return -ENOMEM;
			launch->points[launch->nr_points++] = (struct point){ group, number };
		}
	}
	return 0;
}

static int measure_points(struct launch *launch, const struct place *place, char **names)
{
	int error = engine_open(launch, place);

	if (error)
		return error;
	if (gbench_run((const char *const *)names, launch->nr_points, measure_point, launch))
		launch->error = error_set(&launch->err, ENOMEM, "no memory");
	tell_facts(launch);
	return engine_close(launch);
}

/* A launch makes the plan anew, and may by now have other processors to make it for. */
static bool is_planned(const struct launch *launch)
{
	const char *asked = launch->options->launch_points;

	return !asked || strlen(asked) == launch->plan->nr_points;
}

static int launch_points(struct launch *launch, const struct place *place)
{
	const unsigned n = launch->plan->nr_points;
	char **names = calloc(n, sizeof(*names));
	int error = -ENOMEM;

	launch->points = calloc(n, sizeof(*launch->points));
	launch->measured = calloc(n, sizeof(*launch->measured));
	launch->ns_per_op = calloc(n, sizeof(*launch->ns_per_op));
	if (names && launch->points && launch->measured && launch->ns_per_op)
		error = name_points(launch, names);
	if (error)
		error_set(&launch->err, ENOMEM, "no memory for %u points", n);
	else
		error = mishap_open(STDOUT_FILENO, mishap_base_ns(), &launch->err);
	if (!error)
		error = measure_points(launch, place, names);
	mishap_close();
	for (unsigned i = 0; names && i < n; i++)
		free(names[i]);
	free(names);
	free(launch->points);
	free(launch->measured);
	free(launch->ns_per_op);
	return error;
}

/* Each worker holds a descriptor a counter, and one of cycles a group; the usual soft limit of 1024 is soon met. */
static void raise_descriptors(void)
{
	struct rlimit limit;

	if (!getrlimit(RLIMIT_NOFILE, &limit)) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

/* Nobody reads the other end of the pipe: it was closed before the signal was asked for. */
static bool is_orphan(void)
{
	struct pollfd output = { .fd = STDOUT_FILENO };

	return poll(&output, 1, 0) > 0 && output.revents & POLLERR;
}

int launch_run(const struct options *options, const struct plan *plan, const struct place *place)
{
	struct launch launch = { .options = options, .plan = plan };
	int error;

	signals_catch(on_signal, 0);
	/* A launch without its run would write into a folder that nobody finishes. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (is_orphan())
		interrupted = 1;
	/* A crash leaves nothing behind that was told. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	raise_descriptors();
	if (is_planned(&launch))
		error = launch_points(&launch, place);
	else
		error = error_set(&launch.err, ENXIO, "the processors that this process may use changed: "
				  "there are %u points now", plan->nr_points);
	if (error == -EINTR)
		error_set(&launch.err, EINTR, "the launch was interrupted by a signal");
	if (error) {
		printf("%s %s\n", error == -EPROTO ? "void" : "error", launch.err.text);
		return EXIT_INVALID;
	}
	printf("done\n");
	return EXIT_DONE;
}
