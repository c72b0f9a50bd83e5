/*
 * The seam to the language's atomics: one source for C, C++ and a model checker.
 *
 * SPDX-License-Identifier: MIT
 *
 * Strategy headers use atomic types by name (atomic_uint) and the _explicit operations only. C and
 * C++23 have them in <stdatomic.h>; older C++ has the same names in <atomic>; a model checker puts
 * a <stdatomic.h> of its own first in the include path and defines KREF_HAS_STDATOMIC, and a
 * KREF_CPU_RELAX() that lets its other threads go on.
 */
#ifndef KREF_ATOMIC_H
#define KREF_ATOMIC_H

#if defined(__cplusplus) && __cplusplus < 202302L && !defined(KREF_HAS_STDATOMIC)
#include <atomic>
using std::atomic_compare_exchange_strong_explicit;
using std::atomic_compare_exchange_weak_explicit;
using std::atomic_exchange_explicit;
using std::atomic_fetch_add_explicit;
using std::atomic_fetch_sub_explicit;
using std::atomic_load_explicit;
using std::atomic_signal_fence;
using std::atomic_store_explicit;
using std::atomic_uint;
using std::atomic_uintptr_t;
using std::atomic_ullong;
using std::memory_order_acq_rel;
using std::memory_order_acquire;
using std::memory_order_relaxed;
using std::memory_order_release;
using std::memory_order_seq_cst;
#else
#include <stdatomic.h>
#endif

/* Whether ThreadSanitizer looks on, which sees atomics and neither asm nor other libraries. */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define KREF_TSAN
#endif
#elif defined(__SANITIZE_THREAD__)
#define KREF_TSAN
#endif

/* Expectation of a branch, for the paths that only a misuse or a lost race takes. */
#define KREF_UNLIKELY(condition) __builtin_expect(!!(condition), 0)

/* Evaluated for each failed attempt of a retry loop; a benchmark counts them. */
#ifndef KREF_ON_RETRY
#define KREF_ON_RETRY() ((void)0)
#endif

/* Tells the processor that this thread is spinning. */
#if defined(KREF_CPU_RELAX)
#elif defined(__x86_64__) || defined(__i386__)
#define KREF_CPU_RELAX() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define KREF_CPU_RELAX() __asm__ volatile("yield" ::: "memory")
#else
#define KREF_CPU_RELAX() atomic_signal_fence(memory_order_seq_cst)
#endif

#endif
