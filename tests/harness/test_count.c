/*
 * Tests of harness/count.c and clock.c: what is counted, scaled, absent and why.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/clock.h"
#include "harness/count_plan.h"

#define SOFTWARE 0
#define HARDWARE 1
#define SENTINEL 0x5eed5eed5eed5eedull

static void test_delta_is_scaled(void **state)
{
	const struct counts begin = {
		.values = { 100, 1000, 5, 3, 1 },
		.enabled_ns = { 2000, 1000 }, .running_ns = { 2000, 500 },
	};
	struct counts end = {
		.values = { 300, 1600, 5, 7, 1 },
		.enabled_ns = { 3000, 2000 }, .running_ns = { 3000, 1500 },
	};
	bool multiplexed = false;

	(void)state;
	/* Ran throughout: as counted. */
	assert_true(counts_delta(COUNTER_CYCLES, &begin, &end, &multiplexed) == 200);
	assert_true(counts_delta(COUNTER_CACHE_MISSES, &begin, &end, &multiplexed) == 0);
	assert_true(counts_delta(COUNTER_SWITCHES, &begin, &end, &multiplexed) == 4);
	assert_false(multiplexed);
	/* A quarter of the time: four times as much, of the hardware group alone. */
	end.running_ns[HARDWARE] = 750;
	assert_true(counts_delta(COUNTER_CYCLES, &begin, &end, &multiplexed) == 800);
	assert_true(multiplexed);
	assert_true(counts_delta(COUNTER_INSTRUCTIONS, &begin, &end, &multiplexed) == 2400);
	multiplexed = false;
	assert_true(counts_delta(COUNTER_SWITCHES, &begin, &end, &multiplexed) == 4);
	assert_true(counts_delta(COUNTER_MIGRATIONS, &begin, &end, &multiplexed) == 0);
	assert_false(multiplexed);
	/* Never ran: absent, not 0. */
	end.running_ns[HARDWARE] = 500;
	assert_true(isnan(counts_delta(COUNTER_CYCLES, &begin, &end, &multiplexed)));
	assert_true(multiplexed);
	multiplexed = false;
	end.running_ns[SOFTWARE] = 2500;
	assert_true(counts_delta(COUNTER_SWITCHES, &begin, &end, &multiplexed) == 8);
	assert_true(multiplexed);
}

static void assert_absent(const struct count_scene *scene, bool software, int error,
			  const char *text)
{
	char buffer[160];

	count_absence(scene, software, error, buffer, sizeof(buffer));
	if (!strstr(buffer, text))
		fail_msg("%s: \"%s\" does not say \"%s\"", strerror(error), buffer, text);
	/* It becomes one line that a launch tells its run. */
	assert_null(strchr(buffer, '\n'));
}

static void test_absence_in_words(void **state)
{
	static const int missing[] = { ENOENT, EOPNOTSUPP, ENODEV };
	struct count_scene scene = { .guest = true, .no_pmu = true, .paranoid = 2 };
	char small[8];

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		scene.no_pmu = scene.guest = true;
		assert_absent(&scene, false, missing[i], "no PMU in this virtual machine");
		assert_absent(&scene, true, missing[i], "this kernel does not count it");
		scene.guest = false;
		assert_absent(&scene, false, missing[i], "no PMU that this kernel drives");
		scene.no_pmu = false;
		assert_absent(&scene, false, missing[i], "this processor has no such event");
	}
	/* In user mode anybody may count up to 2, what happens in the kernel up to 1. */
	assert_absent(&scene, true, EACCES, "perf_event_paranoid = 2; this takes 1 or less");
	assert_absent(&scene, false, EPERM, "seccomp");
	scene.paranoid = 3;
	assert_absent(&scene, false, EACCES, "perf_event_paranoid = 3; this takes 2 or less, or CAP_PERFMON");
	scene.paranoid = 1;
	assert_absent(&scene, true, EPERM, "seccomp");
	scene.paranoid = -1;
	assert_absent(&scene, false, EACCES, "(perf_event_paranoid = -1 would allow it)");
	scene.paranoid = COUNT_SCENE_UNKNOWN;
	assert_absent(&scene, false, EACCES, "forbidden here");
	assert_absent(&scene, false, ENOSYS, "no perf_event_open in this kernel");
	assert_absent(&scene, false, EMFILE, strerror(EMFILE));
	count_absence(&scene, false, EACCES, small, sizeof(small));
	assert_true(strlen(small) < sizeof(small));
}

static void test_names(void **state)
{
	static const char *const names[] = {
		"cycles", "instructions", "cache_misses", "switches", "migrations", "moved_local",
		"moved_remote", "rfo_hitm", "stall_cycles",
	};

	(void)state;
	for (unsigned i = 0; i < NR_COUNTERS; i++)
		assert_string_equal(counter_name(i), names[i]);
}

/* What this machine has. */
static struct count_plan plan;

static int open_plan(void **state)
{
	struct count_scene scene;

	(void)state;
	count_plan_init(&plan);
	count_plan_look(&plan, &scene);
	count_plan_probe(&plan, &scene);
	return 0;
}

