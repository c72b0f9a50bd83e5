/*
 * One launch: a process of its own that measures every group of the plan once.
 *
 * SPDX-License-Identifier: MIT
 *
 * It tells the run that started it how it gets on, in lines on its standard output:
 *
 *	group NUMBER			that group of the plan is done
 *	point NUMBER NS_PER_OP		this launch's value of that point of the plan, from 0
 *	measured NANOSECONDS		spent inside windows
 *	clock SOURCE TICKS_PER_NS MAX_OFFSET_NS
 *	absent COUNTER REASON		this counter is not there
 *	error TEXT			why the launch failed
 *	void TEXT			why no number of this run may be used
 *	done				its last: all that it measured is in the files
 *
 * OPTIONS_LAUNCH_CUT in the environment is `GROUP KEPT PLANNED`: of that group of the plan, from 0, so many of
 * the rounds that were planned are there, by a process that was killed.
 */
#ifndef HARNESS_LAUNCH_H
#define HARNESS_LAUNCH_H

#include "error.h"
#include "options.h"
#include "place.h"
#include "plan.h"

/* Exit codes of a launch, and of the command. */
enum {
	EXIT_DONE = 0,
	EXIT_INVALID = 1,	/* measured but invalid, or a failure while measuring */
	EXIT_USAGE = 2,
	EXIT_SLOWER = 3,	/* of compare: something is slower by more than the limit */
	EXIT_IMPOSSIBLE = 77,	/* not possible here */
	EXIT_NEEDS_CELLS = 78,	/* of the light program: the measuring one is to be built and run */
};

/*
 * Measures options->launch of the plan and appends to options->directory. Ends early, keeping whole
 * rounds, on SIGTERM and, unless they are ignored, SIGINT and SIGHUP. Returns an exit code.
 */
int launch_run(const struct options *options, const struct plan *plan, const struct place *place);

#endif
