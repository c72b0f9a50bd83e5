/*
 * What a launch told of code under test that crashed, hung or left, as the run hears it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_MISHAP_TOLD_H
#define HARNESS_MISHAP_TOLD_H

#include <stdbool.h>
#include <stdio.h>

#include "crashes.h"
#include "error.h"
#include "plan.h"

struct mishap_told {
	enum { MISHAP_NONE, MISHAP_CRASH, MISHAP_HANG, MISHAP_EXIT } kind;
	int point;			/* of the plan; -1: none was being measured */
	enum mishap_stage stage;
	long number;			/* the signal, milliseconds, or 0 */
	FILE *stacks;			/* a stream of memory: */
	char *text;
	size_t bytes;
};

/* Takes a line of the launch if it is of a mishap; from the first such line on all are. */
bool mishap_told_line(struct mishap_told *told, const struct plan *plan, const char *line);

/*
 * After the launch's end, where there was a mishap: keeps its stacks in directory/stacks.txt and says on
 * stderr what it was, with the top of its stack. called, program: of struct stacks. err gets it as one line,
 * and *crash where a point crashed.
 */
void mishap_told_tell(struct mishap_told *told, const struct plan *plan, unsigned launch,
		      const char *directory, const char *called, const char *program,
		      struct crash *crash, struct error *err);

void mishap_told_free(struct mishap_told *told);

#endif
