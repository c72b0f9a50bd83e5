/*
 * Tests of harness/plan.c: which groups and points there are, on machines of any size.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdio.h>

#include "harness/plan.h"
#include "tests/harness/topology.h"

#define HELD (1u << SETTING_HELD)
#define CHURN (1u << SETTING_CHURN)

#define CELL(use, way, tool, which, pairs, ...) {						\
	.name = use, .strategy = way, .variant = tool, .settings = which, .min_workers = pairs,	\
	.multiple = pairs, __VA_ARGS__								\
}

static const struct workload cells[] = {
	CELL("swap", "none", "gcc", HELD | CHURN, 1, .kind = CELL_FLOOR,
	     .hole = { NULL, "never frees" }),
	CELL("swap", "atomic", "gcc", HELD | CHURN, 1),
	CELL("swap", "refcount", "gcc", HELD | CHURN, 1),
	CELL("swap", "late", "gcc", HELD | CHURN, 1, .reclaim_period_ns = 7000),
	CELL("swap", "later", "gcc", HELD | CHURN, 1, .reclaim_period_ns = 9000),
	CELL("swap", "refcount", "aa", HELD | CHURN, 1, .kind = CELL_CONTROL),
	CELL("tool", "refcount", "gcc", HELD, 1),
	CELL("tool", "refcount", "clang", HELD, 1),
	CELL("tool", "refcount", "aa", HELD, 1, .kind = CELL_CONTROL),
	CELL("turn", "refcount", "gcc", HELD | CHURN, 1, .replaces = true,
	     .reclaim_period_ns = 5000),
	CELL("turn", "pinned", "gcc", HELD | CHURN, 1, .replaces = true,
	     .hole_replace = "its thread"),
	CELL("pass", "refcount", "gcc", HELD, 2, .makes_objects = true),
	CELL("pass", "refcount", "aa", HELD, 2, .kind = CELL_CONTROL),
	CELL("sweep", "plain", "gcc", HELD, 1, .kind = CELL_FLOOR, .max_workers = 1,
	     .sweeps_work = true),
	CELL("sweep", "refcount", "gcc", HELD, 1, .sweeps_work = true),
	CELL("pairs", "refcount", "gcc", HELD, 2, .sweeps_work = true),
	CELL("sweep", "twin", "asm", HELD, 1, .kind = CELL_CONTROL, .bare_only = true,
	     .sweeps_work = true),
};

#define NR_CELLS (sizeof(cells) / sizeof(*cells))

static const struct workload *entries[NR_CELLS];
static const struct registry registry = { entries, NR_CELLS };
static struct place place;
static struct plan plan;
static struct options options;
static struct error err;

/* A plan of this filter on this machine; the other options as the test left them. */
static void make(const char *machine, const char *filter)
{
	for (unsigned i = 0; i < NR_CELLS; i++)
		entries[i] = &cells[i];
	place_synthetic(&place, machine);
	options.filter = filter;
	assert_int_equal(plan_make(&plan, &registry, &options, &place, &err), 0);
}

static void unmake(void)
{
	unsigned points = 0, most = 0;

	for (unsigned g = 0; g < plan.nr_groups; g++) {
		points += plan.groups[g].nr_cells;
		if (plan.groups[g].threads > most)
			most = plan.groups[g].threads;
	}
	assert_int_equal(plan.nr_points, points);
	assert_int_equal(plan.max_threads, most);
	plan_free(&plan);
	place_close(&place);
}

static int reset(void **state)
{
	(void)state;
	options = (struct options){ .placements = { [PLACE_COMPACT] = true } };
	return 0;
}

/* The groups of a workload in plan order, as "threads:work_ns:placements" joined by blanks. */
static const char *groups_of(const char *workload, enum setting setting)
{
	static char text[4096];
	size_t at = 0;

	*text = '\0';
	for (unsigned g = 0; g < plan.nr_groups; g++) {
		const struct group *group = &plan.groups[g];

		if (!strcmp(group->workload, workload) && group->setting == setting)
			at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%u:%u:%s",
					       at ? " " : "", group->threads, group->work_ns,
					       group->placements);
	}
	return text;
}

