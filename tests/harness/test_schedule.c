/*
 * Tests of harness/schedule.c: which groups go on, and until when.
 *
 * SPDX-License-Identifier: MIT
 */
#include "planted.h"

#include "harness/budget.h"
#include "harness/schedule.h"

#define NS_PER_S 1000000000ull

enum { NARROW, WIDE, CLOSE, NR_GROUPS };

static const char *const names[NR_GROUPS] = { "narrow", "wide", "close" };
static double spreads[NR_GROUPS];

enum { BASELINE, AA, ASM, LOCK, CAS, AID, NR_CELLS };

static const struct workload cells[NR_CELLS] = {
	[BASELINE] = { .strategy = "refcount", .variant = "gcc" },
	[AA] = { .strategy = "refcount", .variant = "aa", .kind = CELL_CONTROL },
	[ASM] = { .strategy = "refcount", .variant = "asm", .kind = CELL_CONTROL },
	[LOCK] = { .strategy = "lock", .variant = "gcc" },
	[CAS] = { .strategy = "cas", .variant = "gcc" },
	[AID] = { .strategy = "aid", .variant = "gcc", .kind = CELL_AID },
};
static const struct workload *entries[NR_CELLS];
static struct group groups[NR_GROUPS];
static struct plan plan = { .groups = groups };
static struct options options;
static struct schedule schedule;
static struct error err;

static int begin(void **state)
{
	for (unsigned i = 0; i < NR_CELLS; i++)
		entries[i] = &cells[i];
	for (unsigned i = 0; i < NR_GROUPS; i++)
		groups[i] = (struct group){
			.workload = names[i], .placements = "compact", .threads = 2, .objects = 1,
			.cells = entries, .nr_cells = NR_CELLS, .first_point = i * NR_CELLS,
		};
	plan.nr_groups = CLOSE;
	plan.nr_points = CLOSE * NR_CELLS;
	spreads[NARROW] = 0.001;
	spreads[WIDE] = 0.15;
	spreads[CLOSE] = 0.015;
	options = (struct options){ .precision = 0.01 };
	return folder_create(state);
}

static int end(void **state)
{
	schedule_close(&schedule);
	return folder_remove(state);
}

static const struct schedule_point *point(unsigned group, unsigned cell)
{
	return &schedule.points[groups[group].first_point + cell];
}

static void open_schedule(void)
{
	if (schedule_open(&schedule, &plan, &options, &err))
		fail_msg("%s", err.text);
}

static void put_cell(unsigned launch, unsigned group, unsigned cell, double ns)
{
	PUT(launch, 1, cells[cell].strategy, .workload = names[group],
	    .threads = groups[group].threads, .deferred = groups[group].deferred,
	    .variant = cells[cell].variant,
	    .kind = cells[cell].kind == CELL_CONTROL ? "control" :
		    cells[cell].kind == CELL_AID ? "aid" : "candidate", .ns = ns);
}

/*
 * The plan's groups, from launch to launch the ratios of lock within their spreads and that of the aid,
 * for which nobody waits, within another; of the others no launch differs.
 */
static void plant(unsigned launches, unsigned first_of_wide_only)
{
	samples_begin();
	for (unsigned launch = 1; launch <= launches; launch++)
		for (unsigned g = launch < first_of_wide_only ? NARROW : WIDE;
		     g < plan.nr_groups; g++) {
			put_cell(launch, g, BASELINE, 10);
			put_cell(launch, g, AA, 10);
			put_cell(launch, g, ASM, 10);
			put_cell(launch, g, LOCK, 20 * (1 + spreads[g] * (launch % 5 - 2.0) / 2));
			put_cell(launch, g, CAS, 15);
			put_cell(launch, g, AID, 40 * (1 + 0.02 * (launch % 5 - 2.0)));
		}
	samples_end();
}

static void look(uint64_t spent_ns)
{
	if (schedule_look(&schedule, dir, spent_ns, &err))
		fail_msg("%s", err.text);
}

static void test_converged_groups_cost_no_more(void **state)
{
	(void)state;
	open_schedule();
	assert_int_equal(schedule.launches, 12);
	assert_true(schedule.active[NARROW] && schedule.active[WIDE]);
	schedule.took_ns[NARROW] = schedule.took_ns[WIDE] = NS_PER_S;
	plant(12, 13);
	look(24 * NS_PER_S);
	assert_false(schedule.active[NARROW]);
	assert_true(schedule.active[WIDE]);
	assert_int_equal(schedule.nr_active, 1);
	assert_int_equal(schedule.launches, 16);
	plant(16, 13);
	look(28 * NS_PER_S);
	assert_int_equal(schedule.launches, 24);
}

