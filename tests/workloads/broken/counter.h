/*
 * What the deliberately broken strategies have in common: an atomic count that nobody checks.
 *
 * SPDX-License-Identifier: MIT
 *
 * Each of them defines KREF_CAPS and the operations that it gets wrong, and says so by defining
 * BROKEN_PUT or BROKEN_LOOKUP; the rest, correct, is here. Never used outside the tests.
 */
#ifndef TESTS_BROKEN_COUNTER_H
#define TESTS_BROKEN_COUNTER_H

#include <stdbool.h>

#include "../../../kref/atomic.h"

struct kref {
	atomic_uint refs;
};

#define KREF_INIT(n) { (n) }
#define KREF_CAPS KREF_CAN_AS_KERNEL

/* seq_cst throughout: what is wrong here is wrong in any order. */

static inline void kref_init(struct kref *kref)
{
	atomic_store_explicit(&kref->refs, 1, memory_order_seq_cst);
}

static inline unsigned kref_read(const struct kref *kref)
{
	return atomic_load_explicit(&kref->refs, memory_order_seq_cst);
}

#ifndef BROKEN_GET
static inline void kref_get(struct kref *kref)
{
	atomic_fetch_add_explicit(&kref->refs, 1, memory_order_seq_cst);
}
#endif

#ifndef BROKEN_PUT
static inline bool kref_dec_and_test(struct kref *kref)
{
	return atomic_fetch_sub_explicit(&kref->refs, 1, memory_order_seq_cst) == 1;
}

static inline bool kref_dec_not_one(struct kref *kref)
{
	unsigned old = atomic_load_explicit(&kref->refs, memory_order_seq_cst);

	while (old != 1)
		if (atomic_compare_exchange_weak_explicit(&kref->refs, &old, old - 1,
							  memory_order_seq_cst,
							  memory_order_seq_cst))
			return true;
	return false;
}
#endif

#ifndef BROKEN_LOOKUP
static inline int kref_get_unless_zero(struct kref *kref)
{
	unsigned old = atomic_load_explicit(&kref->refs, memory_order_seq_cst);

	while (old)
		if (atomic_compare_exchange_weak_explicit(&kref->refs, &old, old + 1,
							  memory_order_seq_cst,
							  memory_order_seq_cst))
			return 1;
	return 0;
}
#endif

#endif
