/*
 * What came between a worker and its processor, and whether a clock was set or stood still.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_DISTURB_H
#define HARNESS_DISTURB_H

#include <stdbool.h>
#include <stdint.h>

#include "clock.h"

/* Of the calling thread, up to now. */
struct disturb_thread {
	long switches;		/* involuntary ones; a yield that let another run is one, too */
	int cpu;		/* -1: the kernel does not tell */
	uint64_t user_ns, kernel_ns;	/* of processor time; their sum is exact, each by itself is not */
};

/* A system call: belongs outside of what is timed. Returns 0 or -errno. */
int disturb_thread_read(struct disturb_thread *thread);

/* The measuring clock and one to hold it against, at one time. */
struct disturb_clocks {
	uint64_t before, after;	/* ticks of the measuring clock around the other's reading */
	uint64_t other_ns;
};

void disturb_clocks_read(const struct clock *clock, struct disturb_clocks *clocks);

/*
 * Whether the two clocks tell different times from begin to end: by more than 1 percent, 50 us, and
 * what the readings themselves leave in doubt.
 */
bool disturb_clock_stepped(const struct clock *clock, const struct disturb_clocks *begin,
			   const struct disturb_clocks *end);

#endif
