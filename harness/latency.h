/*
 * What single ops take: which groups are sampled, and the rows of latency.csv.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_LATENCY_H
#define HARNESS_LATENCY_H

#include "plan.h"
#include "record.h"
#include "sampler.h"

struct latency {
	int fd;
	struct sampler *samplers;	/* one for each worker that there may be */
	FILE *rows;			/* of the group, not yet in the file */
	char *text;
	size_t length;
};

/*
 * Opens directory/latency.csv for appending, with a header if it is new. Returns 0, or -errno with err
 * set; then there is nothing to close.
 */
int latency_open(struct latency *latency, const char *directory, unsigned nr_workers,
		 struct error *err);

/* Syncs to disk what is written and closes. Returns 0, or -errno with err set. */
int latency_close(struct latency *latency, struct error *err);

/*
 * Whether the group's ops are sampled: with one thread, and with the most that the plan has for it; in a
 * sweep over work, where there is least of it.
 */
bool latency_wanted(const struct plan *plan, const struct group *group);

/* The samplers of a window of so many workers, about 0.5 us apart where a batch has batch_ops. */
struct sampler *latency_samplers(struct latency *latency, unsigned nr_workers, uint64_t batch_ops,
				 uint64_t seed);

/* Keeps a row of what they sampled in that window. Returns 0, or -errno with err set. */
int latency_add(struct latency *latency, const struct clock *clock, const struct record_window *window,
		const struct window_result *result, struct error *err);

/*
 * Appends the group's rows to the file. stolen: they met steal, which flags them all. Returns 0, or
 * -errno with err set.
 */
int latency_group_end(struct latency *latency, bool stolen, struct error *err);

#endif
