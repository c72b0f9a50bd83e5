/*
 * Tests of harness/group_rounds.c: whose rows a tick of steal flags, with a /proc/stat of the test's own, and
 * whose turn it is to count.
 *
 * SPDX-License-Identifier: MIT
 */
#include "harness/count_plan.h"
#include "harness/group.h"
#include "tests/harness/fake_window.h"
#include "tests/harness/scratch.h"

#define CELLS 2
#define ROUNDS 3	/* the fewest of a group that is not deferred */

static struct engine engine;
static struct group group;
static struct workload cells[CELLS];
static const struct workload *entries[] = { &cells[0], &cells[1] };
static bool measured[CELLS];
static volatile sig_atomic_t interrupted;
static struct {
	bool warming_up;		/* in this window */
	unsigned windows;		/* of rounds, verified so far */
	unsigned at;			/* after so many ... */
	int cpu;			/* ... this processor has met steal */
	bool gone;			/* ... or cannot be read any more */
} steal;

/* The group's processor 0, and one that it does not use. */
static void write_stat(void)
{
	const bool now = steal.windows >= steal.at;
	const int own = engine.place->cpus[PLACE_COMPACT][0];
	char text[256];

	snprintf(text, sizeof(text), "cpu  0 0 0 0 0 0 0 7 0 0\ncpu%d 0 0 0 0 0 0 0 %d 0 0\n"
		 "cpu9999 0 0 0 0 0 0 0 %d 0 0\nintr 0\n", steal.gone && now ? 9998 : own,
		 5 + (now && steal.cpu == own), 5 + (now && steal.cpu == 9999));
	scratch_write("stat", text);
}

static int verify(void *arena, uint64_t total_ops)
{
	(void)arena;
	(void)total_ops;
	steal.windows += !steal.warming_up;
	steal.warming_up = false;
	write_stat();
	return 0;
}

static uint64_t run(struct worker *worker, uint64_t nr_ops)
{
	(void)worker;
	/* Where the batch is sought it begins with one op. */
	steal.warming_up |= nr_ops == 1;
	return fake_spin(nr_ops);
}

static unsigned setup_us;	/* what a window takes beside its guard and interval */

