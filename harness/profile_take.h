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
	unsigned cell;			/* of options->cells */
	unsigned seconds;		/* of the window */
};

/*
 * Runs it and reads what the process tells. Returns 0; or -errno with err set, to what the process or
 * perf said of it.
 */
int profile_take(const struct profile_take *take, struct profile_told *told, struct error *err);

/*
 * Samples the cell with profile->event into directory/perf.data, and reads told and spots from it.
 * Returns as above.
 */
int profile_sample(struct profile *profile, char *const *arguments, unsigned cell,
		   unsigned seconds, const char *directory, struct error *err);

#endif
