/*
 * snzi: a tree of counters that says whether anybody is in it. 576 bytes: 64 x (1 + leaves).
 *
 * SPDX-License-Identifier: MIT
 *
 * Ellen, Lev, Luchangco, Moir: "SNZI: Scalable NonZero Indicators", PODC 2007. Two levels: each
 * thread gets and puts at a leaf, its id modulo KREF_SNZI_LEAVES, and only the first to arrive at a
 * leaf and the last to depart from it go on to the root. Who gets and puts in turns with nobody
 * else at the leaf goes to the root each time: the tree pays where a leaf holds standing
 * references. A put departs from the leaf at which its get arrived, so a reference belongs to the
 * thread that took it (to its id) and there is no KREF_CAN_HAND_OVER.
 *
 * A leaf counts in halves, beside a version. From 0 it goes to a half, which says: I am arriving at
 * the root. Whoever meets the half arrives at the root too rather than wait; one of them makes it
 * one, and those who come too late for that depart from the root again. The version, new with each
 * half, keeps a late one from completing a half that is not the one it arrived for. (For what
 * follows any arrival would do; the version is the paper's.)
 *
 * The root is a plain count here. The paper's has an announce bit and an indicator word, so that a
 * query sees it rise from zero. Here nobody queries, and it never rises from zero again:
 *
 *	root = leaves at one or more
 *	     + gets that have arrived at the root and neither made a leaf one nor undone it yet
 *	     + puts that have taken a leaf to zero and not departed from the root yet
 *
 * A reference keeps its leaf at one or more from its get's return to its put. By the contract of
 * kref_get() some reference R is held while a get runs; by the sum the root is then above zero. So
 *
 * - a get touches the object only while R is held, its undo included, which is why that need not
 *   look whether it was the last: it takes back what the get itself added, and R's share remains;
 * - a put touches its leaf while it still holds its own reference. If it does not take the leaf to
 *   zero it touches nothing after that. If it does, its own term of the sum keeps the object until
 *   it departs from the root, and then it touches nothing, or was the last;
 * - nothing is left to arrive when the root reaches zero: an arrival after that would be a get
 *   without R. The put that takes the root to zero is the last, exactly, and releases.
 *
 * The sum must also hold in the order in which the root is changed: each departure comes after the
 * arrival that it takes back, and the arrival that a get relies on before R's departure. The orders
 * at the leaf see to that; they are named below.
 */
#ifndef KREF_STRATEGIES_SNZI_H
#define KREF_STRATEGIES_SNZI_H

#include <stdbool.h>

#include "../atomic.h"
#include "../state.h"

#ifndef KREF_SNZI_LEAVES
#define KREF_SNZI_LEAVES 8
#endif

#define KREF_CAPS (KREF_CAN_AS_KERNEL & ~(KREF_CAN_HAND_OVER | KREF_CAN_GET_UNLESS_ZERO | \
					  KREF_CAN_PUT_LOCKED))
#define KREF_HAS_THREADS

/* A leaf's word: the version in the upper half, below it the count in halves. */
#define KREF_SNZI_HALF		1ull
#define KREF_SNZI_ONE		2ull
#define KREF_SNZI_VERSION	(1ull << 32)
#define KREF_SNZI_COUNT(word)	((word) & (KREF_SNZI_VERSION - 1))

/* A line's distance to the next: no two words share one, wherever malloc put the object. */
struct kref_snzi_node {
	atomic_ullong word;
	char rest_of_line[64 - sizeof(unsigned long long)];
};

struct kref {
	struct kref_snzi_node root;
	struct kref_snzi_node leaves[KREF_SNZI_LEAVES];
};

struct kref_snzi_thread {
	unsigned leaf;
};

#ifndef KREF_SELF
KREF_ONE_PER_PROGRAM KREF_THREAD_LOCAL struct kref_snzi_thread kref_snzi_self;
#define KREF_SELF (&kref_snzi_self)
#endif

static inline int kref_thread_enter(unsigned id)
{
	KREF_SELF->leaf = id % KREF_SNZI_LEAVES;
	return 0;
}

static inline void kref_thread_leave(void)
{
}

/* Nothing is deferred. */
static inline void kref_quiesce(void)
{
}

static inline void kref_init(struct kref *kref)
{
	unsigned i;

	/* relaxed: the object is not published yet; whoever publishes it releases these stores. */
	atomic_store_explicit(&kref->root.word, 1, memory_order_relaxed);
	for (i = 0; i < KREF_SNZI_LEAVES; i++)
		atomic_store_explicit(&kref->leaves[i].word,
				      i == KREF_SELF->leaf ? KREF_SNZI_ONE : 0,
				      memory_order_relaxed);
}

