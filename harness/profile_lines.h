/*
 * Cache lines that moved between cores, as perf c2c tells them, in words.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_PROFILE_LINES_H
#define HARNESS_PROFILE_LINES_H

#include <stdint.h>
#include <stdio.h>

#include "../workloads/workload.h"
#include "profile_take.h"
#include "report_internal.h"

/* What the addresses are set against. */
struct lines_scene {
	const struct workload *cell;
	const struct params *params;
	uint64_t arena;
};

/*
 * Reads what `perf c2c report --stdio` prints and adds a sentence for each place in a line that moved,
 * of the line that moved most first. Returns 0, -EBADMSG where there is no table in it, or -ENOMEM.
 */
int lines_read(struct words *words, FILE *report, const struct lines_scene *scene);

/*
 * Runs the cell once more, under perf c2c; where this processor cannot, words say why. like: the process
 * of profile, but for perf's words. Returns 0; or -errno with err set, where the cell crashed or hung, or
 * there is no memory.
 */
int lines_take(struct words *words, const struct profile *profile, const struct workload *cell,
	       const struct params *params, const struct profile_take *like, struct error *err);

#endif
