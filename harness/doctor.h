/*
 * What of this machine bears on a measurement: each item with what it does and the remedy.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_DOCTOR_H
#define HARNESS_DOCTOR_H

#include <stdio.h>

#include "cputime.h"

enum doctor_mark {
	DOCTOR_UNKNOWN,		/* cannot be read here, or is not understood */
	DOCTOR_GOOD,
	DOCTOR_MATTERS,
};

struct doctor_item {
	const char *name, *effect;
	enum doctor_mark mark;
	char value[80];		/* no line break */
	char remedy[512];	/* "": none, or none needed */
};

#define DOCTOR_MAX_ITEMS 16

struct doctor {
	struct doctor_item items[DOCTOR_MAX_ITEMS];
	unsigned nr;
};

/* "unknown", "good", "matters". */
const char *doctor_mark_name(enum doctor_mark mark);

/*
 * Examines the machine whose /proc and /sys lie under root, "" for this one. before: a reading of
 * its /proc/stat some time ago, or NULL; without it nothing is said of steal and load now.
 */
void doctor_examine(struct doctor *doctor, const char *root, const struct cputime *before);

/* Examines this machine, which takes a second: that is what steal and load are told of. */
void doctor_here(struct doctor *doctor);

/* Prints each item, in lines of at most 100 columns but for a remedy that is longer. */
void doctor_print(const struct doctor *doctor, FILE *out);

#endif
