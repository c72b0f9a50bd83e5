/*
 * The process that is sampled: runs a profile's cell in one long window.
 *
 * SPDX-License-Identifier: MIT
 *
 * It tells the process that started it, in lines on its standard output, with times of CLOCK_MONOTONIC
 * in ns as the samples have them:
 *
 *	text START BYTES OFFSET VADDR PATH	code of a program or library: where it is, and what is
 *						at its start in the file and in the file's own addresses
 *	worker NUMBER TID			before the window
 *	arena START
 *	interval BEGIN END			the common one of the workers
 *	busy NUMBER USER KERNEL INTERVAL	processor time inside a worker's own interval
 *	ready NUMBER NS				of that not asleep, and others had the processor
 *	ready-unknown NUMBER			this kernel does not tell
 *	op NS					time of one op, as a run tells it
 *	error TEXT				why there is none of this
 *
 * Of a cell that crashes or hangs it tells as mishap.h says.
 */
#ifndef HARNESS_PROFILE_CELL_H
#define HARNESS_PROFILE_CELL_H

#include "options.h"
#include "place.h"
#include "plan.h"

/*
 * options->profiled says which cell, NUMBER:SECONDS:FOLDER. Leaves a samples.csv there. Returns an exit
 * code.
 */
int profile_cell_run(const struct options *options, const struct plan *plan,
		     const struct place *place);

#endif
