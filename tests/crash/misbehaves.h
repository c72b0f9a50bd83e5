/*
 * misbehaves: an atomic counter that crashes, hangs or ends the process where the environment says.
 *
 * SPDX-License-Identifier: MIT
 *
 * MISBEHAVES is WHAT:WHERE:LAUNCH:AFTER. What: segv, abort, trap, overflow (of the stack), hang, exit
 * (with 0) or vanish (the same without its handlers). Where: get, put, last (the last put), poll or leave. In
 * that launch (0 or nothing: in all, and under profile), after threads have entered so often (nothing: at once).
 */
#ifndef MISBEHAVES_H
#define MISBEHAVES_H

/* The variable's name. */
#ifndef MISBEHAVES
#define MISBEHAVES "MISBEHAVES"
#endif

#include "kref/atomic.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct kref {
	atomic_uint refs;
};

#define KREF_INIT(n) { (n) }
#define KREF_HAS_THREADS
#define KREF_HAS_POLL
#define KREF_CAPS (KREF_CAN_AS_KERNEL & ~(KREF_CAN_GET_UNLESS_ZERO | KREF_CAN_PUT_LOCKED))

static inline void kref_init(struct kref *kref)
{
	/* relaxed: whoever publishes the object releases this store. */
	atomic_store_explicit(&kref->refs, 1, memory_order_relaxed);
}

static inline unsigned kref_read(const struct kref *kref)
{
	return atomic_load_explicit(&kref->refs, memory_order_relaxed);
}

static __attribute__((noinline)) unsigned misbehave_deep(unsigned depth)
{
	volatile char page[4096];

	page[depth % sizeof(page)] = 1;
	return depth ? misbehave_deep(depth - 1) + page[0] : 0;
}

static __attribute__((noinline)) void misbehave(const char *what)
{
	volatile int *volatile nowhere = NULL;

	if (!strncmp(what, "segv", 4))
		*nowhere = 1;
	else if (!strncmp(what, "abort", 5))
		abort();
	else if (!strncmp(what, "trap", 4))
		__builtin_trap();
	else if (!strncmp(what, "overflow", 8))
		misbehave_deep(1u << 20);
	else if (!strncmp(what, "exit", 4))
		exit(0);
	else if (!strncmp(what, "vanish", 6))
		_exit(0);
	for (volatile bool forever = true; forever;)
		;
}

/* Times that a thread entered. */
static atomic_uint misbehave_windows;
static unsigned misbehave_from;

enum { NOWHERE, IN_GET, IN_PUT, IN_LAST, IN_POLL, IN_LEAVE };

/* What the environment told at first. */
static inline int misbehaves_in(void)
{
	static const char *const places[] = { "", "get", "put", "last", "poll", "leave" };
	static int place = -1;
	const char *launch;
	char what[16], where[16];
	unsigned only = 0, from = 0;
	int told = NOWHERE;

	if (place >= 0)
		return atomic_load_explicit(&misbehave_windows, memory_order_relaxed) > misbehave_from ?
		       place : NOWHERE;
	launch = getenv("KREFBENCH_LAUNCH");
	if (getenv(MISBEHAVES) && (launch || getenv("KREFBENCH_PROFILED")) &&
	    sscanf(getenv(MISBEHAVES), "%15[a-z]:%15[a-z]:%u:%u", what, where, &only, &from) >= 2 &&
	    (!only || (launch && only == strtoul(launch, NULL, 10))))
		for (told = IN_LEAVE; told && strcmp(places[told], where); told--)
			;
	misbehave_from = from;
	place = told;
	return NOWHERE;
}

#define MISBEHAVE(place) do { if (misbehaves_in() == (place)) misbehave(getenv(MISBEHAVES)); } while (0)

static inline void kref_get(struct kref *kref)
{
	MISBEHAVE(IN_GET);
	/* relaxed: the reference that the caller holds orders its use. */
	atomic_fetch_add_explicit(&kref->refs, 1, memory_order_relaxed);
}

static inline bool kref_dec_and_test(struct kref *kref)
{
	bool last;

	MISBEHAVE(IN_PUT);
	/* release: this holder's use; acquire: every earlier holder's, for the last one. */
	last = atomic_fetch_sub_explicit(&kref->refs, 1, memory_order_acq_rel) == 1;
	if (last)
		MISBEHAVE(IN_LAST);
	return last;
}

static inline int kref_thread_enter(unsigned id)
{
	(void)id;
	atomic_fetch_add_explicit(&misbehave_windows, 1, memory_order_relaxed);
	return 0;
}

static inline void kref_thread_leave(void)
{
	MISBEHAVE(IN_LEAVE);
}

static inline void kref_thread_poll(void)
{
	MISBEHAVE(IN_POLL);
}

static inline void kref_quiesce(void)
{
}

#endif
