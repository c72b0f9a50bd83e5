/*
 * A cell for tests of the window: it keeps its own account of every run and fails where told to.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_HARNESS_FAKE_CELL_H
#define TESTS_HARNESS_FAKE_CELL_H

#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/window.h"

#define FAKE_WORKERS 8
/* Runs of a worker that are logged; later ones are only counted. */
#define FAKE_RUNS 32768

/* One call of run: the stamps are taken by the cell, inside those of the harness. */
struct fake_run {
	uint64_t start, end, asked, ops;
};

struct fake_worker {
	_Alignas(WORKLOAD_ALIGN) atomic_uint_fast64_t ops;	/* as run returned them */
	atomic_uint_fast64_t last_start;	/* stamp of the latest run */
	uint64_t runs, runs_after_stop, runs_after_error, retries, failed;
	uint64_t entered;			/* stamp at the end of enter */
	unsigned enters, leaves;
	bool stopped_at_end;			/* of a run that waited for the guard */
	struct fake_run *log;
};

struct fake {
	struct fake_worker workers[FAKE_WORKERS];
	const struct clock *clock;
	/* Does the ops of a run and returns them; what is left NULL does nr_ops short spins. */
	uint64_t (*behave)(struct fake *fake, struct worker *worker, uint64_t nr_ops);
	atomic_uint nr_entered;
	atomic_bool ran_early;			/* a run before all had entered */
	unsigned late;				/* this worker enters late; FAKE_WORKERS: none */
	int setup_error, enter_error, run_error, quiesce_error, verify_error;
	unsigned failing;			/* the worker of enter_error and run_error */
	unsigned setups, quiesces, verifies;
	uint64_t verified;			/* total_ops that verify was given */
	uint64_t guard_ns, window_ns;
	uint64_t reclaim_ns;
};

static inline size_t fake_bytes(const struct params *params)
{
	(void)params;
	return sizeof(struct fake);
}

static inline int fake_setup(void *arena, const struct params *params)
{
	struct fake *fake = arena;

	(void)params;
	fake->setups++;
	return fake->setup_error;
}

static inline int fake_enter(struct worker *worker)
{
	struct fake *fake = worker->arena;
	struct fake_worker *own = &fake->workers[worker->index];

	own->enters++;
	if (worker->index == fake->late)
		usleep(20000);
	if (fake->enter_error && worker->index == fake->failing)
		return fake->enter_error;
	own->entered = clock_ticks(fake->clock);
	atomic_fetch_add(&fake->nr_entered, 1);
	return 0;
}

static inline uint64_t fake_spin(uint64_t nr_ops)
{
	for (uint64_t i = 0; i < nr_ops; i++)
		worker_work(50);
	return nr_ops;
}

static inline uint64_t fake_run(struct worker *worker, uint64_t nr_ops)
{
	struct fake *fake = worker->arena;
	struct fake_worker *own = &fake->workers[worker->index];
	struct fake_run run = { .start = clock_ticks(fake->clock), .asked = nr_ops };

	if (atomic_load(&fake->nr_entered) != worker->params->workers)
		atomic_store(&fake->ran_early, true);
	own->runs_after_stop += worker_stopped(worker);
	own->runs_after_error += worker->error != 0;
	atomic_store(&own->last_start, run.start);
	if (fake->run_error && worker->index == fake->failing)
		worker->error = fake->run_error;
	else
		run.ops = fake->behave ? fake->behave(fake, worker, nr_ops) : fake_spin(nr_ops);
	worker->retries = own->retries += 3;
	worker->failed = own->failed += 2;
	atomic_fetch_add(&own->ops, run.ops);
	run.end = clock_ticks(fake->clock);
	if (own->runs < FAKE_RUNS)
		own->log[own->runs] = run;
	own->runs++;
	return run.ops;
}

static inline void fake_leave(struct worker *worker)
{
	((struct fake *)worker->arena)->workers[worker->index].leaves++;
}

static inline int fake_quiesce(void *arena)
{
	struct fake *fake = arena;

	fake->quiesces++;
	return fake->quiesce_error;
}

static inline int fake_verify(void *arena, uint64_t total_ops)
{
	struct fake *fake = arena;

	fake->verifies++;
	fake->verified = total_ops;
	return fake->verify_error;
}

static inline uint64_t fake_reclaim_ns(void *arena)
{
	return ((struct fake *)arena)->reclaim_ns += 250;
}

static inline struct workload fake_cell(unsigned multiple)
{
	return (struct workload){
		.name = "fake", .strategy = "counting", .variant = "test", .summary = "a test's",
		.settings = 1u << SETTING_HELD, .min_workers = 1, .multiple = multiple,
		.bytes = fake_bytes, .setup = fake_setup, .enter = fake_enter, .run = fake_run,
		.leave = fake_leave, .quiesce = fake_quiesce, .verify = fake_verify,
	};
}

static inline struct fake *fake_create(const struct clock *clock)
{
	struct fake *fake = aligned_alloc(WORKLOAD_ALIGN, sizeof(*fake));

	if (!fake)
		abort();
	memset(fake, 0, sizeof(*fake));
	fake->clock = clock;
	fake->late = FAKE_WORKERS;
	fake->guard_ns = 40000;
	fake->window_ns = 5000000;
	for (unsigned i = 0; i < FAKE_WORKERS; i++) {
		fake->workers[i].log = calloc(FAKE_RUNS, sizeof(struct fake_run));
		if (!fake->workers[i].log)
			abort();
	}
	return fake;
}

static inline void fake_destroy(struct fake *fake)
{
	for (unsigned i = 0; i < FAKE_WORKERS; i++)
		free(fake->workers[i].log);
	free(fake);
}

#endif
