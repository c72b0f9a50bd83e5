/*
 * rcuref: an atomic counter of references less one, whose lookup needs no loop. 4 bytes.
 *
 * SPDX-License-Identifier: MIT
 *
 * As the kernel's rcuref (lib/rcuref.c), for objects that RCU protects. A get adds and a put
 * subtracts unconditionally, and the sign of the result says whether all is well:
 *
 *	0 to KREF_RCUREF_MAXREF		1 to MAXREF + 1 references
 *	up to KREF_RCUREF_RELEASED - 1	saturated, set to KREF_RCUREF_SATURATED: never released
 *	up to KREF_RCUREF_NOREF - 1	dead, set to KREF_RCUREF_DEAD: lookups fail
 *	KREF_RCUREF_NOREF		no reference, and not dead yet
 *
 * The put that makes NOREF tries to make it DEAD. Before that a lookup may still succeed and take
 * it to 0: then the put was not the last. Hence no loop, where others need one so as to never leave
 * zero; and hence the put stands in a reader section: whoever revived the object may put it
 * too, get it from NOREF to DEAD itself and have it freed while the first put still looks. Release
 * is called after that section, and may wait for a grace period.
 *
 * So the memory of an object that is looked up is freed, or used anew, after a grace period only.
 * There are no locked puts: the count has been zero for a moment before it is known to be the last.
 *
 * A slow path judges the value that its own add or subtraction made and never reads a second one:
 * what others did since is theirs to judge. It reports (report.h) a get of a dead one, a get that
 * saturates and a put of a dead one. Not detected: a get on NOREF, which makes 0, and a put of
 * 0x80000000, which makes MAXREF; the latter is never left behind by the get that makes it.
 */
#ifndef KREF_STRATEGIES_RCUREF_H
#define KREF_STRATEGIES_RCUREF_H

#include <stdbool.h>

#include "../atomic.h"
#include "../rcu.h"
#include "../report.h"

struct kref {
	atomic_uint refs;	/* less one */
};

#define KREF_INIT(n) { (n) - 1u }
#define KREF_CAPS ((KREF_CAN_AS_KERNEL & ~(KREF_CAN_FREE_AT_ONCE | KREF_CAN_PUT_LOCKED)) | \
		   KREF_CAN_SATURATE)
#define KREF_HAS_THREADS

#define KREF_RCUREF_MAXREF	0x7fffffffu
#define KREF_RCUREF_SATURATED	0xa0000000u
#define KREF_RCUREF_RELEASED	0xc0000000u
#define KREF_RCUREF_DEAD	0xe0000000u
#define KREF_RCUREF_NOREF	0xffffffffu

static inline int kref_thread_enter(unsigned id)
{
	(void)id;
	kref_rcu_register();
	return 0;
}

static inline void kref_thread_leave(void)
{
	kref_rcu_unregister();
}

/* Nothing is deferred: release runs in the last put. */
static inline void kref_quiesce(void)
{
}

static inline void kref_init(struct kref *kref)
{
	/* relaxed: the object is not published yet; whoever publishes it releases this store. */
	atomic_store_explicit(&kref->refs, 0, memory_order_relaxed);
}

static inline unsigned kref_read(const struct kref *kref)
{
	const unsigned refs = atomic_load_explicit(&kref->refs, memory_order_relaxed);

	return refs >= KREF_RCUREF_RELEASED ? 0 : refs + 1;
}

/* A bad count goes to the middle of its zone, as far as it gets from those that mean another. */
static inline void kref_rcuref_set(struct kref *kref, unsigned refs)
{
	/* relaxed: nothing is handed over; none is ever released from here. */
	atomic_store_explicit(&kref->refs, refs, memory_order_relaxed);
}

/* Of a get that made a negative refs; false when the object is dead. */
static __attribute__((noinline, cold, unused))
bool kref_rcuref_get_slow(struct kref *kref, unsigned refs)
{
	if (refs >= KREF_RCUREF_RELEASED) {
		kref_rcuref_set(kref, KREF_RCUREF_DEAD);
		return false;
	}
	kref_rcuref_set(kref, KREF_RCUREF_SATURATED);
	kref_report(KREF_REPORT_SATURATED, kref);
	return true;
}

/* Of a put that made a negative refs; true when it was the last one, so not cold. */
static __attribute__((noinline, unused))
bool kref_rcuref_put_slow(struct kref *kref, unsigned refs)
{
	if (refs == KREF_RCUREF_NOREF) {
		/*
		 * acquire: pairs with the release of every earlier put; all of them and the gets
		 * between stand in the release sequence that this reads. relaxed on failure: a
		 * lookup was faster and the object is its holder's affair now, or that holder has
		 * released it. Strong and tried once: NOREF must not stay behind.
		 */
		return atomic_compare_exchange_strong_explicit(&kref->refs, &refs,
							       KREF_RCUREF_DEAD,
							       memory_order_acquire,
							       memory_order_relaxed);
	}
	if (refs >= KREF_RCUREF_RELEASED) {
		kref_rcuref_set(kref, KREF_RCUREF_DEAD);
		kref_report(KREF_REPORT_UNDERFLOW, kref);
	} else {
		kref_rcuref_set(kref, KREF_RCUREF_SATURATED);
	}
	return false;
}

KREF_MUST_CHECK static inline int kref_get_unless_zero(struct kref *kref)
{
	/* relaxed: the lock or RCU section of the lookup orders the object's contents. */
	const unsigned refs = atomic_fetch_add_explicit(&kref->refs, 1, memory_order_relaxed) + 1;

	return refs <= KREF_RCUREF_MAXREF || kref_rcuref_get_slow(kref, refs);
}

static __attribute__((noinline, cold, unused))
void kref_rcuref_get_dead(struct kref *kref)
{
	kref_report(KREF_REPORT_ADD_ON_ZERO, kref);
}

static inline void kref_get(struct kref *kref)
{
	/* Who holds a reference already is never refused. */
	if (KREF_UNLIKELY(!kref_get_unless_zero(kref)))
		kref_rcuref_get_dead(kref);
}

static inline bool kref_dec_and_test(struct kref *kref)
{
	unsigned refs;
	bool last;

	kref_rcu_read_lock();
	/*
	 * release: this holder's use of the object; pairs with the acquire in
	 * kref_rcuref_put_slow() of the last put.
	 */
	refs = atomic_fetch_sub_explicit(&kref->refs, 1, memory_order_release) - 1;
	last = KREF_UNLIKELY(refs > KREF_RCUREF_MAXREF) && kref_rcuref_put_slow(kref, refs);
	kref_rcu_read_unlock();
	return last;
}

#endif
