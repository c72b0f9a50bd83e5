/*
 * slow: right, but some lookups sleep between finding an object and taking it, and watch its
 * memory.
 *
 * SPDX-License-Identifier: MIT
 *
 * Each kref_init begins a new life of the memory. One that begins during a lookup's sleep means
 * that the memory was freed and reused under a lookup: outside any grace period or lock.
 */
#ifndef TESTS_BROKEN_SLOW_H
#define TESTS_BROKEN_SLOW_H

#include <stdbool.h>
#include <unistd.h>

#include "../../../kref/atomic.h"

/* Often enough for some in each window, seldom enough that others get on meanwhile. */
#define SLOW_EVERY 200u
/* More than a poll of the reclaiming thread, which takes 10 ms, and a grace period. */
#define SLOW_US 30000

/* The test's: sleeps during which the object died; those during which its memory was reused. */
extern atomic_uint slow_died, slow_reused;

struct kref {
	atomic_uint refs;
	atomic_uint life;
};

#define KREF_INIT(n) { (n), 0 }
#define KREF_CAPS (KREF_CAN_AS_KERNEL & ~KREF_CAN_PUT_LOCKED)

static _Thread_local unsigned slow_lookups;

static inline void kref_init(struct kref *kref)
{
	atomic_fetch_add_explicit(&kref->life, 1, memory_order_seq_cst);
	atomic_store_explicit(&kref->refs, 1, memory_order_seq_cst);
}

static inline unsigned kref_read(const struct kref *kref)
{
	return atomic_load_explicit(&kref->refs, memory_order_seq_cst);
}

static inline void kref_get(struct kref *kref)
{
	atomic_fetch_add_explicit(&kref->refs, 1, memory_order_seq_cst);
}

static inline bool kref_dec_and_test(struct kref *kref)
{
	return atomic_fetch_sub_explicit(&kref->refs, 1, memory_order_seq_cst) == 1;
}

static inline int kref_get_unless_zero(struct kref *kref)
{
	const bool slow = ++slow_lookups % SLOW_EVERY == 0;
	const unsigned life = atomic_load_explicit(&kref->life, memory_order_seq_cst);
	unsigned old;

	if (slow)
		usleep(SLOW_US);
	old = atomic_load_explicit(&kref->refs, memory_order_seq_cst);
	if (atomic_load_explicit(&kref->life, memory_order_seq_cst) != life)
		atomic_fetch_add_explicit(&slow_reused, 1, memory_order_relaxed);
	else if (slow && !old)
		atomic_fetch_add_explicit(&slow_died, 1, memory_order_relaxed);
	while (old)
		if (atomic_compare_exchange_weak_explicit(&kref->refs, &old, old + 1,
							  memory_order_seq_cst,
							  memory_order_seq_cst))
			return 1;
	return 0;
}

#endif
