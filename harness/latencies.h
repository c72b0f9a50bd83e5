/*
 * What single ops took, over all launches: latency.csv folded to percentiles.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_LATENCIES_H
#define HARNESS_LATENCIES_H

#include <stddef.h>

#include "error.h"
#include "histogram.h"

#define LATENCIES_PERCENTILES 4

/* 50, 90, 99 and 99.9 percent, and their names in columns. */
extern const unsigned latencies_permille[LATENCIES_PERCENTILES];
extern const char *const latencies_names[LATENCIES_PERCENTILES];

/*
 * Of the samples of all launches together. lo and hi are the 95 percent interval of the median over launches
 * of a launch's own percentile; NAN where fewer than six launches have one.
 */
struct latencies_percentile {
	double ns, lo, hi;
};

struct latencies_point {
	char *key;			/* its fields from workload to replace_permille, commas between */
	unsigned launches, disturbed;	/* windows, one a launch; and those with a flag that says so */
	uint64_t last_launch;
	struct histogram ops, stamps;
	double clock_ns;		/* the coarsest of its launches */
	double *values[LATENCIES_PERCENTILES];	/* of the launches that have one */
	size_t nr_values[LATENCIES_PERCENTILES];
	double stamps_ns;		/* the median of what nothing took; NAN: too few */
	struct latencies_percentile percentiles[LATENCIES_PERCENTILES];
};

struct latencies {
	struct latencies_point *points;	/* in the order in which they came first */
	size_t nr;
};

/*
 * Reads dir/latency.csv; a torn last line is dropped. Returns 0; -ENOENT where there is none; with err set
 * -EBADMSG for a damaged row, another -errno. latencies_free() in all cases.
 */
int latencies_load(struct latencies *latencies, const char *dir, struct error *err);

/* Writes dir/percentiles.csv, one row a point. Returns 0, or -errno with err set. */
int latencies_write(const struct latencies *latencies, const char *dir, struct error *err);

/* The point of that key, or NULL. */
const struct latencies_point *latencies_find(const struct latencies *latencies, const char *key);

void latencies_free(struct latencies *latencies);

#endif