static void test_opened_or_absent_with_a_reason(void **state)
{
	struct counters counters;
	struct counts counts;

	(void)state;
	counters_open(&counters, &plan);
	for (unsigned group = 0; group < plan.nr_groups; group++) {
		for (unsigned i = 0; i < COUNTERS_MAX; i++)
			counts.values[i] = SENTINEL;
		assert_int_equal(counters_choose(&counters, group), 0);
		assert_int_equal(counters_read(&counters, &counts), 0);
		for (unsigned i = 0; i < NR_COUNTERS; i++) {
			assert_int_equal(counters_have(&counters, i), counts.values[i] != SENTINEL);
			assert_false(*plan.absences[i] && counters_have(&counters, i));
			assert_true(counters_have(&counters, i) || group || *plan.absences[i] ||
				    !counter_is_software(i));
		}
	}
	counters_close(&counters);
	for (unsigned i = 0; i < NR_COUNTERS; i++)
		assert_false(counters_have(&counters, i));
	assert_int_equal(counters_read(&counters, &counts), 0);
}

static void test_a_sleep_is_a_context_switch(void **state)
{
	struct counters counters;
	struct counts begin, end;
	bool multiplexed = false;
	cpu_set_t before, here;

	(void)state;
	counters_open(&counters, &plan);
	if (!counters_have(&counters, COUNTER_SWITCHES)) {
		print_message("no context switches counted here\n");
		counters_close(&counters);
		skip();
	}
	/* On one processor, so that no switch is a migration as well. */
	assert_int_equal(sched_getaffinity(0, sizeof(before), &before), 0);
	CPU_ZERO(&here);
	CPU_SET(sched_getcpu(), &here);
	assert_int_equal(sched_setaffinity(0, sizeof(here), &here), 0);
	assert_int_equal(counters_choose(&counters, plan.nr_groups - 1), 0);
	assert_int_equal(counters_read(&counters, &begin), 0);
	for (unsigned i = 0; i < 20; i++)
		usleep(1000);
	assert_int_equal(counters_read(&counters, &end), 0);
	assert_int_equal(sched_setaffinity(0, sizeof(before), &before), 0);
	if (counters_have(&counters, COUNTER_MIGRATIONS))
		assert_true(counts_delta(COUNTER_MIGRATIONS, &begin, &end, &multiplexed) == 0);
	assert_true(counts_delta(COUNTER_SWITCHES, &begin, &end, &multiplexed) >= 20);
	if (counters_have(&counters, COUNTER_INSTRUCTIONS))
		assert_true(end.values[COUNTER_INSTRUCTIONS] > begin.values[COUNTER_INSTRUCTIONS]);
	counters_close(&counters);
}

static void test_broken_descriptor_is_an_error(void **state)
{
	const struct count_plan broken = {
		.nr = NR_COUNTERS, .groups = { { { COUNTER_SWITCHES }, 1 } }, .nr_groups = 1,
	};
	struct counters counters = { .plan = &broken, .fds = { { 1000000 } } };
	struct counts counts;

	(void)state;
	assert_int_equal(counters_read(&counters, &counts), -EIO);
}

static void test_clock_names_and_units(void **state)
{
	struct clock clock = { .ns_per_tick = 0.25 };

	(void)state;
	assert_int_equal(clock_to_ns(&clock, 4000), 1000);
	assert_int_equal(clock_from_ns(&clock, 1000), 4000);
	clock_use_monotonic(&clock);
	assert_string_equal(clock_name(&clock), "monotonic");
	assert_int_equal(clock_to_ns(&clock, 123456789), 123456789);
	assert_int_equal(clock_from_ns(&clock, 123456789), 123456789);
}

static void check_clock(const struct clock *clock)
{
	uint64_t last = clock_ticks(clock);

	for (unsigned i = 0; i < 100000; i++) {
		const uint64_t now = clock_ticks(clock);

		assert_true(now >= last);
		last = now;
	}
}

/* A tick is what ns_per_tick says: what one clock measures lies inside what the other does. */
static void test_clock_rate(void **state)
{
	struct clock clock;
	uint64_t outer_begin, outer_end, begin, end, inner_begin, inner_end;

	(void)state;
	clock_init(&clock);
	check_clock(&clock);
	outer_begin = clock_monotonic_ns();
	begin = clock_ticks(&clock);
	inner_begin = clock_monotonic_ns();
	usleep(50000);
	inner_end = clock_monotonic_ns();
	end = clock_ticks(&clock);
	outer_end = clock_monotonic_ns();
	/* 1 percent: far more than the calibration's doubt, far less than a wrong unit. */
	assert_true((double)clock_to_ns(&clock, end - begin) <
		    (double)(outer_end - outer_begin) * 1.01);
	assert_true((double)clock_to_ns(&clock, end - begin) >
		    (double)(inner_end - inner_begin) * 0.99);
	clock_use_monotonic(&clock);
	check_clock(&clock);
	begin = clock_monotonic_ns();
	assert_true(clock_ticks(&clock) >= begin);
	assert_true(clock_ticks(&clock) <= clock_monotonic_ns());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_delta_is_scaled),
		cmocka_unit_test(test_absence_in_words),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_opened_or_absent_with_a_reason),
		cmocka_unit_test(test_a_sleep_is_a_context_switch),
		cmocka_unit_test(test_broken_descriptor_is_an_error),
		cmocka_unit_test(test_clock_names_and_units),
		cmocka_unit_test(test_clock_rate),
	};

	return cmocka_run_group_tests(tests, open_plan, NULL);
}
