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
 *	struct kref			the counter
 *	KREF_INIT(n)			its static initialiser, where one is possible
 *	KREF_CAPS			what it can do: the KREF_CAN_ bits below
 *	kref_init, kref_read, kref_get
 *	kref_dec_and_test		where KREF_CAN_RETURN, else a kref_put of its own that
 *					returns void
 *	kref_dec_not_one		where KREF_CAN_PUT_LOCKED
 *	kref_get_unless_zero		where KREF_CAN_GET_UNLESS_ZERO
 *	KREF_HAS_THREADS		with kref_thread_enter, kref_thread_leave and kref_quiesce,
 *					where threads have state of their own
 *	KREF_HAS_POLL			with kref_thread_poll, where something is deferred
 *	KREF_HAS_KILL			with kref_kill, where KREF_CAN_END_BY_PUT is missing
 *	KREF_SLOT_BYTES			that each thread holds for each object; where not 0
 *	KREF_THREAD_BYTES		that each thread holds, whatever the objects; where not 0
 *	KREF_HAS_PLACES			where it is told the place of each call: see places.h
 *	KREF_HOLE			the reason why it cannot be compiled here, and KREF_CAPS 0u
 *
 * and this file builds the puts on them. What a strategy lacks is not declared: using it is a
 * compile error, never an emulation. The calls that only some strategies need (threads, poll, kill,
 * quiesce) exist for all, so that one program serves all.
 *
 * With KREF_PROBES defined each operation has a static probe, for bpftrace and its like: probes.h.
 */
#ifndef KREF_H
#define KREF_H

/*
 * The last put is found and release called for it. A strategy without it never frees: its puts take
 * a release and never call it.
 */
#define KREF_CAN_RELEASE		(1u << 0)
/* Release runs inside the last put: a lock held there is held in release. Else it comes later. */
#define KREF_CAN_RELEASE_IN_PUT		(1u << 1)
/* kref_put tells its caller whether this call released. */
#define KREF_CAN_RETURN			(1u << 2)
/* Puts alone end an object. Else nothing is released before its owner's kref_kill(). */
#define KREF_CAN_END_BY_PUT		(1u << 3)
#define KREF_CAN_GET_UNLESS_ZERO	(1u << 4)
/* The memory may be used anew at once, though a kref_get_unless_zero() met it. Else: after a grace
 * period of RCU. */
#define KREF_CAN_FREE_AT_ONCE		(1u << 5)
/* kref_put_mutex and kref_put_lock. */
#define KREF_CAN_PUT_LOCKED		(1u << 6)
/* May be used by more than one thread. */
#define KREF_CAN_SHARE			(1u << 7)
/* A reference may be put by another thread than the one that took it. */
#define KREF_CAN_HAND_OVER		(1u << 8)
/* All that the kernel's kref can. */
#define KREF_CAN_AS_KERNEL		((1u << 9) - 1)
/* A count that leaves its range sticks and never frees; refcount reports it too, see report.h. */
#define KREF_CAN_SATURATE		(1u << 9)
/* Retries without telling KREF_ON_RETRY(): what is counted of them says nothing. */
#define KREF_HIDES_RETRIES		(1u << 10)
/* Made to find bugs, whatever that costs. */
#define KREF_FINDS_BUGS			(1u << 11)

/*
 * The type of a member that threads share though it is not atomic, since a lock or an order keeps
 * their uses apart. A model checker has one of its own, that sees where nothing does.
 */
#ifndef KREF_PLAIN
#define KREF_PLAIN(type) type
#endif

/* A result that tells whether a reference was taken. */
#define KREF_MUST_CHECK __attribute__((warn_unused_result))

/* For the operations that are longer than what a compiler inlines everywhere by itself. */
#define KREF_INLINE static inline __attribute__((always_inline))

/* A probe of that name on a counter, and those of a kref_get_unless_zero(). */
#ifdef KREF_PROBES
#include "probes.h"
#else
#define KREF_PROBE(name, counter) ((void)0)
#define KREF_PROBE_LOOKUP(counter, taken) ((void)0)
#endif

