/*
 * handoff_queue: the producer is done with the object and passes its reference to the queue.
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
	/*
	 * We are done with data, so we pass our refcount off to the queue.
	 * DON'T TOUCH data AFTER HERE!
	 */
	return enqueue(worker, pair, data);
}
#endif

CELL(.summary = "a producer passes objects and its reference through a ring, the consumer puts",
     .settings = 1 << SETTING_CHURN, .min_workers = 2, .multiple = 2, .makes_objects = true,
     CELL_OPS(HANDOFF_OPS));
