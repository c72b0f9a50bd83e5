/*
 * Tests of cell_turns() in workloads/cell.h: when a strategy is polled.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define CELL_WORKLOAD turns
#define CELL_STRATEGY polled
#define CELL_VARIANT test
#define NEEDS 0
#define NEEDS_CHURN 0
#include "workloads/cell.h"

static const struct params params = { .workers = 1, .poll_every = 100 };
static uint64_t most;		/* ops of a turn; it does no more */

static uint64_t turn(struct worker *worker, uint64_t nr_ops)
{
	(void)worker;
	return nr_ops < most ? nr_ops : most;
}

static unsigned polls_of(struct worker *worker, unsigned calls, uint64_t nr_ops)
{
	polls = 0;
	for (unsigned i = 0; i < calls; i++)
		assert_int_equal(cell_turns(worker, nr_ops, turn), nr_ops);
	return polls;
}

static int reset(void **state)
{
	(void)state;
	most = UINT64_MAX;
	return 0;
}

static void a_batch_polls_at_its_end_too(void **state)
{
	struct worker worker = { .params = &params };

	(void)state;
	assert_int_equal(polls_of(&worker, 1, 300), 3);
	assert_int_equal(polls_of(&worker, 1, 301), 4);
	assert_int_equal(polls_of(&worker, 50, 1), 50);
}

static void calls_of_one_batch_poll_as_seldom_as_it(void **state)
{
	struct worker worker = { .params = &params, .goes_on = true };

	(void)state;
	assert_int_equal(polls_of(&worker, 99, 1), 0);
	assert_int_equal(polls_of(&worker, 1, 1), 1);
	assert_int_equal(polls_of(&worker, 7, 150), 10);	/* and 50 ops */
	assert_int_equal(polls_of(&worker, 1, 49), 0);
	assert_int_equal(polls_of(&worker, 1, 1), 1);
}

static void its_last_call_ends_it(void **state)
{
	struct worker worker = { .params = &params, .goes_on = true };

	(void)state;
	assert_int_equal(polls_of(&worker, 1, 60), 0);
	worker.goes_on = false;
	assert_int_equal(polls_of(&worker, 1, 1), 1);
	assert_int_equal(worker.unpolled, 0);
}

static void a_turn_cut_short_ends_the_call(void **state)
{
	struct worker worker = { .params = &params, .goes_on = true };

	(void)state;
	most = 30;
	assert_int_equal(cell_turns(&worker, 500, turn), 30);
	assert_int_equal(worker.unpolled, 30);
	worker.goes_on = false;
	assert_int_equal(cell_turns(&worker, 500, turn), 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_batch_polls_at_its_end_too, reset),
		cmocka_unit_test_setup(calls_of_one_batch_poll_as_seldom_as_it, reset),
		cmocka_unit_test_setup(its_last_call_ends_it, reset),
		cmocka_unit_test_setup(a_turn_cut_short_ends_the_call, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

CELL(.summary = "none: its turns are the test's", .settings = 1 << SETTING_HELD);
