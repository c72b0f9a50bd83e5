/*
 * resurrect: get_unless_zero takes a reference at zero too.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_BROKEN_RESURRECT_H
#define TESTS_BROKEN_RESURRECT_H

#define BROKEN_LOOKUP
#include "counter.h"

static inline int kref_get_unless_zero(struct kref *kref)
{
	atomic_fetch_add_explicit(&kref->refs, 1, memory_order_seq_cst);
	return 1;
}

#endif
