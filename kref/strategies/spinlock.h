/*
 * spinlock: a count under a test-and-set lock that waits by reading. 8 bytes.
 *
 * SPDX-License-Identifier: MIT
 *
 * Three writes to the line where an atomic needs one, and unfair: shows what a count costs that needs
 * a lock at all. Exact at any moment: locked.h has the operations and what they do at 0 and
 * UINT_MAX. The unlock is a single store and touches nothing after it, so the next holder may free
 * the object.
 */
#ifndef KREF_STRATEGIES_SPINLOCK_H
#define KREF_STRATEGIES_SPINLOCK_H

#include "../atomic.h"

struct kref {
	atomic_uint locked;
	KREF_PLAIN(unsigned) refs;
};

#define KREF_INIT(n) { 0, (n) }

static inline void kref_count_lock(struct kref *kref)
{
	/* acquire: pairs with the release of the unlock before. */
	while (atomic_exchange_explicit(&kref->locked, 1, memory_order_acquire)) {
		KREF_ON_RETRY();
		/* relaxed: waits on a shared copy of the line; the exchange above decides. */
		while (atomic_load_explicit(&kref->locked, memory_order_relaxed))
			KREF_CPU_RELAX();
	}
}

static inline void kref_count_unlock(struct kref *kref)
{
	/* release: pairs with the acquire of the next lock. */
	atomic_store_explicit(&kref->locked, 0, memory_order_release);
}

static inline void kref_init(struct kref *kref)
{
	/* relaxed: the object is not published yet; whoever publishes it releases this store. */
	atomic_store_explicit(&kref->locked, 0, memory_order_relaxed);
	kref->refs = 1;
}

#include "../locked.h"

#define KREF_CAPS KREF_LOCKED_CAPS

#endif
