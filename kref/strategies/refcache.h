/*
 * refcache: each thread counts what it adds to an object in a cache of its own. 32 bytes, and a
 * cache of KREF_REFCACHE_WAYS ways in each thread.
 *
 * SPDX-License-Identifier: MIT
 *
 * Clements, Kaashoek and Zeldovich, "RadixVM" (EuroSys 2013), section on Refcache. A get and a put
 * change a delta in the calling thread's cache, direct mapped by the object's address: holders
 * never meet. A delta goes to the object's global count when another object takes its way, or at
 * the thread's next flush. Time is divided into epochs. In each every thread flushes once, in its
 * kref_thread_poll(), and the last one to do so ends the epoch. Meanwhile a global count may be
 * zero, or below, though the object is held. So whoever brings it to zero only queues the object,
 * for a review two epochs later, when every thread has flushed what it had of it. If nothing else
 * was seen of the object by then, that review releases it, in a poll. What it shows: counting when
 * holders never meet, and its price, garbage that waits two epochs or more. A thread that has
 * entered and does not poll stops all frees.
 *
 * An object's word is its global count and a state:
 *
 *	LIVE	in no review queue
 *	REVIEW	in one; not zero, or something was seen of it since it was queued
 *	DYING	in one, zero, and nothing was seen of it since
 *	DEAD	released, or about to be
 *
 * An eviction makes DYING into REVIEW, even that of a delta of zero: without, holders could pass a
 * reference on from thread to thread, each time just behind one's flush and ahead of the other's
 * (the paper's dirty bit). So does a lookup, by a compare-exchange (the paper's weak reference and
 * its dying bit, here inside the object, since the caller keeps the memory in being). The review
 * makes DYING into DEAD by a compare-exchange, so either it or a lookup wins, and makes REVIEW with
 * a count of zero into DYING, to wait two more epochs.
 *
 * Why nobody holds an object that becomes DEAD, and no cache has an entry of it. Let Q be the step
 * that made it DYING, in epoch e or before. No other step has changed the word since. So each entry
 * that was ever made of the object is
 *
 *   - added: evicted before Q, and in the count of zero that Q saw;
 *   - or cancelled: its delta was zero and its eviction read a word from before Q;
 *   - or late: made after its thread's flush in epoch e + 1, or since its thread entered in that
 *     epoch or later. For all others were evicted by that flush, or by a leave before it. Those
 *     happen before the review by the chain of read-modify-writes of the domain's epoch, which
 *     acquire and release. By the same chain Q happens before every late operation, so that no
 *     eviction after one reads a word from before Q: what happens after a late operation is late.
 *
 * A late lookup would have found DYING and changed it, or DEAD. Let a get or put be late, and no
 * other late operation happen before it. Its thread relied on a reference, which was taken by an
 * operation before it, so not late, and is put by it or after it, so late. But the operations that
 * are not late took as many references as they put, by the count of zero. So one of them put a
 * reference that a late operation had taken: after that, so it would be late. Hence there is no
 * late operation, no entry and no holder. And all that holders did before their puts happens before
 * release: each put came before its thread's flush in the chain.
 *
 * No operation touches an object after its decision, and a lookup that fails makes no entry: the
 * memory may be used anew at once.
 */
#ifndef KREF_STRATEGIES_REFCACHE_H
#define KREF_STRATEGIES_REFCACHE_H

#include <errno.h>
#include <pthread.h>
#include <stdint.h>

#include "../atomic.h"
#include "../state.h"

/* A power of two. As many as a thread may use between two polls of a thousand operations. */
#ifndef KREF_REFCACHE_WAYS
#define KREF_REFCACHE_WAYS 1024u
#endif
#if KREF_REFCACHE_WAYS & (KREF_REFCACHE_WAYS - 1)
#error "KREF_REFCACHE_WAYS must be a power of two"
#endif

struct kref {
	atomic_ullong word;		/* count * KREF_REFCACHE_ONE + state; may be below zero */
	atomic_uintptr_t release;	/* of the put that was flushed last */
	/* Of the thread in whose review queue it is. */
	KREF_PLAIN(struct kref *) next;
	KREF_PLAIN(unsigned long long) due;	/* the epoch of its review */
};

#define KREF_REFCACHE_LIVE	0ull
#define KREF_REFCACHE_REVIEW	1ull
#define KREF_REFCACHE_DYING	2ull
#define KREF_REFCACHE_DEAD	3ull
#define KREF_REFCACHE_STATE	3ull
#define KREF_REFCACHE_ONE	4ull

