/*
 * Starts a launch as a process of its own and reads what it tells.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_LAUNCHER_H
#define HARNESS_LAUNCHER_H

#include "crashes.h"
#include "cut.h"
#include "error.h"
#include "meta.h"
#include "options.h"
#include "orders.h"
#include "progress.h"

struct launcher {
	char *const *arguments;		/* of this program, NULL-terminated */
	const struct options *options;
	const char *directory;
	int lock;		/* of the folder; a launch that outlives the run has it */
	struct orders *orders;	/* of this program */
	struct progress *progress;
	const struct schedule *schedule;	/* which groups */
	const struct cut *cut;	/* what there is of its launch */
	bool again;		/* that launch goes on, in the same order */
	const struct count_plan *counting;
	struct meta_facts *facts;
};

/* How a launch ended. */
enum launcher_end {
	LAUNCHER_DONE,
	LAUNCHER_FAILED,		/* err says why; what it recorded is good */
	LAUNCHER_VOID,		/* err says why; no number of the run may be used */
	LAUNCHER_CRASHED,	/* in a point; it can go on without that one */
};

/*
 * Runs launch number, from 1, to its end. values[point] gets its ns_per_op where it was measured. *crash is
 * filled where it crashed, and stderr has been told of that. A signal that launcher_catch_signals() catches is passed
 * on, see launcher_interrupted().
 */
enum launcher_end launcher_run(const struct launcher *launcher, unsigned number, double *values,
			    unsigned nr_values, struct crash *crash, struct error *err);

/* Catches SIGTERM and, unless they are ignored, SIGINT and SIGHUP from now on; released they end the process. */
void launcher_catch_signals(void);
void launcher_release_signals(void);

/* Whether one of them came. */
bool launcher_interrupted(void);

#endif
