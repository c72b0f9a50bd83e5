/*
 * queue_mutex_free_outside: rule 3 with kref_put's return value used to free outside the lock.
 *
 * SPDX-License-Identifier: MIT
 */
#define NEEDS KREF_CAN_RETURN
#define NEEDS_CHURN (KREF_CAN_RELEASE | KREF_CAN_END_BY_PUT | KREF_CAN_RELEASE_IN_PUT)
#define NEEDS_REPLACE (KREF_CAN_RELEASE | KREF_CAN_END_BY_PUT | KREF_CAN_RELEASE_IN_PUT | KREF_CAN_HAND_OVER)
#include "cell.h"

#if CELL_RUNS
#include "queue.h"

static void release_entry(struct kref *kref)
{
	/* All work is done after the return from kref_put(). */
	(void)kref;
}

CELL_INLINE void put_entry(struct entry *entry)
{
	struct queue *queue = entry->queue;

	queue_lock(&queue->lock);
	if (kref_put(&entry->refcount, release_entry)) {
		cds_list_del(&entry->link);
		queue_unlock(&queue->lock);
		pool_free(&entry->item);
	} else {
		queue_unlock(&queue->lock);
	}
}

CELL_INLINE void put_owned(struct entry *entry)
{
	put_entry(entry);
}

CELL_INLINE uint64_t turn(struct worker *worker, uint64_t nr_ops)
{
	return queue_batch(worker, nr_ops, queue_get_entry, put_entry);
}
#endif

CELL(.summary = "as queue_mutex, freed outside the lock by kref_put's return value",
     .settings = 1 << SETTING_HELD | 1 << SETTING_CHURN, .min_workers = 1, .multiple = 1,
     .replaces = true,
     CELL_OPS(QUEUE_OPS(queue_run)));
