/*
 * Which rows of a run's samples.csv and latency.csv are whole.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_CUT_SCAN_H
#define HARNESS_CUT_SCAN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "error.h"
#include "schedule.h"

struct cut_extent {
	off_t end;
	uint64_t nr_rounds, measured_ns;
};

struct cut_scan {
	const struct schedule *schedule;
	unsigned done, turns;
	/* Of [launch - 1][group], the open launch the last: */
	unsigned *kept, *planned;	/* rounds */
	unsigned *sampled;		/* rows of latency.csv */
	/* In samples.csv and latency.csv: all launches that are done, and all that is whole. */
	struct cut_extent done_samples, samples, done_latency, latency;
	/* The round that is being read: */
	uint64_t launch, round, nr_windows;
	double window_ns;
	unsigned group;
};

/*
 * Reads both files of a run of which so many launches are done. turns: of group_samples(). Returns 0; with
 * err set -EBADMSG where damage ends the reading, -EINVAL where the header or rows are not of the schedule's
 * plan, or another -errno. cut_scan_free() in all cases.
 */
int cut_scan_read(struct cut_scan *scan, const struct schedule *schedule, unsigned launches_done,
		  unsigned turns, const char *samples, const char *latency, struct error *err);

void cut_scan_free(struct cut_scan *scan);

/* Where a launch, from 1, has its group in kept, planned and sampled. */
unsigned cut_scan_place(const struct cut_scan *scan, uint64_t launch, unsigned group);

/* Is all there that this launch measures of the group? */
bool cut_scan_whole(const struct cut_scan *scan, unsigned launch, unsigned group);

#endif
