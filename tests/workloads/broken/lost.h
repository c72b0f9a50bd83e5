/*
 * lost: an integer without atomics that claims to be safe for many threads.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_BROKEN_LOST_H
#define TESTS_BROKEN_LOST_H

#define BROKEN_GET
#define BROKEN_PUT
#define BROKEN_LOOKUP
#include "counter.h"

/* A load and a store, where a read-modify-write belongs. */
static inline unsigned broken_add(struct kref *kref, unsigned n)
{
	unsigned old = atomic_load_explicit(&kref->refs, memory_order_relaxed);

	atomic_store_explicit(&kref->refs, old + n, memory_order_relaxed);
	return old;
}

static inline void kref_get(struct kref *kref)
{
	broken_add(kref, 1);
}

static inline bool kref_dec_and_test(struct kref *kref)
{
	return broken_add(kref, -1u) == 1;
}

static inline bool kref_dec_not_one(struct kref *kref)
{
	if (atomic_load_explicit(&kref->refs, memory_order_relaxed) == 1)
		return false;
	broken_add(kref, -1u);
	return true;
}

static inline int kref_get_unless_zero(struct kref *kref)
{
	if (!atomic_load_explicit(&kref->refs, memory_order_relaxed))
		return 0;
	broken_add(kref, 1);
	return 1;
}

#endif
