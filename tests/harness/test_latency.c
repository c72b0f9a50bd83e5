/*
 * Tests of harness/latency.c, and of the windows that harness/group_sample.c takes for it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "harness/group.h"
#include "tests/harness/fake_window.h"
#include "tests/harness/scratch.h"

#define CELLS 5
#define ALL (CELLS + 1)	/* with a control */

static struct engine engine;
static struct group group;
static struct workload cells[ALL];
static const struct workload *entries[ALL];
static bool measured[ALL];
static volatile sig_atomic_t interrupted;
static struct place place;
static unsigned windows;		/* verified */
static bool steals;			/* from now on, each reading tells more */

static void write_stat(void)
{
	static unsigned ticks_told;
	char text[256];

	ticks_told += steals;
	snprintf(text, sizeof(text), "cpu  0 0 0 0 0 0 0 7 0 0\ncpu%d 0 0 0 0 0 0 0 %u 0 0\nintr 0\n",
		 place.cpus[PLACE_COMPACT][0], ticks_told);
	scratch_write("stat", text);
}

static int verify(void *arena, uint64_t total_ops)
{
	(void)arena;
	(void)total_ops;
	windows++;
	write_stat();
	return 0;
}

static uint64_t run(struct worker *worker, uint64_t nr_ops)
{
	(void)worker;
	return fake_spin(nr_ops);
}

static int setup(void *arena, const struct params *params)
{
	(void)arena;
	(void)params;
	return 0;
}

static int enter(struct worker *worker)
{
	(void)worker;
	return 0;
}

static void leave(struct worker *worker)
{
	(void)worker;
}

static int quiesce(void *arena)
{
	(void)arena;
	return 0;
}

static int open_engine(void **state)
{
	static const char *const names[ALL] = { "a", "b", "c", "control", "d", "e" };
	struct error err;

	if (scratch_open(state) || place_open(&place, &err))
		return -1;
	for (unsigned i = 0; i < ALL; i++) {
		measured[i] = true;
		cells[i] = (struct workload){
			.name = "fake", .strategy = names[i], .variant = "test",
			.settings = 1u << SETTING_HELD, .min_workers = 1, .multiple = 1,
			.bytes = fake_bytes, .setup = setup, .enter = enter, .run = run,
			.leave = leave, .quiesce = quiesce, .verify = verify,
		};
		entries[i] = &cells[i];
	}
	cells[3].kind = CELL_CONTROL;
	group = (struct group){
		.workload = "fake", .setting = SETTING_HELD, .placement = PLACE_COMPACT,
		.placements = "compact", .threads = 1, .objects = 1, .cells = entries,
		.nr_cells = ALL, .reclaim_period_ns = 1000000,
	};
	memset(&engine, 0, sizeof(engine));
	engine.place = &place;
	engine.launch = 1;
	engine.seed = 1;
	engine.brief = true;
	engine.samples = true;
	engine.sample_turns = 3;
	engine.interrupted = &interrupted;
	clock_init(&engine.clock);
	steals = false;
	write_stat();
	return record_open(&engine.record, scratch, &engine.counting, &err) ||
	       latency_open(&engine.latency, scratch, 1, &err) ||
	       cputime_open(&engine.stat, scratch_path("stat")) ||
	       team_create(&engine.team, 1, NULL, &err);
}

static int close_engine(void **state)
{
	struct error err;

	team_destroy(&engine.team);
	if (record_close(&engine.record, &err) || latency_close(&engine.latency, &err))
		return -1;
	cputime_close(&engine.stat);
	place_close(&place);
	return scratch_close(state);
}

static void measure(void)
{
	double ns_per_op[ALL];
	struct error err;

	assert_int_equal(group_measure(&engine, &group, measured, ns_per_op, &err), 0);
}

