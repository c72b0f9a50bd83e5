/*
 * What every strategy is held to: operations, and what each returns, counts and releases.
 *
 * SPDX-License-Identifier: MIT
 *
 * A case names the abilities it needs, KREF_CAN_ bits and the ones below; where one is missing it
 * is left out. What a strategy makes of counts out of range stands in a test of its own
 * (test_refcount.c); here stands what those with the same claim have in common.
 */
#ifndef STRATEGY_CASES_H
#define STRATEGY_CASES_H

#include <limits.h>

#include "kref/kref.h"

/* Checks nothing: counts modulo 2^32. */
#define CAN_WRAP (1u << 28)
/* Can start at any count, 0 included, as a released object. */
#define CAN_START_ANYWHERE (1u << 29)
/* Counts by exact.h. */
#define CAN_EXACT (1u << 30)

/* rcuref starts at 0 only for a moment of its last put, when a lookup may still revive it. */
#if defined(KREF_INIT) && !defined(KREF_STRATEGIES_RCUREF_H)
#define HAVE_START CAN_START_ANYWHERE
#else
#define HAVE_START 0
#endif
#ifdef KREF_EXACT_H
#define HAVE_EXACT CAN_EXACT
/* A count that stays where it is. */
#define SATURATED_START UINT_MAX
#else
#define HAVE_EXACT 0
#define SATURATED_START 0xa0000001u
#endif
#if defined(KREF_STRATEGIES_ATOMIC_H) || defined(KREF_STRATEGIES_ACQREL_H) || \
	defined(KREF_STRATEGIES_SEQCST_H) || defined(KREF_STRATEGIES_PLAIN_H)
#define HAVE_WRAP CAN_WRAP
#else
#define HAVE_WRAP 0
#endif
#define HAVE (KREF_CAPS | HAVE_START | HAVE_EXACT | HAVE_WRAP)

/* A count that has saturated, whatever value the strategy uses for it. */
#define STUCK 0x80000000u
/* What an operation without a result gives. */
#define NOTHING (-1)

/* SETTLE: this thread leaves, all that is deferred is completed, and it enters again. */
enum op { END, GET, UNLESS_ZERO, PUT, PUT_MUTEX, PUT_LOCK, KILL, SETTLE };

struct step {
	enum op op;
	int result;	/* of the puts and KILL: 1 where it gave the last reference back */
	unsigned count;	/* kref_read() after it */
};

struct strategy_case {
	const char *name;
	unsigned needs;
	unsigned lacks;	/* bits whose absence the case is about */
	struct kref kref;
	unsigned start;
	struct step steps[8];
};

/* Without an initialiser a start from 1 up is reached by kref_init() and gets. */
#ifdef KREF_INIT
#define START(n) .kref = KREF_INIT(n), .start = (n)
#else
#define START(n) .start = (n)
#endif

#define COUNTS KREF_CAN_RELEASE
#define LOOKS_UP (COUNTS | KREF_CAN_GET_UNLESS_ZERO)
#define BY_PUT (COUNTS | KREF_CAN_END_BY_PUT)
#define BY_PUT_LOCKED (BY_PUT | KREF_CAN_PUT_LOCKED)

static struct strategy_case cases[] = {
	{ "the only reference", BY_PUT, START(1),
	  .steps = { { PUT, 1, 0 } } },
	{ "get and put", BY_PUT, START(1),
	  .steps = { { GET, NOTHING, 2 }, { GET, NOTHING, 3 }, { PUT, 0, 2 }, { PUT, 0, 1 },
		     { PUT, 1, 0 } } },
	{ "a start above one", BY_PUT, START(3),
	  .steps = { { PUT, 0, 2 }, { PUT, 0, 1 }, { PUT, 1, 0 } } },

	{ "a kill of the only reference", COUNTS, START(1),
	  .steps = { { KILL, 1, 0 } } },
	{ "a kill after get and put", COUNTS, START(1),
	  .steps = { { GET, NOTHING, 2 }, { GET, NOTHING, 3 }, { PUT, 0, 2 }, { PUT, 0, 1 },
		     { KILL, 1, 0 } } },
	{ "a kill while others hold", COUNTS, START(3),
	  .steps = { { KILL, 0, 2 }, { GET, NOTHING, 3 }, { PUT, 0, 2 }, { PUT, 0, 1 },
		     { PUT, 1, 0 } } },
	{ "no put ends it before the kill", COUNTS, KREF_CAN_END_BY_PUT, START(2),
	  .steps = { { PUT, 0, 1 }, { PUT, 0, 0 }, { SETTLE, NOTHING, 0 }, { GET, NOTHING, 1 },
		     { KILL, 1, 0 } } },
	{ "counts go on after a leave", COUNTS, START(2),
	  .steps = { { SETTLE, NOTHING, 2 }, { GET, NOTHING, 3 }, { PUT, 0, 2 },
		     { SETTLE, NOTHING, 2 }, { PUT, 0, 1 }, { SETTLE, NOTHING, 1 },
		     { KILL, 1, 0 } } },

