/*
 * plain: an integer without atomics. 4 bytes.
 *
 * SPDX-License-Identifier: MIT
 *
 * The floor of one thread: a load, an add and a store. volatile, so that the compiler can neither
 * merge a get with its put nor keep the count in a register, which no shared counter could do.
 * Checks nothing and wraps silently. No KREF_CAN_SHARE, so no memory order and no partner.
 */
#ifndef KREF_STRATEGIES_PLAIN_H
#define KREF_STRATEGIES_PLAIN_H

#include <stdbool.h>

struct kref {
	volatile unsigned refs;
};

#define KREF_INIT(n) { (n) }
#define KREF_CAPS (KREF_CAN_AS_KERNEL & ~(KREF_CAN_SHARE | KREF_CAN_HAND_OVER))

static inline void kref_init(struct kref *kref)
{
	kref->refs = 1;
}

static inline unsigned kref_read(const struct kref *kref)
{
	return kref->refs;
}

/* Written out: C++20 deprecates ++ and -- of a volatile. */
static inline void kref_get(struct kref *kref)
{
	kref->refs = kref->refs + 1;
}

static inline bool kref_dec_and_test(struct kref *kref)
{
	unsigned refs = kref->refs - 1;

	kref->refs = refs;
	return refs == 0;
}

/* Gives one reference back unless it is the last; true when it was given back. */
static inline bool kref_dec_not_one(struct kref *kref)
{
	unsigned old = kref->refs;

	if (old == 1)
		return false;
	kref->refs = old - 1;
	return true;
}

KREF_MUST_CHECK static inline int kref_get_unless_zero(struct kref *kref)
{
	unsigned old = kref->refs;

	if (!old)
		return 0;
	kref->refs = old + 1;
	return 1;
}

#endif
