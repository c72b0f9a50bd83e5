/*
 * Runs real windows of cells for the tests here: a team, a clock and one arena that grows.
 *
 * SPDX-License-Identifier: MIT
 *
 * Workers are spread over the processors this process may use; more of them than processors give
 * way in their waits. The arena keeps what the cell before left in it, as the arena of a group
 * does.
 */
#ifndef TESTS_WORKLOADS_BENCH_H
#define TESTS_WORKLOADS_BENCH_H

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "harness/window.h"

#define BENCH_WORKERS 4

struct bench {
	struct team team;
	struct clock clock;
	cpu_set_t cpus;			/* all that we may use, for the reclaiming threads too */
	int cpu[BENCH_WORKERS];		/* of each worker */
	unsigned nr_cpus;
	void *arena;
	size_t arena_bytes;
	struct window_worker workers[BENCH_WORKERS];
	struct window_result result;
	uint64_t guard_ns, window_ns;
	bool samples;			/* single ops, as for latencies */
	struct sampler samplers[BENCH_WORKERS];
};

/* Returns 0, or -errno with err set. */
static inline int bench_open(struct bench *bench, uint64_t guard_ns, uint64_t window_ns,
			     struct error *err)
{
	unsigned nr = 0;

	memset(bench, 0, sizeof(*bench));
	bench->guard_ns = guard_ns;
	bench->window_ns = window_ns;
	bench->result.workers = bench->workers;
	if (sched_getaffinity(0, sizeof(bench->cpus), &bench->cpus))
		return error_set(err, errno, "sched_getaffinity: %s", strerror(errno));
	bench->nr_cpus = (unsigned)CPU_COUNT(&bench->cpus);
	for (int cpu = 0; nr < BENCH_WORKERS; cpu = (cpu + 1) % CPU_SETSIZE)
		if (CPU_ISSET(cpu, &bench->cpus))
			bench->cpu[nr++] = cpu;
	clock_init(&bench->clock);
	return team_create(&bench->team, BENCH_WORKERS, NULL, err);
}

static inline void bench_close(struct bench *bench)
{
	team_destroy(&bench->team);
	if (bench->arena)
		munmap(bench->arena, bench->arena_bytes);
}

static inline int bench_arena(struct bench *bench, size_t bytes, struct error *err)
{
	if (bytes <= bench->arena_bytes)
		return 0;
	if (bench->arena)
		munmap(bench->arena, bench->arena_bytes);
	bench->arena_bytes = 0;
	bench->arena = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (bench->arena == MAP_FAILED) {
		bench->arena = NULL;
		return error_set(err, ENOMEM, "no arena of %zu bytes", bytes);
	}
	bench->arena_bytes = bytes;
	return 0;
}

/*
 * One window; params without reclaim_cpus, which are filled in. Returns as window_run(); the counts
 * are in bench->result.
 */
static inline int bench_window(struct bench *bench, const struct workload *cell,
			       struct params *params, uint64_t seed, struct error *err)
{
	struct window_request request = {
		.cell = cell,
		.params = params,
		.seed = seed,
		.guard_ns = bench->guard_ns,
		.window_ns = bench->window_ns,
	};
	int error;

	params->reclaim_cpus = &bench->cpus;
	params->reclaim_cpus_bytes = sizeof(bench->cpus);
	error = bench_arena(bench, cell->bytes(params) + WORKLOAD_ALIGN, err);
	if (!error && bench->team.active != params->workers)
		error = team_rally(&bench->team, bench->cpu, params->workers,
				   params->workers > bench->nr_cpus, err);
	if (error)
		return error;
	request.arena = bench->arena;
	for (unsigned i = 0; bench->samples && i < BENCH_WORKERS; i++) {
		sampler_init(&bench->samplers[i], seed + i, 1 + seed % 50);
		request.samplers = bench->samplers;
		request.batch_ops = 1;
	}
	return window_run(&bench->team, &bench->clock, &request, &bench->result, err);
}

#endif
