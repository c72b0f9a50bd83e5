/*
 * One run, from its folder to its report; shared by the files that make it up only.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_RUN_INTERNAL_H
#define HARNESS_RUN_INTERNAL_H

#include <sched.h>

#include "count_plan.h"
#include "cut.h"
#include "handover.h"
#include "launcher.h"
#include "meta.h"
#include "orders.h"
#include "run.h"
#include "schedule.h"

struct run {
	const struct options *options;
	const struct place *place;
	const struct plan *plan;
	const char *home;
	char **arguments;
	char host[256];
	char *directory, *started_utc;
	int lock;		/* of the folder */
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
	bool made_folder;
	bool interrupted;
	struct error err;	/* of a launch that failed */
};

/* Whose answer is what b changes, and stands on stdout alone. */
static inline bool run_is_ab(const struct run *run)
{
	return run->options->command == COMMAND_AB;
}

/* Says on stderr what is wrong. Returns code. */
int run_complain(const struct error *err, int code);

/*
 * Makes the folder of a new run, or reads that of a run that goes on, and says in its meta.json that the run is
 * under way. The caller has filled what stands before host, counting and orders, and opened the schedule.
 * Returns 0, or a negative errno with err set; what it began in a new folder is undone then.
 */
int run_begin(struct run *run, const struct registry *registry, struct error *err);

/*
 * Writes benchmark.json of all launches' values and prints the table of their medians, unless the run was
 * interrupted. Returns 0, or a negative errno with err set.
 */
int run_tell_benchmark(const struct run *run, struct error *err);

/*
 * Tells, summarises and reports what was measured, whatever ended the launches. Says itself what goes wrong;
 * returns an exit code.
 */
int run_finish(struct run *run);

#endif
