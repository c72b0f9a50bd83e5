/*
 * handoff_queue_extra: handoff_queue with the document's silly extra get and put around the
 * enqueue.
 *
 * SPDX-License-Identifier: MIT
 */
#define NEEDS (KREF_CAN_SHARE | KREF_CAN_RELEASE | KREF_CAN_END_BY_PUT | KREF_CAN_HAND_OVER)
#define NEEDS_CHURN 0
#include "cell.h"

#if CELL_RUNS
#include "handoff_queue.h"

CELL_INLINE bool hand_over(struct worker *worker, struct pair *pair, struct my_data *data)
{
	/* Silly extra get and put: what it costs is what this workload measures. */
	kref_get(&data->refcount);
	if (!enqueue(worker, pair, data)) {
		(void)kref_put(&data->refcount, data_release);
		return false;
	}
	pool_stamp(&data->item);
	(void)kref_put(&data->refcount, data_release);
	return true;
}
#endif

CELL(.summary = "as handoff_queue with the document's needless get and put around the enqueue",
     .settings = 1 << SETTING_CHURN, .min_workers = 2, .multiple = 2, .makes_objects = true,
     CELL_OPS(HANDOFF_OPS));
