/*
 * Times single ops at random distances.
 *
 * SPDX-License-Identifier: MIT
 */
#include "sampler.h"

#include <string.h>

#include "random.h"

/* Enough for a median in each window, and few enough not to be felt. */
#define SAMPLES_A_NOTHING 8

void sampler_init(struct sampler *sampler, uint64_t seed, uint64_t gap_ops)
{
	memset(sampler, 0, sizeof(*sampler));
	sampler->random = seed;
	sampler->gap_ops = gap_ops;
}

static uint64_t run_nothing(struct worker *worker, uint64_t nr_ops)
{
	(void)worker;
	return nr_ops;
}

/* A pointer that the compiler does not see through, as it does not through a cell's. */
static uint64_t (*volatile const nothing)(struct worker *, uint64_t) = run_nothing;

/* To the nearest ns. A worker that was moved between two processors may see the later stamp first. */
static uint64_t elapsed_ns(const struct clock *clock, uint64_t begin, uint64_t end)
{
	return end < begin ? 0 : (uint64_t)((double)(end - begin) * clock->ns_per_tick + 0.5);
}

static void time_nothing(struct sampler *sampler, const struct clock *clock, struct worker *worker)
{
	uint64_t (*const run)(struct worker *, uint64_t) = nothing;
	const uint64_t begin = clock_ticks(clock);

	run(worker, 1);
	histogram_add(&sampler->stamps, elapsed_ns(clock, begin, clock_ticks(clock)));
}

uint64_t sampler_run(struct sampler *sampler, const struct clock *clock, const struct workload *cell,
		     struct worker *worker, bool counts)
{
	const uint64_t gap_ops = random_next(&sampler->random) % (2 * sampler->gap_ops + 1);
	uint64_t (*const run)(struct worker *, uint64_t) = cell->run;
	uint64_t begin, end, done, ops = 0;

	if (counts && !(random_next(&sampler->random) % SAMPLES_A_NOTHING))
		time_nothing(sampler, clock, worker);
	if (gap_ops)
		ops = run(worker, gap_ops);
	if (worker->error)
		return ops;
	begin = clock_ticks(clock);
	done = run(worker, 1);
	end = clock_ticks(clock);
	if (counts && done)
		histogram_add(&sampler->ops, elapsed_ns(clock, begin, end));
	return ops + done;
}
