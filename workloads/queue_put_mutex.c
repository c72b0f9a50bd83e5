/*
 * queue_put_mutex: rule 3 through kref_put_mutex, the mutex taken by lookups and by the last put
 * only.
 *
 * SPDX-License-Identifier: MIT
 */
#define NEEDS KREF_CAN_PUT_LOCKED
#define NEEDS_CHURN (KREF_CAN_RELEASE | KREF_CAN_END_BY_PUT)
#define NEEDS_REPLACE (KREF_CAN_RELEASE | KREF_CAN_END_BY_PUT | KREF_CAN_HAND_OVER)
#include "cell.h"

#if CELL_RUNS
#include "queue.h"

/* With the lock held, which it drops. */
static void release_entry(struct kref *kref)
{
	struct entry *entry = caa_container_of(kref, struct entry, refcount);

	cds_list_del(&entry->link);
	queue_unlock(&entry->queue->lock);
	pool_free(&entry->item);
}

CELL_INLINE void put_entry(struct entry *entry)
{
	(void)kref_put_mutex(&entry->refcount, release_entry, &entry->queue->lock);
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

CELL(.summary = "look up under a mutex, kref_put_mutex takes it for the last put only",
     .settings = 1 << SETTING_HELD | 1 << SETTING_CHURN, .min_workers = 1, .multiple = 1,
     .replaces = true,
     CELL_OPS(QUEUE_OPS(queue_run)));
