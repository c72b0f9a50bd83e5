/*
 * The time that a cache line takes from core to core, and what an op costs that waits for one.
 *
 * SPDX-License-Identifier: MIT
 *
 * Two threads, pinned, hand a word back and forth: each waits for the other's value by loading and
 * answers by a store. Half a round trip is one hand-over: what it takes until one core sees what
 * another wrote. Which node the line's memory is on is not chosen.
 */
#ifndef HARNESS_HANDOVER_H
#define HARNESS_HANDOVER_H

#include <stdbool.h>

#include "error.h"
#include "place.h"
#include "plan.h"

/* All pairs of so many cores are measured; of more cores, those of so many evenly chosen ones. */
#define HANDOVER_CORES 64

/* Two processors of different cores, or two of one core. */
struct handover_pair {
	int cpu_a, cpu_b;
	enum step step;		/* what b is new in beside a */
	double ns, lo, hi;	/* median and extremes of the rounds; NAN: an answer took over a second */
};

struct handover {
	struct handover_pair *pairs;	/* by a, then b, in hwloc's order */
	unsigned nr_pairs;
	unsigned nr_cores, nr_chosen;	/* of the place, and of those measured */
	int *chosen;			/* of each of the place's seats its core's number, or -1 */
	unsigned *pair_of;		/* of two chosen cores, or of one with itself, from 1; 0: none */
	double step_ns[NR_STEPS];	/* median of the pairs of a kind; NAN without such */
};

/*
 * Chooses the pairs of a place, without figures. Returns 0, or -ENOMEM with err set;
 * handover_free() in both cases.
 */
int handover_open(struct handover *handover, const struct place *place, struct error *err);

/*
 * Measures the pairs in 15 shuffled rounds of 0.1 s or 1 ms a pair, fewer where these take 5 s. Returns
 * 0; -EINTR when interrupted; another -errno with err set.
 */
int handover_measure(struct handover *handover, uint64_t seed, bool (*interrupted)(void),
		     struct error *err);

/*
 * Measures the first pair of each kind for some milliseconds more: a hypervisor that moves its virtual
 * processors changes what they take. ns: NAN where there is no such pair, and where it cannot be measured now.
 */
void handover_again(const struct handover *handover, double ns[NR_STEPS]);

/*
 * What one thread needs for an op, in ns, where n threads on these processors share a line that
 * changes hands with each op: n times the mean hand-over between two of them, as any may come next.
 * Pairs that were not measured count as the median of their kind. NAN for n below 2, and where a kind
 * was not measured.
 */
double handover_floor(const struct handover *handover, const struct place *place, const int *cpus,
		      unsigned n);

/*
 * Writes directory/handover.csv, and directory/floors.csv for the plan's placements and thread
 * counts. Returns 0, or -errno with err set.
 */
int handover_write(const struct handover *handover, const struct plan *plan,
		   const struct place *place, const char *directory, struct error *err);

void handover_free(struct handover *handover);

#endif
