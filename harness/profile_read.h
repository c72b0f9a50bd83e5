/*
 * A profile that was taken, read and put in order.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_PROFILE_READ_H
#define HARNESS_PROFILE_READ_H

#include "error.h"
#include "plan.h"
#include "profile_code.h"
#include "profile_event.h"
#include "profile_frames.h"
#include "profile_spots.h"
#include "profile_split.h"

/* Code of a program or library, as profile_cell.h tells it. */
struct profile_text {
	uint64_t start, bytes, offset, vaddr;
	char *path;
	struct code code;
};

/* What the sampled process told. */
struct profile_told {
	struct profile_text *texts;
	unsigned nr_texts;
	pid_t *workers;
	unsigned nr_workers;
	uint64_t arena, begin_ns, end_ns;
	double user_ns, kernel_ns, interval_ns;	/* sums over the workers */
	double ready_ns;	/* the same: without a processor, though not asleep */
	bool no_ready;		/* which the kernel does not tell of some worker */
	double ns_per_op;	/* NAN: not told */
	char error[512];	/* "": none */
};

/* Some samples together: of an instruction, or of a source line. */
struct profile_row {
	const struct spot *spot;	/* that with the most of them */
	double share;			/* of the workers' time */
	double most;			/* of that spot */
	unsigned samples;
	/* Of an instruction: taken over from the address after it. */
	double late;
};

struct profile {
	char name[PLAN_NAME_BYTES];	/* of the point */
	struct profile_event event;
	bool starts_threads;		/* the cell's ops do */
	struct profile_told told;
	struct spots spots;
	double on;			/* the share of the workers' time that was sampled */
	double shares[NR_SPLIT];	/* of the workers' time */
	double beside;			/* of other threads, as a multiple of the workers' time */
	double beside_shares[NR_SPLIT];	/* the same, apart */
	struct profile_row *instructions, *lines;	/* the largest first */
	unsigned nr_instructions, nr_lines;
};

/* A line of what the sampled process prints. Returns 0 or -ENOMEM; other lines are passed over. */
int profile_told_read(struct profile_told *told, const char *line);

void profile_told_free(struct profile_told *told);

/*
 * Finds code and source of each spot, and says what it is. directory: for a file that only lives so
 * long; home: the project's folder. Returns 0, or -errno with err set.
 */
int profile_locate(struct profile *profile, const char *directory, const char *home,
		   struct error *err);

/* The spot's address in its object's own file; false: not known. */
bool profile_address(const struct profile_told *told, const struct spot *spot,
		     struct profile_text **text, uint64_t *address);

/* Shares and rows, once all is located. Returns 0 or -ENOMEM. */
int profile_sum(struct profile *profile);

void profile_free(struct profile *profile);

#endif
