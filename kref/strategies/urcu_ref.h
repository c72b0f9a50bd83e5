/*
 * urcu_ref: liburcu's own reference counter, <urcu/ref.h>. 8 bytes (a long).
 *
 * SPDX-License-Identifier: MIT
 *
 * The peer: get is a compare-exchange loop, put a fully ordered sub_return. Its put tells nobody
 * whether it released and it has no locked puts, so neither has this. At LONG_MAX a get aborts the
 * program and get_unless_zero fails; a put below zero fails an assert of liburcu's. Its loops take
 * no KREF_ON_RETRY().
 *
 * liburcu's atomics are fully ordered: the one in a put pairs with that of every other put, so that
 * all use of the object happens before release. uatomic_set and uatomic_read order nothing.
 */
#ifndef KREF_STRATEGIES_URCU_REF_H
#define KREF_STRATEGIES_URCU_REF_H

#ifdef _URCU_REF_H
#error "include kref.h before <urcu/ref.h>: this strategy takes its struct under the name kref"
#endif

#include <urcu/uatomic.h>

#include "../atomic.h"
#include "../state.h"

/* TSan sees no asm: give it the same operations, as ordered, for <urcu/ref.h> only. */
#ifdef KREF_TSAN
#pragma push_macro("uatomic_read")
#pragma push_macro("uatomic_set")
#pragma push_macro("uatomic_cmpxchg")
#pragma push_macro("uatomic_sub_return")
#undef uatomic_read
#undef uatomic_set
#undef uatomic_cmpxchg
#undef uatomic_sub_return
#define uatomic_read(addr) __atomic_load_n(addr, __ATOMIC_RELAXED)
#define uatomic_set(addr, value) __atomic_store_n(addr, value, __ATOMIC_RELAXED)
#define uatomic_cmpxchg(addr, old, value) __sync_val_compare_and_swap(addr, old, value)
#define uatomic_sub_return(addr, value) __sync_sub_and_fetch(addr, value)
#endif

/*
 * Its struct urcu_ref becomes our struct kref: the types of release agree, where a wrapper would
 * have to call it through a pointer of another type. Its functions keep their names.
 */
#define urcu_ref kref
#include <urcu/ref.h>
#undef urcu_ref

#ifdef KREF_TSAN
#pragma pop_macro("uatomic_read")
#pragma pop_macro("uatomic_set")
#pragma pop_macro("uatomic_cmpxchg")
#pragma pop_macro("uatomic_sub_return")
#endif

#define KREF_INIT(n) { (n) }
#define KREF_CAPS ((KREF_CAN_AS_KERNEL & ~(KREF_CAN_RETURN | KREF_CAN_PUT_LOCKED)) | \
		   KREF_HIDES_RETRIES)

static inline void kref_init(struct kref *kref)
{
	urcu_ref_init(kref);
}

static inline unsigned kref_read(const struct kref *kref)
{
	/* relaxed, no partner: a look from outside. As uatomic_read(), but visible to TSan. */
	return (unsigned)__atomic_load_n(&kref->refcount, __ATOMIC_RELAXED);
}

static inline void kref_get(struct kref *kref)
{
	urcu_ref_get(kref);
}

#ifdef KREF_PROBES
/* liburcu calls release: one that has the probe goes before the caller's. */
static KREF_THREAD_LOCAL void (*kref_urcu_ref_release)(struct kref *kref);

static void kref_urcu_ref_release_probed(struct kref *kref)
{
	KREF_RELEASE(kref, kref_urcu_ref_release);
}
#endif

/* As kref.h's, without the answer: nobody can tell whether this call released. */
static inline void kref_put(struct kref *kref, void (*release)(struct kref *kref))
{
#ifdef KREF_PROBES
	kref_urcu_ref_release = release;
	release = kref_urcu_ref_release_probed;
#endif
	urcu_ref_put(kref, release);
}

KREF_MUST_CHECK static inline int kref_get_unless_zero(struct kref *kref)
{
	return urcu_ref_get_unless_zero(kref);
}

#endif
