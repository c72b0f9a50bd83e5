/*
 * Tests of harness/plan_print.c: what a person reads of another machine.
 *
 * SPDX-License-Identifier: MIT
 */
#include "harness/plan_print.h"
#include "tests/harness/topology.h"

static const struct workload cells[] = {
	{ .name = "swap", .strategy = "refcount", .variant = "gcc",
	  .settings = 1u << SETTING_HELD | 1u << SETTING_CHURN, .min_workers = 1, .multiple = 1 },
	{ .name = "pass", .strategy = "refcount", .variant = "gcc",
	  .settings = 1u << SETTING_HELD, .min_workers = 2, .multiple = 2 },
};
static const struct workload *entries[] = { &cells[0], &cells[1] };
static const struct registry registry = { entries, 2 };

static struct place place;
static struct options options;
static char *text;

static int reset(void **state)
{
	(void)state;
	options = (struct options){
		.placements = { [PLACE_COMPACT] = true }, .precision = 0.01,
	};
	return 0;
}

static int tidy(void **state)
{
	(void)state;
	free(text);
	text = NULL;
	place_close(&place);
	return 0;
}

static void print(void)
{
	struct plan plan;
	struct error err;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	assert_non_null(out);
	assert_int_equal(plan_make(&plan, &registry, &options, &place, &err), 0);
	assert_int_equal(plan_print(&plan, &options, &place, out, &err), 0);
	plan_free(&plan);
	assert_int_equal(fclose(out), 0);
}

static void assert_says(const char *wanted)
{
	if (!strstr(text, wanted))
		fail_msg("nowhere: \"%s\"\nin: %s", wanted, text);
}

static void assert_no_long_line(void)
{
	for (const char *at = text; *at; at += strcspn(at, "\n"), at += *at == '\n')
		if (strcspn(at, "\n") > 100)
			fail_msg("too long: %.*s", (int)strcspn(at, "\n"), at);
}

static void test_small_machine(void **state)
{
	(void)state;
	place_synthetic(&place, "pack:2 l3:2 core:2 pu:2");
	print();
	assert_says("this machine\n2 packages, 1 NUMA node, 4 L3 caches, 8 cores, 16 processors\n");
	assert_says("\ncompact: 16 processors in 8 cores, 4 L3 caches, 1 NUMA node, 2 packages\n"
		    "        1           0\n"
		    "        2           SMT 1\n"
		    "        4  L3       core 2, SMT 3\n"
		    "        8  package  L3 4, SMT 5, core 6, SMT 7\n"
		    "       12  L3       package 8, SMT 9, core 10, SMT 11\n"
		    "       16           L3 12, SMT 13, core 14, SMT 15\n");
	assert_says("\nscatter: 16 processors in 8 cores, 4 L3 caches, 1 NUMA node, 2 packages\n"
		    "        1           0\n"
		    "        2  package  package 8\n"
		    "        4  L3       L3 4,12\n"
		    "        8  core     core 2,10,6,14\n"
		    "       16           SMT 1,9,5,13,3,11,7,15\n");
	assert_says("\nsmt-pairs: as compact, in even numbers\n");
	assert_says("\np-cores: not here, hwloc knows no kinds of cores of this machine\n");
	assert_null(strstr(text, "cpus:"));
	/* Both settings of swap at 1, 2, 4, 8, 12 and 16, pass without the 1. */
	assert_says("in compact:\n");
	assert_says("swap                      held          6       6\n"
		    "swap                      churn         6       6\n"
		    "pass                      held          5       5\n"
		    "all                                    17      17\n");
	assert_says("12 launches at least; a group that is not yet within 1% has up to 96\n"
		    "budget 5 min of measuring\n");
}

static void test_chosen(void **state)
{
	struct error err;

	(void)state;
	options = (struct options){
		.placements = { [PLACE_LIST] = true }, .placement_given = true, .launches = 3,
		.budget_s = 5400, .threads = { { 6, 2 }, 2 },
	};
	place_synthetic(&place, "pack:2 core:2 pu:1");
	assert_int_equal(place_list(&place, (unsigned[]){ 3, 0, 1 }, 3, &err), 0);
	print();
	assert_says("hwloc knows no L3 caches here");
	assert_says("\ncpus:3_0_1: 3 processors in 3 cores, 1 NUMA node, 2 packages\n"
		    "        2  package  3, package 0\n"
		    "        6           core 1, oversubscribed\n"
		    "\n");
	assert_null(strstr(text, "compact"));
	/* As long as that of three launches and six groups. */
	assert_says("\n3 launches\nbudget 90 min inside windows\n");
}

static void test_epyc(void **state)
{
	(void)state;
	place_machine(&place, "amd-epyc-7763-2s.xml");
	print();
	assert_says("this machine: AMD EPYC 7763 64-Core Processor\n"
		    "2 packages, 2 NUMA nodes, 16 L3 caches, 128 cores, 128 processors\n");
	assert_says("       16  L3       L3 8, core 9-15\n");
	assert_says("       64  package  L3 56, core 57-63\n"
		    "       72  L3       package 64, core 65-71\n");
	assert_says("\none-per-core: as compact\n");
	/* It goes on under its processors. */
	assert_says("84,28,92,36,100,44,108,52,116,60,124,5,69,13,77,21,85,29,93,\n"
		    "                    37,101,");
	assert_no_long_line();
}

static void test_hybrid(void **state)
{
	(void)state;
	place_machine(&place, "intel-core-i7-1370p.xml");
	print();
	assert_says("       14  core     core 14-19\n");
	assert_says("\np-cores: as smt-pairs\n");
	assert_says("\ne-cores: 8 processors in 8 cores, 1 L3 cache, 1 NUMA node, 1 package\n        1           12\n");
	assert_says("\ncross-package: not here, this machine has one package\n");
	assert_no_long_line();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_small_machine, reset, tidy),
		cmocka_unit_test_setup_teardown(test_chosen, reset, tidy),
		cmocka_unit_test_setup_teardown(test_epyc, reset, tidy),
		cmocka_unit_test_setup_teardown(test_hybrid, reset, tidy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
