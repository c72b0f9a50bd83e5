/*
 * Which points the next launches measure: until their ratios are precise, or the budget is used.
 *
 * SPDX-License-Identifier: MIT
 *
 * All points are in the first launches. After 12, 16, 24, 32 and 48 launches of its own a point whose
 * ratio to the baseline is known well enough (judge_width()) costs no more time; the last look at it is
 * after 96: with one between, intervals would not cover any more what they say (tests/harness/
 * test_precision.c). The time goes to the points that may get there by then, with the baseline and the A/A
 * control of their groups; of those to the ones of fewest threads first, whose figures can be known
 * best; and when none is left, to the nearest of the others. Whether to go on depends on the width of
 * intervals and on the time alone, never on what a ratio says.
 */
#ifndef HARNESS_SCHEDULE_H
#define HARNESS_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "judge.h"
#include "options.h"
#include "plan.h"

/* The most launches of an adaptive run, whose points take turns. */
#define SCHEDULE_MOST_OF_ALL 480

/* Launches that were planned together, and measure the same points. */
struct schedule_block {
	unsigned launches;
	bool *measured;			/* of each point of the plan */
};

struct schedule_point {
	const struct workload *cell;
	unsigned group;
	unsigned done;			/* launches, those that are planned included */
	struct judge_width width;	/* at the latest look, infinite before the first */
	bool measured;			/* by the next launch */
	unsigned left_out;		/* from this launch on, as it crashed; 0: never */
};

struct schedule {
	const struct plan *plan;
	double precision;	/* 0: the launches are fixed */
	uint64_t budget_ns;	/* wall time of measuring; 0: no limit */
	unsigned launches;	/* planned so far */
	bool ended;		/* none will follow them */
	struct schedule_point *points;	/* in the order of the plan */
	/* Of each group: */
	bool *active;		/* the next launch measures some point of it */
	uint64_t *took_ns;	/* in the latest launch that had it */
	unsigned nr_active, nr_imprecise;	/* groups */
	struct schedule_block *blocks;		/* all that was planned */
	unsigned nr_blocks;
};

/* Returns 0, or -ENOMEM with err set; the caller closes it in both cases. */
int schedule_open(struct schedule *schedule, const struct plan *plan,
		  const struct options *options, struct error *err);

void schedule_close(struct schedule *schedule);

/*
 * When the planned launches are done, spent_ns after the first began: looks at the samples in
 * directory and plans more, or none. With fixed launches it does nothing. Returns 0, or a negative
 * errno with err set.
 */
int schedule_look(struct schedule *schedule, const char *directory, uint64_t spent_ns,
		  struct error *err);

/* Plans so many more launches of the points that are measured now. Returns 0 or -ENOMEM. */
int schedule_block_add(struct schedule *schedule, unsigned launches);

/* The block of a planned launch, from 1. */
const struct schedule_block *schedule_block_of(const struct schedule *schedule, unsigned launch);

/* Whether a planned launch, from 1, measures the point, or some point of the group. */
bool schedule_measures(const struct schedule *schedule, unsigned launch, unsigned point);
bool schedule_has(const struct schedule *schedule, unsigned launch, unsigned group);

/*
 * The point crashed: this launch and those behind it go on without it, and without its whole group if it is
 * the baseline.
 */
void schedule_leave_out(struct schedule *schedule, unsigned point, unsigned launch);

/* The number of launches at which the next look is, 0 after the last one. */
unsigned schedule_look_after(unsigned launches);

/* The launches, of those that are sure to come, after which each deferred point has been sampled once. */
unsigned schedule_sample_turns(const struct options *options);

/* The group of the plan that a row's fields name, at SAMPLES_WORKLOAD and so on; -1: none. */
int schedule_group(const struct plan *plan, const char *const *key);

/* The most launches that may be planned. */
unsigned schedule_most(const struct schedule *schedule);

#endif
