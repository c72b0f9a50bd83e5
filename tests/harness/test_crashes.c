/*
 * Tests of harness/crashes.c and mishap_told.c: what a launch told is kept, and comes back after a kill.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <signal.h>

#include "tests/harness/scratch.h"

#include "harness/crashes.h"
#include "harness/mishap_told.h"

static const struct workload cells[] = {
	{ .name = "getput", .strategy = "refcount", .variant = "gcc" },
	{ .name = "getput", .strategy = "cas", .variant = "gcc" },
};
static const struct workload *entries[] = { &cells[0], &cells[1] };
static struct group groups[] = {
	{ .workload = "getput", .placements = "compact", .threads = 1, .objects = 1, .cells = entries,
	  .nr_cells = 2 },
	{ .workload = "getput", .placements = "compact", .threads = 2, .objects = 1, .cells = entries,
	  .nr_cells = 2, .first_point = 2 },
};
static const struct plan plan = { .groups = groups, .nr_groups = 2, .nr_points = 4 };

#define CAS_2 "getput/cas@gcc/held/compact/objects:1/work_ns:0/threads:2"

static const struct crash crash = {
	.point = 3, .launch = 2, .signal = SIGSEGV, .stage = MISHAP_OPS, .function = "kref_get",
};

static void test_comes_back(void **state)
{
	struct crashes crashes = { .list = NULL }, again = { .list = NULL };
	struct error err;
	json_t *kept;

	(void)state;
	assert_int_equal(crashes_add(&crashes, &crash), 0);
	assert_int_equal(crashes_add(&crashes, &(struct crash){
		.point = 0, .launch = 7, .signal = SIGABRT, .stage = MISHAP_VERIFY }), 0);
	kept = crashes_keep(&crashes, &plan);
	assert_string_equal(json_string_value(json_object_get(json_array_get(kept, 0), "point")), CAS_2);
	assert_true(json_is_null(json_object_get(json_array_get(kept, 1), "function")));
	assert_int_equal(crashes_restore(&again, kept, &plan, &err), 0);
	json_decref(kept);
	assert_int_equal(again.nr, 2);
	assert_memory_equal(&again.list[0], &crash, offsetof(struct crash, function));
	assert_string_equal(again.list[0].function, "kref_get");
	assert_int_equal(again.list[1].point, 0);
	assert_int_equal(again.list[1].signal, SIGABRT);
	assert_int_equal(again.list[1].stage, MISHAP_VERIFY);
	assert_string_equal(again.list[1].function, "");
	crashes_free(&crashes);
	crashes_free(&again);
}

static void test_hostile(void **state)
{
#define CRASH(point, launch, signal, stage) "[{\"point\": " point ", \"launch\": " launch \
	", \"signal\": " signal ", \"stage\": " stage "}]"
	static const char *const texts[] = {
		"{}", "[7]", "[{}]",
		CRASH("\"getput/cas\"", "2", "\"SIGSEGV\"", "\"in its ops\""),
		CRASH("\"" CAS_2 "\"", "0", "\"SIGSEGV\"", "\"in its ops\""),
		CRASH("\"" CAS_2 "\"", "2", "\"SIGSEGV2\"", "\"in its ops\""),
		CRASH("\"" CAS_2 "\"", "2", "null", "\"in its ops\""),
		CRASH("\"" CAS_2 "\"", "2", "\"SIGSEGV\"", "7"),
	};
	struct crashes crashes = { .list = NULL };
	struct error err;

	(void)state;
	assert_int_equal(crashes_restore(&crashes, NULL, &plan, &err), -EBADMSG);
	for (unsigned i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		json_t *kept = json_loads(texts[i], 0, NULL);

		assert_non_null(kept);
		assert_int_equal(crashes_restore(&crashes, kept, &plan, &err), -EBADMSG);
		assert_int_equal(crashes.nr, 0);
		json_decref(kept);
	}
}

static void test_words(void **state)
{
	struct crashes crashes = { .list = NULL };
	char text[512];

	(void)state;
	assert_int_equal(crashes_add(&crashes, &crash), 0);
	crashes_tell(&crashes, &plan, text, sizeof(text));
	assert_string_equal(text, "1 of 4 points crashed: " CAS_2
			    ": SIGSEGV in its ops, in kref_get, launch 2");
	assert_int_equal(crashes_add(&crashes, &crash), 0);
	crashes_tell(&crashes, &plan, text, sizeof(text));
	assert_non_null(strstr(text, "2 of 4 points crashed: "));
	assert_non_null(strstr(text, "launch 2, and others"));
	crashes_free(&crashes);
}

static void test_lines(void **state)
{
	static const char *const others[] = {
		"point 3 12.5\n", "crash\n", "crash 4 2 11\n", "crash -2 2 11\n", "crash 3 9 11\n",
		"crash 3 -1 11\n", "crush 3 2 11\n", "hang 3 2\n", "group 1\n", "",
	};
	struct mishap_told told = { .kind = MISHAP_NONE };
	struct crash heard;
	struct error err;

	(void)state;
	for (unsigned i = 0; i < sizeof(others) / sizeof(*others); i++)
		assert_false(mishap_told_line(&told, &plan, others[i]));
	assert_true(mishap_told_line(&told, &plan, "crash 3 2 11\n"));
	assert_true(mishap_told_line(&told, &plan, "stack worker 1, runs\n"));
	assert_true(mishap_told_line(&told, &plan, "build/krefbench(kref_get+0x1) [0x2]\n"));
	mishap_told_tell(&told, &plan, 2, scratch, "build/krefbench", "/nonexistent", &heard, &err);
	assert_memory_equal(&heard, &crash, offsetof(struct crash, function));
	assert_string_equal(heard.function, "kref_get");
	assert_string_equal(err.text, CAS_2 ": SIGSEGV in its ops, in kref_get, launch 2");
	mishap_told_free(&told);
}

static void test_hang(void **state)
{
	struct mishap_told told = { .kind = MISHAP_NONE };
	struct crash heard;
	struct error err;

	(void)state;
	assert_true(mishap_told_line(&told, &plan, "hang 3 3 30254\n"));
	mishap_told_tell(&told, &plan, 2, scratch, "build/krefbench", "/nonexistent", &heard, &err);
	assert_string_equal(err.text, CAS_2 " hung waiting for its last frees: not back after 30.3 s, "
			    "launch 2");
	mishap_told_free(&told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comes_back),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_hang),
	};

	return cmocka_run_group_tests(tests, scratch_open, scratch_close);
}
