/*
 * What a run measures: groups of points, in the order in which they are measured.
 *
 * SPDX-License-Identifier: MIT
 *
 * A pure function of the cells, the options and the topology: each launch makes the same plan.
 */
#ifndef HARNESS_PLAN_H
#define HARNESS_PLAN_H

#include <stdbool.h>

#include "../workloads/registry.h"
#include "error.h"
#include "options.h"
#include "place.h"

struct group {
	const char *workload;
	enum setting setting;
	enum placement placement;	/* the first that gives these processors */
	char placements[PLACE_NAMES_BYTES];	/* all that do, joined by + */
	unsigned threads, objects, work_ns;
	unsigned replace;		/* of 1000 ops */
	bool packed;
	bool oversubscribed;		/* more threads than processors */
	bool deferred;			/* some cell frees late: long windows, ratios of totals */
	uint64_t reclaim_period_ns;	/* the longest of its cells */
	const struct workload **cells;	/* the points */
	unsigned nr_cells;
	unsigned first_point;		/* the number of cells[0] in the plan */
};

struct plan {
	struct group *groups;
	unsigned nr_groups, nr_points;
	unsigned max_threads;
};

/*
 * Returns 0, or -EINVAL with err set when the options ask for what cannot be (a placement that this
 * machine has not, a filter that matches nothing, an odd number of threads for pairs, ...), or -ENOMEM. More threads than a placement has
 * processors go round them: the group is oversubscribed.
 */
int plan_make(struct plan *plan, const struct registry *registry, const struct options *options,
	      const struct place *place, struct error *err);

void plan_free(struct plan *plan);

/* Enough for every point's name, as long as those of strategies are no sentences. */
#define PLAN_NAME_BYTES 384

/*
 * The point's name, as Google Benchmark and --filter see it:
 * workload/strategy@variant/setting/placement/objects:N/work_ns:N/threads:N, with replace:N before
 * threads where ops replace, and packed where the layout is.
 */
void plan_point_name(const struct group *group, const struct workload *cell, char *name,
		     unsigned bytes);

/* "held" or "churn". */
const char *plan_setting_name(enum setting setting);

/* The baseline is this strategy; verdicts are against it. */
#define PLAN_BASELINE "refcount"

#endif
