/*
 * double: a put that leaves one reference releases, and so does the last one.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_BROKEN_DOUBLE_H
#define TESTS_BROKEN_DOUBLE_H

#define BROKEN_PUT
#include "counter.h"

static inline bool kref_dec_and_test(struct kref *kref)
{
	return atomic_fetch_sub_explicit(&kref->refs, 1, memory_order_seq_cst) <= 2;
}

/* Leaves both to kref_dec_and_test. */
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
