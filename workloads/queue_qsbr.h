/*
 * Online inside a batch only, for the queue workloads on liburcu's qsbr flavour.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef WORKLOADS_QUEUE_QSBR_H
#define WORKLOADS_QUEUE_QSBR_H

#include "queue_deferred.h"

/* Offline between batches: other threads' grace periods do not wait for us there. */
static uint64_t queue_qsbr_run(struct worker *worker, uint64_t nr_ops)
{
	uint64_t ops;

	/* Else the call before was of the same batch. */
	if (!rcu_read_ongoing())
		rcu_thread_online();
	ops = queue_run(worker, nr_ops);
	if (!worker->goes_on || worker->error)
		rcu_thread_offline();
	return ops;
}

static int queue_qsbr_enter(struct worker *worker)
{
	int err = queue_deferred_enter(worker);

	rcu_thread_offline();
	return err;
}

#endif
