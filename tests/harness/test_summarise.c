/*
 * Tests of harness/summarise.c and what it reads with: every figure in its place, damage refused.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>

#include "planted.h"

#include "harness/judge.h"

static void assert_header(const char *name, const char *expected)
{
	FILE *file = fopen(file_path(name), "r");
	char line[1024];

	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	fclose(file);
	assert_string_equal(line, expected);
}

static void test_headers(void **state)
{
	(void)state;
	samples_begin();
	put_baseline(1, 1, 10, 0);
	samples_summarise();
	assert_header("summary.csv", "workload,strategy,variant,placement,threads,objects,node,"
		      "launches,windows,ns_per_op,ns_per_op_lo,ns_per_op_hi,mops,fairness,"
		      "ticks_per_op,cycles_per_op,instructions_per_op,cache_misses_per_op,"
		      "retries_per_op,flags,setting,work_ns,layout,kind,failed_per_op,"
		      "reclaim_ns_per_op,switches_per_op,migrations_per_op,replace_permille,"
		      "kref_bytes,thread_bytes,reclaim_delay_ns,garbage_objects,garbage_bytes,"
		      "disturbed_windows\n");
	assert_header("ratios.csv", "workload,placement,threads,objects,node,a,b,launches,ratio,"
		      "ratio_lo,ratio_hi,verdict,setting,work_ns,layout,floor,judged,p_holm,"
		      "replace_permille\n");
}

static void test_two_placements(void **state)
{
	static const char *const names[] = { "compact", "one-node" };

	(void)state;
	samples_begin();
	for (unsigned launch = 1; launch <= 3; launch++) {
		PUT(launch, 1, "refcount", .ns = 10, .placement = "compact+one-node");
		PUT(launch, 1, "lock", .ns = 20, .placement = "compact+one-node");
	}
	samples_summarise();
	assert_int_equal(rows_in("summary.csv"), 4);
	assert_int_equal(rows_in("ratios.csv"), 2);
	for (int i = 0; i < 2; i++) {
		assert_string_equal(field("summary.csv", "ns_per_op", "placement", names[i],
					  "strategy", "lock"), "20");
		assert_string_equal(field("ratios.csv", "ratio", "placement", names[i], "a",
					  "lock@gcc"), "2");
	}
}

/* Cycles are counted in two windows of four, cache misses in none, retries are 0 and not absent. */
static void test_counters(void **state)
{
	static const char *const counters[] = {
		"1000,30000,,,3,,0,,2000,50", "2000,,8000,,,,0,,2000,",
		"3000,10000,,,,,0,,2000,150", NO_COUNTERS,
	};

	(void)state;
	samples_begin();
	for (unsigned round = 1; round <= 4; round++)
		PUT(1, round, "refcount", .ns = 10, .counters = counters[round - 1]);
	samples_summarise();
	assert_string_equal(of_point("refcount", "gcc", "ticks_per_op"), "40");
	assert_string_equal(of_point("refcount", "gcc", "cycles_per_op"), "10");
	assert_string_equal(of_point("refcount", "gcc", "instructions_per_op"), "4");
	assert_string_equal(of_point("refcount", "gcc", "cache_misses_per_op"), "");
	assert_string_equal(of_point("refcount", "gcc", "retries_per_op"), "0");
	assert_string_equal(of_point("refcount", "gcc", "failed_per_op"), "");
	assert_string_equal(of_point("refcount", "gcc", "reclaim_ns_per_op"), "0.05");
	assert_string_equal(of_point("refcount", "gcc", "switches_per_op"), "0.003");
	assert_string_equal(of_point("refcount", "gcc", "migrations_per_op"), "");
}

