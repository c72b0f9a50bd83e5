/*
 * Runs one window: sets the cell up, has the workers run it, and verifies it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "window_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mishap.h"
#include "random.h"

static void workers_init(struct window *window, const struct team *team, struct worker *workers)
{
	const struct window_request *request = window->request;
	const unsigned multiple = request->cell->multiple;
	uint64_t seed = request->seed;

	for (unsigned i = 0; i < request->params->workers; i++)
		workers[i] = (struct worker){
			.index = i,
			.role = i % multiple,
			.partner = multiple == 2 ? &workers[i ^ 1] : NULL,
			.cpu = team->members[i].cpu,
			.stop = &window->stop,
			.yield = team->yield,
			.arena = request->arena,
			.params = request->params,
			.goes_on = request->samplers,
			.random = random_next(&seed) | 1,	/* xorshift64 stays at 0 */
		};
}

static void window_sum(const struct window *window, struct window_result *result)
{
	result->total_ops = result->retries = result->failed = 0;
	for (unsigned i = 0; i < window->request->params->workers; i++) {
		if (result->workers[i].counts)
			result->total_ops += result->workers[i].total_ops;
		result->retries += window->workers[i].retries;
		result->failed += window->workers[i].failed;
	}
}

/* Setup has succeeded: runs, quiesces and verifies. */
static int window_measure(struct team *team, struct window *window, struct window_result *result,
			  struct error *err)
{
	const struct workload *cell = window->request->cell;
	void *arena = window->request->arena;
	const bool reclaims = cell->reclaim_cpu_ns && params_free(window->request->params);
	const uint64_t reclaim_ns = reclaims ? cell->reclaim_cpu_ns(arena) : 0;
	int error;

	mishap_stage(MISHAP_OPS);
	team_do(team, window_member, window);
	mishap_stage(MISHAP_QUIESCE);
	window_sum(window, result);
	result->clock_step = window->clock_step;
	result->begin_ticks = window->t0;
	result->end_ticks = window->t1;
	result->batch_ops = window->batch_ops;
	error = cell->quiesce(arena);
	if (!error)
		error = window->error;
	if (error)
		return error_set(err, -error, "%s+%s@%s cannot go on: %s", cell->name,
				 cell->strategy, cell->variant, error == -ENODATA ?
				 "its ops take no time, the compiler has dropped them" :
				 strerror(-error));
	result->has_reclaim = reclaims;
	result->reclaim_ns = reclaims ? cell->reclaim_cpu_ns(arena) - reclaim_ns : 0;
	result->garbage = (struct garbage){ .objects = 0 };
	if (cell->garbage)
		cell->garbage(arena, &result->garbage);
	result->has_garbage = cell->garbage && (params_free(window->request->params) ||
						result->garbage.delays);
	mishap_stage(MISHAP_VERIFY);
	error = cell->verify(arena, result->total_ops);
	if (error)
		return error_set(err, -error,
				 "%s+%s@%s lost a count or released an object twice: its "
				 "numbers mean nothing", cell->name, cell->strategy,
				 cell->variant);
	return 0;
}

int window_run(struct team *team, const struct clock *clock,
	       const struct window_request *request, struct window_result *result,
	       struct error *err)
{
	const struct workload *cell = request->cell;
	const unsigned n = request->params->workers;
	struct window window = {
		.request = request,
		.clock = clock,
		.results = result->workers,
		.workers = aligned_alloc(WORKLOAD_ALIGN, n * sizeof(struct worker)),
	};
	int error;

	if (!window.workers)
		return error_set(err, ENOMEM, "no memory for %u workers", n);
	workers_init(&window, team, window.workers);
	barrier_init(&window.entered, n, team->yield);
	barrier_init(&window.finished, n, team->yield);
	result->window_ns = request->window_ns;
	mishap_begin(request->point, request->guard_ns + request->window_ns, n);
	error = cell->setup(request->arena, request->params);
	if (error)
		error_set(err, -error, "%s+%s cannot be set up: %s", cell->name, cell->strategy,
			  strerror(-error));
	else
		error = window_measure(team, &window, result, err);
	mishap_end();
	free(window.workers);
	return error;
}

double window_mops(const struct clock *clock, const struct window_result *result,
		   unsigned nr_workers)
{
	double mops = 0;

	for (unsigned i = 0; i < nr_workers; i++) {
		const struct window_worker *worker = &result->workers[i];

		if (worker->counts && worker->ticks)
			mops += (double)worker->ops /
				((double)worker->ticks * clock->ns_per_tick) * 1000;
	}
	return mops;
}
