/*
 * What the tests of the strategies use of cmocka, for processors that have none installed.
 *
 * SPDX-License-Identifier: MIT
 *
 * Stops at the first thing wrong, with exit code 1 and a line that names it.
 */
#ifndef CROSS_CMOCKA_H
#define CROSS_CMOCKA_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct CMUnitTest {
	const char *name;
	void (*run)(void **state);
};

#define cmocka_unit_test(function) { #function, function }

#define fail_msg(...)								\
	(fprintf(stderr, "%s:%d: ", __FILE__, __LINE__), fprintf(stderr, __VA_ARGS__), \
	 fputc('\n', stderr), exit(1))
#define CROSS_ASSERT(truth, text) ((truth) ? (void)0 : fail_msg("not so: %s", text))

#define assert_true(a) CROSS_ASSERT(a, #a)
#define assert_false(a) CROSS_ASSERT(!(a), "!(" #a ")")
#define assert_int_equal(a, b) CROSS_ASSERT((long long)(a) == (long long)(b), #a " == " #b)
#define assert_ptr_equal(a, b) CROSS_ASSERT((const void *)(a) == (const void *)(b), #a " == " #b)
#define assert_non_null(a) CROSS_ASSERT((a) != NULL, #a " != NULL")
#define assert_null(a) CROSS_ASSERT((a) == NULL, #a " == NULL")
#define assert_string_equal(a, b) CROSS_ASSERT(!strcmp(a, b), #a " is " #b)

/* Group fixtures are not supported: NULL. */
#define cmocka_run_group_tests_name(group, tests, setup, teardown)		\
	cross_run(group, tests, sizeof(tests) / sizeof((tests)[0]), setup, teardown)
#define cmocka_run_group_tests(tests, setup, teardown)				\
	cmocka_run_group_tests_name(#tests, tests, setup, teardown)

/* 0, for a failure exits. */
static inline int cross_run(const char *group, const struct CMUnitTest *tests, size_t nr_tests,
			    void *setup, void *teardown)
{
	if (setup || teardown)
		fail_msg("%s: has a fixture", group);
	for (size_t i = 0; i < nr_tests; i++) {
		void *state = NULL;

		fprintf(stderr, "%s: %s\n", group, tests[i].name);
		tests[i].run(&state);
	}
	return 0;
}

#endif