/* Of each counter the windows that counted it, over the ops of these alone. */
static void test_counters_in_turns(void **state)
{
	static const char *const counters[] = {
		"1000,3000,500,,,,,,,", "3000,5000,,,,,,,,", "1000,1000,700,,,,,,,", NO_COUNTERS,
	};
	static const char *const more[] = { "1,,,40", "2,60,0,", "1,,,80", ",,," };

	(void)state;
	more_columns = "counter_group,moved_local,stall_cycles,page-faults";
	samples_begin();
	for (unsigned round = 1; round <= 4; round++)
		PUT(1, round, "refcount", .ns = 10, .counters = counters[round - 1],
		    .more = more[round - 1]);
	samples_summarise();
	assert_string_equal(of_point("refcount", "gcc", "cycles_per_op"), "1.8");
	assert_string_equal(of_point("refcount", "gcc", "instructions_per_op"), "0.6");
	assert_string_equal(of_point("refcount", "gcc", "moved_local_per_op"), "0.02");
	assert_string_equal(of_point("refcount", "gcc", "stall_cycles_per_op"), "0");
	assert_string_equal(of_point("refcount", "gcc", "page-faults_per_op"), "0.06");
	samples_begin();
	PUT(1, 1, "refcount", .ns = 10, .more = "1,,-1,");
	refused(EBADMSG, "a figure is below 0");
	samples_begin();
	PUT(1, 1, "refcount", .ns = 10, .more = "1,,many,");
	refused(EBADMSG, "stall_cycles");
	more_columns = "counter_group,workload_ns,op,ns";
	samples_begin();
	PUT(1, 1, "refcount", .ns = 10, .more = "1,,,");
	refused(EBADMSG, "column 'ns' is no counter's");
	more_columns = "";
}

/* A delay is of the objects sampled; of garbage the worst window counts. */
static void test_memory(void **state)
{
	static const char *const memory[] = {
		"2,300,7,896,24,100", "2,500,9,1152,24,100", ",,,,24,100", "0,0,0,0,24,100",
	};

	(void)state;
	samples_begin();
	for (unsigned round = 1; round <= 4; round++) {
		PUT(1, round, "refcount", .ns = 10);
		PUT(1, round, "late", .ns = 10, .memory = memory[round - 1]);
	}
	samples_summarise();
	assert_string_equal(of_point("late", "gcc", "reclaim_delay_ns"), "200");
	assert_string_equal(of_point("late", "gcc", "garbage_objects"), "9");
	assert_string_equal(of_point("late", "gcc", "garbage_bytes"), "1152");
	assert_string_equal(of_point("late", "gcc", "kref_bytes"), "24");
	assert_string_equal(of_point("late", "gcc", "thread_bytes"), "100");
	assert_string_equal(of_point("refcount", "gcc", "reclaim_delay_ns"), "");
	assert_string_equal(of_point("refcount", "gcc", "garbage_bytes"), "");
}

/* Fairness is over the launch so far: its last round counts. */
static void test_fairness(void **state)
{
	(void)state;
	samples_begin();
	for (unsigned launch = 1; launch <= 3; launch++)
		for (unsigned round = 1; round <= 3; round++)
			PUT(launch, round, "refcount", .ns = 10,
			    .fairness = round == 3 ? launch / 4.0 : 0.9);
	samples_summarise();
	assert_string_equal(of_point("refcount", "gcc", "fairness"), "0.5");
}

static void test_flags(void **state)
{
	(void)state;
	samples_begin();
	PUT(1, 1, "refcount", .ns = 10, .flags = "starved+migrated");
	PUT(1, 2, "refcount", .ns = 10, .flags = "star");
	PUT(1, 3, "refcount", .ns = 10, .flags = "migrated+multiplexed");
	samples_summarise();
	assert_string_equal(of_point("refcount", "gcc", "flags"),
			    "migrated+multiplexed+few-launches+starved+star");
}

/* A window with two causes is one, and who merely was slow is none. */
static void test_disturbed_windows(void **state)
{
	static const char *const flags[] = {
		"steal", "migrated+switched", "multiplexed", "clock-step+starved", "", "switched",
	};

	(void)state;
	samples_begin();
	for (unsigned round = 1; round <= 6; round++) {
		PUT(1, round, "refcount", .ns = 10, .flags = flags[round - 1]);
		PUT(1, round, "calm", .ns = 10, .flags = "oversubscribed");
	}
	samples_summarise();
	assert_string_equal(of_point("refcount", "gcc", "disturbed_windows"), "4");
	assert_string_equal(of_point("refcount", "gcc", "windows"), "6");
	assert_string_equal(of_point("calm", "gcc", "disturbed_windows"), "0");
	assert_string_equal(of_point("refcount", "gcc", "flags"), "steal+migrated+multiplexed+"
			    "few-launches+starved+switched+clock-step");
}

