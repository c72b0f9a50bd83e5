/*
 * Tests of harness/window.c where workers have to share a processor: who is past the interval makes room.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sched.h>

#include "tests/harness/fake_window.h"

static _Thread_local unsigned yields;	/* since the worker's last run */
static atomic_uint made_room;		/* runs that a yield came before, the first of each worker left out */

int __real_sched_yield(void);
int __wrap_sched_yield(void);

int __wrap_sched_yield(void)
{
	yields++;
	return __real_sched_yield();
}

static uint64_t behave_watched(struct fake *fake, struct worker *worker, uint64_t nr_ops)
{
	/* Before the first there is the gate, at which all yield. */
	if (yields && fake->workers[worker->index].runs)
		atomic_fetch_add(&made_room, 1);
	yields = 0;
	return fake_spin(nr_ops);
}

static void watch_window(unsigned n)
{
	struct fake *fake = fake_create(&ticks);

	fake->behave = behave_watched;
	fake->window_ns = 500000;
	run_good(fake, n, 100);
	fake_destroy(fake);
}

/* Of a crowd the first that is past has the processor, and all others wait for it. */
static void test_a_crowd_makes_room(void **state)
{
	int same[FAKE_WORKERS];
	struct error err;
	unsigned tries = 0;

	(void)state;
	for (unsigned i = 0; i < FAKE_WORKERS; i++)
		same[i] = cpus[0];
	assert_int_equal(team_rally(&team, same, FAKE_WORKERS, true, &err), 0);
	atomic_store(&made_room, 0);
	while (!atomic_load(&made_room) && tries++ < TRIES)
		watch_window(FAKE_WORKERS);
	assert_true(atomic_load(&made_room) > 0);
}

/* With a processor each nothing stands between two batches, guards included. */
static void test_others_never_yield(void **state)
{
	(void)state;
	if (nr_cpus < 2)
		skip();
	rally(2);
	atomic_store(&made_room, 0);
	for (unsigned i = 0; i < 10; i++)
		watch_window(2);
	assert_int_equal(atomic_load(&made_room), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_crowd_makes_room),
		cmocka_unit_test(test_others_never_yield),
	};

	return cmocka_run_group_tests(tests, open_team, close_team);
}
