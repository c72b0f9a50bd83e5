/*
 * Macros over the operations of a strategy that put a probe in each.
 *
 * SPDX-License-Identifier: MIT
 *
 * kref.h includes this at its end, where KREF_PROBES is defined: the puts built there have their
 * probes already, and KREF_RELEASE(). A pointer to an operation is one to the function without.
 */
#ifndef KREF_PROBED_H
#define KREF_PROBED_H

KREF_INLINE void kref_init_probed(struct kref *kref)
{
	KREF_PROBE(init, kref);
	kref_init(kref);
}

KREF_INLINE void kref_get_probed(struct kref *kref)
{
	KREF_PROBE(get, kref);
	kref_get(kref);
}

#define kref_init(kref) kref_init_probed(kref)
#define kref_get(kref) kref_get_probed(kref)

#if KREF_CAPS & KREF_CAN_GET_UNLESS_ZERO
KREF_MUST_CHECK KREF_INLINE int kref_get_unless_zero_probed(struct kref *kref)
{
	const int taken = kref_get_unless_zero(kref);

	KREF_PROBE_LOOKUP(kref, taken);
	return taken;
}

#define kref_get_unless_zero(kref) kref_get_unless_zero_probed(kref)
#endif

#if !(KREF_CAPS & KREF_CAN_RETURN)
KREF_INLINE void kref_put_probed(struct kref *kref, void (*release)(struct kref *kref))
{
	KREF_PROBE(put, kref);
	kref_put(kref, release);
}

#define kref_put(kref, release) kref_put_probed(kref, release)
#endif

#if defined(KREF_HAS_KILL) || !(KREF_CAPS & KREF_CAN_RETURN)
KREF_INLINE void kref_kill_probed(struct kref *kref, void (*release)(struct kref *kref))
{
	KREF_PROBE(put, kref);
	kref_kill(kref, release);
}

#define kref_kill(kref, release) kref_kill_probed(kref, release)
#endif

#endif
