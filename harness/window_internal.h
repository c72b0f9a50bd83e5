/*
 * One window while it runs; shared by the two files that run it only.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_WINDOW_INTERNAL_H
#define HARNESS_WINDOW_INTERNAL_H

#include <stdatomic.h>

#include "disturb.h"
#include "window.h"

/* What the workers of one window share; each group of fields on lines of its own. */
struct window {
	const struct window_request *request;
	const struct clock *clock;
	struct window_worker *results;
	struct worker *workers;
	struct barrier entered, finished;
	_Alignas(WORKLOAD_ALIGN) atomic_bool open;	/* t0 and t1 are set */
	uint64_t t0, t1;			/* ticks; t1 0: some worker could not enter */
	uint64_t give_up;				/* ticks: who is not past t1 now is stuck */
	_Alignas(WORKLOAD_ALIGN) atomic_uint past;	/* workers that are past t1 */
	_Alignas(WORKLOAD_ALIGN) int stop;
	int error;				/* of a worker, -errno */
	/* Worker 0's: */
	struct disturb_clocks clocks;		/* before t0 was set */
	bool clock_step;
	uint64_t batch_ops;
};

/* For team_do(), by each of the window's workers at once; window is the struct. */
void window_member(struct member *member, void *window);

#endif
