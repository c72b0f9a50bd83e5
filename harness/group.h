/*
 * Measures one group in one launch: its rounds, each a window of every point in shuffled order.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_GROUP_H
#define HARNESS_GROUP_H

#include <signal.h>

#include "clock.h"
#include "cputime.h"
#include "error.h"
#include "latency.h"
#include "place.h"
#include "plan.h"
#include "record.h"
#include "team.h"

/*
 * Ops between two polls of a deferring strategy, or a QSBR worker's quiescent states: 1000 of 20 ns
 * bound an epoch or a grace period by 20 us.
 */
#define GROUP_POLL_EVERY 1000

/* Rounds of a group in a launch, at most. */
#define GROUP_MAX_ROUNDS 64

/* What the groups of a launch have in common. */
struct engine {
	struct team team;
	struct count_plan counting;	/* of the team */
	struct clock clock;
	struct record record;
	struct latency latency;
	bool samples;			/* this group's single ops */
	unsigned nr_left_out;		/* points of this group that crashed */
	unsigned sample_turns;		/* launches after which each deferred point has had one window */
	struct cputime_file stat;	/* not open: nothing is said of steal */
	const struct place *place;
	unsigned launch;
	uint64_t seed;
	bool use_malloc;
	struct home home;
	bool brief;			/* one round may do */
	/* Of this group in this launch, measured by a process that was killed; 0: none. */
	unsigned kept_rounds;
	unsigned planned_rounds;	/* by that process */
	uint64_t group_ns;		/* time for the rounds of one group */
	uint64_t window_ns;		/* of each recorded window; 0: as its ops need */
	/* Told of each recorded window and its objects' memory; NULL: nobody. */
	void (*watch)(const struct engine *engine, const void *arena,
		      const struct window_result *result);
	uint64_t measured_ns;		/* spent inside recorded windows */
	uint64_t max_offset_ns;		/* between the processors' clocks, the largest seen */
	volatile sig_atomic_t *interrupted;
};

/*
 * Whether a launch, from 1, samples single ops of the group's point, where it measures all that have not
 * crashed; turns: launches after which each deferred one has been sampled.
 */
bool group_samples(const struct group *group, unsigned point, unsigned launch, unsigned turns);

/* What a group's cells are told of it, but for what only a measuring engine knows. */
struct params group_params(const struct group *group, bool use_malloc);

/*
 * Measures those of the group's points for which measured is true. Fills ns_per_op[point] with the
 * launch's value: the median over the rounds of this process, in a deferred group the value of totals; NAN for points that
 * were not measured. Returns 0; -EINTR when interrupted (whole rounds are recorded); another -errno
 * with err set.
 */
int group_measure(struct engine *engine, const struct group *group, const bool *measured,
		  double *ns_per_op, struct error *err);

/*
 * Sees that the clocks of the group's processors agree; where they do not, the engine measures with
 * CLOCK_MONOTONIC. Before the first group, so that a launch has one clock. 0, or -errno with err
 * set.
 */
int engine_check_clock(struct engine *engine, const struct group *group, struct error *err);

#endif
