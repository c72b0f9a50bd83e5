/*
 * percpu: a count in each thread's own memory, added up once when the object is killed. 16 bytes,
 * and 8 in each thread.
 *
 * SPDX-License-Identifier: MIT
 *
 * The kernel's percpu_ref (lib/percpu-refcount.c), with threads for processors and RCU reader
 * sections of liburcu for the disabled preemption. Until its owner kills the object a get adds one
 * to the calling thread's slot and a put takes one off, so that holders never meet; a slot alone
 * says nothing and may be negative. Nobody can see such a count reach zero, and nobody needs to:
 * the owner holds a reference until kref_kill(). That changes the object to counting in one atomic
 * number: it sets the mode, waits for a grace period, after which no slot is used any more, adds
 * the slots up and their sum to the number, and gives the owner's reference back.
 *
 * From the change of mode until the sum is added the number lacks what the slots hold, and puts of
 * others may take more from it than they had added. KREF_PERCPU_BIAS keeps it from zero meanwhile.
 * It goes in the same addition that brings the sum, of all slots: with the bias off and part of the
 * slots missing, a put would find zero too early.
 *
 * kref_init() takes an index under a mutex, kref_kill() costs a grace period: for objects that live
 * long. slots.h has the indexes and their limit.
 *
 * After its decision no operation touches the object: a put or get before the kill reads the mode
 * in the reader section that the kill waits for, one after it decides by its atomic operation. So
 * the memory may be used anew as soon as release is called, even where a lookup met it.
 */
#ifndef KREF_STRATEGIES_PERCPU_H
#define KREF_STRATEGIES_PERCPU_H

#include <stdbool.h>

#include "../slots.h"

struct kref {
	atomic_ullong count;	/* after the kill: the references */
	atomic_uint index;	/* of its slots; KREF_SLOTS_NONE from the kill on: the mode */
};

#define KREF_CAPS (KREF_CAN_AS_KERNEL & ~(KREF_CAN_END_BY_PUT | KREF_CAN_PUT_LOCKED))
#define KREF_HAS_KILL

#define KREF_PERCPU_BIAS (1ull << 63)

static inline void kref_init(struct kref *kref)
{
	/* relaxed: the object is not published yet; whoever publishes it releases these stores. */
	atomic_store_explicit(&kref->count, KREF_PERCPU_BIAS + 1, memory_order_relaxed);
	atomic_store_explicit(&kref->index, kref_slots_take(), memory_order_relaxed);
}

/* Exact when no other thread is at work on the object. */
static inline unsigned kref_read(const struct kref *kref)
{
	unsigned long long refs;

	kref_rcu_read_lock();
	/* relaxed: no order is promised. The bias is above what an unsigned holds. */
	refs = atomic_load_explicit(&kref->count, memory_order_relaxed);
	refs += kref_slots_sum(kref_slots_index(&kref->index));
	kref_rcu_read_unlock();
	return (unsigned)refs;
}

static inline void kref_percpu_add(unsigned index, unsigned long long n)
{
	atomic_ullong *slot = kref_slots_mine(index);
	unsigned long long old = atomic_load_explicit(slot, memory_order_relaxed);

	/*
	 * relaxed: only this thread writes it. For a get, the reference already held orders the
	 * object's contents. For a put, the end of the reader section, which comes before the end
	 * of the killer's grace period, orders this holder's use of the object before the sum.
	 */
	atomic_store_explicit(slot, old + n, memory_order_relaxed);
}

KREF_INLINE void kref_get(struct kref *kref)
{
	unsigned index;

	kref_rcu_read_lock();
	index = kref_slots_index(&kref->index);
	if (KREF_UNLIKELY(index == KREF_SLOTS_NONE))
		/* relaxed: the reference that the caller holds already orders its use. */
		atomic_fetch_add_explicit(&kref->count, 1, memory_order_relaxed);
	else
		kref_percpu_add(index, 1);
	kref_rcu_read_unlock();
}

/* Once the mode has changed. */
static inline bool kref_percpu_dec_and_test(struct kref *kref)
{
	/* release: this holder's use of the object; pairs with the last put's acquire below. */
	if (atomic_fetch_sub_explicit(&kref->count, 1, memory_order_release) != 1)
		return false;
	/*
	 * acquire: pairs with the release of every earlier put, whose decrements all stand in the
	 * release sequence that this load reads. The killer's is among them, and brings the puts
	 * that its grace period waited for. A load and not a fence: TSan does not model fences.
	 */
	(void)atomic_load_explicit(&kref->count, memory_order_acquire);
	return true;
}

KREF_INLINE bool kref_dec_and_test(struct kref *kref)
{
	bool last = false;
	unsigned index;

	kref_rcu_read_lock();
	index = kref_slots_index(&kref->index);
	if (KREF_UNLIKELY(index == KREF_SLOTS_NONE))
		last = kref_percpu_dec_and_test(kref);
	else
		kref_percpu_add(index, -1ull);
	kref_rcu_read_unlock();
	return last;
}

static inline int kref_percpu_inc_not_zero(struct kref *kref)
{
	unsigned long long old = atomic_load_explicit(&kref->count, memory_order_relaxed);

	while (old) {
		/* relaxed: the lock or RCU section of the lookup orders the object's contents. */
		if (atomic_compare_exchange_weak_explicit(&kref->count, &old, old + 1,
							  memory_order_relaxed,
							  memory_order_relaxed))
			return 1;
		KREF_ON_RETRY();
	}
	return 0;
}

/* Before the kill the owner holds a reference: the count is not zero. As percpu_ref_tryget(). */
KREF_MUST_CHECK KREF_INLINE int kref_get_unless_zero(struct kref *kref)
{
	unsigned index;
	int taken = 1;

	kref_rcu_read_lock();
	index = kref_slots_index(&kref->index);
	if (KREF_UNLIKELY(index == KREF_SLOTS_NONE))
		taken = kref_percpu_inc_not_zero(kref);
	else
		kref_percpu_add(index, 1);
	kref_rcu_read_unlock();
	return taken;
}

/* Changes the mode and gives the owner's reference back; true when it was the last. */
static __attribute__((noinline, cold, unused))
bool kref_percpu_kill(struct kref *kref)
{
	const unsigned index = atomic_load_explicit(&kref->index, memory_order_relaxed);
	unsigned long long sum;

	/* relaxed: the grace period orders it, see kref_slots_index. */
	atomic_store_explicit(&kref->index, KREF_SLOTS_NONE, memory_order_relaxed);
	kref_rcu_synchronize();
	/* Every use of a slot was in a section that this grace period waited for: ordered before. */
	sum = kref_slots_sum(index);
	kref_slots_give_back(index);
	/* relaxed: this thread's put below releases it, with what the grace period ordered. */
	atomic_fetch_add_explicit(&kref->count, sum - KREF_PERCPU_BIAS, memory_order_relaxed);
	return kref_percpu_dec_and_test(kref);
}

KREF_INLINE void kref_kill(struct kref *kref, void (*release)(struct kref *kref))
{
	if (kref_percpu_kill(kref))
		KREF_RELEASE(kref, release);
}

#endif
