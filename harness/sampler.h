/*
 * Times single ops of a worker, at random distances, between batches that nobody times.
 *
 * SPDX-License-Identifier: MIT
 *
 * A sample is one call of run for one op between two stamps, so that it holds what the stamps and the
 * call through the pointer take. Beside every eighth, on average, a call that does nothing is timed in the
 * same way: what that takes is told beside the samples and never taken off them.
 */
#ifndef HARNESS_SAMPLER_H
#define HARNESS_SAMPLER_H

#include "../workloads/workload.h"
#include "clock.h"
#include "histogram.h"

/* One worker's; lines of its own. */
struct sampler {
	_Alignas(WORKLOAD_ALIGN) uint64_t random;	/* SplitMix64's state */
	uint64_t gap_ops;		/* between two samples, on average */
	struct histogram ops;		/* what they took */
	struct histogram stamps;	/* what nothing took */
};

/* Forgets what was sampled. */
void sampler_init(struct sampler *sampler, uint64_t seed, uint64_t gap_ops);

/*
 * Runs from none to twice gap_ops ops, every number as likely, so that no period of the cell is locked on
 * to, and times one more; the time counts where counts says so and the op was done. Returns the ops done.
 */
uint64_t sampler_run(struct sampler *sampler, const struct clock *clock, const struct workload *cell,
		     struct worker *worker, bool counts);

#endif
