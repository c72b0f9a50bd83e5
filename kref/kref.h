/*
 * kref: reference counters for objects, in the style of the Linux kernel's kref.
 *
 * SPDX-License-Identifier: MIT
 *
 * Embed a struct kref in an object, kref_init() it after allocation, kref_get() before each
 * hand-over of a pointer, kref_put() when done with one. How the count is kept is the strategy: one
 * header of strategies/, by default refcount; define KREF_STRATEGY_HEADER to choose another. The
 * interface, its rules and its return values are those of the kernel's include/linux/kref.h and
 * Documentation/core-api/kref.rst.
 *
 * A strategy header defines
 *
 *	struct kref, KREF_INIT(n)	the counter and its static initialiser
 *	KREF_CAPS			what it can do: the KREF_CAN_ bits below
 *	kref_init, kref_read, kref_get
 *	kref_dec_and_test		where KREF_CAN_RETURN, else a kref_put of its own that
 *					returns void
 *	kref_dec_not_one		where KREF_CAN_PUT_LOCKED
 *	kref_get_unless_zero		where KREF_CAN_GET_UNLESS_ZERO
 *
 * and this file builds the puts on them. What a strategy lacks is not declared: using it is a
 * compile error, never an emulation.
 */
#ifndef KREF_H
#define KREF_H

/*
 * Detects the last put exactly and calls release for it. A strategy without it never frees: its
 * puts take a release and never call it.
 */
#define KREF_CAN_RELEASE		(1u << 0)
/* kref_put tells its caller whether this call released. */
#define KREF_CAN_RETURN			(1u << 1)
#define KREF_CAN_GET_UNLESS_ZERO	(1u << 2)
/* kref_put_mutex and kref_put_lock. */
#define KREF_CAN_PUT_LOCKED		(1u << 3)
/* May be used by more than one thread. */
#define KREF_CAN_SHARE			(1u << 4)
/* A count that leaves its range sticks and never frees; refcount reports it too, see report.h. */
#define KREF_CAN_SATURATE		(1u << 5)
/* Retries without telling KREF_ON_RETRY(): what is counted of them says nothing. */
#define KREF_HIDES_RETRIES		(1u << 6)

#ifndef KREF_STRATEGY_HEADER
#define KREF_STRATEGY_HEADER "strategies/refcount.h"
#endif
#include KREF_STRATEGY_HEADER

/*
 * KREF_INIT(n): static initialiser of a struct kref that n references are held on; n a constant
 * from 1 up to INT_MAX. What a strategy does beyond that range stands in its header.
 *
 * void kref_init(struct kref *kref): start with one reference, the caller's. The caller has
 * exclusive access; publishing the object to other threads is the caller's release.
 *
 * unsigned kref_read(const struct kref *kref): the count at some moment of the call; no order, and
 * with other holders stale at once. For reports and assertions.
 *
 * void kref_get(struct kref *kref): take one more reference. The caller holds one, or a lock that
 * keeps the count above zero. No order: the reference already held gave it.
 *
 * int kref_get_unless_zero(struct kref *kref): take a reference if the count is not zero; non-zero
 * when taken. The caller keeps the memory in being meanwhile (a lock or an RCU reader section) and
 * must use the result. No order of its own: that lock or section gives it.
 */
#if KREF_CAPS & KREF_CAN_RETURN

/*
 * kref_put() - give one reference back.
 *
 * The caller held it and uses the object no more. Everything that each holder did before its put
 * happens before release runs. release is called at the last put, with no lock taken, and must not
 * be NULL.
 *
 * Returns 1 when this call released the object. 0 promises nothing: another holder may have
 * released it before the return.
 */
static inline int kref_put(struct kref *kref, void (*release)(struct kref *kref))
{
	if (kref_dec_and_test(kref)) {
		release(kref);
		return 1;
	}
	return 0;
}

#endif

#if KREF_CAPS & KREF_CAN_PUT_LOCKED

/* A macro, so that this file needs no lock's header; the caller's <pthread.h> has the functions. */
#define KREF_PUT_LOCKED(counter, release, lock, do_lock, do_unlock)	\
	__extension__({							\
		struct kref *kref_ = (counter);				\
		__typeof__(lock) lock_ = (lock);			\
		int released_ = 0;					\
									\
		if (!kref_dec_not_one(kref_)) {				\
			do_lock(lock_);					\
			released_ = kref_dec_and_test(kref_);		\
			if (released_)					\
				release(kref_);				\
			else						\
				do_unlock(lock_);			\
		}							\
		released_;						\
	})

/*
 * int kref_put_mutex(struct kref *kref, void (*release)(struct kref *), pthread_mutex_t *mutex)
 * int kref_put_lock(struct kref *kref, void (*release)(struct kref *), pthread_spinlock_t *lock)
 *
 * kref_put() whose last put takes the lock before the count reaches zero and runs release with it
 * held; release must unlock it. Lookups that take the same lock never meet a count of zero. The
 * caller does not hold the lock and includes <pthread.h>. Returns as kref_put(); after 0 the lock
 * is not held. Source: kref_put_mutex() in include/linux/kref.h, refcount_dec_and_mutex_lock() in
 * lib/refcount.c.
 */
#define kref_put_mutex(counter, release, mutex) \
	KREF_PUT_LOCKED(counter, release, mutex, pthread_mutex_lock, pthread_mutex_unlock)
#define kref_put_lock(counter, release, lock) \
	KREF_PUT_LOCKED(counter, release, lock, pthread_spin_lock, pthread_spin_unlock)

#endif

#endif
