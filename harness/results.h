/*
 * A run's folder in memory: summary.csv, ratios.csv, holes.csv and meta.json as structs, in groups.
 *
 * SPDX-License-Identifier: MIT
 *
 * Columns and words are those of results/README.md. An absent number is NAN, an absent text is "".
 * Texts are interned: equal ones are the same pointer, and live as long as the struct results.
 */
#ifndef HARNESS_RESULTS_H
#define HARNESS_RESULTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "latencies.h"

#define RESULTS_BASELINE "refcount"

/* Counters beyond those that each run has, a column NAME_per_op each. */
#define RESULTS_MAX_COUNTERS 32

enum result_kind { RESULT_CANDIDATE, RESULT_FLOOR, RESULT_PEER, RESULT_AID, RESULT_CONTROL };

enum result_verdict { VERDICT_NONE, VERDICT_FASTER, VERDICT_SLOWER, VERDICT_TIE };

/* What the points of one group share. */
struct result_key {
	const char *workload, *setting, *placement, *layout, *node;
	unsigned threads, objects, replace;
	double work_ns;
};

struct result_point {
	struct result_key key;
	const char *strategy, *variant, *flags;
	const char *cell;	/* strategy@variant, as ratios.csv writes it */
	enum result_kind kind;
	unsigned launches, windows;
	double ns_per_op, ns_per_op_lo, ns_per_op_hi, mops, fairness;
	double ticks_per_op, cycles_per_op, instructions_per_op, cache_misses_per_op;
	double retries_per_op, failed_per_op, reclaim_ns_per_op;
	double switches_per_op, migrations_per_op;
	double kref_bytes, thread_bytes, reclaim_delay_ns, garbage_objects, garbage_bytes;
	double counters[RESULTS_MAX_COUNTERS];	/* per op, by results->counters */
	double moved_per_op;	/* of these moved_local and moved_remote, as far as they are there */
};

struct result_ratio {
	struct result_key key;
	const char *a, *b, *judged;
	unsigned launches;
	double ratio, lo, hi, floor, p_holm;
	enum result_verdict verdict;
};

struct result_hole {
	const char *workload, *strategy, *variant, *setting, *reason;
};

/* A hand-over of a cache line between two processors; step is what b is new in beside a. */
struct result_handover {
	unsigned cpu_a, cpu_b;
	const char *step;
	double ns, lo, hi;
};

/* What an op costs where a line changes hands with each. */
struct result_floor {
	const char *placement;
	unsigned threads;
	double ns_per_op;
};

/* Points that a reader compares. The arrays are parts of the ones in struct results. */
struct result_group {
	struct result_key key;
	const struct result_point *points;	/* fastest first */
	size_t nr_points;
	const struct result_ratio *ratios;
	size_t nr_ratios;
};

/* Groups that differ in threads only, fewest first. */
struct result_series {
	const struct result_group *groups;
	size_t nr;
	bool extra_work;	/* a part of a work sweep, not its work_ns of least */
};

/* Of meta.json, and with it of the folder's files. */
#define RESULTS_FORMAT 1

struct results {
	struct result_point *points;
	size_t nr_points;
	struct result_ratio *ratios;
	size_t nr_ratios;
	struct result_hole *holes;
	size_t nr_holes;
	struct result_handover *handovers;
	size_t nr_handovers;
	struct result_floor *floors;
	size_t nr_floors;
	struct latencies latencies;
	struct result_group *groups;
	size_t nr_groups;
	struct result_series *series;
	size_t nr_series;
	const char **variants;	/* tool chains; those of controls are no variants */
	size_t nr_variants;
	const char *counters[RESULTS_MAX_COUNTERS];	/* names, without _per_op */
	size_t nr_counters;
	bool many_placements, many_layouts, many_nodes, many_objects;
	json_t *meta;		/* an object */
	struct results_texts *texts;
};

/*
 * Loads the folder dir. A missing holes.csv, handover.csv, floors.csv or latency.csv means that there are none. Returns 0; -EBADMSG with err
 * set for a damaged file, another negative errno for one that cannot be read; *results then holds
 * nothing.
 */
int results_load(struct results *results, const char *dir, struct error *err);

void results_free(struct results *results);

/*
 * meta.json alone, an object. Returns 0 or a negative errno with err set; *meta, which may be set in
 * both cases, is the caller's.
 */
int results_meta_load(json_t **meta, const char *dir, struct error *err);

/* The same from a file that is open already and is closed then; path is for err. */
int results_meta_read(json_t **meta, FILE *file, const char *path, struct error *err);

/* Whether a and b are the same but for threads (series) or for work_ns (sweep). */
bool results_same_series(const struct result_key *a, const struct result_key *b);
bool results_same_sweep(const struct result_key *a, const struct result_key *b);

/*
 * What an op of the group's threads takes where a line changes hands with each. NAN where that is not
 * known, at one thread, and with several objects, where threads seldom meet.
 */
double results_floor(const struct results *results, const struct result_group *group);

/* What single ops of the point took; NULL where none were sampled. */
const struct latencies_point *results_latency(const struct results *results,
					      const struct result_point *point);

/*
 * "getput, held", with placement, objects, share of replacements,
 * layout and node where the run has more than one. Writes
 * at most size bytes, the NUL included; returns buf.
 */
char *results_label(const struct results *results, const struct result_key *key, char *buf,
		    size_t size);

/* The strategy's name, with @variant where the run has more than one. Returns buf or a text. */
const char *results_cell_name(const struct results *results, const struct result_point *point);

/*
 * meta.json: the text, number or element at outer.inner (inner may be NULL). Absent, or of another
 * type: "" , NAN, NULL.
 */
const char *results_meta_text(const struct results *results, const char *outer, const char *inner);
double results_meta_number(const struct results *results, const char *outer, const char *inner);
json_t *results_meta(const struct results *results, const char *outer, const char *inner);

#endif
