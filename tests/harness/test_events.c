/*
 * Tests of harness/events.c and count_events.c: libpfm4 knows each event of the table, and what
 * --counters names is taken, refused or absent.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/count_plan.h"
#include "harness/events.h"
#include "tests/harness/fake_perf.h"

static bool is_arm(const char *pmu)
{
	return !strncmp(pmu, "arm_", 4);
}

/* A build of libpfm4 has the tables of one architecture. */
static bool is_here(const char *pmu)
{
#ifdef __aarch64__
	return is_arm(pmu);
#elif defined(__x86_64__)
	return !is_arm(pmu);
#else
	return false;
#endif
}

static void test_libpfm4_knows_the_table(void **state)
{
	const unsigned nr = NR_COUNTERS - COUNTER_FIRST_OF_PROCESSOR;
	unsigned nr_encoded = 0;

	(void)state;
	for (unsigned i = 0; i < events_nr_processors; i++) {
		const struct events_processor *processor = &events_processors[i];
		bool any = false;

		for (unsigned e = 0; e < nr; e++) {
			struct event event;
			char name[128];

			any |= processor->events[e] != NULL;
			if (!processor->events[e] || !is_here(processor->pmu))
				continue;
			snprintf(name, sizeof(name), "%s::%s", processor->pmu, processor->events[e]);
			if (event_encode(name, &event) || event.type != PERF_TYPE_RAW || !event.config ||
			    event.exclude_kernel || event.exclude_user)
				fail_msg("libpfm4 does not take %s", name);
			nr_encoded++;
		}
		assert_true(any);
		assert_ptr_equal(events_processor_find(processor->pmu), processor);
	}
	assert_true(nr_encoded);
	assert_null(events_processor_find("nhm"));
}

static struct event encoded(const char *name)
{
	struct event event;

	assert_int_equal(event_encode(name, &event), 0);
	return event;
}

/* Two rows that spell one event in two ways, and neither has the other's name. */
static void test_renamed_events_encode_alike(void **state)
{
	struct event event;

	(void)state;
#ifndef __x86_64__
	skip();
#endif
	assert_int_equal(encoded("skx::MEM_LOAD_L3_HIT_RETIRED:XSNP_HITM").config,
			 encoded("spr::MEM_LOAD_L3_HIT_RETIRED:XSNP_FWD").config);
	assert_int_not_equal(event_encode("spr::MEM_LOAD_L3_HIT_RETIRED:XSNP_HITM", &event), 0);
	assert_int_not_equal(event_encode("skx::MEM_LOAD_L3_HIT_RETIRED:XSNP_FWD", &event), 0);
	assert_int_equal(encoded("skx::OFFCORE_RESPONSE_0:DMND_RFO:L3_HIT:SNP_HITM").config1,
			 encoded("icx::OCR:DEMAND_RFO_L3_HIT_SNOOP_HITM").config1);
}

static struct count_plan plan;
static struct error err;

static int make(const char *one, const char *other)
{
	static struct options options;

	memset(&options, 0, sizeof(options));
	if (one)
		strcpy(options.counters[options.nr_counters++], one);
	if (other)
		strcpy(options.counters[options.nr_counters++], other);
	return count_plan_make(&plan, &options, &err);
}

/* As where the kernel drives no PMU. */
static int refuse_hardware(const struct perf_event_attr *attr, const struct perf_event_attr *first,
			   unsigned members)
{
	(void)first;
	(void)members;
	return attr->type != PERF_TYPE_SOFTWARE ? ENOENT : 0;
}

static const char *a_processor(void)
{
#ifdef __aarch64__
	return "arm_n1";
#else
	return "icl";
#endif
}

static void test_names_are_refused_where_they_can_be_checked(void **state)
{
	(void)state;
	assert_string_equal(events_pmu(), a_processor());
	assert_int_equal(make("no_such_event", NULL), -EINVAL);
	assert_non_null(strstr(err.text, "--counters: \"no_such_event\""));
	assert_non_null(strstr(err.text, a_processor()));
	assert_null(strchr(err.text, '\n'));
	assert_int_equal(make("rfo_hitm", "no_such_event"), -EINVAL);
}

