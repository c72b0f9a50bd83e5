/*
 * biased: a plain count for the thread that made the object, an atomic one for the others. 32
 * bytes; without the link and release of its queue it would be 16.
 *
 * SPDX-License-Identifier: MIT
 *
 * Choi, Shull and Torrellas, "Biased reference counting" (PACT 2018), with the queue's own
 * reference as in Python's later variant (PEP 703). Who calls kref_init() is the object's owner and
 * counts without atomic read-modify-writes. Either count alone says nothing, since references are
 * handed over: the shared one may come to zero, or below, while the object is held. So the owner
 * merges its count into the shared one, once, after which all count there and whoever brings it to
 * zero releases. It does so
 *
 *   - in its own put, when its count comes to zero: with a shared count of zero it releases there;
 *   - when another's put meets a shared count of zero before the merge. That put does not decrement
 *     but hands its reference to the owner's queue (QUEUED, once in an object's life), which the
 *     owner drains in kref_thread_poll() or when it leaves.
 *
 * The references are always the sum of both counts, the queue's own one included, which keeps the
 * object while it is queued. Before the merge the owner's count is one at least, after it zero; the
 * shared one is below zero at most between QUEUED and the drain. So a lookup may take a reference
 * whenever the object is not merged, or merged with a count above zero, queued or not: one that
 * meets an object which only the queue still holds brings it back.
 *
 * An owner that has left drains nothing: its queue is marked KREF_BIASED_AWAY, and who would queue
 * merges in its place, under the mutex that it needs to come back. Only the thread that set QUEUED
 * does, so it is done once.
 *
 * The one step that brings the merged count to zero releases. The queue's reference is in that
 * count, so the object is in no queue by then, and every other step was its thread's last access:
 * the memory may be used anew at once. What it shows: objects that stay with their thread cost one
 * atomic step in a life; those that are put elsewhere pay for all of it. The owner's count wraps
 * silently.
 */
#ifndef KREF_STRATEGIES_BIASED_H
#define KREF_STRATEGIES_BIASED_H

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "../atomic.h"
#include "../state.h"

struct kref;
typedef void kref_biased_release(struct kref *kref);

struct kref {
	atomic_uint owner;	/* the owner's id; KREF_BIASED_NOBODY once merged */
	atomic_uint biased;	/* written by the owner, or in its place under the mutex */
	atomic_ullong shared;	/* count * KREF_BIASED_ONE + flags; the count may be below zero */
	KREF_PLAIN(void *) link; /* the owner's struct kref_biased_thread; next in its queue */
	KREF_PLAIN(kref_biased_release *) release;	/* of the put that queued it */
};

#define KREF_BIASED_MERGED	1ull
#define KREF_BIASED_QUEUED	2ull
#define KREF_BIASED_ONE		4ull

/* No thread's id. */
#define KREF_BIASED_NOBODY	0xffffffffu

/* Merged from the start. */
#define KREF_INIT(n) \
	{ KREF_BIASED_NOBODY, 0, (n) * KREF_BIASED_ONE + KREF_BIASED_MERGED, 0, 0 }

#define KREF_CAPS (KREF_CAN_AS_KERNEL & \
		   ~(KREF_CAN_RELEASE_IN_PUT | KREF_CAN_RETURN | KREF_CAN_PUT_LOCKED))
#define KREF_HAS_THREADS
#define KREF_HAS_POLL

/* Two cache lines, since prefetchers fetch pairs: between what different threads write. */
#define KREF_BIASED_GAP 128

/* One for each id, made when it first enters and never freed: objects point to it. */
struct kref_biased_thread {
	char gap_before[KREF_BIASED_GAP];
	KREF_PLAIN(unsigned) id;
	KREF_PLAIN(struct kref_biased_thread *) next;	/* made before this one */
	char gap_between[KREF_BIASED_GAP];
	atomic_uintptr_t queue;			/* the newest struct kref, 0 or KREF_BIASED_AWAY */
	char gap_after[KREF_BIASED_GAP];
};

#define KREF_THREAD_BYTES sizeof(struct kref_biased_thread)

