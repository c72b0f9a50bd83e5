/*
 * Tells on stderr what is being measured, how much is done and how long it will take.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_PROGRESS_H
#define HARNESS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "schedule.h"

struct progress {
	const struct schedule *schedule;
	/* Group measurements of the launches planned at once: done, of how many, since when. */
	unsigned done, total;
	uint64_t start_ns, last_ns;
	bool terminal;			/* one line rewritten in place; else plain lines, seldom */
};

void progress_start(struct progress *progress, const struct schedule *schedule);

/* launches more are planned than done before, of the schedule's active groups. */
void progress_plan(struct progress *progress, unsigned launches);

/* launch begins with the plan's group from on, or goes on with it. */
void progress_step(struct progress *progress, unsigned launch, unsigned from);

/* Clears the line that progress_step() left. */
void progress_end(struct progress *progress);

#endif
