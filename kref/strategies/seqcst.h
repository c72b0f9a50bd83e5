/*
 * seqcst: the bare atomic counter with every operation sequentially consistent. 4 bytes.
 *
 * SPDX-License-Identifier: MIT
 *
 * Shows the price of ordering more than a reference counter needs: little on x86, where every
 * locked instruction is a full barrier anyhow, more on arm64. Checks nothing, as atomic.
 *
 * seq_cst everywhere: partner of every other operation on the counter. It holds the release of each
 * put and the acquire of the last one; the rest of it is what is being priced.
 */
#ifndef KREF_STRATEGIES_SEQCST_H
#define KREF_STRATEGIES_SEQCST_H

#include <stdbool.h>

#include "../atomic.h"

struct kref {
	atomic_uint refs;
};

#define KREF_INIT(n) { (n) }
#define KREF_CAPS KREF_CAN_AS_KERNEL

static inline void kref_init(struct kref *kref)
{
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

/* Gives one reference back unless it is the last; true when it was given back. */
static inline bool kref_dec_not_one(struct kref *kref)
{
	unsigned old = atomic_load_explicit(&kref->refs, memory_order_seq_cst);

	while (old != 1) {
		if (atomic_compare_exchange_weak_explicit(&kref->refs, &old, old - 1,
							  memory_order_seq_cst,
							  memory_order_seq_cst))
			return true;
		KREF_ON_RETRY();
	}
	return false;
}

KREF_MUST_CHECK static inline int kref_get_unless_zero(struct kref *kref)
{
	unsigned old = atomic_load_explicit(&kref->refs, memory_order_seq_cst);

	while (old) {
		if (atomic_compare_exchange_weak_explicit(&kref->refs, &old, old + 1,
							  memory_order_seq_cst,
							  memory_order_seq_cst))
			return 1;
		KREF_ON_RETRY();
	}
	return 0;
}

#endif