/* The points of a group, as "strategy@variant" joined by blanks. */
static const char *points_of(const struct group *group)
{
	static char text[1024];
	size_t at = 0;

	*text = '\0';
	for (unsigned i = 0; i < group->nr_cells; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s@%s", at ? " " : "",
				       group->cells[i]->strategy, group->cells[i]->variant);
	return text;
}

/* The names of all points, joined by blanks. */
static const char *names_of_all(void)
{
	static char text[4096];
	size_t at = 0;

	*text = '\0';
	for (unsigned g = 0; g < plan.nr_groups; g++)
		for (unsigned i = 0; i < plan.groups[g].nr_cells; i++) {
			char name[256];

			plan_point_name(&plan.groups[g], plan.groups[g].cells[i], name,
					sizeof(name));
			at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s", at ? " " : "",
					       name);
		}
	return text;
}

static void set_values(struct option_values *list, unsigned nr, const unsigned *values)
{
	list->nr = nr;
	memcpy(list->values, values, nr * sizeof(*values));
}

/* Ops replace where an owner keeps an entry, and what ends is freed late as in churn. */
static void test_replace(void **state)
{
	(void)state;
	set_values(&options.replace, 2, (const unsigned[]){ 0, 10 });
	make("pu:1", "^turn/.*/held");
	assert_string_equal(names_of_all(),
			    "turn/refcount@gcc/held/compact/objects:1/work_ns:0/threads:1 "
			    "turn/pinned@gcc/held/compact/objects:1/work_ns:0/threads:1 "
			    "turn/refcount@gcc/held/compact/objects:1/work_ns:0/replace:10/threads:1");
	assert_false(plan.groups[0].deferred);
	assert_true(plan.groups[1].deferred);
	assert_int_equal(plan.groups[1].reclaim_period_ns, 5000);
	unmake();
	make("pu:1", "^(turn/.*/churn|pass|swap/atomic.*/held)");
	for (unsigned g = 0; g < plan.nr_groups; g++)
		assert_int_equal(plan.groups[g].replace, 0);
	unmake();
}

/* All that is linked, or what is asked for; the controls come along. */
static void test_variants(void **state)
{
	(void)state;
	make("pu:1", "^tool/");
	assert_string_equal(points_of(&plan.groups[0]), "refcount@gcc refcount@clang refcount@aa");
	unmake();
	options.variants[0] = VARIANT_CLANG;
	options.nr_variants = 1;
	make("pu:1", "^tool/");
	assert_string_equal(points_of(&plan.groups[0]), "refcount@clang refcount@aa");
	unmake();
}

static void test_layouts(void **state)
{
	(void)state;
	options.packed = true;
	make("pu:1", "^swap/atomic.*/held");
	assert_int_equal(plan.nr_groups, 1);
	assert_true(plan.groups[0].packed);
	assert_non_null(strstr(names_of_all(), "swap/atomic@gcc/held/compact/objects:1/work_ns:0"
			       "/packed/threads:1"));
	unmake();
	options.padded = true;
	make("pu:1", "^swap/atomic.*/held");
	assert_int_equal(plan.nr_groups, 2);
	assert_false(plan.groups[0].packed);
	assert_true(plan.groups[1].packed);
	unmake();
}

