/*
 * With how many threads a placement is measured.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_THREAD_COUNTS_H
#define HARNESS_THREAD_COUNTS_H

#include "options.h"
#include "place.h"

struct thread_counts {
	unsigned *values;
	unsigned nr;
};

/*
 * As given; by default 1, each doubling, each boundary of the placement and all of its processors, in
 * ascending order, however many these are. multiple: of what the workload can use, to which
 * boundaries and all are rounded down; by default smt-pairs takes whole pairs, too. Returns 0, or
 * -ENOMEM; *counts is the caller's, who gives it to thread_counts_free().
 */
int thread_counts_make(struct thread_counts *counts, const struct option_values *given,
		       const struct place *place, enum placement placement, unsigned multiple);

void thread_counts_free(struct thread_counts *counts);

#endif
