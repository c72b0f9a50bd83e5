/*
 * sloppy: a central count, and spare references of it in each thread's own memory. 8 bytes, and 8
 * in each thread.
 *
 * SPDX-License-Identifier: MIT
 *
 * Sloppy counters: Boyd-Wickizer et al., "An Analysis of Linux Scalability to Many Cores", OSDI
 * 2010, section 4.3. A put leaves its reference with the calling thread as a spare, and the next
 * get of that thread takes it; a get that finds no spare adds one to the centre. Always
 *
 *	centre = references in use + all threads' spares
 *
 * so that unlike percpu the centre is an upper bound at any moment, and threads that only take, or
 * only give back, go to the centre. A thread that has gathered more than KREF_SLOPPY_THRESHOLD
 * spares spills half of them there: with all of them gone its next get would miss, with one gone
 * its next put would spill again.
 *
 * The centre is zero only once all spares are collected. As the paper says, that is what ends an
 * object at a price: its owner's kref_kill() sets the mode, waits for a grace period, after which
 * no spare is made or taken any more, subtracts the spares from the centre and gives the owner's
 * reference back. Then the centre alone counts. It needs no bias as percpu does: with spares still
 * in it the centre is too high, never too low.
 *
 * kref_init() takes an index under a mutex: slots.h has the indexes and their limit. After its
 * decision no operation touches the object, but for a spill, which the kill waits for as for all
 * else before it: the memory may be used anew as soon as release is called, even where a lookup met
 * it.
 */
#ifndef KREF_STRATEGIES_SLOPPY_H
#define KREF_STRATEGIES_SLOPPY_H

#include <stdbool.h>

#include "../slots.h"

/* Spares of an object that a thread keeps at most. A choice: small beside any count worth it. */
#ifndef KREF_SLOPPY_THRESHOLD
#define KREF_SLOPPY_THRESHOLD 8
#endif

struct kref {
	atomic_uint centre;
	atomic_uint index;	/* of its slots; KREF_SLOTS_NONE from the kill on: the mode */
};

#define KREF_CAPS (KREF_CAN_AS_KERNEL & ~(KREF_CAN_END_BY_PUT | KREF_CAN_PUT_LOCKED))
#define KREF_HAS_KILL

static inline void kref_init(struct kref *kref)
{
	/* relaxed: the object is not published yet; whoever publishes it releases these stores. */
	atomic_store_explicit(&kref->centre, 1, memory_order_relaxed);
	atomic_store_explicit(&kref->index, kref_slots_take(), memory_order_relaxed);
}

/* Exact when no other thread is at work on the object. */
static inline unsigned kref_read(const struct kref *kref)
{
	unsigned long long refs;

	kref_rcu_read_lock();
	/* relaxed: no order is promised. */
	refs = atomic_load_explicit(&kref->centre, memory_order_relaxed);
	refs -= kref_slots_sum(kref_slots_index(&kref->index));
	kref_rcu_read_unlock();
	return (unsigned)refs;
}

/* Takes a spare, or else one at the centre; after the kill KREF_SLOTS_NONE has no spare. */
static inline void kref_sloppy_take(struct kref *kref, unsigned index)
{
	atomic_ullong *slot = kref_slots_mine(index);
	const unsigned long long spares = atomic_load_explicit(slot, memory_order_relaxed);

	/*
	 * relaxed, both: only this thread writes the slot, and the reference that the caller holds
	 * already orders its use of the object.
	 */
	if (spares)
		atomic_store_explicit(slot, spares - 1, memory_order_relaxed);
	else
		atomic_fetch_add_explicit(&kref->centre, 1, memory_order_relaxed);
}

KREF_INLINE void kref_get(struct kref *kref)
{
	kref_rcu_read_lock();
	kref_sloppy_take(kref, kref_slots_index(&kref->index));
	kref_rcu_read_unlock();
}