static void test_default_threads(void **state)
{
	static const struct {
		const char *machine, *swap, *pass;
	} machines[] = {
		{ "core:1 pu:1", "1", "" },
		{ "core:2 pu:1", "1 2", "2" },
		{ "core:3 pu:1", "1 2 3", "2" },
		{ "core:3 pu:2", "1 2 4 6", "2 4 6" },
		{ "core:5 pu:1", "1 2 4 5", "2 4" },
		{ "core:7 pu:1", "1 2 4 7", "2 4 6" },
		{ "core:48 pu:1", "1 2 4 8 16 32 48", "2 4 8 16 32 48" },
		{ "core:48 pu:2", "1 2 4 8 16 32 64 96", "2 4 8 16 32 64 96" },
		{ "pack:2 core:64 pu:1", "1 2 4 8 16 32 64 128", "2 4 8 16 32 64 128" },
		{ "pack:4 core:100 pu:1", "1 2 4 8 16 32 64 100 128 200 256 300 400",
		  "2 4 8 16 32 64 100 128 200 256 300 400" },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(machines) / sizeof(*machines); i++) {
		for (unsigned pairs = 0; pairs < 2; pairs++) {
			char text[512] = "";
			size_t at = 0;

			make(machines[i].machine, NULL);
			for (unsigned g = 0; g < plan.nr_groups; g++) {
				const struct group *group = &plan.groups[g];

				assert_false(group->oversubscribed);
				if (!strcmp(group->workload, pairs ? "pass" : "swap") &&
				    group->setting == SETTING_HELD)
					at += (size_t)snprintf(text + at, sizeof(text) - at,
							       "%s%u", at ? " " : "",
							       group->threads);
			}
			assert_string_equal(text, pairs ? machines[i].pass : machines[i].swap);
			unmake();
		}
	}
}

static void test_explicit_threads(void **state)
{
	(void)state;
	set_values(&options.threads, 3, (const unsigned[]){ 3, 1, 8 });
	make("core:4 pu:1", NULL);
	assert_string_equal(groups_of("swap", SETTING_HELD), "3:0:compact 1:0:compact 8:0:compact");
	assert_string_equal(groups_of("pass", SETTING_HELD), "8:0:compact");
	for (unsigned g = 0; g < plan.nr_groups; g++)
		assert_int_equal(plan.groups[g].oversubscribed, plan.groups[g].threads > 4);
	unmake();
}

static void test_points_of_a_group(void **state)
{
	(void)state;
	set_values(&options.threads, 2, (const unsigned[]){ 1, 2 });
	make("core:2 pu:1", NULL);
	assert_string_equal(plan.groups[0].workload, "swap");
	assert_string_equal(points_of(&plan.groups[0]), "none@gcc atomic@gcc refcount@gcc late@gcc "
			    "later@gcc refcount@aa");
	assert_int_equal(plan.groups[0].setting, SETTING_HELD);
	assert_false(plan.groups[0].deferred);
	/* A hole is no point, and garbage comes late in churn only. */
	assert_int_equal(plan.groups[2].setting, SETTING_CHURN);
	assert_string_equal(points_of(&plan.groups[2]),
			    "atomic@gcc refcount@gcc late@gcc later@gcc refcount@aa");
	assert_true(plan.groups[2].deferred);
	assert_int_equal(plan.groups[2].reclaim_period_ns, 9000);
	unmake();
}

static void test_limits_of_cells(void **state)
{
	(void)state;
	make("core:2 pu:1", "^sweep/");
	for (unsigned g = 0; g < plan.nr_groups; g++) {
		const struct group *group = &plan.groups[g];

		assert_string_equal(points_of(group),
				    group->threads == 1 ? "plain@gcc refcount@gcc twin@asm" :
				    group->work_ns ? "refcount@gcc" : "refcount@gcc twin@asm");
	}
	unmake();
	set_values(&options.objects, 2, (const unsigned[]){ 1, 16 });
	set_values(&options.threads, 1, (const unsigned[]){ 2 });
	set_values(&options.work_ns, 1, (const unsigned[]){ 0 });
	make("core:2 pu:1", "^sweep/");
	assert_int_equal(plan.nr_groups, 2);
	assert_int_equal(plan.groups[0].objects, 1);
	assert_string_equal(points_of(&plan.groups[0]), "refcount@gcc twin@asm");
	assert_int_equal(plan.groups[1].objects, 16);
	assert_string_equal(points_of(&plan.groups[1]), "refcount@gcc");
	unmake();
	/* Who makes an object an op is not measured again under another number of them. */
	set_values(&options.objects, 2, (const unsigned[]){ 1, 16 });
	make("core:2 pu:1", "^pass/");
	assert_int_equal(plan.nr_groups, 1);
	assert_int_equal(plan.groups[0].objects, 1);
	unmake();
}

#define SWEEP(n) #n ":0:compact " #n ":10:compact " #n ":30:compact " #n ":100:compact " \
	#n ":300:compact " #n ":1000:compact " #n ":3000:compact"

