/*
 * Tests of harness/thread_counts.c: with how many threads each placement is measured.
 *
 * SPDX-License-Identifier: MIT
 */
#include "harness/thread_counts.h"
#include "tests/harness/topology.h"

static struct place place;
static const struct option_values none;

/* Joined by blanks. */
static const char *counts_of(const struct option_values *given, enum placement placement,
			     unsigned multiple)
{
	static char text[4096];
	struct thread_counts counts;
	size_t at = 0;

	*text = '\0';
	assert_int_equal(thread_counts_make(&counts, given, &place, placement, multiple), 0);
	for (unsigned i = 0; i < counts.nr; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%u", i ? " " : "",
				       counts.values[i]);
	thread_counts_free(&counts);
	assert_null(counts.values);
	return text;
}

static void test_boundaries(void **state)
{
	(void)state;
	place_synthetic(&place, "pack:2 l3:2 core:3 pu:1");
	assert_string_equal(counts_of(&none, PLACE_COMPACT, 1), "1 2 3 4 6 8 9 12");
	assert_string_equal(counts_of(&none, PLACE_SCATTER, 1), "1 2 4 8 12");
	/* 3 and 9 threads are 1 and 4 pairs. */
	assert_string_equal(counts_of(&none, PLACE_COMPACT, 2), "2 4 6 8 12");
	assert_string_equal(counts_of(&none, PLACE_ONE_PER_L3, 1), "1 2 4");
	assert_string_equal(counts_of(&none, PLACE_SAME_L3, 1), "1 2 3");
	assert_string_equal(counts_of(&none, PLACE_SAME_L3, 2), "2");
	place_close(&place);
}

static void test_real_machines(void **state)
{
	(void)state;
	place_machine(&place, "amd-epyc-7763-2s.xml");
	assert_string_equal(counts_of(&none, PLACE_COMPACT, 1), "1 2 4 8 16 24 32 40 48 56 64 72 80 "
			    "88 96 104 112 120 128");
	assert_string_equal(counts_of(&none, PLACE_SCATTER, 1), "1 2 4 8 16 32 64 128");
	place_close(&place);
	place_machine(&place, "intel-core-i7-1370p.xml");
	assert_string_equal(counts_of(&none, PLACE_SCATTER, 1), "1 2 4 8 14 16 20");
	/* A thread alone is on no pair. */
	assert_string_equal(counts_of(&none, PLACE_SMT_PAIRS, 1), "2 4 8 12");
	assert_string_equal(counts_of(&none, PLACE_SMT_PAIRS, 2), "2 4 8 12");
	assert_string_equal(counts_of(&none, PLACE_P_CORES, 1), "1 2 4 8 12");
	place_close(&place);
}

static void test_given(void **state)
{
	const struct option_values given = { .values = { 3, 1, 40 }, .nr = 3 };

	(void)state;
	place_synthetic(&place, "core:4 pu:2");
	assert_string_equal(counts_of(&given, PLACE_COMPACT, 1), "3 1 40");
	assert_string_equal(counts_of(&given, PLACE_SMT_PAIRS, 2), "3 1 40");
	place_close(&place);
}

/* More than can be typed. */
static void test_many_boundaries(void **state)
{
	struct thread_counts counts;

	(void)state;
	place_synthetic(&place, "pack:2 l3:64 core:3 pu:1");
	assert_int_equal(place.nr_boundaries[PLACE_COMPACT], 127);
	assert_int_equal(thread_counts_make(&counts, &none, &place, PLACE_COMPACT, 1), 0);
	/* 3 to 384 by threes, and nine doublings up to 256. */
	assert_int_equal(counts.nr, 128 + 9);
	for (unsigned i = 1; i < counts.nr; i++)
		assert_true(counts.values[i - 1] < counts.values[i]);
	assert_int_equal(counts.values[counts.nr - 1], 384);
	thread_counts_free(&counts);
	place_close(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_boundaries),
		cmocka_unit_test(test_real_machines),
		cmocka_unit_test(test_given),
		cmocka_unit_test(test_many_boundaries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
