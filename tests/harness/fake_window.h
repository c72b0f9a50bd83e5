/*
 * A team and a request around the fake cell: what the tests of the window have in common.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_HARNESS_FAKE_WINDOW_H
#define TESTS_HARNESS_FAKE_WINDOW_H

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/count_plan.h"
#include "tests/harness/fake_cell.h"
#include "tests/harness/processors.h"

/* Windows tried until everybody was awake in one; a busy machine may miss some. */
#define TRIES 50

static struct team team;
static struct count_plan counting;
static unsigned counter_group;		/* of the windows */
static int cpus[FAKE_WORKERS];		/* as the test may use before it is pinned itself */
static unsigned nr_cpus;
static struct clock ticks, nanoseconds;
static struct window_worker workers[FAKE_WORKERS];
static struct window_result result;

static inline int open_team(void **state)
{
	struct count_scene scene;
	struct error err;

	(void)state;
	alarm(100);	/* a window that hangs must not hang the tests */
	if (!nr_cpus)
		nr_cpus = processors(cpus, FAKE_WORKERS);
	clock_init(&ticks);
	clock_use_monotonic(&nanoseconds);
	result.workers = workers;
	count_plan_init(&counting);
	count_plan_look(&counting, &scene);
	count_plan_probe(&counting, &scene);
	return team_create(&team, FAKE_WORKERS, &counting, &err);
}

static inline int close_team(void **state)
{
	(void)state;
	team_destroy(&team);
	return 0;
}

static inline void rally(unsigned n)
{
	struct error err;

	assert_int_equal(team_rally(&team, cpus, n, n > nr_cpus, &err), 0);
}

static inline int run_window(struct fake *fake, const struct workload *cell, unsigned n,
		      uint64_t batch_ops, struct error *err)
{
	const struct params params = { .workers = n, .objects = 1,
					 .setting = SETTING_CHURN };
	const struct window_request request = {
		.cell = cell, .params = &params, .arena = fake, .seed = 1,
		.batch_ops = batch_ops, .guard_ns = fake->guard_ns,
		.window_ns = fake->window_ns, .counter_group = counter_group,
	};

	memset(err, 0, sizeof(*err));
	memset(workers, 0xff, sizeof(workers));
	return window_run(&team, fake->clock, &request, &result, err);
}

static inline void run_good(struct fake *fake, unsigned n, uint64_t batch_ops)
{
	const struct workload cell = fake_cell(1);
	struct error err;

	assert_int_equal(run_window(fake, &cell, n, batch_ops, &err), 0);
}

#endif
