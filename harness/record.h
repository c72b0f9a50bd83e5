/*
 * Writes the rows that a run leaves: samples.csv as it measures, holes.csv once.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_RECORD_H
#define HARNESS_RECORD_H

#include <stdio.h>

#include "error.h"
#include "plan.h"
#include "window.h"

struct record {
	int fd;
	char **rows;		/* of the open round, by point, without line ends; NULL: none yet */
	unsigned nr_rows;
	const struct count_plan *counting;
};

/* What the group knows of a window beside its result. */
struct record_window {
	unsigned launch, round, position;	/* from 1 */
	unsigned round_windows;		/* that the round will have */
	unsigned rounds;		/* that the group will have in this launch */
	unsigned point;			/* in the group, from 0 */
	const struct group *group;
	const struct workload *cell;
	const char *node;		/* of the objects; "": not applicable */
	double mops, fairness;		/* fairness over the launch so far; NAN: one worker */
	bool shared_reclaim;
	bool resumed;			/* rounds of the group's launch are of a process that was killed */
	unsigned counter_group;		/* of hardware, from 1; 0: none */
};

/*
 * Opens directory/samples.csv for appending, with a header if it is new, in which counting's counters
 * are the last columns; it must outlive the record. 0 or -errno with err set.
 */
int record_open(struct record *record, const char *directory, const struct count_plan *counting,
		struct error *err);

/* Keeps a row of the open round. Returns 0, or -errno with err set. */
int record_add(struct record *record, const struct record_window *window,
	       const struct window_result *result, struct error *err);

/*
 * Appends the open round's rows to the file, in the order of the points whatever the shuffle was,
 * so that what stands first does not depend on the seed. stolen: the round met steal, which flags
 * all its rows. Returns 0, or -errno with err set.
 */
int record_round(struct record *record, bool stolen, struct error *err);

/* Forgets the rows of a round that was cut short. */
void record_drop(struct record *record);

/* Syncs to disk what is written and closes. Rows of an open round are dropped. */
int record_close(struct record *record, struct error *err);

/* What rows of windows have in common: the fields workload to replace_permille; a comma and the flags. */
void record_print_point(FILE *row, const struct record_window *window);
void record_print_flags(FILE *row, const struct record_window *window,
			const struct window_result *result);

/* Writes all of data, in as many calls as it takes. Returns 0 or -errno. */
int record_append(int fd, const char *data, size_t length);

/* Writes directory/holes.csv. Returns 0, or -errno with err set. */
int record_holes(const char *directory, const struct registry *registry, struct error *err);

#endif
