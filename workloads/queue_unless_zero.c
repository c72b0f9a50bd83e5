/*
 * queue_unless_zero: kref_get_unless_zero under the mutex; only release takes the mutex again.
 *
 * SPDX-License-Identifier: MIT
 */
#define NEEDS KREF_CAN_GET_UNLESS_ZERO
#define NEEDS_CHURN (KREF_CAN_RELEASE | KREF_CAN_END_BY_PUT | KREF_CAN_FREE_AT_ONCE)
#define NEEDS_REPLACE (KREF_CAN_RELEASE | KREF_CAN_FREE_AT_ONCE | KREF_CAN_HAND_OVER)
#include "cell.h"

#if CELL_RUNS
#include "queue.h"

CELL_INLINE struct entry *get_entry(struct queue *queue)
{
	struct entry *entry = NULL;

	queue_lock(&queue->lock);
	if (!cds_list_empty(&queue->entries)) {
		entry = cds_list_first_entry(&queue->entries, struct entry, link);
		if (!kref_get_unless_zero(&entry->refcount)) {
			entry = NULL;
			cell_failed++;
		}
	}
	queue_unlock(&queue->lock);
	return entry;
}

static void release_entry(struct kref *kref)
{
	struct entry *entry = caa_container_of(kref, struct entry, refcount);
	struct queue *queue = entry->queue;

	queue_lock(&queue->lock);
	cds_list_del(&entry->link);
	queue_unlock(&queue->lock);
	pool_free(&entry->item);
}

CELL_INLINE void put_entry(struct entry *entry)
{
	(void)kref_put(&entry->refcount, release_entry);
}

CELL_INLINE void put_owned(struct entry *entry)
{
	kref_kill(&entry->refcount, release_entry);
}

CELL_INLINE uint64_t turn(struct worker *worker, uint64_t nr_ops)
{
	return queue_batch(worker, nr_ops, get_entry, put_entry);
}
#endif

CELL(.summary = "kref_get_unless_zero under the mutex, put outside it, release takes it",
     .settings = 1 << SETTING_HELD | 1 << SETTING_CHURN, .min_workers = 1, .multiple = 1,
     .replaces = true,
     CELL_OPS(QUEUE_OPS(queue_run)));
