/*
 * none: counts nothing, a compiler barrier in place of every operation. 4 bytes.
 *
 * SPDX-License-Identifier: MIT
 *
 * The control: what a workload costs without its reference counter. It never frees, so it has no
 * KREF_CAN_RELEASE; every put answers that others still hold the object, every lookup succeeds.
 */
#ifndef KREF_STRATEGIES_NONE_H
#define KREF_STRATEGIES_NONE_H

#include <stdbool.h>

#include "../atomic.h"

struct kref {
	unsigned refs;
};

#define KREF_INIT(n) { (n) }
#define KREF_CAPS (KREF_CAN_AS_KERNEL & ~(KREF_CAN_RELEASE | KREF_CAN_RELEASE_IN_PUT))

/*
 * Emits no instruction and keeps the loop around the operation. An atomic_signal_fence would not:
 * clang 14 drops a loop that holds nothing else.
 */
static inline void kref_none_barrier(const struct kref *kref)
{
	__asm__ volatile("" : : "r"(kref) : "memory");
}

static inline void kref_init(struct kref *kref)
{
	kref->refs = 1;
}

/* The initial count for ever. */
static inline unsigned kref_read(const struct kref *kref)
{
	return kref->refs;
}

static inline void kref_get(struct kref *kref)
{
	kref_none_barrier(kref);
}

static inline bool kref_dec_and_test(struct kref *kref)
{
	kref_none_barrier(kref);
	return false;
}

/* Always given back, so that the locked puts never take their lock. */
static inline bool kref_dec_not_one(struct kref *kref)
{
	kref_none_barrier(kref);
	return true;
}

KREF_MUST_CHECK static inline int kref_get_unless_zero(struct kref *kref)
{
	kref_none_barrier(kref);
	return 1;
}

#endif