/* How often each cell has a row, and in which rows the text is. */
static unsigned rows_of(unsigned *of, const char *text)
{
	unsigned nr = 0, with = 0;
	char *line, *rest;

	memset(of, 0, CELLS * sizeof(*of));
	for (line = strtok_r(scratch_read("latency.csv"), "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		const char *strategy = strstr(line, ",fake,");

		if (!nr++)	/* the header */
			continue;
		assert_non_null(strategy);
		assert_null(strstr(line, "control"));
		of[strategy[strlen(",fake,")] - 'a']++;
		with += strstr(line, text) != NULL;
	}
	return with;
}

static void each_point_has_a_row(void **state)
{
	unsigned of[CELLS];

	(void)state;
	measure();
	rows_of(of, "");
	for (unsigned i = 0; i < CELLS; i++)
		assert_int_equal(of[i], 1);
	assert_null(strstr(scratch_read("latency.csv"), "steal"));
}

static void where_not_asked_there_is_none(void **state)
{
	unsigned of[CELLS];

	(void)state;
	engine.samples = false;
	measure();
	assert_int_equal(rows_of(of, ""), 0);
}

/* Those launches are for ratios, and not sure to come. */
static void launches_of_some_points_have_none(void **state)
{
	unsigned of[CELLS];

	(void)state;
	measured[CELLS] = false;
	measure();
	assert_int_equal(rows_of(of, ""), 0);
}

static void without_what_crashed_the_others_have_one(void **state)
{
	unsigned of[CELLS];

	(void)state;
	measured[1] = false;
	engine.nr_left_out = 1;
	measure();
	rows_of(of, "");
	for (unsigned i = 0; i < CELLS; i++)
		assert_int_equal(of[i], i != 1);
	/* Nor does anybody take its turn. */
	group.deferred = true;
	for (; engine.launch <= 5; engine.launch++)
		measure();
	rows_of(of, "");
	for (unsigned i = 0; i < CELLS; i++)
		assert_int_equal(of[i], i == 1 ? 0 : 3);
}

/* Of 5 points in 3 turns 2 at a time; after 5 launches each had as many. */
static void deferred_points_take_turns(void **state)
{
	unsigned of[CELLS];

	(void)state;
	group.deferred = true;
	for (engine.launch = 1; engine.launch <= 3; engine.launch++) {
		measure();
		rows_of(of, "");
		for (unsigned i = 0; engine.launch == 3 && i < CELLS; i++)
			assert_in_range(of[i], 1, 2);
	}
	for (; engine.launch <= 5; engine.launch++)
		measure();
	rows_of(of, "");
	for (unsigned i = 0; i < CELLS; i++)
		assert_int_equal(of[i], 2);
}

static void steal_flags_all_rows(void **state)
{
	unsigned of[CELLS];

	(void)state;
	steals = true;
	measure();
	assert_int_equal(rows_of(of, "steal"), CELLS);
}

static void rows_tell_of_the_window(void **state)
{
	char *row;

	(void)state;
	group.nr_cells = 1;
	measure();
	row = strchr(scratch_read("latency.csv"), '\n') + 1;
	assert_non_null(strstr(row, "1,fake,a,test,candidate,0,held,compact,1,1,"));
	row = strstr(row, ",padded,0,600000,");
	assert_non_null(row);
	/* A gap of some ops, and the samples, of which there may be none on a busy machine. */
	assert_true(strtoul(row + strlen(",padded,0,600000,"), &row, 10) > 0);
	assert_int_equal(*row, ',');
}

static void check_wanted(const struct group *groups, unsigned nr, const char *wanted)
{
	const struct plan plan = { .groups = (struct group *)groups, .nr_groups = nr };

	for (unsigned i = 0; i < nr; i++)
		if (latency_wanted(&plan, &groups[i]) != (wanted[i] == '1'))
			fail_msg("group %u of %u", i, nr);
}

#define OF(name, nr_threads, work) \
	{ .workload = (name), .threads = (nr_threads), .objects = 1, .work_ns = (work) }

static void one_thread_and_the_most_are_wanted(void **state)
{
	static const struct group scaling[] = {
		OF("x", 1, 0), OF("x", 2, 0), OF("x", 4, 0), OF("pair", 2, 0), OF("pair", 4, 0),
	};
	static const struct group sweep[] = {
		OF("x", 1, 0), OF("x", 1, 100), OF("x", 8, 0), OF("x", 8, 20), OF("x", 8, 100),
	};
	static const struct group alone[] = { OF("x", 3, 50) };

	(void)state;
	check_wanted(scaling, 5, "10101");
	check_wanted(sweep, 5, "10100");
	check_wanted(alone, 1, "1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_point_has_a_row, open_engine, close_engine),
		cmocka_unit_test_setup_teardown(where_not_asked_there_is_none, open_engine, close_engine),
		cmocka_unit_test_setup_teardown(launches_of_some_points_have_none, open_engine,
						close_engine),
		cmocka_unit_test_setup_teardown(without_what_crashed_the_others_have_one, open_engine,
						close_engine),
		cmocka_unit_test_setup_teardown(deferred_points_take_turns, open_engine, close_engine),
		cmocka_unit_test_setup_teardown(steal_flags_all_rows, open_engine, close_engine),
		cmocka_unit_test_setup_teardown(rows_tell_of_the_window, open_engine, close_engine),
		cmocka_unit_test(one_thread_and_the_most_are_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