/* n of 0: as a released object. */
#define KREF_INIT(n) { (n) ? (n) * KREF_REFCACHE_ONE : KREF_REFCACHE_DEAD, 0, 0, 0 }

#define KREF_CAPS (KREF_CAN_AS_KERNEL & \
		   ~(KREF_CAN_RELEASE_IN_PUT | KREF_CAN_RETURN | KREF_CAN_PUT_LOCKED))
#define KREF_HAS_THREADS
#define KREF_HAS_POLL

struct kref_refcache_way {
	struct kref *kref;		/* or NULL */
	/* Modulo 2^64. volatile: else a compiler may make one of a get and its put. */
	volatile unsigned long long delta;
	void (*release)(struct kref *kref);	/* of the last put here, if there was one */
	struct kref_refcache_way *next;	/* used since the last flush */
};

#define KREF_THREAD_BYTES (KREF_REFCACHE_WAYS * sizeof(struct kref_refcache_way))

/* Two cache lines, since prefetchers fetch pairs: between what different threads write. */
#define KREF_REFCACHE_GAP 128

/* A thread's own; nobody else looks into it. */
struct kref_refcache_thread {
	char gap_before[KREF_REFCACHE_GAP];
	/* The last one that it flushed in. The global one is this or, while entered, the next. */
	unsigned long long epoch;
	struct kref_refcache_way *used;
	struct kref *review, *review_end;	/* the queue; review_end while there is one */
	KREF_PLAIN(struct kref_refcache_thread *) next_free;
	struct kref_refcache_way ways[KREF_REFCACHE_WAYS];
	char gap_after[KREF_REFCACHE_GAP];
};

/*
 * The epoch, the threads that have still to flush in it and those that have entered, in one word.
 * The epoch is compared as the numbers of TCP are, so that it may wrap.
 */
#define KREF_REFCACHE_ENTERED	1ull
#define KREF_REFCACHE_WAITING	(1ull << 14)
#define KREF_REFCACHE_EPOCH	(1ull << 28)

struct kref_refcache_domain {
	atomic_ullong epoch;
	char gap[KREF_REFCACHE_GAP];
	atomic_uintptr_t orphans;	/* to review, of threads that have left */
	pthread_mutex_t mutex;		/* of the list below */
	KREF_PLAIN(struct kref_refcache_thread *) free;
};

#ifndef KREF_DOMAIN
KREF_ONE_PER_PROGRAM struct kref_refcache_domain kref_refcache_domain = {
	0, { 0 }, 0, PTHREAD_MUTEX_INITIALIZER, NULL
};
KREF_ONE_PER_PROGRAM KREF_THREAD_LOCAL struct kref_refcache_thread *kref_refcache_self;
#define KREF_DOMAIN (&kref_refcache_domain)
#define KREF_SELF kref_refcache_self
#endif

static inline void kref_init(struct kref *kref)
{
	/* relaxed: the object is not published yet; whoever publishes it releases these stores. */
	atomic_store_explicit(&kref->word, KREF_REFCACHE_ONE, memory_order_relaxed);
	atomic_store_explicit(&kref->release, 0, memory_order_relaxed);
}

/* --- the review queue ------------------------------------------------------------------------ */

/* To be reviewed when every thread has flushed in an epoch that begins after now. */
static inline void kref_refcache_queue(struct kref_refcache_thread *self, struct kref *kref)
{
	/* The epoch now is at most self->epoch + 1, and the whole next one has to pass. */
	kref->due = self->epoch + 3 * KREF_REFCACHE_EPOCH;
	kref->next = NULL;
	if (self->review)
		self->review_end->next = kref;
	else
		self->review = kref;
	self->review_end = kref;
}

/* Leaves the queue to whoever polls next. */
static inline void kref_refcache_orphan(struct kref_refcache_thread *self)
{
	atomic_uintptr_t *orphans = &KREF_DOMAIN->orphans;
	uintptr_t old = atomic_load_explicit(orphans, memory_order_relaxed);

	if (!self->review)
		return;
	self->review_end->next = (struct kref *)old;
	/* release: the links; pairs with the acquire of kref_refcache_adopt. */
	while (!atomic_compare_exchange_weak_explicit(orphans, &old, (uintptr_t)self->review,
						      memory_order_release,
						      memory_order_relaxed)) {
		KREF_ON_RETRY();
		self->review_end->next = (struct kref *)old;
	}
	self->review = NULL;
}

