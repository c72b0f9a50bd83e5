/*
 * Tests of harness/latencies.c: percentiles over launches, and the rows that it refuses.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <math.h>

#include "harness/latencies.h"
#include "tests/harness/scratch.h"

#define HEADER \
	"launch,workload,strategy,variant,kind,deferred,setting,placement,threads,objects,node,work_ns," \
	"layout,replace_permille,window_ns,gap_ops,samples,max_ns,clock_ns,stamps,ops,flags\n"
#define KEY(strategy) "getput," strategy ",gcc,candidate,held,compact,2,1,,0,padded,0"
#define ROW "%u,getput,%s,gcc,candidate,0,held,compact,2,1,,0,padded,0,750000,30,%u,%s,0.5,%s,%s,%s\n"

static struct latencies latencies;
static struct error err;
static FILE *file;

static int open_file(void **state)
{
	if (scratch_open(state))
		return -1;
	file = fopen(scratch_path("latency.csv"), "w");
	if (!file)
		return -1;
	fputs(HEADER, file);
	return 0;
}

static int close_file(void **state)
{
	latencies_free(&latencies);
	return scratch_close(state);
}

static void row(unsigned launch, const char *strategy, unsigned samples, const char *max,
		const char *ops, const char *flags)
{
	fprintf(file, ROW, launch, strategy, samples, max, "18:20 19:30", ops, flags);
}

static int load(void)
{
	if (file)
		assert_int_equal(fclose(file), 0);
	file = NULL;
	return latencies_load(&latencies, scratch, &err);
}

static void a_run_without_has_none(void **state)
{
	(void)state;
	assert_int_equal(remove(scratch_path("latency.csv")), 0);
	assert_int_equal(load(), -ENOENT);
	assert_int_equal(latencies.nr, 0);
}

static void launches_are_one_sample_together(void **state)
{
	const struct latencies_point *point;

	(void)state;
	row(1, "cas", 5000, "40", "20:4000 40:1000", "");
	row(1, "mutex", 0, "", "", "");
	row(2, "cas", 5001, "7001", "20:5000 6912:1", "steal");
	row(4, "cas", 5000, "20", "20:5000", "shared-reclaim+switched");
	row(5, "cas", 0, "", "", "stealer+oversubscribed");
	assert_int_equal(load(), 0);
	assert_int_equal(latencies.nr, 2);
	point = latencies_find(&latencies, KEY("cas"));
	assert_non_null(point);
	assert_int_equal(point->launches, 4);
	assert_int_equal(point->disturbed, 2);
	assert_int_equal(point->ops.nr, 15001);
	assert_true(point->percentiles[0].ns == 20);
	assert_true(point->percentiles[1].ns == 20);
	assert_true(point->percentiles[2].ns == 40);
	assert_true(point->percentiles[3].ns == 40);
	assert_int_equal(point->ops.max_ns, 7001);
	assert_true(point->stamps_ns == 19);
	/* Too few launches for an interval. */
	assert_true(isnan(point->percentiles[0].lo));
	point = latencies_find(&latencies, KEY("mutex"));
	assert_non_null(point);
	assert_true(isnan(point->percentiles[0].ns));
	assert_null(latencies_find(&latencies, KEY("plain")));
}

/* Of six launches the extremes; a launch without that percentile is none of them. */
static void intervals_are_of_launches(void **state)
{
	(void)state;
	for (unsigned i = 1; i <= 6; i++) {
		char ops[32], max[8];

		snprintf(ops, sizeof(ops), "%u:1000", 30 - i);
		snprintf(max, sizeof(max), "%u", 30 - i);
		row(i, "cas", 1000, max, ops, "");
	}
	row(7, "cas", 5, "900", "20:4 896:1", "");
	assert_int_equal(load(), 0);
	for (unsigned i = 0; i < 3; i++) {
		assert_true(latencies.points[0].percentiles[i].lo == 24);
		assert_true(latencies.points[0].percentiles[i].hi == 29);
	}
	/* A thousand samples have one beyond 99.9 percent. */
	assert_true(isnan(latencies.points[0].percentiles[3].ns));
	assert_true(isnan(latencies.points[0].percentiles[3].lo));
}