static void test_sweep_at_the_most_threads(void **state)
{
	(void)state;
	make("core:4 pu:1", NULL);
	assert_string_equal(groups_of("sweep", SETTING_HELD), "1:0:compact 2:0:compact " SWEEP(4));
	assert_string_equal(groups_of("swap", SETTING_HELD),
			    "1:0:compact 2:0:compact 4:0:compact");
	unmake();
	set_values(&options.threads, 3, (const unsigned[]){ 3, 2, 1 });
	make("core:4 pu:1", NULL);
	assert_string_equal(groups_of("sweep", SETTING_HELD), SWEEP(3) " 2:0:compact 1:0:compact");
	unmake();
	/* The most that it can use: 5 workers are no pairs. */
	set_values(&options.threads, 3, (const unsigned[]){ 2, 4, 5 });
	make("core:4 pu:1", NULL);
	assert_string_equal(groups_of("pairs", SETTING_HELD), "2:0:compact " SWEEP(4));
	unmake();
	set_values(&options.work_ns, 2, (const unsigned[]){ 50, 0 });
	set_values(&options.threads, 1, (const unsigned[]){ 4 });
	make("core:4 pu:1", NULL);
	assert_string_equal(groups_of("sweep", SETTING_HELD), "4:50:compact 4:0:compact");
	unmake();
}

static void test_same_processors_once(void **state)
{
	(void)state;
	options.placements[PLACE_SCATTER] = options.placements[PLACE_ONE_PER_CORE] = true;
	make("core:2 pu:2", "^swap/.*/held/");
	assert_string_equal(groups_of("swap", SETTING_HELD), "1:0:compact+scatter+one-per-core "
			    "2:0:compact 4:0:compact 2:0:scatter+one-per-core 4:0:scatter");
	unmake();
	set_values(&options.threads, 2, (const unsigned[]){ 4, 9 });
	make("core:2 pu:1", "^swap/.*/held/");
	assert_string_equal(groups_of("swap", SETTING_HELD), "4:0:compact+scatter+one-per-core "
			    "9:0:compact+scatter+one-per-core");
	unmake();
	/* 2 of 4 processors twice over are not all 4 once. */
	set_values(&options.threads, 1, (const unsigned[]){ 4 });
	make("core:2 pu:2", "^swap/.*/held/");
	assert_string_equal(groups_of("swap", SETTING_HELD),
			    "4:0:compact 4:0:scatter 4:0:one-per-core");
	assert_false(plan.groups[0].oversubscribed);
	assert_true(plan.groups[2].oversubscribed);
	unmake();
}

static void test_filter_keeps_baseline_and_controls(void **state)
{
	set_values(&options.threads, 1, (const unsigned[]){ 2 });
	(void)state;
	make("core:2 pu:1", "/atomic@gcc/churn/");
	assert_int_equal(plan.nr_groups, 1);
	assert_string_equal(points_of(&plan.groups[0]), "atomic@gcc refcount@gcc refcount@aa");
	/* What the filter left out defers nothing. */
	assert_false(plan.groups[0].deferred);
	assert_int_equal(plan.groups[0].reclaim_period_ns, 0);
	unmake();
	make("core:2 pu:1", "late@gcc/churn");
	assert_int_equal(plan.groups[0].reclaim_period_ns, 7000);
	unmake();
	make("core:2 pu:1", "(pass|sweep)/.*work_ns:0/threads:2$");
	assert_int_equal(plan.nr_groups, 2);
	unmake();
}

static void assert_refused(const char *filter, const char *text)
{
	place_synthetic(&place, "core:2 pu:1");
	options.filter = filter;
	assert_int_equal(plan_make(&plan, &registry, &options, &place, &err), -EINVAL);
	if (!strstr(err.text, text))
		fail_msg("\"%s\" does not say \"%s\"", err.text, text);
	assert_int_equal(plan.nr_groups, 0);
	place_close(&place);
}

