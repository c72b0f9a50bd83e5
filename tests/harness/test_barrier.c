/*
 * Tests of harness/barrier.h: nobody leaves a generation before all have arrived in it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/barrier.h"
#include "tests/harness/processors.h"

#define MEMBERS 6
#define GENERATIONS 400

static struct {
	struct barrier barrier;
	unsigned members;
	bool delays;
	atomic_uint arrived[GENERATIONS];
	/* Plain: that a member sees what the others wrote is the barrier's promise. */
	unsigned written[MEMBERS];
	atomic_uint too_few, too_many, unseen;
} meeting;

static void delay(unsigned *seed)
{
	const unsigned draw = (unsigned)rand_r(seed) % 8;

	if (draw == 0)
		usleep(100);
	else if (draw < 3)
		sched_yield();
	else
		worker_work((unsigned)rand_r(seed) % 4096);
}

static void meet(unsigned own)
{
	unsigned seed = own + 1;

	for (unsigned g = 0; g < GENERATIONS; g++) {
		unsigned arrived;

		if (meeting.delays)
			delay(&seed);
		meeting.written[own] = g + 1;
		atomic_fetch_add_explicit(&meeting.arrived[g], 1, memory_order_relaxed);
		barrier_wait(&meeting.barrier);
		arrived = atomic_load_explicit(&meeting.arrived[g], memory_order_relaxed);
		meeting.too_few += arrived < meeting.members;
		meeting.too_many += arrived > meeting.members;
		for (unsigned i = 0; i < meeting.members; i++)
			meeting.unseen += meeting.written[i] != g + 1;
		/* Nobody writes the next before all have looked. */
		barrier_wait(&meeting.barrier);
	}
}

static void *other_main(void *argument)
{
	meet((unsigned)(uintptr_t)argument);
	return NULL;
}

static void hold_meeting(unsigned members, bool yield, bool delays)
{
	pthread_t threads[MEMBERS];

	memset(meeting.arrived, 0, sizeof(meeting.arrived));
	meeting.too_few = meeting.too_many = meeting.unseen = 0;
	meeting.members = members;
	meeting.delays = delays;
	barrier_init(&meeting.barrier, members, yield);
	for (unsigned i = 1; i < members; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, other_main,
						(void *)(uintptr_t)i), 0);
	meet(0);
	for (unsigned i = 1; i < members; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(meeting.too_few, 0);
	assert_int_equal(meeting.too_many, 0);
	assert_int_equal(meeting.unseen, 0);
	for (unsigned g = 0; g < GENERATIONS; g++)
		assert_int_equal(meeting.arrived[g], members);
}

static void test_many_members_with_delays(void **state)
{
	(void)state;
	hold_meeting(MEMBERS, true, true);
	hold_meeting(3, true, true);
}

static void test_tight_loop(void **state)
{
	int cpus[2];

	(void)state;
	hold_meeting(2, true, false);
	hold_meeting(MEMBERS, true, false);
	if (processors(cpus, 2) > 1)
		hold_meeting(2, false, false);
}

/* The same barrier again for other numbers of members, after any number of generations. */
static void test_reused_for_other_members(void **state)
{
	(void)state;
	for (unsigned members = MEMBERS; members > 0; members--)
		hold_meeting(members, true, true);
}

static void *arrive_once(void *argument)
{
	barrier_wait(&meeting.barrier);
	return argument;
}

/* Who has passed may prepare the next use while the others have not noticed yet. */
static void test_prepared_while_others_leave(void **state)
{
	(void)state;
	for (unsigned i = 0; i < GENERATIONS; i++) {
		pthread_t other;

		barrier_init(&meeting.barrier, 2, true);
		assert_int_equal(pthread_create(&other, NULL, arrive_once, NULL), 0);
		barrier_wait(&meeting.barrier);
		barrier_init(&meeting.barrier, 1, i % 2);
		barrier_wait(&meeting.barrier);
		assert_int_equal(pthread_join(other, NULL), 0);
	}
}

static int limit_time(void **state)
{
	(void)state;
	alarm(100);	/* a barrier that never opens must not hang the tests */
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many_members_with_delays),
		cmocka_unit_test(test_tight_loop),
		cmocka_unit_test(test_reused_for_other_members),
		cmocka_unit_test(test_prepared_while_others_leave),
	};

	return cmocka_run_group_tests(tests, limit_time, NULL);
}
