/*
 * Tests of harness/count_plan.c and of counters in groups, on a made-up kernel.
 *
 * SPDX-License-Identifier: MIT
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "harness/count_plan.h"
#include "tests/harness/fake_perf.h"

static struct count_plan plan;
static struct counters counters;

static bool is_hardware(const struct perf_event_attr *attr)
{
	return attr->type != PERF_TYPE_SOFTWARE;
}

/* nr further events, as --counters and the table of processors add them. */
static void make_plan(unsigned nr)
{
	static const char *const names[] = { "u0", "u1", "u2", "u3", "u4", "u5", "u6", "u7" };
	struct count_scene scene;

	count_plan_init(&plan);
	for (unsigned i = 0; i < nr; i++) {
		plan.names[plan.nr] = names[i];
		plan.events[plan.nr++] = (struct event){ PERF_TYPE_RAW, 100 + i, 0, 0, false, false };
	}
	count_plan_look(&plan, &scene);
	count_plan_probe(&plan, &scene);
	assert_int_equal(fake_opened, 0);
}

static unsigned fds(void)
{
	unsigned nr = 0;

	for (unsigned group = 0; group < plan.nr_groups; group++)
		for (unsigned i = 0; i < plan.groups[group].nr; i++)
			nr += counters.fds[group][i] >= 0;
	return nr;
}

/* In each group no more than a processor counts, cycles first; each event in one, once. */
static void check_groups(unsigned nr_groups)
{
	unsigned seen[COUNTERS_MAX] = { 0 };

	assert_int_equal(plan.nr_groups, 1 + nr_groups);
	for (unsigned g = 1; g < plan.nr_groups; g++) {
		const struct count_group *group = &plan.groups[g];

		assert_in_range(group->nr, 1, 4);
		assert_int_equal(group->counters[0], COUNTER_CYCLES);
		for (unsigned i = 0; i < group->nr; i++)
			seen[group->counters[i]]++;
	}
	for (unsigned i = 1; i < plan.nr; i++)
		assert_int_equal(seen[i], !counter_is_software(i) && !*plan.absences[i]);
}

static int reset(void **state)
{
	(void)state;
	fake_refuses = NULL;
	fake_now_ns = fake_running_ns = 1000;
	return 0;
}

static void test_groups_of_four(void **state)
{
	(void)state;
	make_plan(0);
	check_groups(1);
	make_plan(1);
	check_groups(1);
	make_plan(2);
	check_groups(2);
	make_plan(8);
	check_groups(4);
	counters_open(&counters, &plan);
	/* 10 events in 4 groups, cycles in each, and two of the kernel. */
	assert_int_equal(fds(), 10 + 4 + 2);
	assert_int_equal(fake_opened, fds());
	counters_close(&counters);
	assert_int_equal(fake_opened, 0);
}

/* Two of them need the same register, as offcore events do. */
static int refuse_pair(const struct perf_event_attr *attr, const struct perf_event_attr *first,
		       unsigned members)
{
	(void)members;
	return first && attr->type == PERF_TYPE_RAW && attr->config == 101 ? EINVAL : 0;
}

/* No more than two at once. */
static int refuse_third(const struct perf_event_attr *attr, const struct perf_event_attr *first,
			unsigned members)
{
	(void)first;
	return is_hardware(attr) && members >= 2 ? EINVAL : 0;
}

static void test_what_the_kernel_does_not_take_together(void **state)
{
	(void)state;
	fake_refuses = refuse_third;
	make_plan(3);
	check_groups(5);
	fake_refuses = refuse_pair;
	make_plan(2);
	/* It fits nowhere, and is not lost from the others' groups. */
	assert_int_equal(plan.nr_groups, 3);
	counters_open(&counters, &plan);
	assert_int_equal(counters.errors[NR_COUNTERS + 1], EINVAL);
	assert_int_equal(counters.errors[NR_COUNTERS], 0);
	counters_close(&counters);
}

static int refuse_misses(const struct perf_event_attr *attr, const struct perf_event_attr *first,
			 unsigned members)
{
	(void)first;
	(void)members;
	return attr->type == PERF_TYPE_HARDWARE && attr->config == PERF_COUNT_HW_CACHE_MISSES ?
		ENOENT : 0;
}

