/*
 * What a profile samples here: cycles where there is a PMU, else the processor's time.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_PROFILE_EVENT_H
#define HARNESS_PROFILE_EVENT_H

#include <stdbool.h>

#include "error.h"

struct profile_event {
	char name[32];		/* as perf takes it: cycles:ppp, cpu-clock:u */
	bool hardware;
	/* The sample's address is that of the instruction it fell on, not of the next one. */
	bool precise;
	bool user_only;		/* the kernel's time is not sampled */
	char why[192];		/* why no cycles, or why not precise; "": they are */
	unsigned hertz;
};

/*
 * Opens events on the calling thread, the best one first. Returns 0, or -EACCES, -ENOSYS and so on with
 * err saying why nothing can be sampled and what would help.
 */
int profile_event_choose(struct profile_event *event, struct error *err);

#endif
