/*
 * Takes the samples: perf record around the process that runs the cell.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_PROFILE_TAKE_H
#define HARNESS_PROFILE_TAKE_H

#include "profile_read.h"

/* One process under perf. */
struct profile_take {
	const char *const *record;	/* perf's words, up to those of the program, ended by NULL */
	char *const *arguments;		/* this program's */
	const char *directory;		/* where the process leaves its samples.csv */
	const char *name;		/* of its point */
	const struct plan *plan;	/* the process makes the same */
	unsigned cell;			/* of options->cells */
	unsigned seconds;		/* of the window */
};

/*
 * Runs it and reads what the process tells. Returns 0; or -errno with err set, to what the process or
 * perf said of it: -ECANCELED where the cell crashed or hung, whose stacks are in the directory then.
 */
int profile_take(const struct profile_take *take, struct profile_told *told, struct error *err);

/*
 * Samples the process with profile->event into perf.data in its folder, and reads told and spots from it;
 * like: the process, but for perf's words. Returns as above.
 */
int profile_sample(struct profile *profile, const struct profile_take *like, struct error *err);

#endif
