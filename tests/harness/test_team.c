/*
 * Tests of harness/team.c: who runs, how often, and on which processor.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/single_threaded.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/team.h"
#include "tests/harness/processors.h"

#define MEMBERS 8

static struct team team;
static int cpus[MEMBERS];
static unsigned nr_cpus;

static struct {
	unsigned runs[MEMBERS], finished[MEMBERS];	/* plain: team_do orders them */
	int allowed[MEMBERS], on[MEMBERS];		/* the only processor allowed, or -1 */
	pid_t ids[MEMBERS];
	unsigned seed;
} seen;

static int open_team(void **state)
{
	struct error err;

	(void)state;
	alarm(100);	/* a member that never comes must not hang the tests */
	memset(&seen, 0, sizeof(seen));
	nr_cpus = processors(cpus, MEMBERS);
	return team_create(&team, MEMBERS, NULL, &err);
}

static int close_team(void **state)
{
	/* Member 0 is this thread: the next test may use all processors again. */
	cpu_set_t *set = CPU_ALLOC(65536);
	const size_t bytes = CPU_ALLOC_SIZE(65536);

	(void)state;
	team_destroy(&team);
	CPU_ZERO_S(bytes, set);
	for (unsigned i = 0; i < nr_cpus; i++)
		CPU_SET_S(cpus[i], bytes, set);
	sched_setaffinity(0, bytes, set);
	CPU_FREE(set);
	return 0;
}

static void rally(unsigned n)
{
	struct error err;

	assert_int_equal(team_rally(&team, cpus, n, n > nr_cpus, &err), 0);
}

static void run(struct member *member, void *argument)
{
	assert_ptr_equal(argument, &seen);
	seen.runs[member->index]++;
	if ((member->index + seen.seed) % 5 == 0)
		usleep(50);
	seen.finished[member->index]++;
}

/* Does it once; exactly the first n have run once more, and have finished. */
static void do_once(unsigned n)
{
	unsigned expected[MEMBERS];

	for (unsigned i = 0; i < MEMBERS; i++)
		expected[i] = seen.runs[i] + (i < n);
	seen.seed++;
	team_do(&team, run, &seen);
	assert_memory_equal(seen.runs, expected, sizeof(expected));
	assert_memory_equal(seen.finished, expected, sizeof(expected));
}

static void test_each_active_member_once(void **state)
{
	(void)state;
	for (unsigned n = 1; n <= MEMBERS; n++) {
		rally(n);
		for (unsigned i = 0; i < 50; i++)
			do_once(n);
	}
}

static void test_rallies_of_random_sizes(void **state)
{
	unsigned seed = 1;

	(void)state;
	for (unsigned i = 0; i < 200; i++) {
		const unsigned n = 1 + (unsigned)rand_r(&seed) % MEMBERS;

		rally(n);
		for (unsigned times = (unsigned)rand_r(&seed) % 3; times; times--)
			do_once(n);
	}
}

static void look(struct member *member, void *argument)
{
	const size_t bytes = CPU_ALLOC_SIZE(65536);
	cpu_set_t *set = CPU_ALLOC(65536);
	const unsigned i = member->index;

	(void)argument;
	seen.allowed[i] = -1;
	if (!sched_getaffinity(0, bytes, set) && CPU_COUNT_S(bytes, set) == 1)
		for (int cpu = 0; cpu < 65536; cpu++)
			if (CPU_ISSET_S(cpu, bytes, set))
				seen.allowed[i] = cpu;
	seen.on[i] = sched_getcpu();
	seen.ids[i] = gettid();
	CPU_FREE(set);
}

static void assert_pinned(const int *wanted, unsigned n)
{
	team_do(&team, look, NULL);
	for (unsigned i = 0; i < n; i++) {
		assert_int_equal(seen.allowed[i], wanted[i]);
		assert_int_equal(seen.on[i], wanted[i]);
		assert_int_equal(team.members[i].cpu, wanted[i]);
	}
}

static void test_pins_and_pins_again(void **state)
{
	int turned[MEMBERS];
	struct error err;

	(void)state;
	for (unsigned i = 0; i < MEMBERS; i++)
		turned[i] = cpus[(i + 1) % nr_cpus];
	for (unsigned i = 0; i < 5; i++) {
		rally(MEMBERS);
		assert_pinned(cpus, MEMBERS);
		assert_int_equal(team_rally(&team, turned, 3, true, &err), 0);
		assert_pinned(turned, 3);
	}
}

