/*
 * queue_rcu_qsbr: kref_get_unless_zero under RCU, freed through call_rcu. liburcu's qsbr flavour.
 *
 * SPDX-License-Identifier: MIT
 */
#define NEEDS KREF_CAN_GET_UNLESS_ZERO
#define NEEDS_CHURN KREF_CAN_RELEASE
#include "cell.h"

#if CELL_RUNS
#define URCU_API_MAP
#define _LGPL_SOURCE	/* inline reader sections */
#include <urcu/urcu-qsbr.h>
#include "queue_deferred.h"

/* Offline between batches; inside one, a quiescent state every params.qs_every ops. */
static uint64_t queue_run(struct worker *worker, uint64_t nr_ops)
{
	const unsigned qs_every = worker->params->qs_every;
	uint64_t ops = 0;

	rcu_thread_online();
	while (ops < nr_ops) {
		const uint64_t asked = nr_ops - ops < qs_every ? nr_ops - ops : qs_every;
		const uint64_t done = queue_batch(worker, asked, get_entry, put_entry);

		ops += done;
		rcu_quiescent_state();
		if (done < asked)
			break;
	}
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

CELL(.summary = "kref_get_unless_zero under RCU (qsbr flavour), freed through call_rcu",
     .settings = 1 << SETTING_HELD | 1 << SETTING_CHURN, .min_workers = 1, .multiple = 1,
     .reclaim_period_ns = CALL_RCU_PERIOD_NS,
     CELL_OPS(QUEUE_DEFERRED_OPS(queue_qsbr_enter, queue_run)));
