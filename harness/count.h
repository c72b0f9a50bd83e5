/*
 * Hardware and software counters of one thread, through perf_event_open.
 *
 * SPDX-License-Identifier: MIT
 *
 * Cycles, instructions and cache-misses are one group, so that they count the same instants;
 * context switches and migrations another. A counter that the machine has not is absent with its
 * reason.
 */
#ifndef HARNESS_COUNT_H
#define HARNESS_COUNT_H

#include <stdbool.h>
#include <stdint.h>

enum counter {
	COUNTER_CYCLES,
	COUNTER_INSTRUCTIONS,
	COUNTER_CACHE_MISSES,
	COUNTER_SWITCHES,
	COUNTER_MIGRATIONS,
	NR_COUNTERS
};

struct counters {
	int fds[NR_COUNTERS];		/* -1: absent */
	int errors[NR_COUNTERS];	/* errno of the absent */
};

struct counts {
	uint64_t values[NR_COUNTERS];
	/* Of the hardware group, then of the software group. */
	uint64_t enabled_ns[2], running_ns[2];
};

/* "cycles", "instructions", "cache_misses", "switches", "migrations". */
const char *counter_name(enum counter counter);

/* Opens the calling thread's counters, counting from now on; what fails is absent. */
void counters_open(struct counters *counters);

void counters_close(struct counters *counters);

static inline bool counters_have(const struct counters *counters, enum counter counter)
{
	return counters->fds[counter] >= 0;
}

/* Reads all at once. Values of absent counters are not written. Returns 0 or -errno. */
int counters_read(const struct counters *counters, struct counts *counts);

/*
 * end - begin of one counter, scaled by enabled/running; *multiplexed becomes true where it did not
 * run all the time. NAN where it did not run at all.
 */
double counts_delta(enum counter counter, const struct counts *begin, const struct counts *end,
		    bool *multiplexed);

/* In words for the report: why this counter is absent on this machine. Static or in buffer. */
const char *counter_absence(enum counter counter, int error, char *buffer, unsigned bytes);

#endif
