/*
 * What each worker does in a window: gate, guard, interval, guard, and its account of it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "window_internal.h"

#include <errno.h>
#include <math.h>

#include "mishap.h"

/* Past t1: far above any scheduler's slice, so that who comes later waits for what never comes. */
#define PATIENCE_NS 1000000000

/* A worker's own account while it runs. */
struct lap {
	uint64_t first, last;		/* stamps */
	uint64_t ops, ops_first, ops_last;
	uint64_t batches, batch_ops;
	struct counts begin, end;
	struct disturb_thread thread_begin, thread_end;
	uint64_t ops_begin, ops_end;
	bool inside, past;
};

static void window_fail(struct window *window, int error)
{
	__atomic_store_n(&window->error, error, __ATOMIC_RELAXED);
}

/* Ends the guard, and every wait inside the cells. */
static void window_stop(struct window *window)
{
	__atomic_store_n(&window->stop, 1, __ATOMIC_RELAXED);
}

/* Opens the gate once everybody has entered: the interval lies a guard ahead for all alike. */
static void window_open(struct window *window, unsigned index)
{
	barrier_wait(&window->entered);
	if (index == 0) {
		const struct window_request *request = window->request;

		disturb_clocks_read(window->clock, &window->clocks);
		if (!__atomic_load_n(&window->error, __ATOMIC_RELAXED)) {
			window->t0 = clock_ticks(window->clock) +
				     clock_from_ns(window->clock, request->guard_ns);
			window->t1 = window->t0 + clock_from_ns(window->clock, request->window_ns);
			window->give_up = window->t1 + clock_from_ns(window->clock, PATIENCE_NS);
		}
		/* release: t0 and t1; pairs with the acquire below. */
		atomic_store_explicit(&window->open, true, memory_order_release);
	}
	while (!atomic_load_explicit(&window->open, memory_order_acquire))
		barrier_relax(window->entered.yield);
}

static void lap_see(struct window *window, struct disturb_thread *thread)
{
	const int error = disturb_thread_read(thread);

	if (error)
		window_fail(window, error);
}

/* At a batch boundary: enters the interval, extends it, or leaves it. */
static void lap_mark(struct lap *lap, struct window *window, const struct counters *counters,
		     uint64_t now)
{
	if (now >= window->t1) {
		lap->past = true;
		if (lap->inside) {
			/*
			 * The batch that crosses t1 counts. Left out, a batch would be the less
			 * likely to count the longer it takes, and a stall longer than the window
			 * never would; counted up to the first boundary past t1, ops over time is
			 * unbiased (Wald).
			 */
			lap->last = now;
			if (counters_read(counters, &lap->end))
				window_fail(window, -EIO);
			lap_see(window, &lap->thread_end);
			lap->ops_end = lap->ops_last = lap->ops;
		}
		/* The guard lasts until the last one is past t1. */
		if (atomic_fetch_add_explicit(&window->past, 1, memory_order_relaxed) + 1 ==
		    window->request->params->workers)
			window_stop(window);
	} else if (now >= window->t0) {
		if (!lap->inside) {
			lap->inside = true;
			lap_see(window, &lap->thread_begin);
			if (counters_read(counters, &lap->begin))
				window_fail(window, -EIO);
			lap->ops_begin = lap->ops_first = lap->ops;
			/* Again: reading the counters took time that belongs to no op. */
			lap->first = clock_ticks(window->clock);
		}
		lap->batches++;
	}
}

/* One step of the loop: a batch, or a sample with the ops before it. Returns the ops done. */
static uint64_t window_step(const struct window *window, struct worker *worker, const struct lap *lap,
			    uint64_t batch_ops)
{
	const struct window_request *request = window->request;

	if (!request->samplers)
		return request->cell->run(worker, batch_ops);
	return sampler_run(&request->samplers[worker->index], window->clock, request->cell, worker,
			   lap->inside && !lap->past && worker->role == request->cell->multiple - 1);
}

/* So many ops inside half a batch's time are none: the compiler has dropped the cell's loop. */
#define IMPOSSIBLE_OPS (1ull << 26)

/*
 * Runs batches until all are past t1. Others may wait inside run for a worker that failed, or for a
 * reference that a broken cell lost: then nobody else would end their wait.
 */
