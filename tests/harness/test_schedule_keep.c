/*
 * Tests of harness/schedule_keep.c: a schedule comes back as it was, and nothing else does.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "harness/schedule_keep.h"

enum { NR_CELLS = 2, NR_GROUPS = 2 };

static const struct workload cells[NR_CELLS] = {
	{ .strategy = "refcount", .variant = "gcc" }, { .strategy = "cas", .variant = "gcc" },
};
static const struct workload *entries[] = { &cells[0], &cells[1] };
static struct group groups[] = {
	{ .workload = "one", .placements = "compact", .threads = 1, .cells = entries,
	  .nr_cells = NR_CELLS },
	{ .workload = "two", .placements = "compact", .threads = 2, .cells = entries,
	  .nr_cells = NR_CELLS, .first_point = NR_CELLS },
};
static const struct plan plan = {
	.groups = groups, .nr_groups = NR_GROUPS, .nr_points = NR_GROUPS * NR_CELLS,
};
static const struct options options = { .precision = 0.01 };
static struct schedule schedule;
static struct error err;

static int begin(void **state)
{
	(void)state;
	return schedule_open(&schedule, &plan, &options, &err);
}

static int end(void **state)
{
	(void)state;
	schedule_close(&schedule);
	return 0;
}

/* After the first look the second group goes on, with one of its points. */
static void plan_more(void)
{
	for (unsigned i = 0; i < plan.nr_points; i++)
		schedule.points[i].measured = i == 3;
	schedule.points[3].done += 4;
	schedule.points[3].width = (struct judge_width){ 0.1 / 3, INFINITY };
	schedule.launches += 4;
	schedule.took_ns[1] = 1ull << 49;
	schedule.ended = true;
	assert_int_equal(schedule_block_add(&schedule, 4), 0);
}

static void test_comes_back(void **state)
{
	json_t *kept;

	plan_more();
	kept = schedule_keep(&schedule);
	end(state);
	assert_int_equal(begin(state), 0);
	assert_int_equal(schedule_restore(&schedule, kept, &err), 0);
	json_decref(kept);
	assert_int_equal(schedule.launches, 16);
	assert_true(schedule.ended);
	assert_false(schedule.active[0]);
	assert_true(schedule.active[1]);
	assert_int_equal(schedule.nr_active, 1);
	assert_int_equal(schedule.points[2].done, 12);
	assert_int_equal(schedule.points[3].done, 16);
	assert_false(schedule.points[2].measured);
	assert_true(schedule.points[3].measured);
	assert_true(schedule.points[3].width.now == 0.1 / 3);
	assert_true(isinf(schedule.points[3].width.outlook));
	assert_true(schedule.took_ns[1] == 1ull << 49);
	assert_ptr_equal(schedule_block_of(&schedule, 12), &schedule.blocks[0]);
	assert_ptr_equal(schedule_block_of(&schedule, 13), &schedule.blocks[1]);
	assert_false(schedule_has(&schedule, 13, 0));
	assert_true(schedule_has(&schedule, 13, 1));
}

/* A point that crashed is measured up to then, and so it is after a kill. */
static void test_left_out(void **state)
{
	json_t *kept;

	schedule_leave_out(&schedule, 1, 5);
	kept = schedule_keep(&schedule);
	end(state);
	assert_int_equal(begin(state), 0);
	assert_int_equal(schedule_restore(&schedule, kept, &err), 0);
	json_decref(kept);
	assert_true(schedule_measures(&schedule, 4, 1));
	assert_false(schedule_measures(&schedule, 5, 1));
	assert_false(schedule_measures(&schedule, 12, 1));
	assert_true(schedule_measures(&schedule, 12, 3));
	assert_false(schedule.points[1].measured);
	assert_true(schedule_has(&schedule, 5, 0));
	assert_int_equal(schedule.nr_active, 2);
}

/* Without its baseline a group tells nothing. */
static void test_left_out_baseline(void **state)
{
	(void)state;
	schedule_leave_out(&schedule, 0, 2);
	assert_true(schedule_has(&schedule, 1, 0));
	assert_false(schedule_has(&schedule, 2, 0));
	assert_true(schedule_has(&schedule, 2, 1));
	assert_false(schedule.active[0]);
	assert_int_equal(schedule.nr_active, 1);
}

