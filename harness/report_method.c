/*
 * How a run was measured, what its controls say, and what its flags mean.
 *
 * SPDX-License-Identifier: MIT
 */
#include "report_internal.h"

#include <math.h>
#include <string.h>

/* What one call of a cell is sized to: workload.h's batches of about 20 us. */
#define BATCH_NS 20000.0

void words_method(struct words *words, const struct report *report)
{
	const double orders = results_meta_number(&report->results, "link_orders", NULL);

	words_add(words,
		  "ns/op is the mean time that one thread needs for one op: one reference taken "
		  "and given back, with what the workload does around it. At more threads it holds "
		  "the waiting for each other, too.");
	words_add(words,
		  "Strategies of one group are measured in the same rounds, in a freshly shuffled "
		  "order, and compared inside each round: a machine that drifts takes all along. A "
		  "ratio is the median over launches of the launch's ratio. Across thread counts "
		  "nothing is paired, so no verdict is given.");
	words_add(words,
		  "A launch, one process, is the sample: n counts launches, not windows, as "
		  "windows of one process resemble each other. Intervals are 95%% by order "
		  "statistics over launches, with too few launches the extremes.");
	if (orders > 1)
		words_add(words, "The program is linked in %.0f orders, and a launch runs one that its "
			  "groups have met least: what the place of a loop in the program does to "
			  "its speed is in the interval.", orders);
	words_add(words, "Every group holds " RESULTS_BASELINE
			 " a second time, compiled apart. The farthest end of that interval is the "
			 "noise floor: what lies inside it is a tie. Verdicts are against "
			 RESULTS_BASELINE ", corrected after Holm for their number.");
	words_add(words, "Floors (none, plain; rcu_only, hazptr and seqlock for a lookup) count "
			 "nothing or serve one thread only. They show what is left without a shared "
			 "count. Peers (shared_ptr, g_atomic_rc_box) are the counters of other "
			 "libraries, with types of their own. Neither is ever called a winner.");
	words_add(words, "The mutexes, spin locks and RCU here are those of user space (pthread, "
			 "liburcu). They are not the kernel's: costs of waiting, waking and grace "
			 "periods differ there, while the counting itself is the same kind of "
			 "instruction.");
	words_add(words,
		  "After each window the workload checks that every object was released just once "
		  "and no count was lost; a failure voids the run.");
	if (report->most_threads <= 2)
		words_add(words,
			  "With no more than 2 threads contention is between two parties only.");
}

/* The lowest, highest and number of some values. */
struct spread {
	double low, high;
	unsigned nr;
};

static void spread_add(struct spread *spread, double value)
{
	if (isnan(value))
		return;
	spread->low = spread->nr ? fmin(spread->low, value) : value;
	spread->high = spread->nr ? fmax(spread->high, value) : value;
	spread->nr++;
}

static const struct result_point *twin_of(const struct result_group *group,
					  const struct result_point *control)
{
	size_t i;

	for (i = 0; i < group->nr_points; i++)
		if (group->points[i].strategy == control->strategy &&
		    group->points[i].kind != RESULT_CONTROL)
			return &group->points[i];
	return NULL;
}

static void spread_words(struct words *words, const struct spread *spread, const char *what,
			 double scale, const char *unit)
{
	char low[32], high[32];

	words_number(spread->low * scale, low, sizeof(low));
	words_number(spread->high * scale, high, sizeof(high));
	if (!spread->nr)
		return;
	if (strcmp(low, high))
		words_add(words, "%s: %s%s to %s%s in %u groups.", what, low, unit, high, unit,
			  spread->nr);
	else
		words_add(words, "%s: %s%s in %u group%s.", what, low, unit, spread->nr,
			  spread->nr == 1 ? "" : "s");
}

void words_controls(struct words *words, const struct report *report)
{
	struct spread same = { 0 }, twin = { 0 }, empty = { 0 }, floors = { 0 };
	char percent[96], low[32], high[32];
	size_t i, j;

	for (i = 0; i < report->results.nr_groups; i++) {
		const struct result_group *group = &report->results.groups[i];

		spread_add(&floors, findings_floor(group, NULL));
		for (j = 0; j < group->nr_points; j++) {
			const struct result_point *point = &group->points[j], *other;

			if (point->kind != RESULT_CONTROL)
				continue;
			if (!strcmp(point->strategy, "empty")) {
				spread_add(&empty, point->ns_per_op);
				continue;
			}
			other = twin_of(group, point);
			if (!other)
				continue;
			spread_add(!strcmp(point->variant, "aa") ? &same : &twin,
				   findings_pair(group, point->cell, other->cell).ratio);
		}
	}
	spread_words(words, &same, "A/A, " RESULTS_BASELINE " against itself (should be 1)", 1, "");
	spread_words(words, &floors, "Noise floor", 100, "%");
	spread_words(words, &twin,
		     "Assembly twins, the same instructions by hand (should be 1)", 1, "");
	snprintf(percent, sizeof(percent), "Harness, one batch (%s%% to %s%% of its 20 us)",
		 words_number(100 * empty.low / BATCH_NS, low, sizeof(low)),
		 words_number(100 * empty.high / BATCH_NS, high, sizeof(high)));
	spread_words(words, &empty, percent, 1, " ns");
}

void words_flags(struct words *words, const struct report *report)
{
	static const struct {
		const char *name, *meaning;
	} flags[] = {
		{ "few-launches", "too few launches for a 95% interval: the extremes are shown" },
		{ "bursty",
		 "the cost comes in bursts, so the ratio of totals differs from that of medians; "
		 "judged by totals" },
		{ "short-overlap", "in some window a thread finished no batch (it was off its processor or starved) and counts 0 ops there" },
		{ "starved", "a thread finished no batch inside a window; it counts as zero ops" },
		{ "oversubscribed", "more threads than processors" },
		{ "shared-reclaim", "the thread that frees shared a processor with a worker" },
		{ "multiplexed", "the counters were taken in turns and scaled" },
		{ "steal", "the hypervisor took processor time away in some round" },
		{ "switched", "a thread was taken from its processor against its will" },
		{ "migrated", "a thread moved to another processor" },
		{ "clock-step", "the measuring clock and another one told different times" },
		{ "resumed", "a kill cut one of its launches, whose rounds are of two processes" },
		{ "drift", "the ratio to the baseline changed from the first half of the launches to the second: "
		 "the machine did not stay what it was, and the interval is of both" },
	};
	const struct results *results = &report->results;
	size_t i, j;

	for (i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		unsigned nr = 0;

		for (j = 0; j < results->nr_points; j++)
			nr += strstr(results->points[j].flags, flags[i].name) != NULL;
		if (nr)
			words_add(words, "%s (%u row%s)\t%s", flags[i].name, nr, nr == 1 ? "" : "s",
				  flags[i].meaning);
	}
}
