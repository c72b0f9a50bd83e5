/*
 * Names the functions in the stacks that a launch told, and keeps them in the run's stacks.txt.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_STACKS_H
#define HARNESS_STACKS_H

#include "error.h"

struct stacks {
	const char *text;		/* lines `stack NAME` and of stack_print() */
	const char *called;		/* the program that told them, as its argv[0] */
	const char *program;		/* where addr2line finds its symbols */
};

struct stacks_told {
	char function[96];	/* of the program, the innermost of the likely cause; "": not known */
	char top[480];		/* lines of its stack, indented; each ends with a newline */
};

/*
 * Appends the title and the stacks to directory/stacks.txt. Where addr2line is not there, or knows nothing,
 * offsets stand in place of names. Returns 0, or -errno with err set; told is filled in both cases.
 */
int stacks_append(const struct stacks *stacks, const char *directory, const char *title,
		  struct stacks_told *told, struct error *err);

#endif