/* What moved a member since is seen, and undone. */
static void test_pins_where_another_moved_it(void **state)
{
	const size_t bytes = CPU_ALLOC_SIZE(65536);
	cpu_set_t *all = CPU_ALLOC(65536);

	(void)state;
	if (nr_cpus < 2) {
		print_message("one processor: nothing to move to\n");
		CPU_FREE(all);
		skip();
	}
	rally(1);
	CPU_ZERO_S(bytes, all);
	CPU_SET_S(cpus[0], bytes, all);
	CPU_SET_S(cpus[1], bytes, all);
	assert_int_equal(sched_setaffinity(0, bytes, all), 0);
	CPU_FREE(all);
	rally(1);
	assert_pinned(cpus, 1);
}

static void assert_refused(const int *wanted, unsigned n, const char *text)
{
	struct error err = { "" };

	assert_int_equal(team_rally(&team, wanted, n, true, &err), -EINVAL);
	if (!strstr(err.text, text))
		fail_msg("\"%s\" does not say \"%s\"", err.text, text);
	assert_null(strchr(err.text, '\n'));
}

static void test_impossible_pins_are_refused(void **state)
{
	int wanted[] = { cpus[0], cpus[0], 100000, cpus[0] };

	(void)state;
	assert_refused(wanted, 4, "cannot pin worker 2 to processor 100000: ");
	wanted[2] = -1;
	assert_refused(wanted, 3, "cannot pin worker 2 to processor -1: ");
	wanted[0] = 65535;
	assert_refused(wanted, 2, "cannot pin worker 0 to processor 65535: ");
	assert_refused(cpus, MEMBERS + 1, "9 workers asked of a team of 8");
	rally(MEMBERS);
	assert_pinned(cpus, MEMBERS);
	do_once(MEMBERS);
}

static void test_clock_offset_returns(void **state)
{
	(void)state;
	rally(1);
	assert_int_equal(team_clock_offset(&team), 0);
	for (unsigned n = 2; n <= MEMBERS; n += 3) {
		rally(n);
		team_clock_offset(&team);
		do_once(n);
	}
}

/* The state of a thread as ps(1) tells it. */
static char state_of(pid_t id)
{
	char path[64], letter = '?';
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", (int)id);
	file = fopen(path, "re");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%*d %*s %c", &letter), 1);
	fclose(file);
	return letter;
}

/* Who is not of the group sleeps, however long it takes to fall asleep; the others do not. */
static void test_inactive_members_sleep(void **state)
{
	(void)state;
	rally(MEMBERS);
	team_do(&team, look, NULL);
	rally(2);
	for (unsigned i = 2; i < MEMBERS; i++)
		while (state_of(seen.ids[i]) != 'S')
			usleep(1000);
	for (unsigned i = 0; i < 100; i++)
		assert_true(state_of(seen.ids[1]) != 'S');
	do_once(2);
	rally(MEMBERS);
	do_once(MEMBERS);
}

/* Else a mutex of one thread costs a quarter of what it does beside others. */
static void test_one_is_not_alone(void **state)
{
	struct team other;
	struct error err;

	(void)state;
	assert_true(__libc_single_threaded);
	assert_true(processors(cpus, MEMBERS) > 0);
	assert_int_equal(team_create(&other, 1, NULL, &err), 0);
	assert_false(__libc_single_threaded);
	assert_int_equal(team_rally(&other, cpus, 1, false, &err), 0);
	assert_int_equal(other.active, 1);
	team_destroy(&other);
}

static void test_made_and_ended_many_times(void **state)
{
	struct team other;
	struct error err;

	(void)state;
	for (unsigned i = 0; i < 50; i++) {
		assert_int_equal(team_create(&other, 1 + i % MEMBERS, NULL, &err), 0);
		assert_int_equal(other.nr_members, i % MEMBERS ? 1 + i % MEMBERS : 2);
		if (i % 3)
			assert_int_equal(team_rally(&other, cpus, 1 + i % MEMBERS / 2, true, &err), 0);
		team_destroy(&other);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_is_not_alone),	/* the first, while there is no other thread */
		cmocka_unit_test_setup_teardown(test_each_active_member_once, open_team, close_team),
		cmocka_unit_test_setup_teardown(test_rallies_of_random_sizes, open_team, close_team),
		cmocka_unit_test_setup_teardown(test_pins_and_pins_again, open_team, close_team),
		cmocka_unit_test_setup_teardown(test_pins_where_another_moved_it, open_team,
						close_team),
		cmocka_unit_test_setup_teardown(test_impossible_pins_are_refused, open_team,
						close_team),
		cmocka_unit_test_setup_teardown(test_clock_offset_returns, open_team, close_team),
		cmocka_unit_test_setup_teardown(test_inactive_members_sleep, open_team, close_team),
		cmocka_unit_test_setup_teardown(test_made_and_ended_many_times, open_team,
						close_team),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