/* Groups come in another order in each launch; one has the other variant first. */
static void test_groups_in_any_order(void **state)
{
	(void)state;
	samples_begin();
	for (unsigned launch = 1; launch <= 4; launch++)
		for (unsigned i = 0; i < 2; i++) {
			bool churn = (i + launch) % 2 == 0;
			const char *workload = churn ? "lookup" : "getput";
			double ns = churn ? 100 : 10;

			if (churn)
				PUT(launch, 1, "refcount", "clang", .workload = workload, .ns = 5);
			PUT(launch, 1, "refcount", .workload = workload, .ns = ns);
			PUT(launch, 1, "lock", .workload = workload, .ns = 3 * ns);
		}
	samples_summarise();
	assert_int_equal(rows_in("summary.csv"), 5);
	assert_int_equal(rows_in("ratios.csv"), 4);
	assert_string_equal(field("summary.csv", "launches", "workload", "lookup", "variant",
				  "clang"), "4");
	assert_string_equal(field("ratios.csv", "ratio", "workload", "getput", "a", "lock@gcc"),
			    "3");
	/* both groups against the variant that comes first in the file */
	assert_string_equal(field("ratios.csv", "ratio", "a", "refcount@clang", "b",
				  "refcount@gcc"), "0.05");
}

/* A round without the candidate has no ratio of it; the other rounds' are 2. */
static void test_missing_window(void **state)
{
	(void)state;
	for (unsigned totals = 0; totals <= 1; totals++) {
		samples_begin();
		for (unsigned round = 1; round <= 3; round++) {
			PUT(1, round, "refcount", .ns = round == 2 ? 1 : 10, .deferred = totals);
			if (round != 2)
				PUT(1, round, "lock", .ns = 20, .deferred = totals);
		}
		samples_summarise();
		assert_string_equal(of_base("lock@gcc", "ratio"), "2");
		assert_string_equal(of_point("lock", "gcc", "windows"), "2");
		assert_string_equal(of_point("refcount", "gcc", "windows"), "3");
	}
}

/* A pair's totals are kept of the launches in which they cannot be had from the points' own: the second here. */
static void test_totals_kept_once(void **state)
{
	struct tally tally = { 0 };
	struct error err = { "" };

	(void)state;
	samples_begin();
	for (unsigned launch = 1; launch <= 3; launch++)
		for (unsigned round = 1; round <= 3; round++) {
			PUT(launch, round, "refcount", .ns = round == 2 ? 1 : 10, .deferred = 1);
			if (launch == 1 || (launch == 2 && round != 2))
				PUT(launch, round, "lock", .ns = 20, .deferred = 1);
		}
	samples_end();
	assert_int_equal(summarise(dir, NULL, &tally, &err), 0);
	assert_null(tally.groups[0]->launches[0]->totals);
	assert_non_null(tally.groups[0]->launches[1]->totals);
	assert_null(tally.groups[0]->launches[2]->totals);
	/* 3 windows of 300000 ns are 720000 ops of the baseline and 90000 of the lock. */
	assert_float_equal(tally_totals(tally.groups[0], tally.groups[0]->launches[0], 0, 1), 8, 1e-9);
	assert_float_equal(tally_totals(tally.groups[0], tally.groups[0]->launches[1], 0, 1), 2, 1e-9);
	assert_true(isnan(tally_totals(tally.groups[0], tally.groups[0]->launches[2], 0, 1)));
	assert_string_equal(of_base("lock@gcc", "launches"), "2");
	assert_string_equal(of_base("lock@gcc", "ratio"), "5");
	tally_free(&tally);
}

/* Left out, a point has no ratio either, whether its launch keeps totals or not. */
static void test_crashed_totals(void **state)
{
	const char *const crashed[] = { "getput/lock@gcc/held/compact/objects:1/work_ns:0/threads:2", NULL };
	struct tally tally = { 0 };
	struct error err = { "" };

	(void)state;
	samples_begin();
	for (unsigned launch = 1; launch <= 2; launch++) {
		PUT(launch, 1, "refcount", .ns = 10, .deferred = 1);
		PUT(launch, 1, "lock", .ns = 20, .deferred = 1);
		PUT(launch, 2, "refcount", .ns = 10, .deferred = 1);
		if (launch == 1)
			PUT(launch, 2, "lock", .ns = 20, .deferred = 1);
	}
	samples_end();
	assert_int_equal(summarise(dir, crashed, &tally, &err), 0);
	for (unsigned launch = 0; launch < 2; launch++)
		assert_true(isnan(tally_totals(tally.groups[0], tally.groups[0]->launches[launch], 0, 1)));
	assert_int_equal(rows_in("ratios.csv"), 0);
	tally_free(&tally);
}

