/*
 * Frees through call_rcu, by one reclaiming thread of its own: for any flavour of liburcu.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef WORKLOADS_QUEUE_DEFERRED_H
#define WORKLOADS_QUEUE_DEFERRED_H

#include <time.h>

#define QUEUE_DEFERS
#include "queue_rcu.h"

/* Made at the first churn window and kept: tearing it down costs a poll of 10 ms. */
static struct call_rcu_data *reclaimer;

static void free_entry_rcu(struct rcu_head *rhead)
{
	KREF_RCU_ACQUIRE(KREF_RCU_GRACE);
	pool_free(&caa_container_of(rhead, struct entry, rhead)->item);
	KREF_RCU_RELEASE(KREF_RCU_GRACE);
}

static void free_entry(struct entry *entry)
{
	KREF_RCU_RELEASE(KREF_RCU_GRACE);
	call_rcu(&entry->rhead, free_entry_rcu);
}

static int queue_deferred_setup(void *memory, const struct params *params)
{
	if (params_free(params)) {
		if (!reclaimer)
			reclaimer = create_call_rcu_data(0, -1);
		if (!reclaimer)
			return -EAGAIN;
		if (pthread_setaffinity_np(get_call_rcu_thread(reclaimer),
					   params->reclaim_cpus_bytes, params->reclaim_cpus))
			return -EINVAL;
	}
	return queue_setup(memory, params);
}

static int queue_deferred_enter(struct worker *worker)
{
	int err = queue_enter(worker);

	if (params_free(worker->params))
		set_thread_call_rcu_data(reclaimer);
	return err;
}

static void queue_deferred_leave(struct worker *worker)
{
	queue_leave(worker);
	set_thread_call_rcu_data(NULL);
}

static int queue_deferred_quiesce(void *memory)
{
	struct queue_arena *arena = memory;
	/*
	 * Where nothing ends nothing is deferred, unless the strategy releases what is held: not
	 * into a later arena.
	 */
	const bool deferred = params_free(arena->params) || !queue_owned_intact(arena);
	int err;

	set_thread_call_rcu_data(reclaimer);
	err = queue_quiesce(memory);
	set_thread_call_rcu_data(NULL);
	if (deferred) {
		rcu_barrier();
		KREF_RCU_ACQUIRE(KREF_RCU_GRACE);
	}
	return err;
}

static uint64_t queue_reclaim_cpu_ns(void *memory)
{
	struct timespec used;
	clockid_t clock;

	(void)memory;
	if (!reclaimer || pthread_getcpuclockid(get_call_rcu_thread(reclaimer), &clock) ||
	    clock_gettime(clock, &used))
		return 0;
	return (uint64_t)used.tv_sec * 1000000000 + (uint64_t)used.tv_nsec;
}

#define QUEUE_DEFERRED_OPS(enter_function, run_function)			\
	.bytes = queue_bytes, .setup = queue_deferred_setup,			\
	.enter = (enter_function), .run = (run_function),			\
	.leave = queue_deferred_leave, .quiesce = queue_deferred_quiesce,	\
	.verify = queue_verify, .reclaim_cpu_ns = queue_reclaim_cpu_ns,		\
	.garbage = QUEUE_GARBAGE, .field = queue_field

#endif
