/*
 * flags in the model: what its asm does, as atomic operations of the order that it promises.
 *
 * SPDX-License-Identifier: MIT
 */

static inline bool kref_flags_inc(struct kref *kref)
{
	return (int)(atomic_fetch_add_explicit(&kref->refs, 1, memory_order_relaxed) + 1) < 0;
}

static inline bool kref_flags_dec(struct kref *kref, bool *zero)
{
	const int old = (int)atomic_fetch_sub_explicit(&kref->refs, 1, memory_order_release);

	*zero = old == 1;
	return old <= 1;
}
