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
#include "harness/count.h"

#define HARDWARE 0
#define SOFTWARE 1
#define SENTINEL 0x5eed5eed5eed5eedull

static void test_delta_is_scaled(void **state)
{
	const struct counts begin = {
		.values = { 100, 1000, 5, 3, 1 },
		.enabled_ns = { 1000, 2000 }, .running_ns = { 500, 2000 },
	};
	struct counts end = {
		.values = { 300, 1600, 5, 7, 1 },
		.enabled_ns = { 2000, 3000 }, .running_ns = { 1500, 3000 },
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

static void assert_absent(enum counter counter, int error, const char *text)
{
	char buffer[128] = "";
	const char *words = counter_absence(counter, error, buffer, sizeof(buffer));

	if (!strstr(words, text))
		fail_msg("%s: \"%s\" does not say \"%s\"", counter_name(counter), words, text);
	/* It becomes one line that a launch tells its run. */
	assert_null(strchr(words, '\n'));
}

static void test_absence_in_words(void **state)
{
	char small[8];

	(void)state;
	assert_absent(COUNTER_CYCLES, ENOENT, "no such hardware counter");
	assert_absent(COUNTER_CACHE_MISSES, EOPNOTSUPP, "no such hardware counter");
	assert_absent(COUNTER_SWITCHES, ENOENT, "kernel does not count");
	assert_absent(COUNTER_CYCLES, EACCES, "forbidden here (perf_event_paranoid = ");
	assert_absent(COUNTER_SWITCHES, EPERM, "forbidden here (perf_event_paranoid = ");
	assert_absent(COUNTER_CYCLES, ENOSYS, "no perf_event_open");
	assert_absent(COUNTER_CYCLES, EMFILE, strerror(EMFILE));
	counter_absence(COUNTER_CYCLES, EACCES, small, sizeof(small));
	assert_true(strlen(small) < sizeof(small));
}

static void test_names(void **state)
{
	static const char *const names[] = {
		"cycles", "instructions", "cache_misses", "switches", "migrations",
	};

	(void)state;
	for (unsigned i = 0; i < NR_COUNTERS; i++)
		assert_string_equal(counter_name(i), names[i]);
}

static void test_opened_or_absent_with_a_reason(void **state)
{
	struct counters counters;
	struct counts counts;

	(void)state;
	memset(&counts, 0x5e, sizeof(counts));
	for (unsigned i = 0; i < NR_COUNTERS; i++)
		counts.values[i] = SENTINEL;
	counters_open(&counters);
	assert_int_equal(counters_read(&counters, &counts), 0);
	for (unsigned i = 0; i < NR_COUNTERS; i++) {
		assert_int_equal(counters_have(&counters, i), counters.fds[i] >= 0);
		if (counters_have(&counters, i))
			assert_true(counts.values[i] != SENTINEL);
		else
			assert_true(counts.values[i] == SENTINEL && counters.errors[i] > 0);
	}
	counters_close(&counters);
	for (unsigned i = 0; i < NR_COUNTERS; i++)
		assert_false(counters_have(&counters, i));
	assert_int_equal(counters_read(&counters, &counts), 0);
}

/* Each counter alone: the values of a group stand in the order in which its members opened. */
static void test_values_with_some_absent(void **state)
{
	struct counters counters, all;
	struct counts counts = { .values = { 0 } };

	(void)state;
	counters_open(&all);
	counters = all;
	if (!counters_have(&all, COUNTER_SWITCHES)) {
		print_message("no software counters here\n");
		counters_close(&all);
		skip();
	}
	/* As where the hardware has no counters at all. */
	for (unsigned i = 0; i <= COUNTER_CACHE_MISSES; i++)
		counters.fds[i] = -1;
	usleep(1000);
	assert_int_equal(counters_read(&counters, &counts), 0);
	assert_int_equal(counts.values[COUNTER_CYCLES], 0);
	assert_true(counts.values[COUNTER_SWITCHES] > 0);
	assert_true(counts.enabled_ns[SOFTWARE] > 0);
	assert_int_equal(counts.enabled_ns[HARDWARE], 0);
	counters_close(&all);
}

static void test_a_sleep_is_a_context_switch(void **state)
{
	struct counters counters;
	struct counts begin, end;
	bool multiplexed = false;
	cpu_set_t before, here;

	(void)state;
	counters_open(&counters);
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
	struct counters counters = { .fds = { -1, -1, -1, 1000000, -1 } };
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
		cmocka_unit_test(test_values_with_some_absent),
		cmocka_unit_test(test_a_sleep_is_a_context_switch),
		cmocka_unit_test(test_broken_descriptor_is_an_error),
		cmocka_unit_test(test_clock_names_and_units),
		cmocka_unit_test(test_clock_rate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