/* The thread has left. No object has this address. */
#define KREF_BIASED_AWAY ((uintptr_t)1)

struct kref_biased_domain {
	pthread_mutex_t mutex;	/* of the list, and of objects whose owner is away */
	KREF_PLAIN(struct kref_biased_thread *) threads;
};

#ifndef KREF_DOMAIN
KREF_ONE_PER_PROGRAM struct kref_biased_domain kref_biased_domain = {
	PTHREAD_MUTEX_INITIALIZER, NULL
};
KREF_ONE_PER_PROGRAM KREF_THREAD_LOCAL struct kref_biased_thread *kref_biased_self;
#define KREF_DOMAIN (&kref_biased_domain)
#define KREF_SELF kref_biased_self
#endif

/* No operation can report an error, and a count without its lock would be wrong in silence. */
static inline void kref_biased_lock(void)
{
	if (pthread_mutex_lock(&KREF_DOMAIN->mutex))
		abort();
}

static inline void kref_biased_unlock(void)
{
	if (pthread_mutex_unlock(&KREF_DOMAIN->mutex))
		abort();
}

static inline void kref_init(struct kref *kref)
{
	struct kref_biased_thread *self = KREF_SELF;

	/* relaxed: the object is not published yet; whoever publishes it releases these stores. */
	atomic_store_explicit(&kref->owner, self->id, memory_order_relaxed);
	atomic_store_explicit(&kref->biased, 1, memory_order_relaxed);
	atomic_store_explicit(&kref->shared, 0, memory_order_relaxed);
	kref->link = self;
}

/* Without the queue's reference. Exact when no other thread is at work on the object. */
static inline unsigned kref_read(const struct kref *kref)
{
	/* relaxed: no order is promised, and the two are of different moments. */
	unsigned biased = atomic_load_explicit(&kref->biased, memory_order_relaxed);
	unsigned long long shared = atomic_load_explicit(&kref->shared, memory_order_relaxed);

	return biased + (unsigned)(shared / KREF_BIASED_ONE) - !!(shared & KREF_BIASED_QUEUED);
}

/* --- merging --------------------------------------------------------------------------------- */

/* True when a shared count, after the calling thread's step on it, is the last one's to release. */
static inline bool kref_biased_is_last(const struct kref *kref, unsigned long long shared)
{
	if (shared != KREF_BIASED_MERGED)
		return false;
	/*
	 * acquire: pairs with the release of every earlier step on the shared count, all of which
	 * stand in the release sequence that this load reads. A load and not a fence: TSan does not
	 * model fences.
	 */
	(void)atomic_load_explicit(&kref->shared, memory_order_acquire);
	return true;
}

/*
 * Merges a queued object, unless its owner's put has, and gives the queue's reference back; true
 * when it was the last. By the owner, or in its place.
 */
static inline bool kref_biased_unqueue(struct kref *kref)
{
	/* relaxed: its own, or ordered by the owner's leaving: see kref_biased_merge_for. */
	unsigned long long biased = atomic_load_explicit(&kref->biased, memory_order_relaxed);
	unsigned long long change = (biased - 1) * KREF_BIASED_ONE - KREF_BIASED_QUEUED;

	if (biased) {
		atomic_store_explicit(&kref->owner, KREF_BIASED_NOBODY, memory_order_relaxed);
		atomic_store_explicit(&kref->biased, 0, memory_order_relaxed);
		change += KREF_BIASED_MERGED;
	}
	/*
	 * release: what the owner did before its puts, and who queued before that one; pairs with
	 * the acquire of kref_biased_is_last. This thread has all that by the queue.
	 */
	change += atomic_fetch_add_explicit(&kref->shared, change, memory_order_release);
	return kref_biased_is_last(kref, change);
}

/* Out of line under a name of its own: the only call through a pointer. */
static __attribute__((noinline, unused))
void kref_biased_release_late(struct kref *kref)
{
	KREF_RELEASE(kref, kref->release);
}

