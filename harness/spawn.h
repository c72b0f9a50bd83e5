/*
 * Starts a launch as a process of its own and reads what it tells.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_SPAWN_H
#define HARNESS_SPAWN_H

#include "error.h"
#include "meta.h"
#include "options.h"
#include "progress.h"

struct spawn {
	char *const *arguments;		/* of this program, NULL-terminated */
	const struct options *options;
	const char *directory;
	const char *program;		/* /proc/self/exe */
	struct progress *progress;
	struct meta_facts *facts;
};

/* How a launch ended. */
enum spawn_end {
	SPAWN_DONE,
	SPAWN_FAILED,		/* err says why; what it recorded is good */
	SPAWN_VOID,		/* err says why; no number of the run may be used */
};

/*
 * Runs launch number, from 1, to its end. values[point] gets its ns_per_op where it was measured, NAN
 * elsewhere. SIGINT and SIGTERM of this process are passed on, see spawn_interrupted().
 */
enum spawn_end spawn_launch(const struct spawn *spawn, unsigned number, double *values,
			    unsigned nr_values, struct error *err);

/* Catches SIGINT and SIGTERM from now on. */
void spawn_catch_signals(void);

/* Whether one of them came. */
bool spawn_interrupted(void);

#endif
