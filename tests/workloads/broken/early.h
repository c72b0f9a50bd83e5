/*
 * early: a put that leaves one reference releases, unless the object never had more; once only.
 *
 * SPDX-License-Identifier: MIT
 *
 * Each object is released exactly once, by the wrong put: no balance of counts can show it.
 */
#ifndef TESTS_BROKEN_EARLY_H
#define TESTS_BROKEN_EARLY_H

#define BROKEN_PUT
#include "counter.h"

/* In the count's upper half: it has released already. */
#define BROKEN_RELEASED 0x80000000u

static inline bool kref_dec_and_test(struct kref *kref)
{
	unsigned old = atomic_fetch_sub_explicit(&kref->refs, 1, memory_order_seq_cst);

	if (old == 2)
		atomic_fetch_or_explicit(&kref->refs, BROKEN_RELEASED, memory_order_seq_cst);
	return old == 1 || old == 2;
}

static inline bool kref_dec_not_one(struct kref *kref)
{
	unsigned old = atomic_load_explicit(&kref->refs, memory_order_seq_cst);

	while (old > 2)
		if (atomic_compare_exchange_weak_explicit(&kref->refs, &old, old - 1,
							  memory_order_seq_cst,
							  memory_order_seq_cst))
			return true;
	return false;
}

#endif