static inline void kref_refcache_adopt(struct kref_refcache_thread *self)
{
	atomic_uintptr_t *orphans = &KREF_DOMAIN->orphans;
	struct kref *kref, *next;

	/* relaxed: only whether there are some. */
	if (!atomic_load_explicit(orphans, memory_order_relaxed))
		return;
	/* acquire: pairs with the release of kref_refcache_orphan. */
	kref = (struct kref *)atomic_exchange_explicit(orphans, 0, memory_order_acquire);
	for (; kref; kref = next) {
		next = kref->next;
		kref_refcache_queue(self, kref);
	}
}

/* Out of line under a name of its own: the only call through a pointer. */
static __attribute__((noinline, unused))
void kref_refcache_release_late(struct kref *kref)
{
	/* relaxed: ordered as everything that the holders did, by the epochs. */
	uintptr_t release = atomic_load_explicit(&kref->release, memory_order_relaxed);

	KREF_RELEASE(kref, (void (*)(struct kref *))release);
}

/* What a review makes of a word. */
static inline unsigned long long kref_refcache_verdict(unsigned long long word)
{
	if (word >= KREF_REFCACHE_ONE)
		return word & ~KREF_REFCACHE_STATE;
	return word == KREF_REFCACHE_DYING ? KREF_REFCACHE_DEAD : KREF_REFCACHE_DYING;
}

static inline void kref_refcache_judge(struct kref_refcache_thread *self, struct kref *kref)
{
	unsigned long long old = atomic_load_explicit(&kref->word, memory_order_relaxed), verdict;

	/*
	 * release: this queue's use of next and due, where the object leaves it; pairs with the
	 * acquire in kref_refcache_evict of whoever queues it again. The epochs order the rest.
	 */
	while (!atomic_compare_exchange_weak_explicit(&kref->word, &old,
						      verdict = kref_refcache_verdict(old),
						      memory_order_release, memory_order_relaxed))
		KREF_ON_RETRY();
	if (verdict == KREF_REFCACHE_DYING)
		kref_refcache_queue(self, kref);
	else if (verdict == KREF_REFCACHE_DEAD)
		kref_refcache_release_late(kref);
}

/* now: the epoch. Release may put other objects and so lengthen the queue. */
static inline void kref_refcache_review(struct kref_refcache_thread *self, unsigned long long now)
{
	struct kref *kref;

	while ((kref = self->review) && now - kref->due < 1ull << 63) {
		self->review = kref->next;
		kref_refcache_judge(self, kref);
	}
}

/* --- the cache ------------------------------------------------------------------------------- */

/* What an eviction makes of a word, from which delta counts are still missing. */
static inline unsigned long long kref_refcache_evicted(unsigned long long word,
							unsigned long long delta)
{
	if ((word & KREF_REFCACHE_STATE) == KREF_REFCACHE_DYING)
		word += KREF_REFCACHE_REVIEW - KREF_REFCACHE_DYING;
	word += delta * KREF_REFCACHE_ONE;
	return word == KREF_REFCACHE_LIVE ? KREF_REFCACHE_DYING : word;
}

/* Gives what a way holds to its object. */
static inline void kref_refcache_evict(struct kref_refcache_thread *self,
				       const struct kref_refcache_way *way)
{
	const unsigned long long delta = way->delta;
	struct kref *kref = way->kref;
	unsigned long long old = atomic_load_explicit(&kref->word, memory_order_relaxed), evicted;

	/* Nothing to tell: no write to what others may read. */
	if (!delta && (old & KREF_REFCACHE_STATE) != KREF_REFCACHE_DYING)
		return;
	if (way->release)
		/* relaxed: the epochs order it before the review. */
		atomic_store_explicit(&kref->release, (uintptr_t)way->release,
				      memory_order_relaxed);
	/*
	 * acquire: whoever makes it DYING takes next and due over from the queue before; pairs with
	 * the release of kref_refcache_judge. The epochs order the rest.
	 */
	while (!atomic_compare_exchange_weak_explicit(&kref->word, &old,
						      evicted = kref_refcache_evicted(old, delta),
						      memory_order_acquire, memory_order_relaxed))
		KREF_ON_RETRY();
	if (evicted == KREF_REFCACHE_DYING)
		kref_refcache_queue(self, kref);
}

