/*
 * Reads samples.csv: each row one measured window, as a struct.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_SAMPLES_H
#define HARNESS_SAMPLES_H

#include <stdbool.h>
#include <stdint.h>

#include "csv.h"
#include "error.h"
#include "flagset.h"

/* The columns in which all points of a group agree. */
enum samples_key {
	SAMPLES_WORKLOAD, SAMPLES_SETTING, SAMPLES_PLACEMENT, SAMPLES_THREADS, SAMPLES_OBJECTS,
	SAMPLES_NODE, SAMPLES_WORK_NS, SAMPLES_LAYOUT, SAMPLES_REPLACE, SAMPLES_NR_KEYS
};

enum samples_figure {
	SAMPLES_WINDOW_NS, SAMPLES_OPS, SAMPLES_MOPS, SAMPLES_NS_PER_OP, SAMPLES_FAIRNESS,
	SAMPLES_TICKS, SAMPLES_COUNTED_OPS, SAMPLES_CYCLES, SAMPLES_INSTRUCTIONS,
	SAMPLES_CACHE_MISSES, SAMPLES_SWITCHES, SAMPLES_MIGRATIONS, SAMPLES_RETRIES,
	SAMPLES_FAILED, SAMPLES_TOTAL_OPS, SAMPLES_RECLAIM_NS, SAMPLES_DELAYS, SAMPLES_DELAY_NS,
	SAMPLES_GARBAGE_OBJECTS, SAMPLES_GARBAGE_BYTES, SAMPLES_KREF_BYTES, SAMPLES_THREAD_BYTES,
	SAMPLES_NR_FIGURES
};

/* Counters of the columns after counter_group, whatever their names. */
#define SAMPLES_MAX_COUNTERS 32
#define SAMPLES_MAX_FIGURES (SAMPLES_NR_FIGURES + SAMPLES_MAX_COUNTERS)

enum samples_kind {
	SAMPLES_CANDIDATE, SAMPLES_FLOOR, SAMPLES_PEER, SAMPLES_AID, SAMPLES_CONTROL, SAMPLES_NR_KINDS
};

extern const char *const samples_kind_names[SAMPLES_NR_KINDS];

/* One row; the texts are valid until the next samples_next(). */
struct sample {
	uint64_t launch, round, threads;
	uint64_t round_windows;	/* that the round has when it is whole; 0: not told */
	uint64_t rounds;	/* of the group in this launch; 0: not told */
	const char *key[SAMPLES_NR_KEYS];
	const char *strategy, *variant;
	enum samples_kind kind;
	bool deferred;
	uint64_t flags;
	/* NAN where absent; the further counters behind the named figures. */
	double figure[SAMPLES_MAX_FIGURES];
};

struct samples {
	struct csv csv;
	struct flagset flags;
	int launch, round, strategy, variant, kind, deferred, flag;	/* columns */
	int round_windows, rounds;			/* -1: the run has none */
	int key[SAMPLES_NR_KEYS];
	int figure[SAMPLES_MAX_FIGURES];
	const char *counters[SAMPLES_MAX_COUNTERS];	/* their names, into csv */
	int nr_counters;	/* none in a run from before there were groups of them */
};

/* Opens the file and finds its columns. Returns 0, or a negative errno with err set. */
int samples_open(struct samples *samples, const char *path, struct error *err);

/*
 * Reads the next window: 1 on success, 0 at the end (a torn last line is dropped), or a negative
 * errno with err set; -EBADMSG where a field cannot be what it should. A window in which nothing
 * was done has 0 mops and infinite ns_per_op, so that a median takes it for what it is, slow, and
 * does not pass over it. Of mops and ns_per_op one may be absent, and is derived; with both absent
 * the window measured no time (both NAN).
 */
int samples_next(struct samples *samples, struct sample *sample, struct error *err);

/* Says that the current row is damaged, with its place in the file; returns -EBADMSG. */
int samples_damaged(const struct samples *samples, struct error *err, const char *cause);

/* As samples_next(), of a row that has been read before: its flags alone, in far less time. */
int samples_next_flags(struct samples *samples, struct sample *sample, struct error *err);

void samples_close(struct samples *samples);

#endif
