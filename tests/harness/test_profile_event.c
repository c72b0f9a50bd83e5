/*
 * Tests of harness/profile_event.c: what is sampled on machines that allow more and less.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <linux/perf_event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/profile_event.h"

/* The machine: what perf_event_open() says. */
static struct {
	int cycles_error, clock_error;	/* errno, 0: it opens */
	unsigned most_precise;
	bool user_only;			/* else EACCES */
} machine;

long __wrap_syscall(long number, struct perf_event_attr *attr, ...);
long __wrap_syscall(long number, struct perf_event_attr *attr, ...)
{
	const bool cycles = attr->type == PERF_TYPE_HARDWARE;

	assert_int_equal(number, SYS_perf_event_open);
	errno = cycles ? machine.cycles_error : machine.clock_error;
	if (!errno && machine.user_only && !attr->exclude_kernel)
		errno = EACCES;
	if (!errno && attr->precise_ip > machine.most_precise)
		errno = EOPNOTSUPP;
	return errno ? -1 : dup(0);
}

static struct profile_event chosen(void)
{
	struct profile_event event;
	struct error err;

	assert_int_equal(profile_event_choose(&event, &err), 0);
	return event;
}

static void test_the_most_precise_cycles(void **state)
{
	struct profile_event event;

	(void)state;
	machine.most_precise = 2;
	event = chosen();
	assert_string_equal(event.name, "cycles:pp");
	assert_true(event.hardware && event.precise && !event.user_only);
	assert_string_equal(event.why, "");
	/* One is of a constant skid: an address late still. */
	machine.most_precise = 1;
	event = chosen();
	assert_string_equal(event.name, "cycles:p");
	assert_true(event.hardware && !event.precise);
	machine.most_precise = 0;
	event = chosen();
	assert_string_equal(event.name, "cycles");
	assert_true(event.hardware && !event.precise);
	assert_non_null(strstr(event.why, "no precise samples"));
}

static void test_user_code_only(void **state)
{
	struct profile_event event;

	(void)state;
	machine.user_only = true;
	machine.most_precise = 3;
	event = chosen();
	assert_string_equal(event.name, "cycles:pppu");
	assert_true(event.user_only && event.precise);
	machine.cycles_error = ENOENT;
	event = chosen();
	assert_string_equal(event.name, "cpu-clock:u");
	assert_true(event.user_only && !event.hardware && !event.precise);
	machine.user_only = false;
	machine.cycles_error = 0;
	machine.most_precise = 0;
}

static void test_no_pmu(void **state)
{
	struct profile_event event;

	(void)state;
	machine.cycles_error = ENOENT;
	event = chosen();
	assert_string_equal(event.name, "cpu-clock");
	assert_false(event.hardware || event.precise || event.user_only);
	assert_non_null(strstr(event.why, "no PMU"));
	machine.cycles_error = 0;
}

static void test_forbidden(void **state)
{
	struct profile_event event;
	struct error err;

	(void)state;
	machine.cycles_error = machine.clock_error = EACCES;
	assert_int_equal(profile_event_choose(&event, &err), -EACCES);
	assert_non_null(strstr(err.text, "perf cannot sample here: "));
	assert_non_null(strstr(err.text, "CAP_PERFMON"));
	machine.cycles_error = machine.clock_error = ENOSYS;
	assert_int_equal(profile_event_choose(&event, &err), -ENOSYS);
	assert_non_null(strstr(err.text, "no perf_event_open in this kernel"));
	machine.cycles_error = machine.clock_error = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_most_precise_cycles),
		cmocka_unit_test(test_user_code_only),
		cmocka_unit_test(test_no_pmu),
		cmocka_unit_test(test_forbidden),
	};

	return cmocka_run_group_tests_name("profile_event", tests, NULL, NULL);
}
