/*
 * cas: every operation a compare-exchange loop that decides before it writes. 4 bytes.
 *
 * SPDX-License-Identifier: MIT
 *
 * The kernel's first refcount_t (REFCOUNT_FULL), without its reports: exact at any moment, where
 * refcount repairs afterwards, and paid for in retries under contention. At 0 a get and a put leave
 * 0 and get_unless_zero fails; a count that reached UINT_MAX stays there, every put of it answers
 * that others hold the object, and get_unless_zero succeeds.
 */
#ifndef KREF_STRATEGIES_CAS_H
#define KREF_STRATEGIES_CAS_H

#include <stdbool.h>

#include "../atomic.h"
#include "../exact.h"

struct kref {
	atomic_uint refs;
};

#define KREF_INIT(n) { (n) }
#define KREF_CAPS (KREF_CAN_AS_KERNEL | KREF_CAN_SATURATE)

static inline void kref_init(struct kref *kref)
{
	/* relaxed: the object is not published yet; whoever publishes it releases this store. */
	atomic_store_explicit(&kref->refs, 1, memory_order_relaxed);
}

static inline unsigned kref_read(const struct kref *kref)
{
	return atomic_load_explicit(&kref->refs, memory_order_relaxed);
}

/* Takes a reference, unless the count is final; the old count. */
static inline unsigned kref_cas_up(struct kref *kref)
{
	unsigned old = atomic_load_explicit(&kref->refs, memory_order_relaxed);

	/*
	 * relaxed: the reference held (get), or the lock or RCU section of the lookup
	 * (get_unless_zero), orders the object's contents.
	 */
	while (!kref_exact_final(old)) {
		if (atomic_compare_exchange_weak_explicit(&kref->refs, &old, old + 1,
							  memory_order_relaxed,
							  memory_order_relaxed))
			break;
		KREF_ON_RETRY();
	}
	return old;
}

static inline void kref_get(struct kref *kref)
{
	(void)kref_cas_up(kref);
}

static inline bool kref_dec_and_test(struct kref *kref)
{
	unsigned old = atomic_load_explicit(&kref->refs, memory_order_relaxed);

	/*
	 * release: this holder's use of the object; pairs with the acquire of the last put below.
	 * relaxed on failure: only tried again.
	 */
	while (!kref_exact_final(old)) {
		if (atomic_compare_exchange_weak_explicit(&kref->refs, &old, old - 1,
							  memory_order_release,
							  memory_order_relaxed))
			break;
		KREF_ON_RETRY();
	}
	if (old != 1)
		return false;
	/* acquire: pairs with the release of every earlier put. A load: TSan models no fences. */
	(void)atomic_load_explicit(&kref->refs, memory_order_acquire);
	return true;
}

/* Gives one reference back unless it is the last; true when there was more than that one. */
static inline bool kref_dec_not_one(struct kref *kref)
{
	unsigned old = atomic_load_explicit(&kref->refs, memory_order_relaxed);

	while (old != 1 && !kref_exact_final(old)) {
		/* release: as in kref_dec_and_test. relaxed on failure: only tried again. */
		if (atomic_compare_exchange_weak_explicit(&kref->refs, &old, old - 1,
							  memory_order_release,
							  memory_order_relaxed))
			return true;
		KREF_ON_RETRY();
	}
	return old != 1;
}

KREF_MUST_CHECK static inline int kref_get_unless_zero(struct kref *kref)
{
	return kref_cas_up(kref) != 0;
}

#endif
