/*
 * Tests of harness/random.h: what a seed gives is the same with any compiler and on any processor.
 *
 * SPDX-License-Identifier: MIT
 *
 * The numbers are those of the run that `./run.sh --seed 7` begins: who changes them makes runs that earlier
 * ones cannot be repeated by.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "harness/random.h"

/* From the paper's reference implementation, state 0. */
static void test_generator(void **state)
{
	uint64_t random = 0;

	(void)state;
	assert_true(random_next(&random) == 0xe220a8397b1dcdafull);
	assert_true(random_next(&random) == 0x6e789e6aa1b965f4ull);
	assert_true(random_next(&random) == 0x06c45d188009454full);
}

static void test_group_seeds(void **state)
{
	(void)state;
	assert_true(random_group_seed(7, 1, 0) == 7065558);
	assert_true(random_group_seed(7, 1, 41) == 7065599);
	assert_true(random_group_seed(7, 96, 41) == 13291614);
	assert_true(random_group_seed(4294967295u, 12, 3) == 4294980180688332ull);
	/* The largest: products wrap. */
	assert_true(random_group_seed(INT64_MAX, 1, 0) == 9223372036853841342ull);
}

/* The first rounds of n windows, as "order:last seed" joined by blanks. */
static const char *rounds_of(uint64_t seed, unsigned n, unsigned nr_rounds)
{
	static char text[512];
	unsigned order[16];
	uint64_t seeds[16];
	size_t at = 0;

	for (unsigned i = 0; i < n; i++)
		order[i] = i;
	for (unsigned round = 0; round < nr_rounds; round++) {
		random_round(order, seeds, n, &seed);
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s", round ? " " : "");
		for (unsigned i = 0; i < n; i++)
			at += (size_t)snprintf(text + at, sizeof(text) - at, "%x", order[i]);
		at += (size_t)snprintf(text + at, sizeof(text) - at, ":%016llx",
				       (unsigned long long)seeds[n - 1]);
	}
	return text;
}

static void test_rounds(void **state)
{
	(void)state;
	assert_string_equal(rounds_of(random_group_seed(7, 1, 0), 6, 3),
			    "432150:f26a9987a0c63281 "
			    "125304:5b1ce082b059dbf2 "
			    "352140:04181b6fd7b6e003");
	assert_string_equal(rounds_of(random_group_seed(7, 2, 0), 6, 2),
			    "351024:7c77ead2b446a627 "
			    "324501:8ffac9f3fa77e60c");
	assert_string_equal(rounds_of(random_group_seed(INT64_MAX, 96, 41), 16, 2),
			    "4297cb15d368ef0a:58feae921e03cb18 "
			    "c895a3d61702f4eb:6f0b020fda81d168");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_generator),
		cmocka_unit_test(test_group_seeds),
		cmocka_unit_test(test_rounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