static void a_torn_line_is_dropped(void **state)
{
	(void)state;
	row(1, "cas", 100, "20", "20:100", "");
	fputs("2,getput,cas,gcc,candidate,0,held,compact,2,1,,0,padd", file);
	assert_int_equal(load(), 0);
	assert_int_equal(latencies.nr, 1);
	assert_int_equal(latencies.points[0].launches, 1);
}

static void damaged_rows_are_refused(void **state)
{
	static const struct {
		unsigned launch, samples;
		const char *max, *ops, *flags, *told;
	} rows[] = {
		{ 1, 101, "20", "20:100", "", "ops are not the samples" },
		{ 1, 100, "", "20:100", "", "max_ns" },
		{ 1, 100, "21", "20:100", "", "ops are not the samples" },
		{ 1, 100, "20", "20:100 ", "", "ops are not the samples" },
		{ 1, 100, "20", "20:100,", "", "latency.csv:2" },
		{ 0, 100, "20", "20:100", "", "came before" },
	};

	(void)state;
	if (file)
		fclose(file);
	for (unsigned i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		file = fopen(scratch_path("latency.csv"), "w");
		assert_non_null(file);
		fputs(HEADER, file);
		row(rows[i].launch, "cas", rows[i].samples, rows[i].max, rows[i].ops, rows[i].flags);
		if (load() != -EBADMSG || !strstr(err.text, rows[i].told))
			fail_msg("row %u: %s", i, err.text);
		latencies_free(&latencies);
	}
}

static void a_launch_has_one_window(void **state)
{
	(void)state;
	row(2, "cas", 100, "20", "20:100", "");
	row(2, "cas", 100, "20", "20:100", "");
	assert_int_equal(load(), -EBADMSG);
	assert_non_null(strstr(err.text, "latency.csv:3: the point came before in this launch"));
}

static void a_missing_column_is_refused(void **state)
{
	(void)state;
	fclose(file);
	file = NULL;
	scratch_write("latency.csv", "launch,workload\n1,getput\n");
	assert_int_equal(load(), -EBADMSG);
}

static void percentiles_are_written(void **state)
{
	(void)state;
	row(1, "cas", 2000, "900", "20:1980 896:20", "steal");
	row(1, "mutex", 0, "", "", "");
	assert_int_equal(load(), 0);
	assert_int_equal(latencies_write(&latencies, scratch, &err), 0);
	assert_string_equal(scratch_read("percentiles.csv"),
		"workload,strategy,variant,kind,setting,placement,threads,objects,node,work_ns,layout,"
		"replace_permille,launches,disturbed_windows,samples,clock_ns,stamps_ns,p50_ns,p50_ns_lo,"
		"p50_ns_hi,p90_ns,p90_ns_lo,p90_ns_hi,p99_ns,p99_ns_lo,p99_ns_hi,p999_ns,p999_ns_lo,"
		"p999_ns_hi,max_ns\n"
		KEY("cas") ",1,1,2000,0.5,19,20,,,20,,,20,,,,,,900\n"
		KEY("mutex") ",1,0,0,0.5,19,,,,,,,,,,,,,\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_run_without_has_none, open_file, close_file),
		cmocka_unit_test_setup_teardown(launches_are_one_sample_together, open_file, close_file),
		cmocka_unit_test_setup_teardown(intervals_are_of_launches, open_file, close_file),
		cmocka_unit_test_setup_teardown(a_torn_line_is_dropped, open_file, close_file),
		cmocka_unit_test_setup_teardown(damaged_rows_are_refused, open_file, close_file),
		cmocka_unit_test_setup_teardown(a_launch_has_one_window, open_file, close_file),
		cmocka_unit_test_setup_teardown(a_missing_column_is_refused, open_file, close_file),
		cmocka_unit_test_setup_teardown(percentiles_are_written, open_file, close_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