/* Gives back to the centre, once the mode has changed. */
static inline bool kref_sloppy_dec_and_test(struct kref *kref)
{
	/* release: this holder's use of the object; pairs with the last put's acquire below. */
	if (atomic_fetch_sub_explicit(&kref->centre, 1, memory_order_release) != 1)
		return false;
	/*
	 * acquire: pairs with the release of every earlier put, whose decrements all stand in the
	 * release sequence that this load reads. The killer's is among them, and brings the puts
	 * that its grace period waited for. A load and not a fence: TSan does not model fences.
	 */
	(void)atomic_load_explicit(&kref->centre, memory_order_acquire);
	return true;
}

/* Out of line: even of puts alone only one in several comes here. */
static __attribute__((noinline, unused))
void kref_sloppy_spill(struct kref *kref, atomic_ullong *slot, unsigned spares)
{
	const unsigned kept = spares / 2;

	/* relaxed, both: as the put that calls this. */
	atomic_store_explicit(slot, kept, memory_order_relaxed);
	atomic_fetch_sub_explicit(&kref->centre, spares - kept, memory_order_relaxed);
}

/* Gives back to the thread's spares, before the mode changes. */
static inline void kref_sloppy_spare(struct kref *kref, unsigned index)
{
	atomic_ullong *slot = kref_slots_mine(index);
	const unsigned long long spares =
		atomic_load_explicit(slot, memory_order_relaxed) + 1;

	/*
	 * relaxed: only this thread writes it. The end of the reader section, which comes before
	 * the end of the killer's grace period, orders this holder's use of the object.
	 */
	if (KREF_UNLIKELY(spares > KREF_SLOPPY_THRESHOLD))
		kref_sloppy_spill(kref, slot, (unsigned)spares);
	else
		atomic_store_explicit(slot, spares, memory_order_relaxed);
}

KREF_INLINE bool kref_dec_and_test(struct kref *kref)
{
	bool last = false;
	unsigned index;

	kref_rcu_read_lock();
	index = kref_slots_index(&kref->index);
	if (KREF_UNLIKELY(index == KREF_SLOTS_NONE))
		last = kref_sloppy_dec_and_test(kref);
	else
		kref_sloppy_spare(kref, index);
	kref_rcu_read_unlock();
	return last;
}

/* Takes one at the centre, once the mode has changed, unless that is zero. */
static inline int kref_sloppy_inc_not_zero(struct kref *kref)
{
	unsigned old = atomic_load_explicit(&kref->centre, memory_order_relaxed);

	while (old) {
		/* relaxed: the lock or RCU section of the lookup orders the object's contents. */
		if (atomic_compare_exchange_weak_explicit(&kref->centre, &old, old + 1,
							  memory_order_relaxed,
							  memory_order_relaxed))
			return 1;
		KREF_ON_RETRY();
	}
	return 0;
}

/* Before the kill the owner holds a reference: the count is not zero. */
KREF_MUST_CHECK KREF_INLINE int kref_get_unless_zero(struct kref *kref)
{
	unsigned index;
	int taken = 1;

	kref_rcu_read_lock();
	index = kref_slots_index(&kref->index);
	if (KREF_UNLIKELY(index == KREF_SLOTS_NONE))
		taken = kref_sloppy_inc_not_zero(kref);
	else
		kref_sloppy_take(kref, index);
	kref_rcu_read_unlock();
	return taken;
}

/* Changes the mode and gives the owner's reference back; true when it was the last. */
static __attribute__((noinline, cold, unused))
bool kref_sloppy_kill(struct kref *kref)
{
	const unsigned index = atomic_load_explicit(&kref->index, memory_order_relaxed);
	unsigned spares;

	/* relaxed: the grace period orders it, see kref_slots_index. */
	atomic_store_explicit(&kref->index, KREF_SLOTS_NONE, memory_order_relaxed);
	kref_rcu_synchronize();
	/* Every use of a slot was in a section that this grace period waited for: ordered before. */
	spares = (unsigned)kref_slots_sum(index);
	kref_slots_give_back(index);
	/* relaxed: this thread's put below releases it, with what the grace period ordered. */
	atomic_fetch_sub_explicit(&kref->centre, spares, memory_order_relaxed);
	return kref_sloppy_dec_and_test(kref);
}

KREF_INLINE void kref_kill(struct kref *kref, void (*release)(struct kref *kref))
{
	if (kref_sloppy_kill(kref))
		KREF_RELEASE(kref, release);
}

#endif