/* How a last put calls release. */
#define KREF_RELEASE(counter, function)		\
	do {					\
		KREF_PROBE(release, counter);	\
		(function)(counter);		\
	} while (0)

#ifndef KREF_STRATEGY_HEADER
#define KREF_STRATEGY_HEADER "strategies/refcount.h"
#endif
#include KREF_STRATEGY_HEADER

/*
 * KREF_INIT(n): static initialiser of a struct kref that n references are held on; n a constant
 * from 1 up to INT_MAX. What a strategy does beyond that range stands in its header. Not there
 * where a counter has a part in each thread or belongs to one: kref_init() and kref_get() then.
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
 *
 * int kref_thread_enter(unsigned id): before a thread's first operation on any kref, kref_init()
 * included. id is below KREF_THREADS_MAX and used by one thread at a time; a thread that takes up
 * an id again goes on with its counts. Returns 0, or -errno.
 *
 * void kref_thread_leave(void): after its last one. What other threads owe to this one from now on
 * they settle themselves.
 *
 * void kref_thread_poll(void): every now and then, long waits included, by each thread that has
 * entered: what is deferred goes on only so. It may call release for any object: the caller holds
 * no lock that a release takes, and stands in no reader section.
 *
 * void kref_quiesce(void): completes all that is deferred. By one thread, when all have left.
 *
 * void kref_kill(struct kref *kref, void (*release)(struct kref *)): whoever owns the object gives
 * back the reference that kref_init() made, and ends it: once all others are back too, release is
 * called, in this call or in the last put. Once for an object, instead of that reference's
 * kref_put(), and in no reader section. With KREF_CAN_END_BY_PUT it is a put like any other.
 */
#define KREF_THREADS_MAX 8192

#ifndef KREF_SLOT_BYTES
#define KREF_SLOT_BYTES 0
#endif
#ifndef KREF_THREAD_BYTES
#define KREF_THREAD_BYTES 0
#endif

#ifndef KREF_HAS_THREADS
static inline int kref_thread_enter(unsigned id)
{
	(void)id;
	return 0;
}

static inline void kref_thread_leave(void)
{
}

static inline void kref_quiesce(void)
{
}
#endif

#ifndef KREF_HAS_POLL
static inline void kref_thread_poll(void)
{
}
#endif

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
 *
 * Inline whatever the strategy's size: out of line it would call release through a pointer.
 */
KREF_INLINE int kref_put(struct kref *kref, void (*release)(struct kref *kref))
{
	KREF_PROBE(put, kref);
	if (kref_dec_and_test(kref)) {
		KREF_RELEASE(kref, release);
		return 1;
	}
	return 0;
}

#endif

#if KREF_CAPS & KREF_CAN_PUT_LOCKED

/*
 * A macro, so that this file needs no lock's header; the caller's <pthread.h> has the functions. Its
 * variables have names that no argument has.
 */
#define KREF_PUT_LOCKED(counter, release, lock, do_lock, do_unlock)	\
	__extension__({							\
		struct kref *kref_locked_counter_ = (counter);		\
		__typeof__(lock) kref_locked_lock_ = (lock);		\
		int kref_locked_released_ = 0;				\
									\
		KREF_PROBE(put, kref_locked_counter_);			\
		if (!kref_dec_not_one(kref_locked_counter_)) {		\
			do_lock(kref_locked_lock_);			\
			kref_locked_released_ =				\
				kref_dec_and_test(kref_locked_counter_);	\
			if (kref_locked_released_)			\
				KREF_RELEASE(kref_locked_counter_, release);	\
			else						\
				do_unlock(kref_locked_lock_);		\
		}							\
		kref_locked_released_;					\
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

#if !defined(KREF_HAS_KILL) && !defined(KREF_HOLE)
KREF_INLINE void kref_kill(struct kref *kref, void (*release)(struct kref *kref))
{
	(void)kref_put(kref, release);
}
#endif

#if defined(KREF_HAS_PLACES)
#include "places.h"
#elif defined(KREF_PROBES) && !defined(KREF_HOLE)
#include "probed.h"
#endif

#endif
