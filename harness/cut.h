/*
 * Where a kill cut a run: which rounds samples.csv and latency.csv hold whole.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_CUT_H
#define HARNESS_CUT_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "schedule.h"

struct cut {
	unsigned launch;		/* the first that was not told to be whole */
	bool *whole;			/* of each group: this launch has all of it */
	int group;			/* of which it has some rounds; -1: none */
	unsigned kept, planned;		/* its rounds; as many where only samples of single ops lack */
	unsigned nr_whole, nr_groups;	/* of this launch */
	/* Of all launches, in what is left: */
	uint64_t nr_rounds, measured_ns;
	uint64_t dropped_bytes;		/* cut off the files */
};

/*
 * Reads the files in directory, of which launches_done launches are whole as meta.json tells, and cuts off
 * what is behind the last whole round and the last group's samples of single ops; of a launch that lacks
 * something in its middle, as a loss of power may leave it, everything. turns: of group_samples().
 * Nothing may append to the files meanwhile. Returns 0; with err set -EBADMSG where a launch that is told to
 * be whole is not, -EINVAL where the header or rows are not of the plan (nothing is cut off then), or another
 * -errno.
 * cut_free() in all cases.
 */
int cut_make(struct cut *cut, const struct schedule *schedule, const char *directory,
	     unsigned launches_done, unsigned turns, struct error *err);

void cut_free(struct cut *cut);

#endif