/* A point that comes in the third round does not inherit the windows of the group before. */
static void test_late_point(void **state)
{
	(void)state;
	samples_begin();
	for (unsigned round = 1; round <= 2; round++) {
		PUT(1, round, "refcount", .ns = 10, .workload = "lookup");
		PUT(1, round, "mutex", .ns = 90, .workload = "lookup");
	}
	for (unsigned round = 1; round <= 3; round++)
		PUT(1, round, "refcount", .ns = 10);
	put_candidate(1, 3, "lock", 20);
	samples_summarise();
	assert_string_equal(of_base("lock@gcc", "ratio"), "2");
	assert_string_equal(of_point("lock", "gcc", "ns_per_op"), "20");
}

/* Nothing done in a window is slow, not absent: 2 of 3 have an end, in the median 20. */
static void test_nothing_done(void **state)
{
	(void)state;
	samples_begin();
	for (unsigned round = 1; round <= 3; round++) {
		PUT(1, round, "refcount", .ns = 10);
		PUT(1, round, "lock", .ns = round == 1 ? 10 : 20, .mops = round == 3 ? "0" : NULL);
		PUT(1, round, "stuck", .ns = 10, .mops = "0", .flags = "starved");
	}
	samples_summarise();
	assert_string_equal(of_point("lock", "gcc", "ns_per_op"), "20");
	assert_string_equal(of_base("lock@gcc", "ratio"), "2");
	assert_string_equal(of_point("stuck", "gcc", "ns_per_op"), "");
	assert_string_equal(of_point("stuck", "gcc", "mops"), "0");
	assert_string_equal(of_base("stuck@gcc", "ratio"), "");
}

/* Cut within a line of the second launch's second round, and within its first. */
static void test_run_cut_short(void **state)
{
	static const char *const whole[] = { "1", "2" };

	(void)state;
	round_windows = 3;
	for (unsigned rounds = 1; rounds <= 2; rounds++) {
		samples_begin();
		put_baseline(1, 1, 10, 0.01);
		put_candidate(1, 1, "lock", 20);
		for (unsigned round = 1; round < rounds; round++) {
			put_baseline(2, round, 10, 0.01);
			put_candidate(2, round, "lock", 20);
		}
		put_baseline(2, rounds, 77, 0.01);
		fprintf(samples, "2,%u,3,3,getput,lo", rounds);
		samples_summarise();
		assert_int_equal(rows_in("summary.csv"), 3);
		assert_string_equal(of_point("lock", "gcc", "launches"), whole[rounds - 1]);
		assert_string_equal(of_point("refcount", "gcc", "windows"), whole[rounds - 1]);
		assert_string_equal(of_point("refcount", "gcc", "ns_per_op"), "10");
		assert_string_equal(of_base("lock@gcc", "ratio"), "2");
	}
	round_windows = 0;
}

/* Cut where a line ends, and gone on with. */
static void test_launch_cut_short(void **state)
{
	(void)state;
	round_windows = 3;
	samples_begin();
	put_baseline(1, 1, 10, 0.01);
	put_candidate(1, 1, "lock", 20);
	put_baseline(2, 1, 77, 0.01);
	put_baseline(3, 1, 10, 0.01);
	put_candidate(3, 1, "lock", 20);
	samples_summarise();
	round_windows = 0;
	assert_string_equal(of_point("refcount", "gcc", "launches"), "2");
	assert_string_equal(of_point("refcount", "gcc", "windows"), "2");
	assert_string_equal(of_point("refcount", "gcc", "ns_per_op"), "10");
}

static void test_round_tells_wrong(void **state)
{
	(void)state;
	round_windows = 1;
	samples_begin();
	put_baseline(1, 1, 10, 0.01);
	refused(EBADMSG, "round_windows");
	samples_begin();
	PUT(1, 1, "refcount", .ns = 10);
	round_windows = 2;
	PUT(1, 1, "lock", .ns = 10);
	refused(EBADMSG, "round_windows");
	round_windows = 0;
}

/*
 * After 12 launches all is well known but "wide", and the machine takes twice as long: times stay of the
 * launches that have all, the ratio is of the further ones too.
 */
