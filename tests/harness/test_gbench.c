/*
 * Tests of harness/gbench.cc: Google Benchmark asks for each point once, and its JSON says what the
 * rows say.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <math.h>
#include <sys/resource.h>

#include <jansson.h>

#include "harness/gbench.h"
#include "tests/harness/scratch.h"

#define POINTS 40

static struct {
	unsigned asked[POINTS * 4], nr;
	unsigned failing;	/* this point fails; POINTS: none */
} seen;

static int measure(void *context, unsigned point, double *ns_per_op)
{
	assert_ptr_equal(context, &seen);
	assert_true(seen.nr < POINTS * 4);
	seen.asked[seen.nr++] = point;
	*ns_per_op = point + 0.25;
	return point == seen.failing ? -EPROTO : 0;
}

static void run(unsigned nr, unsigned failing)
{
	static char texts[POINTS][64];
	const char *names[POINTS] = { NULL };

	/* Against the alphabet, one name twice, and what a regular expression would take apart. */
	for (unsigned i = 0; i < nr; i++) {
		snprintf(texts[i], sizeof(texts[i]), "z%u/a+b@gcc/(held)/threads:%u",
			 i == 5 ? POINTS - 4 : POINTS - i, i);
		names[i] = texts[i];
	}
	seen.nr = 0;
	seen.failing = failing;
	assert_int_equal(gbench_run(names, nr, measure, &seen), 0);
	assert_int_equal(seen.nr, failing < nr ? failing + 1 : nr);
	for (unsigned i = 0; i < seen.nr; i++)
		assert_int_equal(seen.asked[i], i);
}

static void test_each_point_once_in_order(void **state)
{
	(void)state;
	run(POINTS, POINTS);
	run(1, POINTS);
	run(POINTS, POINTS);	/* what was registered before is forgotten */
}

static void test_stops_after_a_failure(void **state)
{
	(void)state;
	run(POINTS, 0);
	run(POINTS, 7);
	run(POINTS, POINTS - 1);
	run(POINTS, POINTS);
}

static const struct gbench_row rows[] = {
	{ "getput/refcount@gcc/threads:2", 2, 0, 3, 12.5 },
	{ "getput/refcount@gcc/threads:2", 2, 1, 3, 13.5 },
	{ "getput/refcount@gcc/threads:2", 2, 2, 3, 0.001 },
	{ "getput/cas@gcc/threads:64", 64, 0, 1, 1234567.125 },
	{ "a \"b\"\\c", 1, 0, 1, 1 },
};

#define NR_ROWS (sizeof(rows) / sizeof(*rows))

static double number(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	assert_true(json_is_number(value));
	return json_number_value(value);
}

static const char *text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	assert_non_null(value);
	return value;
}

static void assert_close(double a, double b)
{
	if (!(fabs(a - b) <= 1e-6 * b))
		fail_msg("%.17g is not %.17g", a, b);
}

static json_t *write_rows(unsigned nr)
{
	json_error_t error;
	json_t *file;

	assert_int_equal(gbench_write(scratch_path("benchmark.json"), rows, nr), 0);
	file = json_load_file(scratch_path("benchmark.json"), 0, &error);
	if (!file)
		fail_msg("line %d: %s", error.line, error.text);
	return file;
}

static void test_json_has_each_row(void **state)
{
	json_t *file, *list;

	(void)state;
	gbench_context("krefbench_run", "results/\"here\"");
	file = write_rows(NR_ROWS);
	assert_string_equal(text(json_object_get(file, "context"), "krefbench_run"),
			    "results/\"here\"");
	list = json_object_get(file, "benchmarks");
	assert_int_equal(json_array_size(list), NR_ROWS);
	for (unsigned i = 0; i < NR_ROWS; i++) {
		const json_t *row = json_array_get(list, i);

		assert_string_equal(text(row, "name"), rows[i].name);
		assert_string_equal(text(row, "run_name"), rows[i].name);
		assert_string_equal(text(row, "run_type"), "iteration");
		assert_string_equal(text(row, "time_unit"), "ns");
		assert_true(number(row, "repetition_index") == rows[i].repetition);
		assert_true(number(row, "repetitions") == rows[i].repetitions);
		assert_true(number(row, "threads") == rows[i].threads);
		assert_true(number(row, "iterations") == 1);
		assert_close(number(row, "real_time"), rows[i].ns_per_op);
		assert_true(number(row, "cpu_time") == number(row, "real_time"));
		assert_null(json_object_get(row, "error_occurred"));
	}
	json_decref(file);
}

static void test_json_without_rows(void **state)
{
	json_t *file = write_rows(0);

	(void)state;
	assert_int_equal(json_array_size(json_object_get(file, "benchmarks")), 0);
	json_decref(file);
}

static void test_json_that_cannot_be_written(void **state)
{
	(void)state;
	assert_int_equal(gbench_write(scratch_path("none/benchmark.json"), rows, 1), -ENOENT);
	assert_true(gbench_write("/dev/full", rows, NR_ROWS) < 0);
}

/* The library reads about caches then, and would end the process; it does so once, so that this comes first. */
static void test_json_without_descriptors(void **state)
{
	struct rlimit before, few;
	int free_fd, code;

	(void)state;
	if (access("/sys/devices/system/cpu/cpu0/cache/index0/type", R_OK)) {
		print_message("nothing is told of caches here\n");
		skip();
	}
	free_fd = dup(STDIN_FILENO);
	assert_true(free_fd >= 0);
	close(free_fd);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = (struct rlimit){ (rlim_t)free_fd + 2, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	code = gbench_write(scratch_path("benchmark.json"), rows, NR_ROWS);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(code, -EIO);
	assert_int_equal(gbench_write(scratch_path("benchmark.json"), rows, NR_ROWS), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_json_without_descriptors, scratch_open, scratch_close),
		cmocka_unit_test(test_each_point_once_in_order),
		cmocka_unit_test(test_stops_after_a_failure),
		cmocka_unit_test_setup_teardown(test_json_has_each_row, scratch_open, scratch_close),
		cmocka_unit_test_setup_teardown(test_json_without_rows, scratch_open, scratch_close),
		cmocka_unit_test_setup_teardown(test_json_that_cannot_be_written, scratch_open,
						scratch_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