/* As in an emulated arm64: cycles and instructions are there, cache misses are not. */
static void test_one_is_missing(void **state)
{
	struct counts counts = { .values = { 0 } };

	(void)state;
	fake_refuses = refuse_misses;
	make_plan(1);
	check_groups(1);
	assert_string_equal(plan.absences[COUNTER_CACHE_MISSES], "this processor has no such event");
	assert_string_equal(plan.absences[COUNTER_CYCLES], "");
	counters_open(&counters, &plan);
	assert_int_equal(counters_choose(&counters, 1), 0);
	assert_int_equal(counters_read(&counters, &counts), 0);
	assert_int_equal(counts.values[COUNTER_CYCLES], PERF_COUNT_HW_CPU_CYCLES * 1000);
	assert_int_equal(counts.values[COUNTER_INSTRUCTIONS], PERF_COUNT_HW_INSTRUCTIONS * 1000);
	assert_int_equal(counts.values[COUNTER_CACHE_MISSES], 0);
	assert_int_equal(counts.values[COUNTER_SWITCHES], PERF_COUNT_SW_CONTEXT_SWITCHES * 1000 + 1);
	assert_int_equal(counts.values[NR_COUNTERS], 100 * 1000 + PERF_TYPE_RAW);
	assert_false(counters_have(&counters, COUNTER_CACHE_MISSES));
	counters_close(&counters);
	/* In one thread alone, amid its group. */
	fake_refuses = NULL;
	make_plan(1);
	fake_refuses = refuse_misses;
	counters_open(&counters, &plan);
	assert_int_equal(counters.errors[COUNTER_CACHE_MISSES], ENOENT);
	memset(&counts, 0, sizeof(counts));
	assert_int_equal(counters_choose(&counters, 1), 0);
	assert_int_equal(counters_read(&counters, &counts), 0);
	assert_int_equal(counts.values[COUNTER_CACHE_MISSES], 0);
	assert_int_equal(counts.values[NR_COUNTERS], 100 * 1000 + PERF_TYPE_RAW);
	counters_close(&counters);
}

static int refuse_hardware(const struct perf_event_attr *attr, const struct perf_event_attr *first,
			   unsigned members)
{
	(void)first;
	(void)members;
	return is_hardware(attr) ? ENOENT : 0;
}

static int refuse_cycles(const struct perf_event_attr *attr, const struct perf_event_attr *first,
			 unsigned members)
{
	(void)first;
	(void)members;
	return attr->type == PERF_TYPE_HARDWARE && attr->config == PERF_COUNT_HW_CPU_CYCLES ?
		EBUSY : 0;
}

static void test_without_a_pmu_or_without_cycles(void **state)
{
	struct counts counts = { .values = { 0 } };

	(void)state;
	fake_refuses = refuse_hardware;
	make_plan(2);
	assert_int_equal(plan.nr_groups, 1);
	assert_int_equal(plan.groups[0].nr, 2);
	assert_memory_equal(plan.absences[COUNTER_CYCLES], "no PMU ", 7);
	assert_string_equal(plan.absences[COUNTER_CYCLES], plan.absences[NR_COUNTERS + 1]);
	/* Another leads. */
	fake_refuses = refuse_cycles;
	make_plan(0);
	assert_int_equal(plan.nr_groups, 2);
	assert_int_equal(plan.groups[1].counters[0], COUNTER_INSTRUCTIONS);
	assert_string_equal(plan.absences[COUNTER_CYCLES], "perf_event_open: Device or resource busy");
	counters_open(&counters, &plan);
	assert_int_equal(counters_choose(&counters, 1), 0);
	assert_int_equal(counters_read(&counters, &counts), 0);
	assert_int_equal(counts.values[COUNTER_CACHE_MISSES], PERF_COUNT_HW_CACHE_MISSES * 1000);
	counters_close(&counters);
	/* Of one thread, where the plan has cycles. */
	fake_refuses = NULL;
	make_plan(0);
	fake_refuses = refuse_cycles;
	counters_open(&counters, &plan);
	memset(&counts, 0, sizeof(counts));
	assert_int_equal(counters_choose(&counters, 1), 0);
	assert_int_equal(counters_read(&counters, &counts), 0);
	assert_int_equal(counts.values[COUNTER_CACHE_MISSES], PERF_COUNT_HW_CACHE_MISSES * 1000);
	assert_false(counters_have(&counters, COUNTER_CYCLES));
	counters_close(&counters);
}