static __attribute__((noinline, unused))
void kref_biased_drain(struct kref_biased_thread *self)
{
	/* acquire: the objects; pairs with the release of kref_biased_queue. */
	struct kref *kref = (struct kref *)atomic_exchange_explicit(&self->queue, 0,
								    memory_order_acquire);
	void *next;

	for (; kref; kref = (struct kref *)next) {
		next = kref->link;
		if (kref_biased_unqueue(kref))
			kref_biased_release_late(kref);
	}
}

/* In the place of an owner that is away; false when it has come back. */
static __attribute__((noinline, cold, unused))
bool kref_biased_merge_for(struct kref_biased_thread *owner, struct kref *kref)
{
	bool away, last = false;

	kref_biased_lock();
	/* acquire: its counts and uses; pairs with the release of kref_thread_leave. */
	away = atomic_load_explicit(&owner->queue, memory_order_acquire) == KREF_BIASED_AWAY;
	if (away)
		last = kref_biased_unqueue(kref);
	kref_biased_unlock();
	if (last)
		kref_biased_release_late(kref);
	return away;
}

/* Hands the caller's reference to the owner. By the thread that set QUEUED. */
static __attribute__((noinline, unused))
void kref_biased_queue(struct kref *kref, void (*release)(struct kref *kref))
{
	void *link = kref->link;
	struct kref_biased_thread *owner = (struct kref_biased_thread *)link;
	uintptr_t old = atomic_load_explicit(&owner->queue, memory_order_relaxed);

	kref->release = release;
	for (;;) {
		if (old == KREF_BIASED_AWAY) {
			if (kref_biased_merge_for(owner, kref))
				return;
			old = atomic_load_explicit(&owner->queue, memory_order_relaxed);
			continue;
		}
		kref->link = (void *)old;
		/*
		 * release: this holder's use of the object, and its link; pairs with the acquire of
		 * kref_biased_drain, which reads this or a later one of these steps.
		 */
		if (atomic_compare_exchange_weak_explicit(&owner->queue, &old, (uintptr_t)kref,
							  memory_order_release,
							  memory_order_relaxed))
			return;
		KREF_ON_RETRY();
	}
}

/* --- the operations -------------------------------------------------------------------------- */

/* True for the owner until the merge: nobody else writes what it compares while it is there. */
static inline bool kref_biased_is_mine(const struct kref *kref)
{
	/* relaxed: any other thread reads either the owner's id or KREF_BIASED_NOBODY. */
	return atomic_load_explicit(&kref->owner, memory_order_relaxed) == KREF_SELF->id;
}

/* By the owner before the merge; returns its new count. */
static inline unsigned kref_biased_add(struct kref *kref, unsigned n)
{
	/* relaxed: only this thread writes it, and the merge orders it. */
	unsigned biased = atomic_load_explicit(&kref->biased, memory_order_relaxed) + n;

	atomic_store_explicit(&kref->biased, biased, memory_order_relaxed);
	return biased;
}

KREF_INLINE void kref_get(struct kref *kref)
{
	if (kref_biased_is_mine(kref))
		(void)kref_biased_add(kref, 1);
	else
		/* relaxed: the reference that the caller holds already orders its use. */
		atomic_fetch_add_explicit(&kref->shared, KREF_BIASED_ONE, memory_order_relaxed);
}

/* The owner's count has come to zero; true when no other is left. */
static inline bool kref_biased_merge(struct kref *kref)
{
	unsigned long long shared;

	/* relaxed: for this thread only. Before the step below, after which others may release. */
	atomic_store_explicit(&kref->owner, KREF_BIASED_NOBODY, memory_order_relaxed);
	/* release: this thread's use of the object; pairs with kref_biased_is_last. */
	shared = atomic_fetch_add_explicit(&kref->shared, KREF_BIASED_MERGED,
					   memory_order_release);
	return kref_biased_is_last(kref, shared + KREF_BIASED_MERGED);
}

/* What a put of one that is not the owner makes of the shared count. */
static inline unsigned long long kref_biased_after_put(unsigned long long shared)
{
	return shared ? shared - KREF_BIASED_ONE : KREF_BIASED_QUEUED;
}