/* No crash, and one line. */
static void test_hostile(void **state)
{
	static const char *const texts[] = {
		"{}", "[]", "{\"blocks\": 7}", "{\"blocks\": []}", "{\"blocks\": [7]}",
#define BLOCKS(blocks) "{\"blocks\": [" blocks "], \"ended\": true, " \
		"\"widths\": \"0 0 0 0 0 0 0 0\", \"took_ns\": \"1 2\", \"left_out\": \"0 0 0 0\"}"
#define FIRST "{\"launches\": 12, \"points\": \"1111\"}"
		BLOCKS("{\"launches\": 13, \"points\": \"1111\"}"),
		BLOCKS("{\"launches\": 12, \"points\": \"1101\"}"),
		BLOCKS("{\"launches\": 12, \"points\": \"111\"}"),
		BLOCKS(FIRST ", {\"launches\": -1, \"points\": \"1111\"}"),
		BLOCKS(FIRST ", {\"launches\": 469, \"points\": \"1111\"}"),
		BLOCKS(FIRST ", {\"launches\": 4, \"points\": \"11x1\"}"),
		BLOCKS(FIRST ", {\"launches\": 4, \"points\": \"0000\"}"),
		BLOCKS(FIRST ", {\"launches\": 9223372036854775807, \"points\": \"1111\"}"),
		BLOCKS(FIRST ", {\"launches\": 4294967300, \"points\": \"1111\"}"),
#define ALL(widths, took, left_out, last) "{\"blocks\": [" FIRST "], \"widths\": " widths \
		", \"took_ns\": " took ", \"left_out\": " left_out ", \"ended\": " last "}"
#define REST(widths, took, last) ALL(widths, took, "\"0 0 0 0\"", last)
#define WIDTHS "\"0 0 0 0 0 0 0 0\""
		REST("\"0 0 0 0 0 0 0\"", "\"1 2\"", "true"),
		REST("\"0 0 0 0 0 0 0 nan\"", "\"1 2\"", "true"),
		REST("\"0 0 0 0 0 0 0 -1\"", "\"1 2\"", "true"),
		REST("\"0 0 0 0 0 0 0 0 0\"", "\"1 2\"", "true"),
		REST("\"0 0 0 0 0 0 0 0x\"", "\"1 2\"", "true"),
		/* Budgets are divided by their sum. */
		REST(WIDTHS, "\"1 -1\"", "true"), REST(WIDTHS, "\"-1 1\"", "true"),
		REST(WIDTHS, "\"1 18446744073709551615\"", "true"),
		REST(WIDTHS, "\"1 99999999999999999999\"", "true"),
		REST(WIDTHS, "\"1 2 3\"", "true"), REST(WIDTHS, "\"1 x\"", "true"),
		REST("null", "\"1 2\"", "true"), REST(WIDTHS, "\"1\"", "true"),
		REST(WIDTHS, "null", "true"), REST(WIDTHS, "\"1 2\"", "7"),
		ALL(WIDTHS, "\"1 2\"", "null", "true"), ALL(WIDTHS, "\"1 2\"", "\"0 0 0\"", "true"),
		ALL(WIDTHS, "\"1 2\"", "\"0 0 0 x\"", "true"), ALL(WIDTHS, "\"1 2\"", "\"0 0 0 13\"", "true"),
	};
	json_t *kept = json_loads(BLOCKS(FIRST), 0, NULL);

	assert_int_equal(schedule_restore(&schedule, kept, &err), 0);
	json_decref(kept);
	assert_int_equal(schedule_restore(&schedule, NULL, &err), -EBADMSG);
	for (unsigned i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		end(state);
		assert_int_equal(begin(state), 0);
		kept = json_loads(texts[i], 0, NULL);
		assert_non_null(kept);
		err.text[0] = '\0';
		if (schedule_restore(&schedule, kept, &err) != -EBADMSG)
			fail_msg("taken: %s", texts[i]);
		assert_null(strchr(err.text, '\n'));
		assert_non_null(strstr(err.text, "meta.json"));
		json_decref(kept);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_comes_back, begin, end),
		cmocka_unit_test_setup_teardown(test_left_out, begin, end),
		cmocka_unit_test_setup_teardown(test_left_out_baseline, begin, end),
		cmocka_unit_test_setup_teardown(test_hostile, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
