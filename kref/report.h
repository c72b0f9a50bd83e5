/*
 * How a saturating strategy tells of misuse: one line on stderr for each kind, or a program's hook.
 *
 * SPDX-License-Identifier: MIT
 *
 * The state is one per program and needs no library: every file that includes this holds a weak
 * copy, of which the linker keeps one, in C and C++ alike. (Shared objects that hide their symbols
 * keep one each.) A model checker, whose atomics cannot be global, defines KREF_REPORT_H and a
 * kref_report() of its own.
 */
#ifndef KREF_REPORT_H
#define KREF_REPORT_H

#include <stdint.h>
#include <stdio.h>

#include "atomic.h"
#include "state.h"

#ifdef __cplusplus
extern "C" {
#endif

struct kref;

enum kref_report {
	KREF_REPORT_ADD_ON_ZERO,	/* a get where nobody held a reference: a use after free */
	KREF_REPORT_SATURATED,		/* more references than it can count: leaked */
	KREF_REPORT_UNDERFLOW,		/* a put too many: a use after free */
	KREF_REPORT_DEC_TO_ZERO,	/* a decrement without test took the last one: leaked */
	KREF_REPORT_KINDS
};

/* The hook, or 0. */
KREF_ONE_PER_PROGRAM atomic_uintptr_t kref_report_hook;
/* Which kinds have had their line. */
KREF_ONE_PER_PROGRAM atomic_uint kref_report_said[KREF_REPORT_KINDS];

/* What a kind means, in the kernel's words. */
static inline const char *kref_report_text(enum kref_report kind)
{
	switch (kind) {
	case KREF_REPORT_ADD_ON_ZERO:
		return "addition on 0; use-after-free";
	case KREF_REPORT_SATURATED:
		return "saturated; leaking memory";
	case KREF_REPORT_UNDERFLOW:
		return "underflow; use-after-free";
	case KREF_REPORT_DEC_TO_ZERO:
		return "decrement hit 0; leaking memory";
	case KREF_REPORT_KINDS:
		break;
	}
	return "unknown misuse";
}

/*
 * kref_set_report_hook() - have every misuse told to the program.
 *
 * hook gets each occurrence, in the thread whose operation was the misuse and inside that
 * operation, and replaces the printing; the kref may already be freed memory and is for identity
 * only. It may be called by many threads at once. NULL returns to printing, one line for each kind
 * that had none yet. Any thread may set it at any time; a report under way may still go to the one
 * before.
 */
void kref_set_report_hook(void (*hook)(enum kref_report kind, struct kref *kref));
KREF_ONE_PER_PROGRAM
void kref_set_report_hook(void (*hook)(enum kref_report kind, struct kref *kref))
{
	/* release: what the hook uses; pairs with the acquire of kref_report. */
	atomic_store_explicit(&kref_report_hook, (uintptr_t)hook, memory_order_release);
}

/*
 * kref_report_hooked() - let the program's hook tell of a misuse; 0 where it has none.
 *
 * For strategies, as kref_report(). Both are out of line and cold, so that a caller's hot path holds
 * no more than a call.
 */
int kref_report_hooked(enum kref_report kind, struct kref *kref);
KREF_ONE_PER_PROGRAM __attribute__((noinline, cold))
int kref_report_hooked(enum kref_report kind, struct kref *kref)
{
	/* acquire: pairs with the release of kref_set_report_hook. */
	uintptr_t hook = atomic_load_explicit(&kref_report_hook, memory_order_acquire);

	if (hook)
		((void (*)(enum kref_report, struct kref *))hook)(kind, kref);
	return hook != 0;
}

/* kref_report() - tell of one misuse of kref. */
void kref_report(enum kref_report kind, struct kref *kref);
KREF_ONE_PER_PROGRAM __attribute__((noinline, cold))
void kref_report(enum kref_report kind, struct kref *kref)
{
	if (kref_report_hooked(kind, kref))
		return;
	/* relaxed: the flag carries only itself. Read first: a saturated count comes often. */
	if (atomic_load_explicit(&kref_report_said[kind], memory_order_relaxed))
		return;
	if (!atomic_exchange_explicit(&kref_report_said[kind], 1, memory_order_relaxed))
		(void)fprintf(stderr, "kref: %s\n", kref_report_text(kind));
}

#ifdef __cplusplus
}
#endif

#endif
