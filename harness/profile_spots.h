/*
 * The samples of a profile, gathered by the place in the code that they fell on.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_PROFILE_SPOTS_H
#define HARNESS_PROFILE_SPOTS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

struct profile_instruction;
struct profile_frame;

/* A place in the code of the program or a library; or in the kernel, entered from there. */
struct spot {
	char *symbol;		/* of user code, as perf names it; "": unknown */
	char *object;		/* the program or library; "": none */
	uint64_t address;	/* as perf prints it: in memory, or an offset in the file */
	uint64_t into;		/* of the symbol's code */
	char *kernel;		/* functions of the kernel, innermost first, blanks between; NULL */
	double weight, beside;	/* of samples of workers, and of other threads */
	unsigned samples;	/* of workers */

	/* Once the code was read: */
	bool located;
	uint64_t code;		/* its own address in the object's file */
	const struct profile_instruction *at;	/* NULL: not known */
	/* To which it is attributed: that before, where samples come late. */
	const struct profile_instruction *instruction;
	struct profile_frame *frames;	/* innermost first */
	unsigned nr_frames;
	unsigned category;
};

/* Which samples count: those inside the window. Others are dropped. */
struct spots_window {
	uint64_t begin_ns, end_ns;
	const pid_t *workers;
	unsigned nr_workers;
};

struct spots {
	struct spot *spots;
	unsigned nr;
	unsigned samples;		/* of workers, inside the window */
	double weight, beside;		/* sums */
};

/*
 * Reads what `perf script -F tid,time,period,ip,sym,symoff,dso --ns` prints of samples
 * with call chains, and adds to spots. Returns 0; -EBADMSG where a line is none of that; or -ENOMEM.
 */
int spots_read(struct spots *spots, FILE *script, const struct spots_window *window);

void spots_free(struct spots *spots);

#endif
