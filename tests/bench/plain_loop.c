/*
 * A plain loop of kref_get and kref_put between two clock reads, against the engine's own figure.
 *
 * SPDX-License-Identifier: MIT
 *
 * Compiled once for each strategy. The slices of the loop alternate with the engine's windows,
 * since the machine's speed drifts; both run on the same processor. Prints the ratio engine/plain:
 * the median over the alternations and its 95 percent interval.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../harness/arena.h"
#include "../../harness/place.h"
#include "../../harness/stats.h"
#include "../../harness/window.h"
#include "../../kref/kref.h"

#define PAIRS 100000000u
#define SLICES 200u
#define SLICE_PAIRS (PAIRS / SLICES)

#define CELL_(strategy, variant) cell_getput_##strategy##_##variant
#define CELL(strategy, variant) CELL_(strategy, variant)
#define TEXT_(a) #a
#define TEXT(a) TEXT_(a)

extern const struct workload CELL(CELL_STRATEGY, CELL_VARIANT);

static void release_never(struct kref *kref)
{
	(void)kref;
	abort();
}

static __attribute__((noinline)) uint64_t plain_ns(struct kref *kref)
{
	const uint64_t start = clock_monotonic_ns();

	for (unsigned i = 0; i < SLICE_PAIRS; i++) {
		kref_get(kref);
		kref_put(kref, release_never);
	}
	return clock_monotonic_ns() - start;
}

struct bench {
	struct team team;
	struct clock clock;
	struct place place;
	struct arena arena;
	struct window_worker worker;
	struct window_result result;
};

static int engine_ns_per_op(struct bench *bench, uint64_t batch_ops, double *ns_per_op,
			    struct error *err)
{
	const struct params params = { .workers = 1, .objects = 1, .setting = SETTING_HELD };
	const struct window_request request = {
		.cell = &CELL(CELL_STRATEGY, CELL_VARIANT),
		.params = &params,
		.arena = bench->arena.memory,
		.batch_ops = batch_ops,
		.guard_ns = 40000,
		.window_ns = 5000000,
	};
	int error = window_run(&bench->team, &bench->clock, &request, &bench->result, err);

	if (!error)
		*ns_per_op = 1000 / window_mops(&bench->clock, &bench->result, 1);
	return error;
}

static int compare(struct bench *bench, double *ratios, struct error *err)
{
	struct kref *kref = aligned_alloc(WORKLOAD_ALIGN, WORKLOAD_ALIGN);
	double ns_per_op;
	int error = kref ? engine_ns_per_op(bench, 0, &ns_per_op, err) :
			   error_set(err, ENOMEM, "no memory");
	const uint64_t batch_ops = error ? 1 : (uint64_t)(WINDOW_BATCH_NS / ns_per_op);

	for (unsigned i = 0; !error && i < SLICES; i++) {
		double plain;

		kref_init(kref);
		/* It leaves no rest. NOLINTNEXTLINE(bugprone-integer-division) */
		plain = (double)plain_ns(kref) / SLICE_PAIRS;
		error = engine_ns_per_op(bench, batch_ops, &ns_per_op, err);
		ratios[i] = ns_per_op / plain;
	}
	free(kref);
	return error;
}

int main(void)
{
	struct bench bench = { .result = { .workers = &bench.worker } };
	static double ratios[SLICES];
	struct stats_interval interval;
	struct error err;
	int error;

	clock_init(&bench.clock);
	error = place_open(&bench.place, &err);
	if (!error)
		error = team_create(&bench.team, 1, NULL, &err);
	if (!error)
		error = team_rally(&bench.team, bench.place.cpus[PLACE_COMPACT], 1, false, &err);
	if (!error)
		error = arena_open(&bench.arena, CELL(CELL_STRATEGY, CELL_VARIANT).bytes(
				   &(struct params){ .objects = 1 }),
				   &(struct home){ .policy = HOME_LOCAL }, bench.place.cpus[PLACE_COMPACT][0], &err);
	if (!error)
		error = compare(&bench, ratios, &err);
	if (error) {
		fprintf(stderr, "plain_loop: %s\n", err.text);
		return 1;
	}
	if (stats_interval(ratios, SLICES, 0.95, &interval))
		return 1;
	printf("%-10s engine / plain loop of %u pairs: %.4f [%.4f, %.4f]\n", TEXT(CELL_STRATEGY),
	       PAIRS, stats_median_inplace(ratios, SLICES), interval.lo, interval.hi);
	return 0;
}
