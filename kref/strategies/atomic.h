/*
 * atomic: a bare atomic counter, the kref before the kernel had refcount_t. 4 bytes.
 *
 * SPDX-License-Identifier: MIT
 *
 * Checks nothing and wraps silently, both ways: a put too many frees what others still hold, a get on
 * 0 has its put free again. The yardstick for what saturation costs.
 */
#ifndef KREF_STRATEGIES_ATOMIC_H
#define KREF_STRATEGIES_ATOMIC_H

#include <stdbool.h>

#include "../atomic.h"

struct kref {
	atomic_uint refs;
};

#define KREF_INIT(n) { (n) }
#define KREF_CAPS KREF_CAN_AS_KERNEL

static inline void kref_init(struct kref *kref)
{
	/* relaxed: the object is not published yet; whoever publishes it releases this store. */
	atomic_store_explicit(&kref->refs, 1, memory_order_relaxed);
}

static inline unsigned kref_read(const struct kref *kref)
{
	return atomic_load_explicit(&kref->refs, memory_order_relaxed);
}

static inline void kref_get(struct kref *kref)
{
	/* relaxed: the reference that the caller holds already orders its use of the object. */
	atomic_fetch_add_explicit(&kref->refs, 1, memory_order_relaxed);
}

static inline bool kref_dec_and_test(struct kref *kref)
{
	/* release: this holder's use of the object; pairs with the last put's acquire below. */
	if (atomic_fetch_sub_explicit(&kref->refs, 1, memory_order_release) != 1)
		return false;
	/*
	 * acquire: pairs with the release of every earlier put, whose decrements all stand in the
	 * release sequence that this load reads. A load and not a fence: TSan does not model
	 * fences.
	 */
	(void)atomic_load_explicit(&kref->refs, memory_order_acquire);
	return true;
}

/* Gives one reference back unless it is the last; true when it was given back. */
static inline bool kref_dec_not_one(struct kref *kref)
{
	unsigned old = atomic_load_explicit(&kref->refs, memory_order_relaxed);

	while (old != 1) {
		/* release: as in kref_dec_and_test. relaxed on failure: only tried again. */
		if (atomic_compare_exchange_weak_explicit(&kref->refs, &old, old - 1,
							  memory_order_release,
							  memory_order_relaxed))
			return true;
		KREF_ON_RETRY();
	}
	return false;
}

KREF_MUST_CHECK static inline int kref_get_unless_zero(struct kref *kref)
{
	unsigned old = atomic_load_explicit(&kref->refs, memory_order_relaxed);

	while (old) {
		/* relaxed: the lock or RCU section of the lookup orders the object's contents. */
		if (atomic_compare_exchange_weak_explicit(&kref->refs, &old, old + 1,
							  memory_order_relaxed,
							  memory_order_relaxed))
			return 1;
		KREF_ON_RETRY();
	}
	return 0;
}

#endif