static void test_nothing_to_measure(void **state)
{
	(void)state;
	make("core:2 pu:1", NULL);
	unmake();
	assert_refused("nosuchcell", "--filter: \"nosuchcell\" matches no point");
	/* A control alone is nothing that somebody asks for. */
	assert_refused("refcount@aa", "--filter: \"refcount@aa\" matches no point");
	assert_refused("*(", "--filter: \"*(\" is no extended regular expression");
	set_values(&options.threads, 1, (const unsigned[]){ 3 });
	assert_refused("^pass/", "matches no point that can run here");
}

static void test_placement_missing(void **state)
{
	(void)state;
	options.placements[PLACE_CROSS_PACKAGE] = true;
	assert_refused(NULL, "--placement: cross-package: hwloc knows no packages");
	make("pack:2 core:1 pu:1", "^swap/.*/held/");
	assert_string_equal(groups_of("swap", SETTING_HELD), "1:0:compact+cross-package "
			    "2:0:compact+cross-package");
	unmake();
}

static void test_list_of_processors(void **state)
{
	char name[PLAN_NAME_BYTES];

	(void)state;
	options = (struct options){ .placements = { [PLACE_LIST] = true } };
	for (unsigned i = 0; i < NR_CELLS; i++)
		entries[i] = &cells[i];
	place_synthetic(&place, "core:4 pu:1");
	assert_int_equal(place_list(&place, (unsigned[]){ 3, 0, 1 }, 3, &err), 0);
	options.filter = "^swap/atomic.*held";
	assert_int_equal(plan_make(&plan, &registry, &options, &place, &err), 0);
	assert_string_equal(groups_of("swap", SETTING_HELD),
			    "1:0:cpus:3_0_1 2:0:cpus:3_0_1 3:0:cpus:3_0_1");
	plan_point_name(&plan.groups[0], plan.groups[0].cells[0], name, sizeof(name));
	assert_string_equal(name, "swap/atomic@gcc/held/cpus:3_0_1/objects:1/work_ns:0/threads:1");
	unmake();
}

/*
 * All that 1024 processors may have at once, and each of 1024 counts by itself. What grows with the
 * third power of their number would not end before this test's limit.
 */
static void test_largest_machine(void **state)
{
	(void)state;
	for (unsigned p = 0; p < PLACE_LIST; p++)
		options.placements[p] = p != PLACE_P_CORES && p != PLACE_E_CORES;
	make("pack:8 l3:16 core:4 pu:2", "^swap/.*/held/");
	assert_int_equal(plan.max_threads, 1024);
	assert_true(plan.nr_groups > 127 + 15);
	plan_free(&plan);
	options.threads.nr = 1;
	for (unsigned n = 1; n <= 1024; n++) {
		options.threads.values[0] = n;
		assert_int_equal(plan_make(&plan, &registry, &options, &place, &err), 0);
		assert_int_equal(plan.max_threads, n);
		assert_true(plan.nr_groups >= 1 && plan.nr_groups <= 7);
		plan_free(&plan);
	}
	place_close(&place);
	place_synthetic(&place, "pack:16 l3:16 core:32 pu:2");
	place_close(&place);
}

/*
 * The same points in the same order on any machine with these processors: a seed shuffles points by their place
 * in the plan (test_seed.c).
 */
