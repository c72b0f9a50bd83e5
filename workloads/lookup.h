/*
 * What the floors of a lookup share: they look up as queue_rcu does and take no reference.
 *
 * SPDX-License-Identifier: MIT
 *
 * Queues, entries, arena and loop are queue_rcu's own, so that nothing but the lookup differs.
 * lookup_begin() protects the queue's entry and uses it, lookup_end() gives the protection up; an
 * entry that was replaced ends when no lookup can use it any more. The count in the entry is its
 * owner's alone.
 *
 * A lookup that meets no entry or a wrong one returns NULL. The loop then puts one on the queue that
 * has no owner, and verify finds it: every op found its entry, without a counter in the loop.
 */
#ifndef WORKLOADS_LOOKUP_H
#define WORKLOADS_LOOKUP_H

/* The use of a protected entry: reads it, and returns it where it is the queue's own. */
CELL_INLINE struct entry *lookup_use(const struct queue *queue, struct entry *entry)
{
	/* relaxed: what protects the entry orders its contents. */
	const struct queue *of = __atomic_load_n(&entry->queue, __ATOMIC_RELAXED);

	return KREF_UNLIKELY(of != queue) ? NULL : entry;
}

#endif
