/*
 * Tests of harness/profile_point.c: which cell is meant, and what it cannot do.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/profile_point.h"
#include "tests/harness/topology.h"

#define HELD (1 << SETTING_HELD)
#define CHURN (1 << SETTING_CHURN)
#define ENTRY(w, s, v, ...) { .name = w, .strategy = s, .variant = v, __VA_ARGS__ }
#define SINGLE .min_workers = 1, .multiple = 1

static const struct workload cells[] = {
	ENTRY("getput", "refcount", "gcc", SINGLE, .settings = HELD),
	ENTRY("getput", "refcount", "clang", SINGLE, .settings = HELD),
	ENTRY("getput", "plain", "gcc", SINGLE, .settings = HELD, .max_workers = 1),
	ENTRY("getput", "refcount", "aa", SINGLE, .settings = HELD, .kind = CELL_CONTROL),
	ENTRY("queue_mutex", "refcount", "gcc", SINGLE, .settings = HELD | CHURN, .replaces = true),
	ENTRY("queue_mutex", "hazptr", "gcc", SINGLE, .settings = HELD | CHURN,
	      .hole = { NULL, "it counts nothing" }),
	ENTRY("handoff_queue", "refcount", "gcc", .min_workers = 2, .multiple = 2, .settings = CHURN,
	      .makes_objects = true),
};
#define NR_CELLS (sizeof(cells) / sizeof(*cells))
static const struct workload *const entries[] = {
	&cells[0], &cells[1], &cells[2], &cells[3], &cells[4], &cells[5], &cells[6],
};
static const struct registry registry = { entries, NR_CELLS };

static struct place place;

static int open_place(void **state)
{
	(void)state;
	place_synthetic(&place, "core:5 pu:1");
	return 0;
}

static int close_place(void **state)
{
	(void)state;
	place_close(&place);
	return 0;
}

static struct options of(const char *cell)
{
	return (struct options){
		.command = COMMAND_PROFILE, .cells = { cell }, .nr_cells = 1,
		.placements = { [PLACE_COMPACT] = true },
	};
}

static int choose(struct options *options, struct error *err)
{
	*err = (struct error){ "" };
	return profile_point_choose(options, &registry, &place, err);
}

static void refused(struct options options, const char *text)
{
	struct error err;

	assert_int_equal(choose(&options, &err), -EINVAL);
	if (!strstr(err.text, text))
		fail_msg("\"%s\" says not \"%s\"", err.text, text);
}

/* The cell of the first, or of number index, in a plan of what was chosen. */
static const struct workload *found(struct options *options, unsigned index, struct group *group)
{
	const struct workload *cell = NULL;
	struct plan plan;
	struct error err;

	assert_int_equal(choose(options, &err), 0);
	assert_int_equal(plan_make(&plan, &registry, options, &place, &err), 0);
	if (profile_point_find(options, &plan, index, group, &cell, &err))
		fail_msg("%s", err.text);
	plan_free(&plan);
	return cell;
}

static void test_names(void **state)
{
	struct group group;
	struct options options = of("getput+refcount");

	(void)state;
	assert_ptr_equal(found(&options, 0, &group), &cells[0]);
	assert_int_equal(group.nr_cells, 1);
	assert_int_equal(group.threads, 5);
	assert_int_equal(group.work_ns, 0);
	options = of("getput/refcount");
	assert_ptr_equal(found(&options, 0, &group), &cells[0]);
	options = of("getput+refcount@clang");
	options.variants[options.nr_variants++] = VARIANT_CLANG;
	assert_ptr_equal(found(&options, 0, &group), &cells[1]);
	refused(of("getptu+refcount"), "no workload \"getptu\"; the nearest is getput");
	refused(of("queue_mutx+refcount"), "the nearest is queue_mutex");
	refused(of("getput+recount"), "no strategy \"recount\"; the nearest is refcount");
	refused(of("getput"), "\"getput\" is no cell");
	refused(of("+refcount"), "is no cell");
	refused(of("getput+"), "is no cell");
	/* A control is no variant that one asks for. */
	options = of("getput+refcount@b");
	options.variants[options.nr_variants++] = VARIANT_B;
	refused(options, "is not compiled as variant b");
}

static void test_settings_and_holes(void **state)
{
	struct options options = of("queue_mutex+refcount");
	struct group group;

	(void)state;
	found(&options, 0, &group);
	assert_int_equal(group.setting, SETTING_HELD);
	options = of("queue_mutex+refcount");
	options.setting = "churn";
	found(&options, 0, &group);
	assert_int_equal(group.setting, SETTING_CHURN);
	options = of("handoff_queue+refcount");
	found(&options, 0, &group);
	assert_int_equal(group.setting, SETTING_CHURN);
	options = of("queue_mutex+hazptr");
	options.setting = "churn";
	refused(options, "is a hole in the setting churn: it counts nothing");
	options = of("getput+refcount");
	options.setting = "churn";
	refused(options, "--setting: getput has no setting churn");
	options = of("getput+refcount");
	options.replace = (struct option_values){ { 5 }, 1 };
	refused(options, "--replace: getput has no entries to replace");
}

static void test_threads(void **state)
{
	struct options options = of("handoff_queue+refcount");
	struct group group;

	(void)state;
	/* Five processors: as many as can be paired. */
	found(&options, 0, &group);
	assert_int_equal(group.threads, 4);
	options = of("getput+plain");
	found(&options, 0, &group);
	assert_int_equal(group.threads, 1);
	options.threads = (struct option_values){ { 2 }, 1 };
	refused(options, "--threads: getput+plain cannot run with 2 threads, only with 1");
	options = of("handoff_queue+refcount");
	options.threads = (struct option_values){ { 3 }, 1 };
	refused(options, "--threads: handoff_queue works in pairs, 3 cannot be paired");
	options = of("getput+refcount");
	options.threads = (struct option_values){ { 1, 2 }, 2 };
	refused(options, "is of one point");
	options = of("getput+refcount");
	options.placements[PLACE_SCATTER] = true;
	refused(options, "is of one point");
	options = of("handoff_queue+refcount");
	options.objects = (struct option_values){ { 4 }, 1 };
	refused(options, "--objects: handoff_queue+refcount makes its own");
	options = of("getput+refcount");
	options.budget_s = 61;
	refused(options, "--budget: a profile takes its samples in 60 s at most");
}

static void test_two_cells_run_alike(void **state)
{
	struct options options = of("getput+refcount");
	struct group group;

	(void)state;
	options.cells[1] = "getput+plain";
	options.nr_cells = 2;
	assert_ptr_equal(found(&options, 0, &group), &cells[0]);
	assert_int_equal(group.threads, 1);
	assert_ptr_equal(found(&options, 1, &group), &cells[2]);
	assert_int_equal(group.threads, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_settings_and_holes),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_two_cells_run_alike),
	};

	return cmocka_run_group_tests_name("profile_point", tests, open_place, close_place);
}