/* Exact when no other thread is at work on the object. */
static inline unsigned kref_read(const struct kref *kref)
{
	unsigned long long refs = 0;
	unsigned i;

	/* Each reference is at its leaf, and a half is somebody's too: it rounds down. */
	for (i = 0; i < KREF_SNZI_LEAVES; i++)
		refs += KREF_SNZI_COUNT(atomic_load_explicit(&kref->leaves[i].word,
							     memory_order_relaxed)) /
			KREF_SNZI_ONE;
	return (unsigned)refs;
}

/*
 * Arrives at the root for a leaf that was read at half, and makes that one; false when it was too
 * late for that, and *old is then what it met.
 */
static inline bool kref_snzi_arrive_at_root(struct kref *kref, atomic_ullong *leaf,
					    unsigned long long *old)
{
	/* relaxed: the exchange below releases it. */
	atomic_fetch_add_explicit(&kref->root.word, 1, memory_order_relaxed);
	/*
	 * release: the arrival at the root, for all whose reference at this leaf will rely on it;
	 * pairs with the acquire of their gets, and of the put that takes the leaf to zero.
	 * acquire on failure: as those gets, since another's arrival is now what the leaf relies
	 * on. (acq_rel: C11 wants success no weaker than failure.) Strong: a get that failed for no
	 * reason would undo its arrival and leave the half to nobody.
	 */
	if (!atomic_compare_exchange_strong_explicit(leaf, old, *old + KREF_SNZI_HALF,
						     memory_order_acq_rel, memory_order_acquire)) {
		KREF_ON_RETRY();
		return false;
	}
	*old += KREF_SNZI_HALF;
	return true;
}

KREF_INLINE void kref_get(struct kref *kref)
{
	atomic_ullong *leaf = &kref->leaves[KREF_SELF->leaf].word;
	unsigned long long old = atomic_load_explicit(leaf, memory_order_relaxed);
	unsigned long long in_vain = 0;
	bool arrived = false;

	while (!arrived) {
		if (KREF_SNZI_COUNT(old) >= KREF_SNZI_ONE) {
			/*
			 * acquire: the leaf's arrival at the root, on which this reference relies;
			 * pairs with the release of the exchange that made the leaf one. Once this
			 * get has returned R may be given back, and its departure from the root
			 * must come after that arrival. relaxed on failure: only tried again.
			 */
			arrived = atomic_compare_exchange_weak_explicit(
				leaf, &old, old + KREF_SNZI_ONE, memory_order_acquire,
				memory_order_relaxed);
			if (!arrived)
				KREF_ON_RETRY();
			continue;
		}
		if (KREF_SNZI_COUNT(old) == 0) {
			const unsigned long long half = old + KREF_SNZI_VERSION + KREF_SNZI_HALF;

			/* relaxed: this reference relies on an arrival that is still to come. */
			arrived = atomic_compare_exchange_weak_explicit(
				leaf, &old, half, memory_order_relaxed, memory_order_relaxed);
			if (!arrived) {
				KREF_ON_RETRY();
				continue;
			}
			old = half;
		}
		if (!kref_snzi_arrive_at_root(kref, leaf, &old))
			in_vain++;
	}
	if (in_vain)
		/* relaxed: R's put comes after this get, and brings it to the last put. */
		atomic_fetch_sub_explicit(&kref->root.word, in_vain, memory_order_relaxed);
}

/* Departs from the root for a leaf that is at zero; true when that was the last. */
static inline bool kref_snzi_depart_from_root(struct kref *kref, atomic_ullong *leaf)
{
	/*
	 * acquire: pairs with the release of every earlier put at this leaf, whose exchanges all
	 * stand in the release sequence that this load reads, and with that of the leaf's arrival
	 * at the root, which comes before our departure.
	 */
	(void)atomic_load_explicit(leaf, memory_order_acquire);
	/* release: all of these puts; pairs with the acquire below, of another leaf's last. */
	if (atomic_fetch_sub_explicit(&kref->root.word, 1, memory_order_release) != 1)
		return false;
	/* acquire: as at the leaf, of every earlier departure from the root. TSan has no fences. */
	(void)atomic_load_explicit(&kref->root.word, memory_order_acquire);
	return true;
}

KREF_INLINE bool kref_dec_and_test(struct kref *kref)
{
	atomic_ullong *leaf = &kref->leaves[KREF_SELF->leaf].word;
	unsigned long long old = atomic_load_explicit(leaf, memory_order_relaxed);

	/*
	 * release: this holder's use of the object; pairs with the acquire of the put that takes
	 * the leaf to zero. relaxed on failure: only tried again.
	 */
	while (!atomic_compare_exchange_weak_explicit(leaf, &old, old - KREF_SNZI_ONE,
						      memory_order_release, memory_order_relaxed))
		KREF_ON_RETRY();
	if (KREF_SNZI_COUNT(old) != KREF_SNZI_ONE)
		return false;
	return kref_snzi_depart_from_root(kref, leaf);
}

#endif
