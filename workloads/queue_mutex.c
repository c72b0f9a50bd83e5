/*
 * queue_mutex: rule 3 of the kref document, get_entry and put_entry both under the mutex.
 *
 * SPDX-License-Identifier: MIT
 */
#define NEEDS 0
#define NEEDS_CHURN (KREF_CAN_RELEASE | KREF_CAN_END_BY_PUT | KREF_CAN_RELEASE_IN_PUT)
#define NEEDS_REPLACE (KREF_CAN_RELEASE | KREF_CAN_RELEASE_IN_PUT | KREF_CAN_HAND_OVER)
#include "cell.h"

#if CELL_RUNS
#include "queue.h"

static void release_entry(struct kref *kref)
{
	struct entry *entry = caa_container_of(kref, struct entry, refcount);

	cds_list_del(&entry->link);
	pool_free(&entry->item);
}

CELL_INLINE void put_entry(struct entry *entry)
{
	struct queue *queue = entry->queue;

	queue_lock(&queue->lock);
	(void)kref_put(&entry->refcount, release_entry);
	queue_unlock(&queue->lock);
}

CELL_INLINE void put_owned(struct entry *entry)
{
	struct queue *queue = entry->queue;

	queue_lock(&queue->lock);
	kref_kill(&entry->refcount, release_entry);
	queue_unlock(&queue->lock);
}

CELL_INLINE uint64_t turn(struct worker *worker, uint64_t nr_ops)
{
	return queue_batch(worker, nr_ops, queue_get_entry, put_entry);
}
#endif

CELL(.summary = "look up and put, both under the mutex (rule 3)",
     .settings = 1 << SETTING_HELD | 1 << SETTING_CHURN, .min_workers = 1, .multiple = 1,
     .replaces = true,
     CELL_OPS(QUEUE_OPS(queue_run)));
