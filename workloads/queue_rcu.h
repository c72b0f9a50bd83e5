/*
 * The document's lookup under RCU, for either flavour of liburcu.
 *
 * SPDX-License-Identifier: MIT
 *
 * The workload file defines free_entry(), which keeps the memory in being for a grace period.
 */
#ifndef WORKLOADS_QUEUE_RCU_H
#define WORKLOADS_QUEUE_RCU_H

#define QUEUE_RCU
#include "queue.h"

CELL_INLINE struct entry *get_entry(struct queue *queue)
{
	struct cds_list_head *first;
	struct entry *entry = NULL;

	kref_rcu_read_lock();
	/* One read decides: the list may empty between a test and a second read. */
	first = rcu_dereference(queue->entries.next);
	KREF_RCU_ACQUIRE(&queue->entries);
	if (first != &queue->entries) {
		entry = caa_container_of(first, struct entry, link);
		if (!kref_get_unless_zero(&entry->refcount)) {
			entry = NULL;
			cell_failed++;
		}
	}
	kref_rcu_read_unlock();
	return entry;
}

static void free_entry(struct entry *entry);

static void release_entry_rcu(struct kref *kref)
{
	struct entry *entry = caa_container_of(kref, struct entry, refcount);

	queue_lock(&entry->queue->lock);
	cds_list_del_rcu(&entry->link);
	queue_unlock(&entry->queue->lock);
	if (!CELL_RELEASES_LATE)
		pool_stamp(&entry->item);
	free_entry(entry);
}

CELL_INLINE void put_entry(struct entry *entry)
{
	(void)kref_put(&entry->refcount, release_entry_rcu);
}

CELL_INLINE void put_owned(struct entry *entry)
{
	kref_kill(&entry->refcount, release_entry_rcu);
}

#endif
