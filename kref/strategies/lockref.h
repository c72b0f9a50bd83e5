/*
 * lockref: a spinlock and a count in one word, changed together while the lock is free. 8 bytes.
 *
 * SPDX-License-Identifier: MIT
 *
 * As the kernel's lockref (lib/lockref.c), which keeps a dentry's count beside the lock that its
 * last put needs. A get or a put that is not the last is a compare-exchange of the whole word and
 * never takes the lock; after KREF_LOCKREF_TRIES failures, or where the lock is held, it queues up
 * at the lock like everybody else. The last put takes the lock and marks the count dead, so that a
 * later lookup fails.
 *
 * The word is one atomic: bit 0 the lock, the upper half the count. While the lock is held nobody
 * but its holder writes the word, so that unlocking is a plain store that brings the new count
 * along; and a compare-exchange that succeeds has seen the lock free. Each operation decides under
 * the lock and ends with that store. Whoever then frees the object frees it from under nobody: who
 * waits for the lock holds a reference, and then this was not the last one, or is in
 * get_unless_zero, whose caller keeps the memory in being.
 *
 * Counts are right from 1 to 0x7fffffff. Beyond, nothing saturates and nothing is reported: the
 * count goes on and reads as 0. The negative ones and 0 fail get_unless_zero, and a put leaves them
 * as they are and never releases. A get of a dead one goes unseen; the 129th makes it 1.
 */
#ifndef KREF_STRATEGIES_LOCKREF_H
#define KREF_STRATEGIES_LOCKREF_H

#include <stdbool.h>

#include "../atomic.h"

struct kref {
	atomic_ullong word;
};

#define KREF_LOCKREF_LOCKED	1ull
#define KREF_LOCKREF_ONE	(1ull << 32)
/* -128: far enough below zero for some gets that should not be. */
#define KREF_LOCKREF_DEAD	(0xffffff80ull << 32)
/* As the kernel: enough where others only add and subtract. A model checker takes fewer. */
#ifndef KREF_LOCKREF_TRIES
#define KREF_LOCKREF_TRIES	100
#endif

#define KREF_INIT(n) { (unsigned long long)(n) << 32 }
#define KREF_CAPS KREF_CAN_AS_KERNEL

/* References in an unlocked word; a bad count is negative. */
static inline int kref_lockref_refs(unsigned long long word)
{
	return (int)(unsigned)(word >> 32);
}

/* Returns the word as it was, unlocked. */
static inline unsigned long long kref_lockref_lock(struct kref *kref)
{
	unsigned long long old = atomic_load_explicit(&kref->word, memory_order_relaxed);

	for (;;) {
		/*
		 * acquire: pairs with the release of the unlock before and of every put since.
		 * relaxed on failure: only tried again.
		 */
		if (!(old & KREF_LOCKREF_LOCKED) &&
		    atomic_compare_exchange_weak_explicit(&kref->word, &old,
							  old | KREF_LOCKREF_LOCKED,
							  memory_order_acquire,
							  memory_order_relaxed))
			return old;
		KREF_ON_RETRY();
		/* relaxed: waits on a shared copy of the line; the exchange above decides. */
		while ((old = atomic_load_explicit(&kref->word, memory_order_relaxed)) &
		       KREF_LOCKREF_LOCKED)
			KREF_CPU_RELAX();
	}
}

/* The last access to the object's memory, unless this put releases it. */
static inline void kref_lockref_unlock(struct kref *kref, unsigned long long word)
{
	/*
	 * release: this holder's use of the object where word has one reference less, and what the
	 * lock's acquire brought; pairs with the acquire of the next lock.
	 */
	atomic_store_explicit(&kref->word, word, memory_order_release);
}

static inline void kref_init(struct kref *kref)
{
	/* relaxed: the object is not published yet; whoever publishes it releases this store. */
	atomic_store_explicit(&kref->word, KREF_LOCKREF_ONE, memory_order_relaxed);
}

static inline unsigned kref_read(const struct kref *kref)
{
	const int refs = kref_lockref_refs(atomic_load_explicit(&kref->word,
								memory_order_relaxed));

	return refs < 0 ? 0 : (unsigned)refs;
}

