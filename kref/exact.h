/*
 * The exact counter as arithmetic: what one get and one put make of each count.
 *
 * SPDX-License-Identifier: MIT
 *
 * Shared by the strategies that decide before they write (cas, mutex, spinlock). The count is right
 * from 0 to UINT_MAX - 1; 0 (released) and UINT_MAX (saturated) are final, nothing moves them. As
 * the kernel's first refcount_t (REFCOUNT_FULL).
 */
#ifndef KREF_EXACT_H
#define KREF_EXACT_H

#include <limits.h>
#include <stdbool.h>

static inline bool kref_exact_final(unsigned refs)
{
	return refs == 0 || refs == UINT_MAX;
}

/* The count after one more reference. */
static inline unsigned kref_exact_up(unsigned refs)
{
	return kref_exact_final(refs) ? refs : refs + 1;
}

/* The count after one reference less. */
static inline unsigned kref_exact_down(unsigned refs)
{
	return kref_exact_final(refs) ? refs : refs - 1;
}

#endif
