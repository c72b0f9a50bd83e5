/*
 * What the windows of a run add up to: its groups, their points, and the results of each launch.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_TALLY_H
#define HARNESS_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "samples.h"

/* The strategy that verdicts are against, and the variant of its second compilation (A/A). */
#define TALLY_BASELINE	"refcount"
#define TALLY_CONTROL	"aa"

enum tally_rate {
	TALLY_TICKS, TALLY_CYCLES, TALLY_INSTRUCTIONS, TALLY_CACHE_MISSES, TALLY_RETRIES,
	TALLY_FAILED, TALLY_RECLAIM_NS, TALLY_SWITCHES, TALLY_MIGRATIONS, TALLY_RECLAIM_DELAY,
	TALLY_NR_RATES
};

/* Those of the further counters, in the order of their columns, stand behind. */
#define TALLY_MAX_RATES (TALLY_NR_RATES + SAMPLES_MAX_COUNTERS)

enum tally_peak {
	TALLY_GARBAGE_OBJECTS, TALLY_GARBAGE_BYTES, TALLY_KREF_BYTES, TALLY_THREAD_BYTES,
	TALLY_NR_PEAKS
};

struct tally_point {
	uint64_t hash;		/* of strategy and variant */
	char *strategy, *variant;
	enum samples_kind kind;
	uint64_t windows, flags;
	uint64_t disturbed;	/* windows with any of FLAGSET_DISTURBED */
	/* totals over the windows that have both; a rate is events / ops, absent where ops is 0 */
	double events[TALLY_MAX_RATES], ops[TALLY_MAX_RATES];
	double peaks[TALLY_NR_PEAKS];	/* the most in any window, NAN where absent */
};

/*
 * One launch of one group. Of the nr_points known by then: the time per op of each point by the median
 * of its windows and by their total, its Mops by their total, its fairness, and of each pair, at
 * tally_pair(), the median of the rounds' ratios. NAN where there is none.
 *
 * Pairs are what there is most of. Where each point that the launch measured has a window in every round,
 * the ratio of a pair's totals is that of the points' rates, and is not kept.
 */
struct tally_launch {
	uint64_t launch;
	unsigned nr_points;
	unsigned nr_measured;		/* points that it has windows of */
	double *ns_medians, *ns_totals, *rates, *fairness, *medians;
	double *totals;			/* of each pair, in the rounds that have both; NULL: see above */
	double figures[];	/* the five arrays */
};

struct tally_group {
	struct tally_group *next;	/* with the same hash */
	uint64_t hash;
	char *key[SAMPLES_NR_KEYS];
	uint64_t threads;
	bool deferred;
	int baseline;			/* index of a point, -1 while there is none */
	struct tally_point *points;	/* in the order of their first row */
	unsigned nr_points, size_points;
	struct tally_launch **launches;
	size_t nr_launches, size_launches;
	unsigned most_measured;		/* points in any launch */
};

struct tally {
	struct tally_group **groups;	/* in the order of their first row */
	size_t nr_groups, size_groups;
	struct tally_group *buckets[4096];
	char *baseline_variant;		/* of the first baseline in the file, NULL so far */
};

/* Groups and points are sought once a launch and once a row. Both return NULL without memory. */
struct tally_group *tally_group_get(struct tally *tally, const struct sample *sample);
struct tally_point *tally_point_get(struct tally *tally, struct tally_group *group,
				    const struct sample *sample);

/* Is the sample of this group? */
bool tally_group_is(const struct tally_group *group, const struct sample *sample);

/* Is it the baseline compiled a second time (A/A)? */
bool tally_point_is_aa(const struct tally_point *point);

/* Adds the window's totals to the point. */
void tally_window_add(struct tally_point *point, const double *figure, uint64_t flags);

/*
 * Chooses the group's baseline if it has none yet: the first baseline variant of the file, so that
 * all groups are compared with the same, else the group's own first. Stays once chosen.
 */
void tally_baseline_choose(const struct tally *tally, struct tally_group *group);

/*
 * Appends a launch with room for the group's points, every figure NAN. Returns NULL without
 * memory.
 */
struct tally_launch *tally_launch_add(struct tally_group *group, uint64_t launch);

/*
 * The place of a pair's ratio, lower < upper: stays the same as points are added. The ratio is
 * ns(lower) / ns(upper), but where lower is the group's baseline ns(upper) / ns(lower).
 */
static inline size_t tally_pair(size_t lower, size_t upper)
{
	return upper * (upper - 1) / 2 + lower;
}

/* Makes room for totals, each NAN. Returns false without memory. */
bool tally_totals_add(struct tally_launch *launch);

/* The ratio of a pair by what both did in all the rounds that have both, in a launch that knows both points. */
double tally_totals(const struct tally_group *group, const struct tally_launch *launch, unsigned lower,
		    unsigned upper);

/*
 * Forgets the figures of the points with these names, as plan_point_name() writes them, up to a NULL: points
 * that crashed, so that the times of others are of all launches that have the rest of the group.
 */
void tally_leave_out(struct tally *tally, const char *const *names);

void tally_free(struct tally *tally);

#endif