static inline void kref_refcache_flush(struct kref_refcache_thread *self)
{
	struct kref_refcache_way *way;

	for (way = self->used; way; way = way->next) {
		kref_refcache_evict(self, way);
		way->kref = NULL;
	}
	self->used = NULL;
}

/* Knuth's multiplicative hashing (TAOCP 6.4): objects are aligned. */
static inline struct kref_refcache_way *kref_refcache_slot(struct kref_refcache_thread *self,
							   const struct kref *kref)
{
	const unsigned long long hash = (uintptr_t)kref * 0x9e3779b97f4a7c15ull;

	return &self->ways[(hash >> 32) & (KREF_REFCACHE_WAYS - 1)];
}

static __attribute__((noinline, unused))
void kref_refcache_claim(struct kref_refcache_way *way, struct kref *kref)
{
	struct kref_refcache_thread *self = KREF_SELF;

	if (way->kref) {
		kref_refcache_evict(self, way);
	} else {
		way->next = self->used;
		self->used = way;
	}
	way->kref = kref;
	way->delta = 0;
	way->release = NULL;
}

/* The calling thread's entry of an object. */
static inline struct kref_refcache_way *kref_refcache_entry(struct kref *kref)
{
	struct kref_refcache_way *way = kref_refcache_slot(KREF_SELF, kref);

	if (KREF_UNLIKELY(way->kref != kref))
		kref_refcache_claim(way, kref);
	return way;
}

/* --- the operations -------------------------------------------------------------------------- */

/*
 * The global count and the calling thread's delta: other threads' deltas are missing. Exact when
 * those have left.
 */
static inline unsigned kref_read(const struct kref *kref)
{
	unsigned long long word = atomic_load_explicit(&kref->word, memory_order_relaxed);
	unsigned long long refs = word / KREF_REFCACHE_ONE;
	struct kref_refcache_thread *self = KREF_SELF;

	if (self && kref_refcache_slot(self, kref)->kref == kref)
		refs += kref_refcache_slot(self, kref)->delta;
	return (unsigned)refs;
}

/* Written out: C++20 deprecates ++ and -- of a volatile. */
KREF_INLINE void kref_get(struct kref *kref)
{
	struct kref_refcache_way *way = kref_refcache_entry(kref);

	way->delta = way->delta + 1;
}

/*
 * Where puts of an object give different releases, that of one that was flushed last is called: of
 * the last put if the others' threads have polled or left before it.
 */
KREF_INLINE void kref_put(struct kref *kref, void (*release)(struct kref *kref))
{
	struct kref_refcache_way *way = kref_refcache_entry(kref);

	way->delta = way->delta - 1;
	way->release = release;
}

/* After the last put it still succeeds, until the review. */
KREF_MUST_CHECK KREF_INLINE int kref_get_unless_zero(struct kref *kref)
{
	unsigned long long old = atomic_load_explicit(&kref->word, memory_order_relaxed);

	while (KREF_UNLIKELY((old & KREF_REFCACHE_STATE) >= KREF_REFCACHE_DYING)) {
		if (old == KREF_REFCACHE_DEAD)
			return 0;
		/*
		 * relaxed: it only has to come before or after the review's. A load that reads an
		 * older word than DYING comes before this thread's flush in the epoch after, see
		 * above.
		 */
		if (atomic_compare_exchange_weak_explicit(&kref->word, &old, KREF_REFCACHE_REVIEW,
							  memory_order_relaxed,
							  memory_order_relaxed))
			break;
		KREF_ON_RETRY();
	}
	kref_get(kref);
	return 1;
}

/* --- epochs ---------------------------------------------------------------------------------- */

/* Ends the epoch of a word in which nobody has still to flush. */
static inline unsigned long long kref_refcache_settled(unsigned long long word)
{
	unsigned long long entered = word & (KREF_REFCACHE_WAITING - 1);

	if ((word & (KREF_REFCACHE_EPOCH - 1)) >= KREF_REFCACHE_WAITING)
		return word;
	return word + KREF_REFCACHE_EPOCH + entered * KREF_REFCACHE_WAITING;
}

static inline unsigned long long kref_refcache_epoch(unsigned long long word)
{
	return word & ~(KREF_REFCACHE_EPOCH - 1);
}

/* No operation can report an error, and a list without its lock would be wrong in silence. */
static inline void kref_refcache_check(int error)
{
	if (error)
		abort();
}

