/*
 * meta.json: the machine, the tool chain, the command and how the run ended.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_META_H
#define HARNESS_META_H

#include <jansson.h>
#include <stdint.h>

#include "count.h"
#include "crashes.h"
#include "doctor.h"
#include "error.h"
#include "handover.h"
#include "options.h"
#include "place.h"
#include "plan.h"
#include "schedule.h"

/* What only the launches know. */
struct meta_facts {
	char clock[16];
	double ticks_per_ns;
	uint64_t max_offset_ns;		/* the largest over the launches */
	char absent[COUNTERS_MAX][160];	/* why; empty: the counter is there */
	uint64_t measured_ns;		/* inside recorded windows */
	uint64_t measuring_ns;		/* wall time of the launches */
	unsigned launches_done;
};

struct meta {
	const struct options *options;
	const struct place *place;
	const struct plan *plan;
	const struct schedule *schedule;
	struct crashes crashes;
	const struct count_plan *counting;
	const struct handover *handover;	/* NULL: not measured */
	json_t *handovers_again;	/* of each kind of pair an array, a number a launch; NULL: none */
	unsigned nr_orders;	/* in which the program is linked, 0: in one */
	const char *host;
	char *const *command;		/* NULL-terminated */
	const char *started_utc;	/* ISO 8601 */
	struct meta_facts facts;
	json_t *earlier;	/* meta.json of the run that goes on; NULL: a new run */
	struct doctor environment;	/* as meta_write() found it at first */
};

/*
 * Writes directory/meta.json, whole or not at all, and syncs it to disk; before the first time it examines the machine, which takes a second.
 * status: "running", "complete", "partial" or "void"; reason or NULL. Returns 0, or -errno with err
 * set.
 */
int meta_write(struct meta *meta, const char *directory, const char *status,
	       const char *reason, struct error *err);

/* ISO 8601. */
json_t *meta_utc_now(void);

#endif