static void test_known_plan(void **state)
{
	(void)state;
	options.placements[PLACE_SCATTER] = true;
	set_values(&options.work_ns, 1, (const unsigned[]){ 0 });
	make("pack:2 core:2 pu:1", "^(pass|swap/atomic.*/held|turn/.*/churn)");
	assert_string_equal(names_of_all(),
			    "swap/atomic@gcc/held/compact+scatter/objects:1/work_ns:0/threads:1 "
			    "swap/refcount@gcc/held/compact+scatter/objects:1/work_ns:0/threads:1 "
			    "swap/refcount@aa/held/compact+scatter/objects:1/work_ns:0/threads:1 "
			    "swap/atomic@gcc/held/compact/objects:1/work_ns:0/threads:2 "
			    "swap/refcount@gcc/held/compact/objects:1/work_ns:0/threads:2 "
			    "swap/refcount@aa/held/compact/objects:1/work_ns:0/threads:2 "
			    "swap/atomic@gcc/held/compact/objects:1/work_ns:0/threads:4 "
			    "swap/refcount@gcc/held/compact/objects:1/work_ns:0/threads:4 "
			    "swap/refcount@aa/held/compact/objects:1/work_ns:0/threads:4 "
			    "swap/atomic@gcc/held/scatter/objects:1/work_ns:0/threads:2 "
			    "swap/refcount@gcc/held/scatter/objects:1/work_ns:0/threads:2 "
			    "swap/refcount@aa/held/scatter/objects:1/work_ns:0/threads:2 "
			    "swap/atomic@gcc/held/scatter/objects:1/work_ns:0/threads:4 "
			    "swap/refcount@gcc/held/scatter/objects:1/work_ns:0/threads:4 "
			    "swap/refcount@aa/held/scatter/objects:1/work_ns:0/threads:4 "
			    "turn/refcount@gcc/churn/compact+scatter/objects:1/work_ns:0/threads:1 "
			    "turn/pinned@gcc/churn/compact+scatter/objects:1/work_ns:0/threads:1 "
			    "turn/refcount@gcc/churn/compact/objects:1/work_ns:0/threads:2 "
			    "turn/pinned@gcc/churn/compact/objects:1/work_ns:0/threads:2 "
			    "turn/refcount@gcc/churn/compact/objects:1/work_ns:0/threads:4 "
			    "turn/pinned@gcc/churn/compact/objects:1/work_ns:0/threads:4 "
			    "turn/refcount@gcc/churn/scatter/objects:1/work_ns:0/threads:2 "
			    "turn/pinned@gcc/churn/scatter/objects:1/work_ns:0/threads:2 "
			    "turn/refcount@gcc/churn/scatter/objects:1/work_ns:0/threads:4 "
			    "turn/pinned@gcc/churn/scatter/objects:1/work_ns:0/threads:4 "
			    "pass/refcount@gcc/held/compact/objects:1/work_ns:0/threads:2 "
			    "pass/refcount@aa/held/compact/objects:1/work_ns:0/threads:2 "
			    "pass/refcount@gcc/held/compact/objects:1/work_ns:0/threads:4 "
			    "pass/refcount@aa/held/compact/objects:1/work_ns:0/threads:4 "
			    "pass/refcount@gcc/held/scatter/objects:1/work_ns:0/threads:2 "
			    "pass/refcount@aa/held/scatter/objects:1/work_ns:0/threads:2 "
			    "pass/refcount@gcc/held/scatter/objects:1/work_ns:0/threads:4 "
			    "pass/refcount@aa/held/scatter/objects:1/work_ns:0/threads:4");
	unmake();
}

static void test_point_name(void **state)
{
	char name[256];

	(void)state;
	set_values(&options.threads, 1, (const unsigned[]){ 2 });
	make("core:2 pu:1", "swap/late@gcc/churn");
	plan_point_name(&plan.groups[0], plan.groups[0].cells[1], name, sizeof(name));
	assert_string_equal(name, "swap/late@gcc/churn/compact/objects:1/work_ns:0/threads:2");
	unmake();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_default_threads, reset),
		cmocka_unit_test_setup(test_replace, reset),
		cmocka_unit_test_setup(test_layouts, reset),
		cmocka_unit_test_setup(test_variants, reset),
		cmocka_unit_test_setup(test_explicit_threads, reset),
		cmocka_unit_test_setup(test_points_of_a_group, reset),
		cmocka_unit_test_setup(test_limits_of_cells, reset),
		cmocka_unit_test_setup(test_sweep_at_the_most_threads, reset),
		cmocka_unit_test_setup(test_same_processors_once, reset),
		cmocka_unit_test_setup(test_filter_keeps_baseline_and_controls, reset),
		cmocka_unit_test_setup(test_nothing_to_measure, reset),
		cmocka_unit_test_setup(test_placement_missing, reset),
		cmocka_unit_test_setup(test_list_of_processors, reset),
		cmocka_unit_test_setup(test_largest_machine, reset),
		cmocka_unit_test_setup(test_known_plan, reset),
		cmocka_unit_test_setup(test_point_name, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
