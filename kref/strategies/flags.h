/*
 * flags: an atomic counter that saturates by the processor's own flags. 4 bytes.
 *
 * SPDX-License-Identifier: MIT
 *
 * The kernel's fast refcount of x86 (arch/x86/include/asm/refcount.h, 4.14 to 5.4): the add or
 * subtraction sets the flags, and asm with condition-code outputs branches on them, so that a get
 * is one instruction and a branch where refcount has an exchange, a test and a branch; a put also
 * keeps the zero flag, which its slow path tests. On arm64 the same with a loop of exclusive accesses, whose store leaves the flags alone. As refcount
 * it reports (report.h) and stores KREF_FLAGS_SATURATED, but it cannot see as much:
 *
 *	get	a negative result, from 0x80000000 up. Not a get on 0, which makes 1 again, nor one
 *		on UINT_MAX, which makes 0 and never comes about: nothing leaves such a count.
 *	put	a count that was 0 or negative, as refcount. The kernel's looked at the sign of the
 *		result and then for zero; the flags of a subtraction also tell "was one or less",
 *		which is a single branch for all that is not the common case.
 *
 * get_unless_zero and the step of the locked puts are loops in C and see what refcount's do.
 */
#ifndef KREF_STRATEGIES_FLAGS_H
#define KREF_STRATEGIES_FLAGS_H

#include "../atomic.h"

#if defined(KREF_TSAN)
#define KREF_HOLE "ThreadSanitizer sees no asm"
#define KREF_CAPS 0u
#elif !defined(KREF_FLAGS_WITHOUT_ASM) && !defined(__x86_64__) && !defined(__aarch64__)
#define KREF_HOLE "no asm with flags for this processor"
#define KREF_CAPS 0u
#elif !defined(KREF_FLAGS_WITHOUT_ASM) && !defined(__GCC_ASM_FLAG_OUTPUTS__)
#define KREF_HOLE "the compiler has no condition-code outputs of asm here"
#define KREF_CAPS 0u
#else

#include <stdbool.h>

#include "../report.h"

struct kref {
	atomic_uint refs;
};

#define KREF_INIT(n) { (n) }

#define KREF_FLAGS_MAX		0x7fffffffu
/* The middle of the bad half: as far from good counts as it gets on both sides. */
#define KREF_FLAGS_SATURATED	0xc0000000u

/* A function of its own for what no right program runs: the hot path holds only the call. */
static __attribute__((noinline, cold, unused))
void kref_flags_saturate(struct kref *kref, enum kref_report kind)
{
	/* relaxed: nothing is handed over; a saturated object is never released. */
	atomic_store_explicit(&kref->refs, KREF_FLAGS_SATURATED, memory_order_relaxed);
	kref_report(kind, kref);
}

#if defined(KREF_FLAGS_WITHOUT_ASM)

/* For a model checker, which sees no asm and defines the two below itself. */
#define KREF_CAPS (KREF_CAN_AS_KERNEL | KREF_CAN_SATURATE)

static inline bool kref_flags_inc(struct kref *kref);
static inline bool kref_flags_dec(struct kref *kref, bool *zero);

#elif defined(__x86_64__)

#define KREF_CAPS (KREF_CAN_AS_KERNEL | KREF_CAN_SATURATE)

/* Takes one; true when the result is negative. No memory clobber: relaxed, see kref_get. */
static inline bool kref_flags_inc(struct kref *kref)
{
	bool negative;

	__asm__ volatile("lock incl %[refs]" : [refs] "+m" (kref->refs), "=@ccs" (negative));
	return negative;
}

/*
 * Gives one back; true when there was one or, as an int, less, and *zero when there was one. The
 * clobber makes it a release for the compiler; every locked instruction is one for the processor.
 */
static inline bool kref_flags_dec(struct kref *kref, bool *zero)
{
	bool one_or_less;

	__asm__ volatile("lock decl %[refs]"
			 : [refs] "+m" (kref->refs), "=@ccle" (one_or_less), "=@cce" (*zero)
			 : : "memory");
	return one_or_less;
}

#else

/* Retries inside the asm tell nobody. */
#define KREF_CAPS (KREF_CAN_AS_KERNEL | KREF_CAN_SATURATE | KREF_HIDES_RETRIES)

/* Takes one; true when the result is negative. No memory clobber: relaxed, see kref_get. */
static inline bool kref_flags_inc(struct kref *kref)
{
	unsigned result, failed;
	bool negative;

	__asm__ volatile("1:	ldxr	%w[result], %[refs]\n"
			 "	adds	%w[result], %w[result], #1\n"
			 "	stxr	%w[failed], %w[result], %[refs]\n"
			 "	cbnz	%w[failed], 1b\n"
			 : [result] "=&r" (result), [failed] "=&r" (failed),
			   [refs] "+Q" (kref->refs), "=@ccmi" (negative));
	return negative;
}

/*
 * Gives one back; true when there was one or, as an int, less, and *zero when there was one. The
 * clobber makes it a release for the compiler, stlxr for the processor.
 */
static inline bool kref_flags_dec(struct kref *kref, bool *zero)
{
	unsigned result, failed;
	bool one_or_less;

	__asm__ volatile("1:	ldxr	%w[result], %[refs]\n"
			 "	subs	%w[result], %w[result], #1\n"
			 "	stlxr	%w[failed], %w[result], %[refs]\n"
			 "	cbnz	%w[failed], 1b\n"
			 : [result] "=&r" (result), [failed] "=&r" (failed),
			   [refs] "+Q" (kref->refs), "=@ccle" (one_or_less), "=@cceq" (*zero)
			 : : "memory");
	return one_or_less;
}

#endif

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
	if (KREF_UNLIKELY(kref_flags_inc(kref)))
		kref_flags_saturate(kref, KREF_REPORT_SATURATED);
}

static inline bool kref_dec_and_test(struct kref *kref)
{
	bool zero;

	/* release: this holder's use of the object; pairs with the last put's acquire below. */
	if (!kref_flags_dec(kref, &zero))
		return false;
	if (zero) {
		/*
		 * acquire: pairs with the release of every earlier put, whose decrements all stand
		 * in the release sequence that this load reads.
		 */
		(void)atomic_load_explicit(&kref->refs, memory_order_acquire);
		return true;
	}
	kref_flags_saturate(kref, KREF_REPORT_UNDERFLOW);
	return false;
}

/*
 * Gives one reference back unless it is the last; true when there was more than that one. A bad
 * count is left as it is, and so is 0, which is reported: both answer true, for nothing is left to
 * release.
 */
static inline bool kref_dec_not_one(struct kref *kref)
{
	unsigned old = atomic_load_explicit(&kref->refs, memory_order_relaxed);

	while (old != 1 && old <= KREF_FLAGS_MAX) {
		if (KREF_UNLIKELY(old == 0)) {
			kref_report(KREF_REPORT_UNDERFLOW, kref);
			return true;
		}
		/* release: as kref_dec_and_test. relaxed on failure: only tried again. */
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
	unsigned old = atomic_load_explicit(&kref->refs, memory_order_relaxed);

	while (old) {
		/* relaxed: the lock or RCU section of the lookup orders the object's contents. */
		if (atomic_compare_exchange_weak_explicit(&kref->refs, &old, old + 1,
							  memory_order_relaxed,
							  memory_order_relaxed)) {
			if (KREF_UNLIKELY((old | (old + 1)) > KREF_FLAGS_MAX))
				kref_flags_saturate(kref, KREF_REPORT_SATURATED);
			return 1;
		}
		KREF_ON_RETRY();
	}
	return 0;
}

#endif

#endif