static int setup(void *arena, const struct params *params)
{
	(void)arena;
	(void)params;
	if (setup_us)
		usleep(setup_us);
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

static struct place place;

static int open_engine(void **state)
{
	struct error err;

	if (scratch_open(state) || place_open(&place, &err))
		return -1;
	for (unsigned i = 0; i < CELLS; i++)
		cells[i] = (struct workload){
			.name = "fake", .strategy = i ? "b" : "a", .variant = "test",
			.settings = 1u << SETTING_HELD, .min_workers = 1, .multiple = 1,
			.bytes = fake_bytes, .setup = setup, .enter = enter, .run = run,
			.leave = leave, .quiesce = quiesce, .verify = verify,
		};
	group = (struct group){
		.workload = "fake", .setting = SETTING_HELD, .placement = PLACE_COMPACT,
		.placements = "compact", .threads = 1, .objects = 1, .cells = entries,
		.nr_cells = CELLS,
	};
	measured[0] = measured[1] = true;
	memset(&steal, 0, sizeof(steal));
	memset(&engine, 0, sizeof(engine));
	engine.place = &place;
	engine.launch = 1;
	engine.seed = 1;
	engine.interrupted = &interrupted;
	clock_init(&engine.clock);
	write_stat();
	return record_open(&engine.record, scratch, &engine.counting, &err) ||
	       cputime_open(&engine.stat, scratch_path("stat")) ||
	       team_create(&engine.team, 1, NULL, &err);
}

static int close_engine(void **state)
{
	struct error err;

	team_destroy(&engine.team);
	if (record_close(&engine.record, &err))
		return -1;
	cputime_close(&engine.stat);
	place_close(&place);
	return scratch_close(state);
}

/*
 * Measures with steal after so many windows of rounds, 0: in the warm-up. Returns of each round how
 * many rows tell of it.
 */
static const unsigned *flagged(unsigned at, int cpu)
{
	static unsigned rows[ROUNDS + 1];
	double ns_per_op[CELLS];
	struct error err;
	char *line, *rest;

	steal.at = -1;
	steal.cpu = cpu;
	steal.windows = 0;
	write_stat();
	steal.at = at;
	assert_int_equal(ftruncate(engine.record.fd, 0), 0);
	assert_int_equal(group_measure(&engine, &group, measured, ns_per_op, &err), 0);
	memset(rows, 0, sizeof(rows));
	for (line = strtok_r(scratch_read("samples.csv"), "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		const unsigned round = (unsigned)strtoul(line + strlen("1,"), NULL, 10);

		assert_in_range(round, 1, ROUNDS);
		rows[round] += strstr(line, "steal") != NULL;
	}
	return rows;
}

static void assert_rounds(const unsigned *rows, unsigned one, unsigned two, unsigned three)
{
	assert_int_equal(rows[1], one);
	assert_int_equal(rows[2], two);
	assert_int_equal(rows[3], three);
}

static void test_steal_flags_its_round(void **state)
{
	const int own = place.cpus[PLACE_COMPACT][0];

	(void)state;
	assert_rounds(flagged(1, own), CELLS, 0, 0);
	assert_rounds(flagged(2, own), CELLS, 0, 0);
	assert_rounds(flagged(3, own), 0, CELLS, 0);
	assert_rounds(flagged(6, own), 0, 0, CELLS);
	assert_int_equal(steal.windows, ROUNDS * CELLS);
	/* Before the first round it harmed nobody. */
	assert_rounds(flagged(0, own), 0, 0, 0);
	/* A processor of no worker. */
	assert_rounds(flagged(3, 9999), 0, 0, 0);
}

static void test_without_proc_stat(void **state)
{
	(void)state;
	steal.gone = true;
	assert_rounds(flagged(3, 0), 0, 0, 0);
	cputime_close(&engine.stat);
	assert_rounds(flagged(1, place.cpus[PLACE_COMPACT][0]), 0, 0, 0);
}

/* Measures for so long. Returns the rows of strategy b and sees that those of a are as many, or none. */
static unsigned rows_of_b(uint64_t group_ns, double *ns_per_op)
{
	unsigned of_a = 0, of_b = 0;
	struct error err;
	char *line, *rest;

	engine.group_ns = group_ns;
	assert_int_equal(ftruncate(engine.record.fd, 0), 0);
	assert_int_equal(group_measure(&engine, &group, measured, ns_per_op, &err), 0);
	for (line = strtok_r(scratch_read("samples.csv"), "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		unsigned round_windows;

		assert_int_equal(sscanf(line, "1,%*u,%*u,%u,fake,", &round_windows), 1);
		assert_int_equal(round_windows, measured[0] + measured[1]);
		of_a += strstr(line, "fake,a,") != NULL;
		of_b += strstr(line, "fake,b,") != NULL;
	}
	assert_int_equal(of_a, measured[0] ? of_b : 0);
	return of_b;
}

/* The time of a point that is not measured goes into rounds of the others. */
static void test_some_points(void **state)
{
	double ns_per_op[CELLS];
	unsigned of_both;

	(void)state;
	steal.at = -1;
	of_both = rows_of_b(5500000, ns_per_op);
	assert_true(of_both > ROUNDS);
	assert_true(ns_per_op[0] > 0 && ns_per_op[1] > 0);
	measured[0] = false;
	assert_in_range(rows_of_b(5500000, ns_per_op), 2 * of_both, 2 * of_both + 1);
	assert_true(isnan(ns_per_op[0]));
	assert_true(ns_per_op[1] > 0);
}

/* Where threads share processors a window takes far longer than its interval, and rounds are so many fewer. */
static void test_waits_of_a_crowd_count(void **state)
{
	double ns_per_op[CELLS];

	(void)state;
	steal.at = -1;
	setup_us = 20000;
	assert_true(rows_of_b(5500000, ns_per_op) > ROUNDS);
	group.oversubscribed = true;
	assert_int_equal(rows_of_b(5500000, ns_per_op), ROUNDS);
	setup_us = 0;
}

/* Its windows are long: there is time for one round of both, and for no more of one. */
static void test_some_points_of_a_deferred_group(void **state)
{
	double ns_per_op[CELLS];

	(void)state;
	steal.at = -1;
	group.deferred = true;
	group.reclaim_period_ns = 100000;
	assert_int_equal(rows_of_b(0, ns_per_op), 1);
	measured[0] = false;
	assert_int_equal(rows_of_b(0, ns_per_op), 1);
	assert_true(isnan(ns_per_op[0]));
}

#define HARDWARE_GROUPS 2

/* How many of a point's windows in a launch counted each group; all of a round must count the same. */
static void add_turns(unsigned launch, unsigned rounds, unsigned *turns)
{
	unsigned of_round[64] = { 0 };
	double ns_per_op[CELLS];
	struct error err;
	char *line, *rest;

	engine.launch = launch;
	assert_int_equal(ftruncate(engine.record.fd, 0), 0);
	assert_int_equal(group_measure(&engine, &group, measured, ns_per_op, &err), 0);
	for (line = strtok_r(scratch_read("samples.csv"), "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		unsigned round, counted;

		assert_int_equal(sscanf(line, "%*u,%u,", &round), 1);
		assert_in_range(round, 1, rounds);
		/* The last column but those of the processor, which are empty. */
		counted = (unsigned)strtoul(line + strlen(line) - strlen("1,,,,"), NULL, 10);
		assert_in_range(counted, 1, HARDWARE_GROUPS);
		assert_true(!of_round[round] || of_round[round] == counted);
		turns[counted] += !of_round[round];
		of_round[round] = counted;
	}
	assert_true(of_round[rounds]);
}

/* From round to round, and where a launch has one round, or an odd number, from launch to launch. */
static void test_counters_take_turns(void **state)
{
	unsigned turns[1 + HARDWARE_GROUPS] = { 0 };

	(void)state;
	/* Of this plan nothing is opened: the team counts nothing. */
	count_plan_init(&engine.counting);
	engine.counting.nr_groups = 1 + HARDWARE_GROUPS;
	steal.at = -1;
	for (unsigned launch = 1; launch <= 4; launch++) {
		add_turns(launch, ROUNDS, turns);
		assert_in_range(turns[1], launch * ROUNDS / 2, (launch * ROUNDS + 1) / 2);
	}
	assert_int_equal(turns[1], 2 * ROUNDS);
	assert_int_equal(turns[2], 2 * ROUNDS);
	group.deferred = true;
	group.reclaim_period_ns = 100000;
	memset(turns, 0, sizeof(turns));
	for (unsigned launch = 1; launch <= 6; launch++)
		add_turns(launch, 1, turns);
	assert_int_equal(turns[1], 3);
	assert_int_equal(turns[2], 3);
}

#define IN_ENGINE(test) cmocka_unit_test_setup_teardown(test, open_engine, close_engine)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_ENGINE(test_steal_flags_its_round),
		IN_ENGINE(test_without_proc_stat),
		IN_ENGINE(test_some_points),
		IN_ENGINE(test_waits_of_a_crowd_count),
		IN_ENGINE(test_some_points_of_a_deferred_group),
		IN_ENGINE(test_counters_take_turns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