static void window_loop(struct window *window, struct worker *worker, struct lap *lap,
			const struct counters *counters)
{
	const uint64_t half_batch = clock_from_ns(window->clock, WINDOW_BATCH_NS / 2);
	const bool adapt = !window->request->batch_ops;
	uint64_t batch_ops = adapt ? 1 : window->request->batch_ops;
	uint64_t before = 0, done = 0;

	while (!worker_stopped(worker)) {
		const uint64_t now = clock_ticks(window->clock);

		if (!lap->past) {
			lap_mark(lap, window, counters, now);
		} else {
			if (now >= window->give_up)
				window_stop(window);
			/* Else who is not past t1 waits for the slices of all that are. */
			if (worker->yield)
				sched_yield();
		}
		if (adapt && before && now - before < half_batch) {
			if (done >= IMPOSSIBLE_OPS)
				worker->error = -ENODATA;
			else if (batch_ops < IMPOSSIBLE_OPS)
				batch_ops *= 2;
		}
		before = now;
		if (!worker->error)
			lap->ops += done = window_step(window, worker, lap, batch_ops);
		if (worker->error) {
			window_fail(window, worker->error);
			window_stop(window);
		}
	}
	lap->batch_ops = batch_ops;
	if (worker->goes_on && !worker->error) {
		worker->goes_on = false;
		lap->ops += window->request->cell->run(worker, 1);
		if (worker->error)
			window_fail(window, worker->error);
	}
}

/* Whether the worker was taken from its processor, and to another, and what it had of it. */
static void window_see(const struct lap *lap, int cpu, struct window_worker *result)
{
	const int begin = lap->thread_begin.cpu, end = lap->thread_end.cpu;

	result->switched = lap->thread_end.switches != lap->thread_begin.switches;
	result->migrated = (begin >= 0 && begin != cpu) || (end >= 0 && end != cpu);
	result->user_ns = lap->thread_end.user_ns - lap->thread_begin.user_ns;
	result->kernel_ns = lap->thread_end.kernel_ns - lap->thread_begin.kernel_ns;
}

static void window_account(const struct window *window, const struct lap *lap, bool counts,
			   const struct member *member, struct window_worker *result)
{
	const struct counters *counters = &member->counters;

	*result = (struct window_worker){ .counts = counts };
	window_see(lap, member->cpu, result);
	for (unsigned i = 0; i < COUNTERS_MAX; i++)
		result->counters[i] = NAN;
	/* Not past t1 by itself: it was stuck, and what it did before that is not its rate. */
	if (!lap->inside || !lap->past) {
		result->no_overlap = true;
		result->ticks = window->t1 - window->t0;
		return;
	}
	result->ops = lap->ops_last - lap->ops_first;
	result->ticks = lap->last - lap->first;
	result->batches = lap->batches;
	result->counted_ops = lap->ops_end - lap->ops_begin;
	for (unsigned i = 0; i < counters->plan->nr; i++)
		if (counters_have(counters, i))
			result->counters[i] = counts_delta(i, &lap->begin, &lap->end,
							   &result->multiplexed);
	/* There and back. */
	result->migrated |= result->counters[COUNTER_MIGRATIONS] > 0;
}

/* Worker 0, past t1: whether the clock went as another one since before t0. */
static void window_check_clock(struct window *window)
{
	struct disturb_clocks now;

	disturb_clocks_read(window->clock, &now);
	window->clock_step = disturb_clock_stepped(window->clock, &window->clocks, &now);
}

void window_member(struct member *member, void *argument)
{
	struct window *window = argument;
	const struct workload *cell = window->request->cell;
	struct worker *worker = &window->workers[member->index];
	struct lap lap = { .first = 0 };
	/* Before the gate: it takes a system call, where the group is another than the last. */
	const int uncounted = counters_choose(&member->counters, window->request->counter_group);
	int error;

	mishap_wait(false);
	error = cell->enter(worker);

	if (error || uncounted)
		window_fail(window, error ? error : uncounted);
	lap_see(window, &lap.thread_begin);
	window_open(window, member->index);
	if (window->t1) {
		window_loop(window, worker, &lap, &member->counters);
		if (!lap.inside || !lap.past)
			lap_see(window, &lap.thread_end);
		if (member->index == 0) {
			window_check_clock(window);
			window->batch_ops = lap.batch_ops;
		}
	}
	mishap_wait(true);
	barrier_wait(&window->finished);
	mishap_wait(false);
	if (!error)
		cell->leave(worker);
	mishap_wait(true);
	window_account(window, &lap, worker->role == cell->multiple - 1, member,
		       &window->results[member->index]);
	window->results[member->index].total_ops = lap.ops;
}
