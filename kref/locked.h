/*
 * The operations of a count under a lock of its own.
 *
 * SPDX-License-Identifier: MIT
 *
 * For the strategies mutex and spinlock, which define struct kref with an unsigned refs, and
 * kref_count_lock() and kref_count_unlock() on it. Each operation decides under the lock and
 * unlocks before it returns; release runs after that, so an unlock never meets memory that its own
 * put freed. Nor what another's put freed: the last put gets the lock only after every earlier
 * holder of it has begun to unlock, and a lock used here must touch its memory no more once another
 * can take it. Whoever waits for the lock holds a reference, or in get_unless_zero keeps the memory
 * in being.
 *
 * Exact, and so the tests' oracle: see exact.h for 0 and UINT_MAX. get_unless_zero fails at 0 and
 * succeeds at UINT_MAX. The lock orders everything: each acquire of it pairs with the release of
 * the holder before.
 */
#ifndef KREF_LOCKED_H
#define KREF_LOCKED_H

#include <stdbool.h>

#include "exact.h"

#define KREF_LOCKED_CAPS (KREF_CAN_AS_KERNEL | KREF_CAN_SATURATE)

static inline unsigned kref_read(const struct kref *kref)
{
	/* Only the lock is written; no counter in use is a const object. */
	struct kref *counter = (struct kref *)kref;
	unsigned refs;

	kref_count_lock(counter);
	refs = counter->refs;
	kref_count_unlock(counter);
	return refs;
}

static inline void kref_get(struct kref *kref)
{
	kref_count_lock(kref);
	kref->refs = kref_exact_up(kref->refs);
	kref_count_unlock(kref);
}

static inline bool kref_dec_and_test(struct kref *kref)
{
	unsigned old;

	kref_count_lock(kref);
	old = kref->refs;
	kref->refs = kref_exact_down(old);
	kref_count_unlock(kref);
	return old == 1;
}

/* Gives one reference back unless it is the last; true when there was more than that one. */
static inline bool kref_dec_not_one(struct kref *kref)
{
	unsigned old;

	kref_count_lock(kref);
	old = kref->refs;
	if (old != 1)
		kref->refs = kref_exact_down(old);
	kref_count_unlock(kref);
	return old != 1;
}

KREF_MUST_CHECK static inline int kref_get_unless_zero(struct kref *kref)
{
	unsigned old;

	kref_count_lock(kref);
	old = kref->refs;
	kref->refs = kref_exact_up(old);
	kref_count_unlock(kref);
	return old != 0;
}

#endif
