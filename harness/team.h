/*
 * The persistent workers of a launch: pinned threads that run one function together.
 *
 * SPDX-License-Identifier: MIT
 *
 * Member 0 is the thread that made the team: it controls between windows and works inside them.
 * Members of the current group spin between its windows; all others sleep.
 */
#ifndef HARNESS_TEAM_H
#define HARNESS_TEAM_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "barrier.h"
#include "clock.h"
#include "count.h"
#include "error.h"

struct team;

struct member {
	struct team *team;
	unsigned index;
	pthread_t thread;
	int cpu;			/* pinned to, or -1 */
	int error;			/* of the last pinning, positive errno */
	struct counters counters;
};

struct team {
	struct member *members;
	unsigned nr_members, active;
	const struct count_plan *counting;
	void (*function)(struct member *member, void *argument);
	void *argument;
	/* Generation << 32 | active members: one load says both whether and whom. */
	_Alignas(WORKLOAD_ALIGN) atomic_uint_fast64_t order;
	struct barrier done;
	pthread_mutex_t mutex;
	pthread_cond_t woken;
	unsigned awake;		/* members from here on may sleep; under mutex */
	bool quit;		/* under mutex */
	atomic_bool yield;	/* read by members that spin */
};

/*
 * Starts nr_members - 1 threads, asleep, at least one: the process is never one of a single thread. counting, which must outlive the team, is what each opens; NULL:
 * nothing. Returns 0, or -errno with err set.
 */
int team_create(struct team *team, unsigned nr_members, const struct count_plan *counting,
		struct error *err);

/* Ends the threads. By the thread that made the team. */
void team_destroy(struct team *team);

/*
 * Makes members 0 to n - 1 the active ones, member i pinned to the processor with OS index cpus[i],
 * which is read back. yield: more members than processors. Returns 0, or -errno with err set: a
 * failed pin is not worked around.
 */
int team_rally(struct team *team, const int *cpus, unsigned n, bool yield, struct error *err);

/* Runs function(member, argument) on every active member; returns when all have returned. */
void team_do(struct team *team, void (*function)(struct member *, void *), void *argument);

/*
 * The largest offset between the clock counter of member 0's processor and of each other active
 * member's, in ticks, beyond what the exchange itself leaves uncertain.
 */
uint64_t team_clock_offset(struct team *team);

#endif
