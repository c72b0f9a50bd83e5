/*
 * <stdatomic.h> for the model checker: C's atomic types and operations on Relacy's atomics.
 *
 * SPDX-License-Identifier: MIT
 *
 * Each operation tells Relacy its place in the header under test, so that a trace names its lines.
 */
#ifndef MODEL_SHIM_STDATOMIC_H
#define MODEL_SHIM_STDATOMIC_H

#include "../checker.h"

/*
 * As memory is: of any value until something is stored, which Relacy reports where it is read, and
 * zero in what model_zeroed() builds.
 */
template<typename type> struct model_atomic : rl::atomic<type> {
	model_atomic()
	{
		if (model_zeroing)
			this->store(0, rl::mo_relaxed, RL_INFO);
	}

	model_atomic(type value) : rl::atomic<type>(value)
	{
	}
};

using atomic_bool = model_atomic<bool>;
using atomic_int = model_atomic<int>;
using atomic_uint = model_atomic<unsigned>;
using atomic_long = model_atomic<long>;
using atomic_ulong = model_atomic<unsigned long>;
using atomic_llong = model_atomic<long long>;
using atomic_ullong = model_atomic<unsigned long long>;
using atomic_size_t = model_atomic<size_t>;
using atomic_intptr_t = model_atomic<intptr_t>;
using atomic_uintptr_t = model_atomic<uintptr_t>;

/*
 * Relacy has the pairs of orders that C11 allows, and takes others for a failure. C17 allows a
 * failure stronger than the success: a fence makes an acquire of it here, of a seq_cst one too.
 */
template<bool weak, typename type>
bool model_compare_exchange(rl::atomic<type> *object, type *expected, type desired,
			    rl::memory_order success, rl::memory_order failure,
			    rl::debug_info_param info)
{
	const bool c11 = failure == rl::mo_relaxed || success == failure ||
			 success == rl::mo_seq_cst ||
			 (success == rl::mo_acq_rel && failure == rl::mo_acquire);

	if (object->compare_exchange(rl::bool_t<weak>(), *expected, desired, success,
				     c11 ? failure : rl::mo_relaxed, info))
		return true;
	if (!c11)
		rl::atomic_thread_fence(rl::mo_acquire, info);
	return false;
}

#define atomic_load_explicit(object, order) ((object)->load((order), RL_INFO))
#define atomic_store_explicit(object, value, order) ((object)->store((value), (order), RL_INFO))
#define atomic_exchange_explicit(object, value, order) \
	((object)->exchange((value), (order), RL_INFO))
#define atomic_fetch_add_explicit(object, value, order) \
	((object)->fetch_add((value), (order), RL_INFO))
#define atomic_fetch_sub_explicit(object, value, order) \
	((object)->fetch_sub((value), (order), RL_INFO))
#define atomic_fetch_and_explicit(object, value, order) \
	((object)->fetch_and((value), (order), RL_INFO))
#define atomic_fetch_or_explicit(object, value, order) \
	((object)->fetch_or((value), (order), RL_INFO))
#define atomic_compare_exchange_weak_explicit(object, expected, desired, success, failure)	\
	(model_compare_exchange<true>((object), (expected), (desired), (success), (failure),	\
				      RL_INFO))
#define atomic_compare_exchange_strong_explicit(object, expected, desired, success, failure)	\
	(model_compare_exchange<false>((object), (expected), (desired), (success), (failure),	\
				       RL_INFO))
#define atomic_thread_fence(order) (rl::atomic_thread_fence((order), RL_INFO))
#define atomic_signal_fence(order) ((void)(order))

/* Relacy's own are macros of two arguments. */
#undef memory_order_relaxed
#undef memory_order_consume
#undef memory_order_acquire
#undef memory_order_release
#undef memory_order_acq_rel
#undef memory_order_seq_cst
#define memory_order_relaxed rl::mo_relaxed
#define memory_order_acquire rl::mo_acquire
#define memory_order_release rl::mo_release
#define memory_order_acq_rel rl::mo_acq_rel
#define memory_order_seq_cst rl::mo_seq_cst

#endif