/* In a group that goes on: but for the baseline and its control, without which there is no ratio. */
static void test_converged_points_cost_no_more(void **state)
{
	(void)state;
	open_schedule();
	for (unsigned i = 0; i < NR_CELLS; i++)
		assert_true(point(WIDE, i)->measured);
	plant(12, 13);
	look(NS_PER_S);
	assert_true(point(WIDE, BASELINE)->measured && point(WIDE, AA)->measured);
	assert_true(point(WIDE, LOCK)->measured);
	assert_false(point(WIDE, CAS)->measured || point(WIDE, ASM)->measured ||
		     point(WIDE, AID)->measured);
	assert_false(point(NARROW, BASELINE)->measured);
	assert_int_equal(point(WIDE, LOCK)->done, 16);
	assert_int_equal(point(WIDE, CAS)->done, 12);
	assert_int_equal(point(NARROW, BASELINE)->done, 12);
}

/* The A/A control has few launches like all others and is wide: the noise floor is to be known. */
static void test_control_goes_on(void **state)
{
	(void)state;
	open_schedule();
	samples_begin();
	for (unsigned launch = 1; launch <= 12; launch++) {
		put_cell(launch, WIDE, BASELINE, 10);
		put_cell(launch, WIDE, AA, 10 * (1 + 0.015 * (launch % 5 - 2.0) / 2));
		put_cell(launch, WIDE, LOCK, 20);
	}
	samples_end();
	look(NS_PER_S);
	assert_true(point(WIDE, AA)->measured && point(WIDE, BASELINE)->measured);
	assert_false(point(WIDE, LOCK)->measured);
	assert_int_equal(schedule.launches, 16);
}

/* Where windows are long one that is known is not measured again and again, one that is not is. */
static void test_control_of_a_deferred_group(void **state)
{
	(void)state;
	groups[WIDE].deferred = true;
	open_schedule();
	plant(12, 13);
	look(NS_PER_S);
	assert_true(point(WIDE, BASELINE)->measured && point(WIDE, LOCK)->measured);
	assert_false(point(WIDE, AA)->measured);
	schedule_close(&schedule);
	test_control_goes_on(state);
	groups[WIDE].deferred = false;
}

/* Time goes first to whom it may help. */
static void test_hopeful_go_first(void **state)
{
	(void)state;
	plan.nr_groups = NR_GROUPS;
	plan.nr_points = NR_GROUPS * NR_CELLS;
	spreads[WIDE] = 0.4;
	open_schedule();
	plant(12, 13);
	look(NS_PER_S);
	assert_true(schedule.active[CLOSE]);
	assert_false(schedule.active[NARROW] || schedule.active[WIDE]);
	assert_int_equal(schedule.nr_active, 1);
	assert_int_equal(schedule.nr_imprecise, 2);
	assert_int_equal(schedule.launches, 16);
	schedule.precision = 0.05;
	plant(16, 17);
	look(NS_PER_S);
	assert_true(schedule.active[WIDE]);
	assert_false(schedule.active[NARROW] || schedule.active[CLOSE]);
	/* Its own 13th to 16th. */
	assert_int_equal(point(WIDE, LOCK)->done, 16);
	assert_int_equal(schedule.launches, 20);
}

/* Of two that may get there. */
static void test_fewest_threads_go_first(void **state)
{
	(void)state;
	plan.nr_groups = NR_GROUPS;
	plan.nr_points = NR_GROUPS * NR_CELLS;
	spreads[WIDE] = spreads[CLOSE];
	groups[CLOSE].threads = 1;
	open_schedule();
	plant(12, 13);
	look(NS_PER_S);
	assert_true(schedule.active[CLOSE]);
	assert_false(schedule.active[NARROW] || schedule.active[WIDE]);
	assert_int_equal(schedule.nr_imprecise, 2);
}