/* The slow get: true when taken; not from 0, dead or bad where lookup is set. */
static __attribute__((noinline, unused))
bool kref_lockref_get_locked(struct kref *kref, bool lookup)
{
	const unsigned long long old = kref_lockref_lock(kref);
	const bool take = !lookup || kref_lockref_refs(old) > 0;

	kref_lockref_unlock(kref, take ? old + KREF_LOCKREF_ONE : old);
	return take;
}

static inline void kref_get(struct kref *kref)
{
	unsigned long long old = atomic_load_explicit(&kref->word, memory_order_relaxed);

	for (unsigned i = 0; i < KREF_LOCKREF_TRIES && !(old & KREF_LOCKREF_LOCKED); i++) {
		/* relaxed: the reference that the caller holds already orders its use. */
		if (atomic_compare_exchange_weak_explicit(&kref->word, &old,
							  old + KREF_LOCKREF_ONE,
							  memory_order_relaxed,
							  memory_order_relaxed))
			return;
		KREF_ON_RETRY();
	}
	(void)kref_lockref_get_locked(kref, false);
}

KREF_MUST_CHECK static inline int kref_get_unless_zero(struct kref *kref)
{
	unsigned long long old = atomic_load_explicit(&kref->word, memory_order_relaxed);

	for (unsigned i = 0; i < KREF_LOCKREF_TRIES && !(old & KREF_LOCKREF_LOCKED); i++) {
		if (kref_lockref_refs(old) <= 0)
			return 0;
		/* relaxed: the lock or RCU section of the lookup orders the object's contents. */
		if (atomic_compare_exchange_weak_explicit(&kref->word, &old,
							  old + KREF_LOCKREF_ONE,
							  memory_order_relaxed,
							  memory_order_relaxed))
			return 1;
		KREF_ON_RETRY();
	}
	return kref_lockref_get_locked(kref, true);
}

/* Gives one back if it is surely not the last; true when given back. */
static inline bool kref_lockref_put_unlocked(struct kref *kref)
{
	unsigned long long old = atomic_load_explicit(&kref->word, memory_order_relaxed);

	for (unsigned i = 0; i < KREF_LOCKREF_TRIES && !(old & KREF_LOCKREF_LOCKED) &&
	     kref_lockref_refs(old) > 1; i++) {
		/*
		 * release: this holder's use of the object; pairs with the acquire of the last
		 * put's lock. relaxed on failure: only tried again.
		 */
		if (atomic_compare_exchange_weak_explicit(&kref->word, &old,
							  old - KREF_LOCKREF_ONE,
							  memory_order_release,
							  memory_order_relaxed))
			return true;
		KREF_ON_RETRY();
	}
	return false;
}

/* The slow put: true when it was the last one, which is dead now. */
static __attribute__((noinline, unused))
bool kref_lockref_put_locked(struct kref *kref)
{
	const unsigned long long old = kref_lockref_lock(kref);
	const int refs = kref_lockref_refs(old);

	if (refs == 1)
		kref_lockref_unlock(kref, KREF_LOCKREF_DEAD);
	else
		kref_lockref_unlock(kref, refs > 1 ? old - KREF_LOCKREF_ONE : old);
	return refs == 1;
}

static inline bool kref_dec_and_test(struct kref *kref)
{
	return !kref_lockref_put_unlocked(kref) && kref_lockref_put_locked(kref);
}

/* As kref_lockref_put_locked(), but leaves the last one alone: false. */
static __attribute__((noinline, unused))
bool kref_lockref_not_one_locked(struct kref *kref)
{
	const unsigned long long old = kref_lockref_lock(kref);
	const int refs = kref_lockref_refs(old);

	kref_lockref_unlock(kref, refs > 1 ? old - KREF_LOCKREF_ONE : old);
	return refs != 1;
}

/* Gives one reference back unless it is the last; true when there was more or less than one. */
static inline bool kref_dec_not_one(struct kref *kref)
{
	return kref_lockref_put_unlocked(kref) || kref_lockref_not_one_locked(kref);
}

#endif
