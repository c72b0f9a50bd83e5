/*
 * Tells on stderr what is being measured, how much is done and how long it will take.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_PROGRESS_H
#define HARNESS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "plan.h"

struct progress {
	const struct plan *plan;
	unsigned launches;
	uint64_t start_ns, last_ns;
	bool terminal;			/* one line rewritten in place; else plain lines, seldom */
};

void progress_start(struct progress *progress, const struct plan *plan, unsigned launches);

/* done groups of launch are measured, the next one begins. */
void progress_step(struct progress *progress, unsigned launch, unsigned done);

/* Clears the line that progress_step() left. */
void progress_end(struct progress *progress);

#endif