static void test_named_events_replace_the_usual(void **state)
{
	const char *event = events_processor_find(a_processor())->events[3];

	(void)state;
	assert_int_equal(make(NULL, NULL), 0);
	assert_int_equal(plan.nr, NR_COUNTERS);
	for (unsigned i = 0; i < plan.nr; i++)
		assert_string_not_equal(plan.absences[i], "not asked for");
	assert_int_equal(make("instructions", event), 0);
	assert_int_equal(plan.nr, NR_COUNTERS + 1);
	assert_string_equal(plan.names[NR_COUNTERS], event);
	assert_string_equal(plan.codes[NR_COUNTERS], event);
	assert_string_equal(plan.absences[COUNTER_CACHE_MISSES], "not asked for");
	assert_string_equal(plan.absences[COUNTER_STALL_CYCLES], "not asked for");
	assert_string_not_equal(plan.absences[COUNTER_INSTRUCTIONS], "not asked for");
	assert_string_not_equal(plan.absences[COUNTER_CYCLES], "not asked for");
	assert_string_not_equal(plan.absences[COUNTER_SWITCHES], "not asked for");
	assert_string_equal(plan.absences[NR_COUNTERS], "");
	assert_string_equal(plan.absences[COUNTER_INSTRUCTIONS], "");
	/* Known, but with no hardware to count it. */
	fake_refuses = refuse_hardware;
	assert_int_equal(make(event, "no_such_event"), -EINVAL);
	assert_int_equal(make(event, NULL), 0);
	assert_memory_equal(plan.absences[NR_COUNTERS], "no PMU ", 7);
	assert_memory_equal(plan.absences[COUNTER_CYCLES], "no PMU ", 7);
}

static void test_what_a_processor_has_and_lacks(void **state)
{
	const struct events_processor *processor = events_processor_find(a_processor());

	(void)state;
	assert_int_equal(make(NULL, NULL), 0);
	for (unsigned i = COUNTER_FIRST_OF_PROCESSOR; i < NR_COUNTERS; i++) {
		const char *event = processor->events[i - COUNTER_FIRST_OF_PROCESSOR];

		assert_int_equal(!event, !!strstr(plan.absences[i], "has no such event"));
		assert_int_equal(!event, !*plan.codes[i]);
		if (event)
			assert_non_null(strstr(plan.codes[i], event));
	}
	fake_refuses = refuse_hardware;
	assert_int_equal(make(NULL, NULL), 0);
	for (unsigned i = COUNTER_FIRST_OF_PROCESSOR; i < NR_COUNTERS; i++)
		assert_string_equal(plan.absences[i], plan.absences[COUNTER_CYCLES]);
}

/* In a virtual machine without a PMU names may be anything, and the run goes on. */
static void test_names_that_nobody_can_check(void **state)
{
	(void)state;
	if (events_pmu()) {
		print_message("libpfm4 knows this processor\n");
		skip();
	}
	fake_refuses = refuse_hardware;
	assert_int_equal(make("no_such_event", NULL), 0);
	assert_non_null(strstr(plan.absences[NR_COUNTERS], "libpfm4 cannot tell"));
	assert_string_equal(plan.names[NR_COUNTERS], "no_such_event");
}

static int reset(void **state)
{
	(void)state;
	fake_refuses = NULL;
	return 0;
}

/* libpfm4 looks once a process what machine this is: the child is on another. */
static int tests_elsewhere(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_names_are_refused_where_they_can_be_checked, reset),
		cmocka_unit_test_setup(test_named_events_replace_the_usual, reset),
		cmocka_unit_test_setup(test_what_a_processor_has_and_lacks, reset),
	};
	const pid_t child = fork();
	int status = 1;

	if (!child) {
		setenv("LIBPFM_FORCE_PMU", a_processor(), 1);
		exit(cmocka_run_group_tests(tests, NULL, NULL));
	}
	return waitpid(child, &status, 0) != child || status;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_libpfm4_knows_the_table),
		cmocka_unit_test(test_renamed_events_encode_alike),
		cmocka_unit_test_setup(test_names_that_nobody_can_check, reset),
	};
	const int failed = tests_elsewhere();

	/* Events of other processors, by their full names. */
	setenv("LIBPFM_ENCODE_INACTIVE", "1", 1);
	return cmocka_run_group_tests(tests, NULL, NULL) || failed;
}
