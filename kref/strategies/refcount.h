/*
 * refcount: an atomic counter that saturates instead of wrapping. 4 bytes. The default.
 *
 * SPDX-License-Identifier: MIT
 *
 * As the kernel's refcount_t (include/linux/refcount.h): one unconditional atomic add or subtract,
 * then a look at the value it found. Counts from 0 to KREF_REFCOUNT_MAX are good; from there up,
 * the "negative" ones, they are bad. Whoever finds or makes a bad one, takes a reference on 0 or
 * gives one back too many, reports it (report.h) and stores KREF_REFCOUNT_SATURATED: such an object
 * leaks and is never freed. Only kref_dec_not_one() decides before it writes, and leaves what is bad.
 *
 * Between the add and that store others may add and subtract too. At an edge one of them can bring a
 * good count about again: a get at the limit and a put before the store, or two gets on 0. The store
 * still follows, but a put that meets 1 before it releases. From KREF_REFCOUNT_SATURATED a billion
 * would have to.
 *
 * The arithmetic is unsigned, since a compiler folds a signed old + 1 < 0 away; where a value is
 * compared as an int it was computed before, and one test instruction serves zero and bad ones.
 */
#ifndef KREF_STRATEGIES_REFCOUNT_H
#define KREF_STRATEGIES_REFCOUNT_H

#include <stdbool.h>

#include "../atomic.h"
#include "../report.h"

struct kref {
	atomic_uint refs;
};

#define KREF_INIT(n) { (n) }
#define KREF_CAPS (KREF_CAN_AS_KERNEL | KREF_CAN_SATURATE)

#define KREF_REFCOUNT_MAX	0x7fffffffu
/* The middle of the bad half: as far from good counts as it gets on both sides. */
#define KREF_REFCOUNT_SATURATED	0xc0000000u

/* A function of its own for what no right program runs: the hot path holds only the call. */
static __attribute__((noinline, cold, unused))
void kref_refcount_saturate(struct kref *kref, enum kref_report kind)
{
	/* relaxed: nothing is handed over; a saturated object is never released. */
	atomic_store_explicit(&kref->refs, KREF_REFCOUNT_SATURATED, memory_order_relaxed);
	kref_report(kind, kref);
}

static inline void kref_init(struct kref *kref)
{
	/* relaxed: the object is not published yet; whoever publishes it releases this store. */
	atomic_store_explicit(&kref->refs, 1, memory_order_relaxed);
}

static inline unsigned kref_read(const struct kref *kref)
{
	return atomic_load_explicit(&kref->refs, memory_order_relaxed);
}

/*
 * The operations with n take or give back n references at once; n from 1 to KREF_REFCOUNT_MAX. They
 * exist in this strategy only.
 */

/* Takes n more; the caller holds one. */
static inline void kref_refcount_add(struct kref *kref, unsigned n)
{
	/* relaxed: the reference that the caller holds already orders its use of the object. */
	unsigned old = atomic_fetch_add_explicit(&kref->refs, n, memory_order_relaxed);

	if (KREF_UNLIKELY(old == 0))
		kref_refcount_saturate(kref, KREF_REPORT_ADD_ON_ZERO);
	else if (KREF_UNLIKELY((old | (old + n)) > KREF_REFCOUNT_MAX))
		kref_refcount_saturate(kref, KREF_REPORT_SATURATED);
}

/* Gives n back; true when they were the last ones. */
static inline bool kref_refcount_sub_and_test(struct kref *kref, unsigned n)
{
	/* release: this holder's use of the object; pairs with the last put's acquire below. */
	unsigned old = atomic_fetch_sub_explicit(&kref->refs, n, memory_order_release);

	if (old == n) {
		/*
		 * acquire: pairs with the release of every earlier put, whose decrements all stand
		 * in the release sequence that this load reads. A load and not a fence: TSan does
		 * not model fences.
		 */
		(void)atomic_load_explicit(&kref->refs, memory_order_acquire);
		return true;
	}
	if (KREF_UNLIKELY((int)old <= 0 || old - n > KREF_REFCOUNT_MAX))
		kref_refcount_saturate(kref, KREF_REPORT_UNDERFLOW);
	return false;
}

/* Gives one back that is known not to be the last. */
static inline void kref_refcount_dec(struct kref *kref)
{
	/* release: as in kref_refcount_sub_and_test. */
	unsigned old = atomic_fetch_sub_explicit(&kref->refs, 1, memory_order_release);

	if (KREF_UNLIKELY((int)old <= 1))
		kref_refcount_saturate(kref, KREF_REPORT_DEC_TO_ZERO);
}

/* Takes n more unless the count is zero; non-zero when it was not, taken or saturated. */
static inline int kref_refcount_add_not_zero(struct kref *kref, unsigned n)
{
	unsigned old = atomic_load_explicit(&kref->refs, memory_order_relaxed);

	while (old) {
		/* relaxed: the lock or RCU section of the lookup orders the object's contents. */
		if (atomic_compare_exchange_weak_explicit(&kref->refs, &old, old + n,
							  memory_order_relaxed,
							  memory_order_relaxed)) {
			if (KREF_UNLIKELY((old | (old + n)) > KREF_REFCOUNT_MAX))
				kref_refcount_saturate(kref, KREF_REPORT_SATURATED);
			return 1;
		}
		KREF_ON_RETRY();
	}
	return 0;
}

static inline void kref_get(struct kref *kref)
{
	kref_refcount_add(kref, 1);
}

static inline bool kref_dec_and_test(struct kref *kref)
{
	return kref_refcount_sub_and_test(kref, 1);
}

/*
 * Gives one reference back unless it is the last; true when there was more than that one. A bad
 * count is left as it is, and so is 0, which is reported: both answer true, for nothing is left to
 * release.
 */
static inline bool kref_dec_not_one(struct kref *kref)
{
	unsigned old = atomic_load_explicit(&kref->refs, memory_order_relaxed);

	while (old != 1 && old <= KREF_REFCOUNT_MAX) {
		if (KREF_UNLIKELY(old == 0)) {
			kref_report(KREF_REPORT_UNDERFLOW, kref);
			return true;
		}
		/* release: as kref_refcount_sub_and_test. relaxed on failure: only tried again. */
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
	return kref_refcount_add_not_zero(kref, 1);
}

#endif
