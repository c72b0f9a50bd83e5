/*
 * queue_rcu_qsbr: kref_get_unless_zero under RCU, freed through call_rcu. liburcu's qsbr flavour.
 *
 * SPDX-License-Identifier: MIT
 */
#define CELL_RCU_QSBR
#define NEEDS KREF_CAN_GET_UNLESS_ZERO
#define NEEDS_CHURN (KREF_CAN_RELEASE | KREF_CAN_END_BY_PUT)
#define NEEDS_REPLACE (KREF_CAN_RELEASE | KREF_CAN_HAND_OVER)
#include "cell.h"

#if CELL_RUNS
#include "queue_qsbr.h"

CELL_INLINE uint64_t turn(struct worker *worker, uint64_t nr_ops)
{
	return queue_batch(worker, nr_ops, get_entry, put_entry);
}
#endif

CELL(.summary = "kref_get_unless_zero under RCU (qsbr flavour), freed through call_rcu",
     .settings = 1 << SETTING_HELD | 1 << SETTING_CHURN, .min_workers = 1, .multiple = 1,
     .replaces = true, .reclaim_period_ns = CALL_RCU_PERIOD_NS,
     CELL_OPS(QUEUE_DEFERRED_OPS(queue_qsbr_enter, queue_qsbr_run)));
