/*
 * rcu_only: the lookup in a reader section of RCU, for any flavour of liburcu. No count, 0 bytes.
 *
 * SPDX-License-Identifier: MIT
 *
 * Replacing is queue_rcu's own: the owner's is the only reference, so its put frees through call_rcu.
 */
#ifndef WORKLOADS_LOOKUP_RCU_H
#define WORKLOADS_LOOKUP_RCU_H

#include "queue_deferred.h"

#include "lookup.h"

/* Opens a section in any case: lookup_end() follows, but where a worker fails without memory. */
CELL_INLINE struct entry *lookup_begin(struct queue *queue)
{
	struct cds_list_head *first;

	kref_rcu_read_lock();
	first = rcu_dereference(queue->entries.next);
	KREF_RCU_ACQUIRE(&queue->entries);
	if (first == &queue->entries)
		return NULL;
	return lookup_use(queue, caa_container_of(first, struct entry, link));
}

CELL_INLINE void lookup_end(struct entry *entry)
{
	(void)entry;
	kref_rcu_read_unlock();
}

CELL_INLINE uint64_t turn(struct worker *worker, uint64_t nr_ops)
{
	return queue_batch(worker, nr_ops, lookup_begin, lookup_end);
}

#endif