static void test_launches_of_few_points(void **state)
{
	(void)state;
	samples_begin();
	for (unsigned launch = 1; launch <= 24; launch++) {
		const double ns = launch <= 12 ? 10 : 20;

		round_windows = launch <= 12 ? 4 : 3;
		put_baseline(launch, 1, ns, 0.001);
		put_candidate(launch, 1, "wide", ns * (launch <= 12 ? 2 : 2.2));
		if (launch <= 12)
			put_candidate(launch, 1, "narrow", 3 * ns);
	}
	samples_summarise();
	round_windows = 0;
	assert_string_equal(of_point("refcount", "gcc", "ns_per_op"), "10");
	assert_string_equal(of_point("refcount", "gcc", "launches"), "12");
	assert_string_equal(of_point("refcount", "gcc", "windows"), "24");
	assert_string_equal(of_point("wide", "gcc", "ns_per_op_hi"), "20");
	assert_string_equal(of_base("wide@gcc", "ratio"), "2.1");
	assert_string_equal(of_base("wide@gcc", "launches"), "24");
	assert_string_equal(of_base("narrow@gcc", "ratio"), "3");
	assert_string_equal(of_base("narrow@gcc", "launches"), "12");
	assert_string_equal(of_pair("wide@gcc", "narrow@gcc", "launches"), "12");
}

static void damage(const char *from, const char *to, const char *says)
{
	static char line[512];
	char *place;

	samples_begin();
	PUT(1, 1, "refcount", .ns = 10);
	samples_end();
	samples = fopen(file_path("samples.csv"), "r");
	assert_non_null(samples);
	assert_non_null(fgets(line, sizeof(line), samples));
	assert_non_null(fgets(line, sizeof(line), samples));
	samples_end();
	samples = fopen(file_path("samples.csv"), "a");
	assert_non_null(samples);
	place = strstr(line, from);
	assert_non_null(place);
	fprintf(samples, "%.*s%s%s", (int)(place - line), line, to, place + strlen(from));
	refused(EBADMSG, says);
}

static void test_damage_is_refused(void **state)
{
	(void)state;
	damage(",10,1,40000", ",1o,1,40000", "samples.csv:3: ns_per_op: '1o' is not a number");
	damage("1,1,1,0,getput", "1,1,1,0,1,getput", "samples.csv:3: 42 fields");
	damage(",10,1,40000", ",0,1,40000", "samples.csv:3: ns_per_op is 0");
	damage(",10,1,40000", ",-10,1,40000", "samples.csv:3: a figure is below 0");
	damage(",10,1,40000", ",1e300,1,40000", "samples.csv:3: a figure is none of a window");
	damage(",10,1,40000", ",1e-300,1,40000", "samples.csv:3: a figure is none of a window");
	damage("compact,2,", "compact,4294967296,", "samples.csv:3: threads");
	damage("compact,2,1,", "compact,2,one,", "samples.csv:3: objects: 'one'");
	damage(",300000,", ",,", "samples.csv:3: window_ns");
	damage("candidate", "candidat", "samples.csv:3: kind");
	damage("candidate", "control", "samples.csv:3: kind differs");
	damage(",0,held", ",1,held", "samples.csv:3: deferred differs");
	damage(",0,held", ",2,held", "samples.csv:3: deferred is neither");
	damage("compact", "+", "samples.csv:3: placement");
	damage("compact,2,", "compact,0,", "samples.csv:3: threads");
	damage("refcount", "", "samples.csv:3: a part of the cell");
	damage(",,\n", ",,a++b\n", "samples.csv:3: flags");
	damage("getput", "getput", "samples.csv:3: the point has two windows");
	damage("1,1,1,0,getput", "1,0,1,0,getput", "samples.csv:3: the round is before");
}

static void test_scattered_group_is_refused(void **state)
{
	(void)state;
	samples_begin();
	PUT(1, 1, "refcount", .ns = 10);
	PUT(1, 1, "refcount", .ns = 10, .workload = "lookup");
	PUT(1, 2, "refcount", .ns = 10);
	refused(EBADMSG, "samples.csv:4: the group came before in this launch");
}

static void test_nothing_to_read(void **state)
{
	struct tally tally = { 0 };
	struct error err = { "" };

	(void)state;
	samples_begin();
	refused(ENODATA, "holds no windows");
	samples_begin();
	fputs("1,1,1,get", samples);
	refused(ENODATA, "holds no windows");
	samples = fopen(file_path("samples.csv"), "w");
	fputs("launch,round,workload\n1,1,getput\n", samples);
	refused(EBADMSG, "no column");
	assert_int_equal(summarise("/nonexistent", NULL, &tally, &err), -ENOENT);
}

