/*
 * The flags of rows as a set of bits, written joined by `+` in a fixed order.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_FLAGSET_H
#define HARNESS_FLAGSET_H

#include <stdint.h>
#include <stdio.h>

/* Something came between: the hypervisor, the scheduler, or who sets the clock. */
#define FLAGSET_STEAL		(UINT64_C(1) << 0)
#define FLAGSET_MIGRATED	(UINT64_C(1) << 1)
#define FLAGSET_SWITCHED	(UINT64_C(1) << 10)
#define FLAGSET_CLOCK_STEP	(UINT64_C(1) << 11)
#define FLAGSET_DISTURBED \
	(FLAGSET_STEAL | FLAGSET_MIGRATED | FLAGSET_SWITCHED | FLAGSET_CLOCK_STEP)

#define FLAGSET_OVERSUBSCRIBED	(UINT64_C(1) << 3)
/* What the summary adds by itself. */
#define FLAGSET_DRIFT		(UINT64_C(1) << 4)
#define FLAGSET_BURSTY		(UINT64_C(1) << 5)
#define FLAGSET_FEW_LAUNCHES	(UINT64_C(1) << 6)

struct flagset {
	char *names[64];	/* of each bit */
	unsigned nr;
};

/* Knows the flags of the file formats, in their order. Returns 0 or -ENOMEM. */
int flagset_init(struct flagset *set);

/*
 * Adds the bits of a text such as `steal+drift` to *bits. A name not known yet takes the next bit:
 * a new flag must not make a run unreadable. Returns 0, -ENOSPC (more than 64 flags), -EBADMSG (an
 * empty name) or -ENOMEM.
 */
int flagset_parse(struct flagset *set, const char *text, uint64_t *bits);

/* Writes the names; the caller checks the stream's errors. */
void flagset_write(const struct flagset *set, uint64_t bits, FILE *file);

void flagset_free(struct flagset *set);

#endif