static int refuse_kernel(const struct perf_event_attr *attr, const struct perf_event_attr *first,
			 unsigned members)
{
	(void)first;
	(void)members;
	return attr->exclude_kernel ? 0 : EACCES;
}

static int refuse_all(const struct perf_event_attr *attr, const struct perf_event_attr *first,
		      unsigned members)
{
	(void)attr;
	(void)first;
	(void)members;
	return EPERM;
}

static void test_user_mode_where_the_kernel_allows_no_more(void **state)
{
	(void)state;
	make_plan(1);
	assert_false(plan.user_mode);
	fake_refuses = refuse_kernel;
	make_plan(1);
	check_groups(1);
	assert_true(plan.user_mode);
	assert_true(plan.events[NR_COUNTERS].exclude_kernel);
	/* Switches happen in the kernel: in user mode there would be none. */
	assert_true(*plan.absences[COUNTER_SWITCHES]);
	counters_open(&counters, &plan);
	assert_int_equal(fds(), 4);
	counters_close(&counters);
	fake_refuses = refuse_all;
	make_plan(1);
	assert_int_equal(plan.nr_groups, 1);
	assert_false(plan.user_mode);
}

static bool runs(unsigned group)
{
	const int leader = counters.fds[group][0];

	return fake_events[leader].running;
}

static void test_one_group_counts_at_a_time(void **state)
{
	struct counts counts;

	(void)state;
	make_plan(8);
	counters_open(&counters, &plan);
	assert_true(runs(0));
	for (unsigned turn = 0; turn < 10; turn++) {
		const unsigned group = turn % plan.nr_groups;

		assert_int_equal(counters_choose(&counters, group), 0);
		memset(&counts, 0xff, sizeof(counts));
		assert_int_equal(counters_read(&counters, &counts), 0);
		for (unsigned other = 1; other < plan.nr_groups; other++)
			assert_int_equal(runs(other), other == group);
		assert_true(runs(0));
		for (unsigned i = 0; i < plan.nr; i++)
			assert_int_equal(counts.values[i] != UINT64_MAX, counters_have(&counters, i));
		assert_int_equal(counters_have(&counters, COUNTER_CYCLES), group != 0);
		assert_true(counters_have(&counters, COUNTER_MIGRATIONS));
	}
	counters_close(&counters);
}

static unsigned left;

static int refuse_after(const struct perf_event_attr *attr, const struct perf_event_attr *first,
			unsigned members)
{
	(void)attr;
	(void)first;
	(void)members;
	return left ? left--, 0 : EMFILE;
}

/* Of a thread for which no descriptors are left, what it has is counted. */
static void test_too_many_files(void **state)
{
	struct counts counts;

	(void)state;
	make_plan(8);
	left = 7;
	fake_refuses = refuse_after;
	counters_open(&counters, &plan);
	assert_int_equal(fds(), 7);
	assert_int_equal(counters.errors[COUNTER_SWITCHES], 0);
	assert_int_equal(counters.errors[NR_COUNTERS + 7], EMFILE);
	for (unsigned group = 0; group < plan.nr_groups; group++) {
		assert_int_equal(counters_choose(&counters, group), 0);
		assert_int_equal(counters_read(&counters, &counts), 0);
		assert_int_equal(counters_have(&counters, COUNTER_CYCLES), group == 1 || group == 2);
	}
	counters_close(&counters);
	assert_int_equal(fake_opened, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_groups_of_four, reset),
		cmocka_unit_test_setup(test_what_the_kernel_does_not_take_together, reset),
		cmocka_unit_test_setup(test_one_is_missing, reset),
		cmocka_unit_test_setup(test_without_a_pmu_or_without_cycles, reset),
		cmocka_unit_test_setup(test_user_mode_where_the_kernel_allows_no_more, reset),
		cmocka_unit_test_setup(test_one_group_counts_at_a_time, reset),
		cmocka_unit_test_setup(test_too_many_files, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