KREF_INLINE void kref_biased_put_shared(struct kref *kref, void (*release)(struct kref *kref))
{
	unsigned long long old = atomic_load_explicit(&kref->shared, memory_order_relaxed);

	/*
	 * release: this holder's use of the object; pairs with kref_biased_is_last. relaxed on
	 * failure: only tried again.
	 */
	while (!atomic_compare_exchange_weak_explicit(&kref->shared, &old,
						      kref_biased_after_put(old),
						      memory_order_release, memory_order_relaxed))
		KREF_ON_RETRY();
	if (!old)
		kref_biased_queue(kref, release);
	else if (kref_biased_is_last(kref, old - KREF_BIASED_ONE))
		KREF_RELEASE(kref, release);
}

/* release runs in this call, or when the owner polls or leaves. */
KREF_INLINE void kref_put(struct kref *kref, void (*release)(struct kref *kref))
{
	if (!kref_biased_is_mine(kref))
		kref_biased_put_shared(kref, release);
	else if (!kref_biased_add(kref, -1u) && kref_biased_merge(kref))
		KREF_RELEASE(kref, release);
}

KREF_MUST_CHECK KREF_INLINE int kref_get_unless_zero(struct kref *kref)
{
	unsigned long long old;

	if (kref_biased_is_mine(kref)) {
		(void)kref_biased_add(kref, 1);
		return 1;
	}
	old = atomic_load_explicit(&kref->shared, memory_order_relaxed);
	while (old != KREF_BIASED_MERGED) {
		/* relaxed: the lock or RCU section of the lookup orders the object's contents. */
		if (atomic_compare_exchange_weak_explicit(&kref->shared, &old,
							  old + KREF_BIASED_ONE,
							  memory_order_relaxed,
							  memory_order_relaxed))
			return 1;
		KREF_ON_RETRY();
	}
	return 0;
}

/* --- threads --------------------------------------------------------------------------------- */

static inline void kref_thread_poll(void)
{
	struct kref_biased_thread *self = KREF_SELF;

	/* relaxed: only whether there is something; kref_biased_drain reads it again. */
	if (KREF_UNLIKELY(atomic_load_explicit(&self->queue, memory_order_relaxed)))
		kref_biased_drain(self);
}

/* Of an id, with an empty queue; made if there is none. NULL without memory. Under the mutex. */
static inline struct kref_biased_thread *kref_biased_come(unsigned id)
{
	struct kref_biased_domain *domain = KREF_DOMAIN;
	struct kref_biased_thread *thread = domain->threads;

	while (thread && thread->id != id)
		thread = thread->next;
	if (thread) {
		/* relaxed: the mutex orders it after all that was merged in its place. */
		atomic_store_explicit(&thread->queue, 0, memory_order_relaxed);
		return thread;
	}
	thread = KREF_NEW(struct kref_biased_thread, 1);
	if (thread) {
		thread->id = id;
		thread->next = domain->threads;
		domain->threads = thread;
	}
	return thread;
}

/* Owner again of what this id had made and nobody merged. */
static inline int kref_thread_enter(unsigned id)
{
	kref_biased_lock();
	KREF_SELF = kref_biased_come(id);
	kref_biased_unlock();
	return KREF_SELF ? 0 : -ENOMEM;
}

static inline void kref_thread_leave(void)
{
	struct kref_biased_thread *self = KREF_SELF;
	uintptr_t old = 0;

	/*
	 * Away only with an empty queue: what is drained is released while this thread can still
	 * count its own. release: its counts and uses; pairs with kref_biased_merge_for.
	 */
	while (!atomic_compare_exchange_weak_explicit(&self->queue, &old, KREF_BIASED_AWAY,
						      memory_order_release,
						      memory_order_relaxed)) {
		kref_biased_drain(self);
		old = 0;
	}
	KREF_SELF = NULL;
}

/* Nothing: who leaves leaves an empty queue, and nothing is queued to those that are away. */
static inline void kref_quiesce(void)
{
}

#endif
