/*
 * A spinning barrier for the workers of a window.
 *
 * SPDX-License-Identifier: MIT
 *
 * Centralised, sense by generation (Mellor-Crummey and Scott, TOCS 1991, section 3.1). Waking
 * sleeping threads would cost more than a window.
 */
#ifndef HARNESS_BARRIER_H
#define HARNESS_BARRIER_H

#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "../workloads/workload.h"

struct barrier {
	_Alignas(WORKLOAD_ALIGN) atomic_uint arrived;
	_Alignas(WORKLOAD_ALIGN) atomic_uint generation;
	unsigned members;
	bool yield;	/* more members than processors */
};

static inline void barrier_relax(bool yield)
{
	if (yield)
		sched_yield();
	else
		worker_cpu_relax();
}

/* Caller: every member that arrived has been let go; it need not have noticed yet. */
static inline void barrier_init(struct barrier *barrier, unsigned members, bool yield)
{
	atomic_store_explicit(&barrier->arrived, 0, memory_order_relaxed);
	barrier->members = members;
	barrier->yield = yield;
}

/* Returns when all members have called it; what each did before is seen by all after. */
static inline void barrier_wait(struct barrier *barrier)
{
	const unsigned generation = atomic_load_explicit(&barrier->generation,
							 memory_order_relaxed);
	/* Before it arrives: afterwards a faster member may prepare the barrier for others. */
	const unsigned members = barrier->members;
	const bool yield = barrier->yield;

	/* acq_rel: collects the earlier members' writes for the last one to pass on. */
	if (atomic_fetch_add_explicit(&barrier->arrived, 1, memory_order_acq_rel) + 1 == members) {
		atomic_store_explicit(&barrier->arrived, 0, memory_order_relaxed);
		/* release: everything before the barrier; pairs with the acquire below. */
		atomic_store_explicit(&barrier->generation, generation + 1, memory_order_release);
		return;
	}
	while (atomic_load_explicit(&barrier->generation, memory_order_acquire) == generation)
		barrier_relax(yield);
}

#endif
