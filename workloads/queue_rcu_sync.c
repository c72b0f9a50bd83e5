/*
 * queue_rcu_sync: kref_get_unless_zero under RCU, freed after synchronize_rcu. liburcu, memb
 * flavour.
 *
 * SPDX-License-Identifier: MIT
 */
#define CELL_RCU_MEMB
#define NEEDS KREF_CAN_GET_UNLESS_ZERO
#define NEEDS_CHURN (KREF_CAN_RELEASE | KREF_CAN_END_BY_PUT)
#define NEEDS_REPLACE (KREF_CAN_RELEASE | KREF_CAN_HAND_OVER)
#include "cell.h"

#if CELL_RUNS
#include "queue_rcu.h"

static void free_entry(struct entry *entry)
{
	kref_rcu_synchronize();
	pool_free(&entry->item);
}

CELL_INLINE uint64_t turn(struct worker *worker, uint64_t nr_ops)
{
	return queue_batch(worker, nr_ops, get_entry, put_entry);
}
#endif

CELL(.summary = "kref_get_unless_zero under RCU, release waits with synchronize_rcu",
     .settings = 1 << SETTING_HELD | 1 << SETTING_CHURN, .min_workers = 1, .multiple = 1,
     .replaces = true,
     CELL_OPS(.bytes = queue_bytes, .setup = queue_setup, .enter = queue_enter,
	      .run = queue_run, .leave = queue_leave, .quiesce = queue_quiesce,
	      .verify = queue_verify, .garbage = QUEUE_GARBAGE, .field = queue_field));
