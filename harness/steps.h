/*
 * What each further processor of an order adds, and where the order has filled or reached all of a
 * kind: its boundaries.
 *
 * SPDX-License-Identifier: MIT
 *
 * Both follow from the order and the topology alone.
 *
 * A boundary after n processors says that the next one differs in kind from those before it, so
 * that figures of n and fewer threads are one regime. It is there for a kind
 *
 * - where what was begun is full: each L3 cache (or node, or package) with a processor among the
 *   first n has all of its processors in the order among them, and the next one begins another.
 *   Not while each of them has one processor only in the order: there was nothing to fill. Cores
 *   are left out, since compact fills one with nearly every step;
 * - where a spread is complete: the order has n L3 caches (or nodes, packages, cores), two or more,
 *   each with exactly one processor among the first n, and there are more processors to come.
 *
 * Where several kinds have a boundary at the same n it is the outermost one's.
 */
#ifndef HARNESS_STEPS_H
#define HARNESS_STEPS_H

#include "seat.h"

/* The outermost that a processor is new in, from the inside out. */
enum step {
	STEP_SMT,	/* its core is in use already */
	STEP_CORE,
	STEP_L3,
	STEP_NODE,
	STEP_PACKAGE,
	NR_STEPS
};

struct boundary {
	unsigned n;		/* processors before it */
	enum step kind;		/* never STEP_SMT */
};

/* "SMT", "core", "L3", "node", "package". */
const char *step_name(enum step step);

/* The outermost that b is new in beside a; of a processor beside itself STEP_SMT. */
enum step seats_step(const struct seat *a, const struct seat *b);

/* Fills steps[0] to steps[n - 1]; the first is new in everything. Returns 0 or -ENOMEM. */
int steps_fill(const struct seat *order, unsigned n, enum step *steps);

/*
 * The boundaries of the order, of least n first: *boundaries, the caller's to free, has *nr. Returns
 * 0 or -ENOMEM.
 */
int boundaries_make(const struct seat *order, unsigned n, struct boundary **boundaries,
		    unsigned *nr);

#endif