/* One thread more, as one that has flushed in this epoch: entering does not lengthen it. */
static inline unsigned long long kref_refcache_entered(unsigned long long word)
{
	return kref_refcache_settled(word + KREF_REFCACHE_ENTERED);
}

static inline void kref_refcache_enter(struct kref_refcache_thread *self)
{
	atomic_ullong *epoch = &KREF_DOMAIN->epoch;
	unsigned long long old = atomic_load_explicit(epoch, memory_order_relaxed);

	/* acquire: what had become DYING before this epoch; pairs with kref_refcache_step. */
	while (!atomic_compare_exchange_weak_explicit(epoch, &old,
						      kref_refcache_entered(old),
						      memory_order_acquire, memory_order_relaxed))
		KREF_ON_RETRY();
	self->epoch = kref_refcache_epoch(old);
}

/* What a step of self makes of the word: it flushed, unless it had in this epoch. */
static inline unsigned long long kref_refcache_stepped(const struct kref_refcache_thread *self,
						       unsigned long long word,
						       unsigned long long gone)
{
	if (kref_refcache_epoch(word) != self->epoch)
		word -= KREF_REFCACHE_WAITING;
	return kref_refcache_settled(word - gone);
}

/*
 * After a flush; gone is KREF_REFCACHE_ENTERED for a thread that leaves. Returns the epoch after
 * it.
 */
static inline unsigned long long kref_refcache_step(struct kref_refcache_thread *self,
						    unsigned long long gone)
{
	atomic_ullong *epoch = &KREF_DOMAIN->epoch;
	unsigned long long old = atomic_load_explicit(epoch, memory_order_relaxed);
	unsigned long long word;

	/*
	 * release: this thread's flush, and what its holders did before their puts; acquire: the
	 * same of all others who flushed in epochs that have ended.
	 */
	while (!atomic_compare_exchange_weak_explicit(epoch, &old,
						      word = kref_refcache_stepped(self, old, gone),
						      memory_order_acq_rel, memory_order_relaxed))
		KREF_ON_RETRY();
	self->epoch = kref_refcache_epoch(old);
	return kref_refcache_epoch(word);
}

/* Once in each epoch. */
static __attribute__((noinline, unused))
void kref_refcache_turn(struct kref_refcache_thread *self)
{
	unsigned long long now;

	kref_refcache_flush(self);
	now = kref_refcache_step(self, 0);
	kref_refcache_adopt(self);
	kref_refcache_review(self, now);
}

static inline void kref_thread_poll(void)
{
	struct kref_refcache_thread *self = KREF_SELF;
	/* relaxed: kref_refcache_step orders the flush. */
	unsigned long long word = atomic_load_explicit(&KREF_DOMAIN->epoch, memory_order_relaxed);

	if (kref_refcache_epoch(word) != self->epoch)
		kref_refcache_turn(self);
}

static inline int kref_thread_enter(unsigned id)
{
	struct kref_refcache_domain *domain = KREF_DOMAIN;
	struct kref_refcache_thread *self;

	/* A thread that left has no counts to go on with. */
	(void)id;
	kref_refcache_check(pthread_mutex_lock(&domain->mutex));
	self = domain->free;
	if (self)
		domain->free = self->next_free;
	kref_refcache_check(pthread_mutex_unlock(&domain->mutex));
	if (!self)
		self = KREF_NEW(struct kref_refcache_thread, 1);
	if (!self)
		return -ENOMEM;
	kref_refcache_enter(self);
	KREF_SELF = self;
	return 0;
}

static inline void kref_thread_leave(void)
{
	struct kref_refcache_domain *domain = KREF_DOMAIN;
	struct kref_refcache_thread *self = KREF_SELF;

	kref_refcache_flush(self);
	(void)kref_refcache_step(self, KREF_REFCACHE_ENTERED);
	kref_refcache_orphan(self);
	kref_refcache_check(pthread_mutex_lock(&domain->mutex));
	self->next_free = domain->free;
	domain->free = self;
	kref_refcache_check(pthread_mutex_unlock(&domain->mutex));
	KREF_SELF = NULL;
}

/* As the only thread: each of its turns ends an epoch. */
static inline void kref_quiesce(void)
{
	struct kref_refcache_thread *self;

	/* Fails where no thread has been, and then nothing is deferred. */
	if (kref_thread_enter(0))
		return;
	self = KREF_SELF;
	do
		kref_refcache_turn(self);
	while (self->review || self->used);
	kref_thread_leave();
}

#endif
