/*
 * leak: counts well and never releases, though it claims to.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_BROKEN_LEAK_H
#define TESTS_BROKEN_LEAK_H

#define BROKEN_PUT
#include "counter.h"

static inline bool kref_dec_and_test(struct kref *kref)
{
	atomic_fetch_sub_explicit(&kref->refs, 1, memory_order_seq_cst);
	return false;
}

static inline bool kref_dec_not_one(struct kref *kref)
{
	atomic_fetch_sub_explicit(&kref->refs, 1, memory_order_seq_cst);
	return true;
}

#endif
