/*
 * One group in one launch, while it is measured.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_GROUP_INTERNAL_H
#define HARNESS_GROUP_INTERNAL_H

#include "arena.h"
#include "group.h"

/* Many short windows beat few long ones on a machine that drifts. */
#define GROUP_WINDOW_NS 500000

struct point {
	const struct workload *cell;
	uint64_t batch_ops;		/* 0: found in each window's guard */
	uint64_t guard_ns, window_ns;
	uint64_t slices_ns;		/* that a window of an oversubscribed group takes beside both */
	uint64_t last_batch_ops;	/* of its latest window */
	double *rates;			/* ops and ticks of each worker, over the launch so far */
	double *ticks;
	double rounds[GROUP_MAX_ROUNDS];	/* ns per op */
	double sum_mops;
	unsigned nr_rounds;
};

struct measuring {
	struct engine *engine;
	const struct group *group;
	const bool *measured;		/* of the group's points */
	unsigned nr_measured;
	unsigned rounds;		/* of this launch */
	struct params params;
	struct arena arena;
	struct window_result result;
	struct point *points;
	char node[64];			/* of the objects */
	bool shared_reclaim;
	int *cpus;
	uint64_t steal;			/* of these, as last seen */
};

/*
 * Measures and records the rounds that the launch is to have of the group, whose memory is there. 0; -EINTR
 * with err as it was; or another negative errno with err set.
 */
int group_rounds(struct measuring *m, struct error *err);

/* What the rounds say each point takes, NAN: it has none. Their order is lost. */
void group_values(const struct measuring *m, double *ns_per_op);

/*
 * Whether the hypervisor took time from the group's processors since the last call. It is told in
 * ticks of 10 ms, of which a round takes one or more: no single window can be blamed.
 */
bool group_was_stolen(struct measuring *m);

/*
 * Samples single ops of all points but the controls, once those that did not crash have been measured; of a
 * deferred group, whose windows are long, a few in turn, so that the launches that are sure to come have
 * each once. 0, or -errno with err set.
 */
int group_sample(struct measuring *m, struct error *err);

#endif
