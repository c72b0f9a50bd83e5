/*
 * Hardware and software counters of one thread, through perf_event_open.
 *
 * SPDX-License-Identifier: MIT
 *
 * A processor counts a few events at once, and the kernel takes turns among more of them too seldom
 * for a window. So they are in groups, of which one counts in a window beside the software group;
 * whoever runs the windows takes turns.
 */
#ifndef HARNESS_COUNT_H
#define HARNESS_COUNT_H

#include <stdbool.h>
#include <stdint.h>

/* What the suite counts by itself; results/README.md says what each is on which processor. */
enum counter {
	COUNTER_CYCLES,
	COUNTER_INSTRUCTIONS,
	COUNTER_CACHE_MISSES,
	COUNTER_SWITCHES,
	COUNTER_MIGRATIONS,
	COUNTER_MOVED_LOCAL,
	COUNTER_MOVED_REMOTE,
	COUNTER_RFO_HITM,
	COUNTER_STALL_CYCLES,
	NR_COUNTERS
};

/* From here on each kind of processor has an event of its own, or none. */
#define COUNTER_FIRST_OF_PROCESSOR COUNTER_MOVED_LOCAL

/* That the user may name beside these. */
#define COUNTERS_MAX_NAMED 16
#define COUNTERS_MAX (NR_COUNTERS + COUNTERS_MAX_NAMED)
/* As many as any processor of today counts at once, hyperthreads and a watchdog beside. */
#define COUNTERS_IN_GROUP 4
/* Each group but the software's holds an event that no other has. */
#define COUNTERS_MAX_GROUPS (COUNTERS_MAX - 1)

/* An event as perf_event_open() takes it. */
struct event {
	uint32_t type;
	uint64_t config, config1, config2;
	bool exclude_user, exclude_kernel;
};

struct count_group {
	unsigned counters[COUNTERS_IN_GROUP], nr;
};

/* What all threads of a launch count. */
struct count_plan {
	const char *names[COUNTERS_MAX];	/* of the columns */
	struct event events[COUNTERS_MAX];
	char codes[COUNTERS_MAX][128];		/* the event's name to libpfm4, "": generic */
	char absences[COUNTERS_MAX][160];	/* why a counter is absent, "": it is there */
	unsigned nr;
	bool fatal;				/* a filter kills who calls perf_event_open() */
	bool user_mode;				/* of hardware events: the kernel allows no more */
	/* The first holds the software's and always counts. */
	struct count_group groups[COUNTERS_MAX_GROUPS];
	unsigned nr_groups;
};

struct counters {
	const struct count_plan *plan;
	int fds[COUNTERS_MAX_GROUPS][COUNTERS_IN_GROUP];	/* -1: absent */
	int errors[COUNTERS_MAX];	/* errno of what only this thread could not open */
	unsigned group;			/* counts beside the first; 0: none */
};

struct counts {
	uint64_t values[COUNTERS_MAX];
	/* Of the software group, then of the other. */
	uint64_t enabled_ns[2], running_ns[2];
};

/* "cycles", "instructions", and so on. */
const char *counter_name(enum counter counter);

/* Whether the kernel counts it without a hardware counter, in every window. */
static inline bool counter_is_software(unsigned counter)
{
	return counter == COUNTER_SWITCHES || counter == COUNTER_MIGRATIONS;
}

/*
 * Opens the event for the calling thread in the leader's group, as a leader of its own with -1; halted:
 * a leader that is to be started. A file descriptor or -errno.
 */
int event_open(const struct event *event, int leader, bool halted);

/*
 * Opens the calling thread's counters; the software's count from now on. What fails is absent. The plan
 * must outlive them; NULL counts nothing.
 */
void counters_open(struct counters *counters, const struct count_plan *plan);

void counters_close(struct counters *counters);

/*
 * Lets this group of the plan count, 0 for none, and halts the one that did. By the thread that opened
 * them, outside of what it measures. Returns 0 or -errno.
 */
int counters_choose(struct counters *counters, unsigned group);

/* Whether it counts now. */
bool counters_have(const struct counters *counters, unsigned counter);

/* Reads all that count now. Values of the others are not written. Returns 0 or -EIO. */
int counters_read(const struct counters *counters, struct counts *counts);

/*
 * end - begin of one counter, scaled by enabled/running; *multiplexed becomes true where it did not
 * run all the time. NAN where it did not run at all.
 */
double counts_delta(unsigned counter, const struct counts *begin, const struct counts *end,
		    bool *multiplexed);

#endif
