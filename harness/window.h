/*
 * The window: one measured interval of one cell by all active workers.
 *
 * SPDX-License-Identifier: MIT
 *
 * The workers meet at a barrier and run the cell as a guard. Each one's own interval goes from its
 * first batch boundary inside the common [t0, t1) to its first at or past t1; then it runs on as a
 * guard until all are past t1, and where workers share processors yields between batches. Its rate
 * is its ops over its own interval, so that a late or slow worker shows as itself.
 */
#ifndef HARNESS_WINDOW_H
#define HARNESS_WINDOW_H

#include "../workloads/workload.h"
#include "clock.h"
#include "count.h"
#include "error.h"
#include "sampler.h"
#include "team.h"

struct window_request {
	const struct workload *cell;
	unsigned point;			/* its number in the plan, told if it crashes or hangs */
	const struct params *params;
	void *arena;
	uint64_t seed;			/* of the workers' generators */
	uint64_t batch_ops;		/* 0: find one that takes about WINDOW_BATCH_NS */
	uint64_t guard_ns, window_ns;
	unsigned counter_group;		/* of the team's plan, 0: none */
	/* One a worker: what its single ops take is sampled, in place of batches. NULL: nothing is. */
	struct sampler *samplers;
};

/*
 * A batch: long against the 25 to 35 ns that its stamp and call cost, short against the shortest
 * window.
 */
#define WINDOW_BATCH_NS 20000

struct window_worker {
	uint64_t ops;			/* in its own interval */
	uint64_t ticks;			/* its own interval */
	uint64_t batches;
	/* No batch boundary inside, or stuck until stop: 0 ops over the whole window. */
	bool no_overlap;
	bool counts;			/* false: helps another worker, its ops are not counted */
	uint64_t total_ops;		/* of its batches, guards included */
	uint64_t counted_ops;		/* between the readings of the counters */
	double counters[COUNTERS_MAX];	/* over counted_ops, NAN: absent, or of another group */
	bool multiplexed;
	/* Inside its own interval; of one that has none, from before the gate to the end. */
	bool switched;			/* off its processor against its will */
	bool migrated;			/* seen on another processor than its own */
	uint64_t user_ns, kernel_ns;	/* processor time in each mode */
};

struct window_result {
	struct window_worker *workers;	/* the caller's, one for each of params->workers */
	uint64_t total_ops;		/* of counting workers, guards included */
	uint64_t retries, failed;	/* guards included */
	uint64_t reclaim_ns;		/* guards included */
	bool has_reclaim;
	struct garbage garbage;		/* guards included */
	bool has_garbage;
	uint64_t window_ns;
	uint64_t begin_ticks, end_ticks;	/* the common interval */
	uint64_t batch_ops;		/* as asked for, or the last of worker 0 */
	bool clock_step;		/* the clock and another one disagree on its length */
};

/*
 * Measures one window on the team's active members, as many as params->workers, and verifies the
 * cell afterwards. Returns 0; -EPROTO with err set when the cell lost a count or released twice;
 * another -errno with err set when the cell could not be set up or go on.
 */
int window_run(struct team *team, const struct clock *clock,
	       const struct window_request *request, struct window_result *result,
	       struct error *err);

/* Sum over counting workers of ops over own interval, in million a second. */
double window_mops(const struct clock *clock, const struct window_result *result,
		   unsigned nr_workers);

#endif