/* One that crashed in the second of three launches has no row, and costs the others no launch. */
static void test_crashed(void **state)
{
	const char *const crashed[] = { "getput/lock@gcc/held/compact/objects:1/work_ns:0/threads:2", NULL };
	struct tally whole = { 0 }, rest = { 0 };
	struct error err = { "" };

	(void)state;
	samples_begin();
	for (unsigned launch = 1; launch <= 3; launch++) {
		put_baseline(launch, 1, 10 * launch, 0);
		if (launch < 2)
			put_candidate(launch, 1, "lock", 30);
		put_candidate(launch, 1, "other", 20);
		PUT(launch, 1, "lock", .ns = 30, .workload = "another");
	}
	samples_end();
	assert_int_equal(summarise(dir, NULL, &whole, &err), 0);
	assert_string_equal(of_point("refcount", "gcc", "ns_per_op"), "10");
	assert_int_equal(summarise(dir, crashed, &rest, &err), 0);
	assert_string_equal(of_point("refcount", "gcc", "ns_per_op"), "20");
	assert_string_equal(of_pair("other@gcc", "refcount@gcc", "launches"), "3");
	assert_string_equal(of_point("lock", "gcc", "launches"), "3");	/* of the other workload */
	assert_int_equal(rows_in("summary.csv"), 4);
	/* Of refcount with its control and other, and of these two. */
	assert_int_equal(rows_in("ratios.csv"), 3);
	/* Figures show what the table's median is made of: each launch, not the one before the crash alone. */
	assert_true(isnan(judge_launch_ns(whole.groups[0], 1, 0, false)));
	assert_float_equal(judge_launch_ns(rest.groups[0], 1, 0, false), 20, 1e-9);
	tally_free(&whole);
	tally_free(&rest);
}

/* A run that can no longer be read keeps the summary it had. */
static void test_old_files_stay(void **state)
{
	(void)state;
	samples_begin();
	PUT(1, 1, "refcount", .ns = 10);
	samples_summarise();
	samples = fopen(file_path("samples.csv"), "a");
	fputs("damaged\n", samples);
	refused(EBADMSG, "samples.csv:3:");
	assert_string_equal(of_point("refcount", "gcc", "ns_per_op"), "10");
	assert_int_equal(rows_in("ratios.csv"), 0);
}

/* Who has the old file open reads it to its end, as it was. */
static void test_replaced_at_once(void **state)
{
	char line[1024];
	FILE *old;

	(void)state;
	samples_begin();
	PUT(1, 1, "refcount", .ns = 10);
	samples_summarise();
	old = fopen(file_path("summary.csv"), "r");
	assert_non_null(old);
	samples_begin();
	PUT(1, 1, "refcount", .ns = 20);
	samples_summarise();
	assert_non_null(fgets(line, sizeof(line), old));
	assert_non_null(fgets(line, sizeof(line), old));
	assert_non_null(strstr(line, ",10,10,10,"));
	fclose(old);
	assert_string_equal(of_point("refcount", "gcc", "ns_per_op"), "20");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_two_placements),
		cmocka_unit_test(test_counters),
		cmocka_unit_test(test_counters_in_turns),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_fairness),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_disturbed_windows),
		cmocka_unit_test(test_groups_in_any_order),
		cmocka_unit_test(test_missing_window),
		cmocka_unit_test(test_totals_kept_once),
		cmocka_unit_test(test_crashed_totals),
		cmocka_unit_test(test_late_point),
		cmocka_unit_test(test_nothing_done),
		cmocka_unit_test(test_run_cut_short),
		cmocka_unit_test(test_launch_cut_short),
		cmocka_unit_test(test_round_tells_wrong),
		cmocka_unit_test(test_launches_of_few_points),
		cmocka_unit_test(test_damage_is_refused),
		cmocka_unit_test(test_scattered_group_is_refused),
		cmocka_unit_test(test_nothing_to_read),
		cmocka_unit_test(test_crashed),
		cmocka_unit_test(test_old_files_stay),
		cmocka_unit_test(test_replaced_at_once),
	};

	return cmocka_run_group_tests(tests, folder_create, folder_remove);
}
