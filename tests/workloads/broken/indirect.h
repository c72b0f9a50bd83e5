/*
 * indirect: right, but gets through a pointer that the compiler cannot see through.
 *
 * SPDX-License-Identifier: MIT
 *
 * For tests/check-codegen, which has to refuse a measured loop with it.
 */
#ifndef TESTS_BROKEN_INDIRECT_H
#define TESTS_BROKEN_INDIRECT_H

#define BROKEN_GET
#include "counter.h"

static void broken_get(struct kref *kref)
{
	atomic_fetch_add_explicit(&kref->refs, 1, memory_order_seq_cst);
}

static void (*volatile broken_pointer)(struct kref *kref) = broken_get;

static inline void kref_get(struct kref *kref)
{
	broken_pointer(kref);
}

#endif