/* One launch in six is far off: of 12 that widens the interval, of many it will not. */
static void test_wild_launches_leave_hope(void **state)
{
	(void)state;
	open_schedule();
	samples_begin();
	for (unsigned launch = 1; launch <= 12; launch++) {
		put_cell(launch, WIDE, BASELINE, 10);
		put_cell(launch, WIDE, AA, 10);
		put_cell(launch, WIDE, LOCK, launch % 6 ? 20 : launch % 12 ? 30 : 31);
	}
	samples_end();
	look(NS_PER_S);
	assert_true(point(WIDE, LOCK)->width.now > 0.1);
	assert_true(point(WIDE, LOCK)->width.outlook < 0.001);
	assert_true(schedule.active[WIDE]);
}

static void test_looks_end(void **state)
{
	(void)state;
	open_schedule();
	for (unsigned launches = 12; launches; launches = schedule_look_after(launches)) {
		assert_int_equal(schedule.launches, launches);
		plant(launches, 13);
		look(NS_PER_S);
	}
	assert_int_equal(schedule.launches, JUDGE_MOST_LAUNCHES);
	assert_int_equal(schedule.nr_active, 0);
	assert_int_equal(schedule.nr_imprecise, 1);
}

/* The budget still takes 2 of the 4 launches up to the next look; then there is no other. */
static void test_budget_ends(void **state)
{
	(void)state;
	options.budget_s = 60;
	open_schedule();
	schedule.took_ns[NARROW] = 20 * NS_PER_S;
	schedule.took_ns[WIDE] = 4 * NS_PER_S;
	plant(12, 13);
	look(50 * NS_PER_S);
	assert_int_equal(schedule.launches, 14);
	plant(14, 13);
	look(51 * NS_PER_S);
	assert_int_equal(schedule.launches, 14);
}

static void test_used_budget(void **state)
{
	(void)state;
	options.budget_s = 60;
	open_schedule();
	schedule.took_ns[WIDE] = 4 * NS_PER_S;
	plant(12, 13);
	look(61 * NS_PER_S);
	assert_int_equal(schedule.launches, 12);
}

static void test_fixed_launches(void **state)
{
	(void)state;
	options.launches = 5;
	open_schedule();
	assert_int_equal(schedule.launches, 5);
	assert_int_equal(schedule_most(&schedule), 5);
	look(0);
	assert_int_equal(schedule.launches, 5);
}

static void test_all_precise(void **state)
{
	(void)state;
	options.precision = 0.2;
	open_schedule();
	plant(12, 13);
	look(NS_PER_S);
	assert_int_equal(schedule.nr_active, 0);
	assert_int_equal(schedule.launches, 12);
}

static void test_time_follows_the_matrix(void **state)
{
	struct plan large = plan;

	(void)state;
	open_schedule();
	large.nr_groups = 1000;
	assert_true(budget_ns(&plan, &options) == 300 * NS_PER_S);
	assert_true(budget_ns(&large, &options) == 3500 * NS_PER_S);
	/* The first launches leave half of the budget, and few groups do not take it all. */
	assert_true(12 * 1000 * budget_group_ns(&large, &options) < 3500 * NS_PER_S / 2);
	assert_true(budget_group_ns(&plan, &options) < NS_PER_S);
	options.budget_s = 240;
	options.launches = 20;
	assert_true(budget_group_ns(&plan, &options) == 6 * NS_PER_S);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_converged_groups_cost_no_more, begin, end),
		cmocka_unit_test_setup_teardown(test_converged_points_cost_no_more, begin, end),
		cmocka_unit_test_setup_teardown(test_control_goes_on, begin, end),
		cmocka_unit_test_setup_teardown(test_control_of_a_deferred_group, begin, end),
		cmocka_unit_test_setup_teardown(test_hopeful_go_first, begin, end),
		cmocka_unit_test_setup_teardown(test_fewest_threads_go_first, begin, end),
		cmocka_unit_test_setup_teardown(test_wild_launches_leave_hope, begin, end),
		cmocka_unit_test_setup_teardown(test_looks_end, begin, end),
		cmocka_unit_test_setup_teardown(test_budget_ends, begin, end),
		cmocka_unit_test_setup_teardown(test_used_budget, begin, end),
		cmocka_unit_test_setup_teardown(test_fixed_launches, begin, end),
		cmocka_unit_test_setup_teardown(test_all_precise, begin, end),
		cmocka_unit_test_setup_teardown(test_time_follows_the_matrix, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
