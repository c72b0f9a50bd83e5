/*
 * Tests of harness/histogram.c: buckets, percentiles of known samples, and text that is not its own.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/histogram.h"

static struct histogram histogram, other;

static int reset(void **state)
{
	(void)state;
	memset(&histogram, 0, sizeof(histogram));
	memset(&other, 0, sizeof(other));
	return 0;
}

static void add(uint64_t ns, unsigned times)
{
	while (times--)
		histogram_add(&histogram, ns);
}

static void buckets_are_as_wide_as_a_32nd(void **state)
{
	(void)state;
	for (unsigned i = 0; i + 1 < HISTOGRAM_BUCKETS; i++) {
		const uint64_t least = histogram_least(i), next = histogram_least(i + 1);

		assert_int_equal(histogram_bucket(least), i);
		assert_int_equal(histogram_bucket(next - 1), i);
		assert_true(next - least == 1 || (next - least) * 32 <= least);
	}
	/* What is longer than the last bucket is in it. */
	assert_int_equal(histogram_bucket(UINT64_MAX), HISTOGRAM_BUCKETS - 1);
	assert_true(histogram_least(HISTOGRAM_BUCKETS - 1) > 1000000000000);
}

static void percentiles_of_known_samples(void **state)
{
	(void)state;
	for (unsigned i = 1; i <= 50; i++)
		add(i, 200);
	assert_true(histogram_percentile(&histogram, 500) == 25);
	assert_true(histogram_percentile(&histogram, 900) == 45);
	assert_true(histogram_percentile(&histogram, 999) == 50);
	assert_int_equal(histogram.max_ns, 50);
}

/* 9900 fast and 100 slow ones: the 99th percentile is the last of the fast. */
static void the_boundary_is_where_it_is(void **state)
{
	(void)state;
	add(20, 9900);
	add(50000, 100);
	assert_true(histogram_percentile(&histogram, 990) == 20);
	add(50000, 1);
	assert_true(fabs(histogram_percentile(&histogram, 990) / 50000 - 1) < 0.016);
	assert_int_equal(histogram.max_ns, 50000);
}

static void a_middle_is_not_above_the_slowest(void **state)
{
	(void)state;
	add(histogram_least(200), 1000);
	assert_true(histogram_percentile(&histogram, 500) == (double)histogram_least(200));
}

static void few_beyond_are_absent(void **state)
{
	(void)state;
	assert_true(isnan(histogram_percentile(&histogram, 500)));
	add(7, 9999);
	assert_true(isnan(histogram_percentile(&histogram, 999)));
	add(7, 1);
	assert_true(histogram_percentile(&histogram, 999) == 7);
}

static void merged_is_as_sampled_together(void **state)
{
	(void)state;
	add(10, 30);
	histogram_add(&other, 4000);
	histogram_merge(&histogram, &other);
	assert_int_equal(histogram.nr, 31);
	assert_int_equal(histogram.max_ns, 4000);
	assert_int_equal(histogram.counts[histogram_bucket(4000)], 1);
}

static void what_is_written_is_read(void **state)
{
	char *text;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	(void)state;
	add(0, 3);
	add(63, 2);
	add(1000, 1);
	histogram_write(out, &histogram);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, "0:3 63:2 992:1");
	assert_int_equal(histogram_read(&other, text), 0);
	assert_memory_equal(other.counts, histogram.counts, sizeof(other.counts));
	assert_int_equal(other.nr, 6);
	assert_int_equal(other.max_ns, 1007);
	assert_int_equal(histogram_read(&other, ""), 0);
	assert_int_equal(other.nr, 0);
	free(text);
}

static void other_text_is_refused(void **state)
{
	static const char *const texts[] = {
		"20", "20:", ":3", "20:3 ", " 20:3", "20:3  21:1", "20:3 19:1", "20:3 20:1", "20:0",
		"20:-3", "-20:3", "20:3x", "1000:1", "20:99999999999999999999", "20:4294967296",
		"20:3,21:1", "+20:3",
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (histogram_read(&other, texts[i]) != -EBADMSG)
			fail_msg("taken: \"%s\"", texts[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(buckets_are_as_wide_as_a_32nd, reset),
		cmocka_unit_test_setup(percentiles_of_known_samples, reset),
		cmocka_unit_test_setup(the_boundary_is_where_it_is, reset),
		cmocka_unit_test_setup(a_middle_is_not_above_the_slowest, reset),
		cmocka_unit_test_setup(few_beyond_are_absent, reset),
		cmocka_unit_test_setup(merged_is_as_sampled_together, reset),
		cmocka_unit_test_setup(what_is_written_is_read, reset),
		cmocka_unit_test_setup(other_text_is_refused, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