	{ "lookup of a held object", LOOKS_UP, START(1),
	  .steps = { { UNLESS_ZERO, 1, 2 }, { PUT, 0, 1 }, { UNLESS_ZERO, 1, 2 }, { PUT, 0, 1 },
		     { KILL, 1, 0 } } },
	{ "lookup after the kill", LOOKS_UP, START(2),
	  .steps = { { KILL, 0, 1 }, { UNLESS_ZERO, 1, 2 }, { PUT, 0, 1 }, { PUT, 1, 0 },
		     { SETTLE, NOTHING, 0 }, { UNLESS_ZERO, 0, 0 } } },
	{ "lookup of a released object", LOOKS_UP, START(1),
	  .steps = { { KILL, 1, 0 }, { SETTLE, NOTHING, 0 }, { UNLESS_ZERO, 0, 0 },
		     { UNLESS_ZERO, 0, 0 } } },
	{ "lookup in the last put", LOOKS_UP | KREF_CAN_RELEASE_IN_PUT, START(1),
	  .steps = { { KILL, 1, 0 }, { UNLESS_ZERO, 0, 0 } } },
	{ "lookup at zero", LOOKS_UP | CAN_START_ANYWHERE, START(0),
	  .steps = { { UNLESS_ZERO, 0, 0 } } },

	{ "put_mutex", BY_PUT_LOCKED, START(2),
	  .steps = { { PUT_MUTEX, 0, 1 }, { GET, NOTHING, 2 }, { PUT_MUTEX, 0, 1 },
		     { PUT_MUTEX, 1, 0 } } },
	{ "put_lock", BY_PUT_LOCKED, START(2),
	  .steps = { { PUT_LOCK, 0, 1 }, { GET, NOTHING, 2 }, { PUT_LOCK, 0, 1 },
		     { PUT_LOCK, 1, 0 } } },

	{ "counts nothing", KREF_CAN_RETURN | KREF_CAN_GET_UNLESS_ZERO | KREF_CAN_PUT_LOCKED,
	  KREF_CAN_RELEASE, START(2),
	  .steps = { { GET, NOTHING, 2 }, { PUT, 0, 2 }, { PUT, 0, 2 }, { PUT, 0, 2 },
		     { UNLESS_ZERO, 1, 2 }, { PUT_MUTEX, 0, 2 }, { PUT_LOCK, 0, 2 } } },

	{ "a saturated count sticks", LOOKS_UP | KREF_CAN_SATURATE, START(SATURATED_START),
	  .steps = { { GET, NOTHING, STUCK }, { GET, NOTHING, STUCK }, { UNLESS_ZERO, 1, STUCK },
		     { PUT, 0, STUCK }, { PUT, 0, STUCK } } },
	{ "locked puts of a saturated count", BY_PUT_LOCKED | KREF_CAN_SATURATE,
	  START(SATURATED_START),
	  .steps = { { PUT_MUTEX, 0, STUCK }, { PUT_LOCK, 0, STUCK } } },
	{ "exact: up to UINT_MAX", LOOKS_UP | CAN_EXACT, START(UINT_MAX - 2),
	  .steps = { { GET, NOTHING, UINT_MAX - 1 }, { PUT, 0, UINT_MAX - 2 },
		     { UNLESS_ZERO, 1, UINT_MAX - 1 }, { GET, NOTHING, UINT_MAX },
		     { PUT, 0, UINT_MAX }, { UNLESS_ZERO, 1, UINT_MAX }, { PUT, 0, UINT_MAX } } },
	{ "exact: locked puts at UINT_MAX", BY_PUT_LOCKED | CAN_EXACT, START(UINT_MAX),
	  .steps = { { PUT_MUTEX, 0, UINT_MAX }, { PUT_LOCK, 0, UINT_MAX } } },
	{ "exact: nothing moves 0", BY_PUT_LOCKED | CAN_EXACT, START(0),
	  .steps = { { GET, NOTHING, 0 }, { PUT, 0, 0 }, { PUT_MUTEX, 0, 0 }, { PUT_LOCK, 0, 0 },
		     { UNLESS_ZERO, 0, 0 } } },

	{ "unchecked: a get too many", BY_PUT | CAN_WRAP, START(UINT_MAX),
	  .steps = { { GET, NOTHING, 0 }, { GET, NOTHING, 1 }, { PUT, 1, 0 } } },
	{ "unchecked: a lookup too many", LOOKS_UP | CAN_WRAP, START(UINT_MAX),
	  .steps = { { UNLESS_ZERO, 1, 0 }, { UNLESS_ZERO, 0, 0 } } },
	{ "unchecked: a put too many", BY_PUT_LOCKED | CAN_WRAP, START(0),
	  .steps = { { PUT, 0, UINT_MAX }, { PUT_MUTEX, 0, UINT_MAX - 1 }, { GET, NOTHING, UINT_MAX },
		     { GET, NOTHING, 0 }, { PUT_LOCK, 0, UINT_MAX } } },
	{ "unchecked: a get on 0", BY_PUT | CAN_WRAP, START(0),
	  .steps = { { GET, NOTHING, 1 }, { PUT, 1, 0 } } },
};

#endif
