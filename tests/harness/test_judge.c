/*
 * Tests of harness/judge*.c through summarise(): planted effects must come out exactly.
 *
 * SPDX-License-Identifier: MIT
 */
#include "planted.h"

/* The baseline drifts from window to window and launch to launch, the ratio is 1.25 throughout. */
static void test_planted_ratio(void **state)
{
	(void)state;
	samples_begin();
	for (unsigned launch = 1; launch <= 12; launch++)
		for (unsigned round = 1; round <= 5; round++) {
			double ns = 10 + launch + round / 8.0;

			put_candidate(launch, round, "lock", 1.25 * ns);
			put_baseline(launch, round, ns, 0.01);
			PUT(launch, round, "plain", .kind = "floor", .ns = 0.5 * ns);
		}
	samples_summarise();
	assert_int_equal(rows_in("summary.csv"), 4);
	assert_int_equal(rows_in("ratios.csv"), 6);
	assert_string_equal(of_point("refcount", "gcc", "ns_per_op"), "16.875");
	assert_string_equal(of_point("refcount", "gcc", "ns_per_op_lo"), "13.375");
	assert_string_equal(of_point("refcount", "gcc", "ns_per_op_hi"), "20.375");
	assert_string_equal(of_point("refcount", "gcc", "mops"), "118.519");
	assert_string_equal(of_point("refcount", "gcc", "launches"), "12");
	assert_string_equal(of_point("refcount", "gcc", "windows"), "60");
	assert_string_equal(of_point("refcount", "gcc", "flags"), "");
	assert_string_equal(of_point("plain", "gcc", "kind"), "floor");
	assert_string_equal(of_point("refcount", "aa", "kind"), "control");
	assert_string_equal(of_base("lock@gcc", "ratio"), "1.25");
	assert_string_equal(of_base("lock@gcc", "ratio_lo"), "1.25");
	assert_string_equal(of_base("lock@gcc", "ratio_hi"), "1.25");
	assert_string_equal(of_base("lock@gcc", "launches"), "12");
	assert_string_equal(of_base("lock@gcc", "verdict"), "slower");
	assert_string_equal(of_base("lock@gcc", "judged"), "median");
	assert_string_equal(of_base("lock@gcc", "floor"), "0.01");
	assert_string_equal(of_base("lock@gcc", "p_holm"), "0.000976562");	/* 2 x 2 / 2^12 */
	assert_string_equal(of_base("plain@gcc", "verdict"), "faster");
	assert_string_equal(of_base("refcount@aa", "verdict"), "");
	assert_string_equal(of_base("refcount@aa", "p_holm"), "");
	assert_string_equal(of_base("refcount@aa", "ratio_lo"), "0.99");
	assert_string_equal(of_base("refcount@aa", "ratio_hi"), "1.01");
	assert_string_equal(of_pair("lock@gcc", "plain@gcc", "ratio"), "2.5");
	assert_string_equal(of_pair("lock@gcc", "plain@gcc", "verdict"), "slower");
	assert_string_equal(of_pair("lock@gcc", "plain@gcc", "p_holm"), "0.000488281");	/* 2 / 2^12 */
	assert_string_equal(of_pair("lock@gcc", "refcount@aa", "verdict"), "");
}

/*
 * 15 strategies have 105 pairs without the baseline, one more than 12 launches can tell; those of a
 * strategy's two variants are few.
 */
static void test_other_pairs_need_more_launches(void **state)
{
	char name[] = "a";

	(void)state;
	samples_begin();
	for (unsigned launch = 1; launch <= 12; launch++) {
		put_baseline(launch, 1, 10, 0.01);
		PUT(launch, 1, "a", .variant = "clang", .ns = 12);
		for (*name = 'a'; *name < 'a' + 14; ++*name)
			put_candidate(launch, 1, name, 11 + (*name - 'a'));
	}
	samples_summarise();
	assert_string_equal(of_base("b@gcc", "verdict"), "slower");
	assert_string_equal(of_pair("b@gcc", "c@gcc", "verdict"), "");
	assert_string_equal(of_pair("b@gcc", "c@gcc", "p_holm"), "");
	assert_string_equal(of_pair("a@clang", "a@gcc", "verdict"), "slower");
	assert_string_equal(of_pair("a@clang", "a@gcc", "p_holm"), "0.000488281");
}

/* Another library's counter is told apart from the candidates, and compared all the same. */
static void test_peer_has_a_verdict(void **state)
{
	(void)state;
	samples_begin();
	for (unsigned launch = 1; launch <= 12; launch++) {
		put_baseline(launch, 1, 10, 0.01);
		PUT(launch, 1, "theirs", .kind = "peer", .ns = 12);
	}
	samples_summarise();
	assert_string_equal(of_point("theirs", "gcc", "kind"), "peer");
	assert_string_equal(of_base("theirs@gcc", "verdict"), "slower");
}

/* Half a percent in every launch: significant, and still nothing beside a floor of one percent. */
static void test_floor_hides_small_effects(void **state)
{
	(void)state;
	samples_begin();
	for (unsigned launch = 1; launch <= 12; launch++) {
		put_baseline(launch, 1, 10, 0.01);
		put_candidate(launch, 1, "near", 10.05);
		put_candidate(launch, 1, "far", 10.2);
		put_candidate(launch, 1, "fast", 9.8);
	}
	samples_summarise();
	assert_string_equal(of_base("near@gcc", "verdict"), "tie");
	assert_string_equal(of_base("near@gcc", "p_holm"), "0.00146484");
	assert_string_equal(of_base("far@gcc", "verdict"), "slower");
	assert_string_equal(of_base("fast@gcc", "verdict"), "faster");
}

/*
 * An A/A that is always 5 percent off on one side has a floor as wide, on both sides. It is known
 * by its name: neither another control nor its place in the file makes it.
 */
static void test_floor_of_a_bias(void **state)
{
	(void)state;
	for (int side = -1; side <= 1; side += 2) {
		samples_begin();
		for (unsigned launch = 1; launch <= 12; launch++) {
			PUT(launch, 1, "refcount", "asm", "control", .ns = 15);
			PUT(launch, 1, "refcount", "aa", "control", .ns = 10 + 0.5 * side);
			PUT(launch, 1, "refcount", .ns = 10);
			put_candidate(launch, 1, "slow", 10.4);
			put_candidate(launch, 1, "slower", 10.6);
		}
		samples_summarise();
		assert_string_equal(of_base("refcount@aa", "ratio"), side < 0 ? "0.95" : "1.05");
		assert_string_equal(of_base("refcount@asm", "verdict"), "");
		assert_string_equal(of_base("slow@gcc", "floor"), "0.05");
		assert_string_equal(of_base("slow@gcc", "verdict"), "tie");
		assert_string_equal(of_base("slower@gcc", "verdict"), "slower");
	}
}

/* p = 2 P(B <= k) of 12 signs, times 4, 3, 2, 1: only what survives that is called. */
static void test_holm(void **state)
{
	static const char *const names[] = { "never", "once", "twice", "half" };
	static const unsigned below[] = { 0, 1, 2, 6 };

	(void)state;
	samples_begin();
	for (unsigned launch = 1; launch <= 12; launch++) {
		put_baseline(launch, 1, 10, 0.01);
		for (int i = 0; i < 4; i++)
			put_candidate(launch, 1, names[i], launch <= below[i] ? 5 : 13);
	}
	samples_summarise();
	assert_string_equal(of_base("never@gcc", "p_holm"), "0.00195312");
	assert_string_equal(of_base("once@gcc", "p_holm"), "0.019043");
	assert_string_equal(of_base("twice@gcc", "p_holm"), "0.0771484");
	assert_string_equal(of_base("half@gcc", "p_holm"), "1");
	assert_string_equal(of_base("once@gcc", "verdict"), "slower");
	assert_string_equal(of_base("twice@gcc", "verdict"), "tie");	/* 0.039 by itself */
	assert_string_equal(of_base("half@gcc", "verdict"), "tie");
}

/* One round in five costs ten times as much: the median says 0.8, the totals 500 / 510. */
static void put_bursts(double aa_burst)
{
	samples_begin();
	for (unsigned launch = 1; launch <= 12; launch++)
		for (unsigned round = 1; round <= 5; round++) {
			double aa = launch % 2 ? 10.1 : 9.9;

			PUT(launch, round, "refcount", .ns = 10);
			PUT(launch, round, "refcount", "aa", "control",
			    .ns = round == 2 ? aa * aa_burst : aa);
			put_candidate(launch, round, "epoch", round == 4 ? 100 : 8);
			put_candidate(launch, round, "spurt", round == 4 ? 1 : 10);
			put_candidate(launch, round, "mild", round == 4 ? 10 : 8);
			put_candidate(launch, round, "plain", 5);
			put_candidate(launch, round, "thrice", round == 4 ? 60 : 30);
		}
	samples_summarise();
}

/* By so much from the seventh of twelve launches on, and in the launch wild by 50 percent. */
static void put_change(double change, unsigned wild)
{
	samples_begin();
	for (unsigned launch = 1; launch <= 12; launch++)
		for (unsigned round = 1; round <= 3; round++) {
			const double noise = 1 + (launch % 3) * 0.002;

			PUT(launch, round, "refcount", .ns = 10);
			PUT(launch, round, "refcount", .variant = "aa", .kind = "control",
			    .ns = 10 * noise);
			PUT(launch, round, "cas", .ns = 20 * noise * (launch > 6 ? 1 + change : 1) *
			    (launch == wild ? 1.5 : 1));
		}
	samples_summarise();
}

static void test_drift(void **state)
{
	(void)state;
	put_change(0.02, 0);
	assert_string_equal(of_point("cas", "gcc", "flags"), "drift");
	assert_string_equal(of_point("refcount", "gcc", "flags"), "");
	assert_string_equal(of_point("refcount", "aa", "flags"), "");
	put_change(-0.02, 0);
	assert_string_equal(of_point("cas", "gcc", "flags"), "drift");
	/* Less than the noise floor, or only now and then. */
	put_change(0.003, 0);
	assert_string_equal(of_point("cas", "gcc", "flags"), "");
	put_change(0, 12);
	assert_string_equal(of_point("cas", "gcc", "flags"), "");
}

static void test_bursty(void **state)
{
	(void)state;
	put_bursts(1);
	assert_string_equal(of_point("epoch", "gcc", "flags"), "bursty");
	assert_string_equal(of_point("spurt", "gcc", "flags"), "bursty");
	assert_string_equal(of_point("mild", "gcc", "flags"), "bursty");
	assert_string_equal(of_point("refcount", "gcc", "flags"), "");
	assert_string_equal(of_point("refcount", "aa", "flags"), "");
	assert_string_equal(of_point("plain", "gcc", "flags"), "");
	assert_string_equal(of_point("thrice", "gcc", "flags"), "bursty");
	/* (1 / 8 * 4 + 1 / 100) / 5 an op; the median is 8 */
	assert_string_equal(of_point("epoch", "gcc", "ns_per_op"), "9.80392");
	assert_string_equal(of_base("epoch@gcc", "judged"), "totals");
	assert_string_equal(of_base("epoch@gcc", "ratio"), "0.980392");
	assert_string_equal(of_base("epoch@gcc", "verdict"), "faster");
	assert_string_equal(of_pair("epoch@gcc", "plain@gcc", "judged"), "totals");
	assert_string_equal(of_pair("epoch@gcc", "plain@gcc", "ratio"), "1.96078");
	assert_string_equal(of_base("plain@gcc", "judged"), "median");
	assert_string_equal(of_base("plain@gcc", "ratio"), "0.5");
}

/* A perfect A/A has a floor of 0, and mops were rounded to six digits: no burst for that. */
static void test_rounding_is_no_burst(void **state)
{
	(void)state;
	samples_begin();
	for (unsigned round = 1; round <= 3; round++) {
		PUT(1, round, "refcount", .ns = 17.3);
		PUT(1, round, "refcount", "aa", "control", .ns = 17.3);
		PUT(1, round, "lock", .ns = 5.9);
	}
	samples_summarise();
	assert_string_equal(of_base("lock@gcc", "floor"), "0");
	assert_string_equal(of_base("lock@gcc", "judged"), "median");
}

/* The totals' floor is that of the A/A control's totals: (4 + 1/2) / 5 in the slower half. */
static void test_floor_judged_alike(void **state)
{
	(void)state;
	put_bursts(2);
	assert_string_equal(of_point("mild", "gcc", "flags"), "");	/* 0.033 apart, as the control */
	assert_string_equal(of_base("mild@gcc", "judged"), "median");
	/* 0.33 apart, 0.11 of its own time; the floor of totals is 0.12 */
	assert_string_equal(of_base("thrice@gcc", "judged"), "median");
	assert_string_equal(of_base("plain@gcc", "floor"), "0.01");
	assert_string_equal(of_base("epoch@gcc", "floor"), "0.122222");
	assert_string_equal(of_base("epoch@gcc", "ratio"), "0.980392");
	assert_string_equal(of_base("epoch@gcc", "verdict"), "tie");
}

/* 200 and 100 mops over 1 and 3 ms are 125 in the mean: 16 ns. The median would say 15. */
static void test_deferred_totals(void **state)
{
	(void)state;
	samples_begin();
	for (unsigned launch = 1; launch <= 12; launch++)
		for (unsigned round = 1; round <= 2; round++) {
			double ms = round == 1 ? 1e6 : 3e6;

			PUT(launch, round, "refcount", .ns = 10, .window_ns = ms, .deferred = 1);
			PUT(launch, round, "refcount", "aa", "control", .ns = 10, .window_ns = ms,
			    .deferred = 1);
			PUT(launch, round, "call_rcu", .ns = round == 1 ? 10 : 20, .window_ns = ms,
			    .deferred = 1);
		}
	samples_summarise();
	assert_string_equal(of_point("call_rcu", "gcc", "ns_per_op"), "16");
	assert_string_equal(of_point("call_rcu", "gcc", "flags"), "");
	assert_string_equal(of_base("call_rcu@gcc", "ratio"), "1.6");
	assert_string_equal(of_base("call_rcu@gcc", "judged"), "totals");
	assert_string_equal(of_base("refcount@aa", "judged"), "totals");
	assert_string_equal(of_base("call_rcu@gcc", "verdict"), "slower");
}

/* Of ratios 1/2 and 2 the median is 1.25 in the direction asked, wherever the baseline stands. */
static void test_direction(void **state)
{
	(void)state;
	samples_begin();
	for (unsigned round = 1; round <= 2; round++) {
		put_candidate(1, round, "before", round == 1 ? 5 : 20);
		PUT(1, round, "refcount", .ns = 10);
		put_candidate(1, round, "after", round == 1 ? 5 : 20);
	}
	samples_summarise();
	assert_string_equal(of_base("before@gcc", "ratio"), "1.25");
	assert_string_equal(of_base("after@gcc", "ratio"), "1.25");
	assert_string_equal(of_pair("before@gcc", "after@gcc", "ratio"), "1");
	assert_int_equal(rows_in("ratios.csv"), 3);
}

static void put_launches(unsigned nr_launches, unsigned nr_candidates)
{
	char name[16];

	samples_begin();
	for (unsigned launch = 1; launch <= nr_launches; launch++) {
		put_baseline(launch, 1, 10 + launch, 0.01);
		for (unsigned i = 1; i <= nr_candidates; i++) {
			snprintf(name, sizeof(name), "lock%u", i);
			put_candidate(launch, 1, name, 20 + 2 * launch);
		}
	}
	samples_summarise();
}

static void test_few_launches(void **state)
{
	(void)state;
	put_launches(5, 1);
	assert_string_equal(of_point("lock1", "gcc", "flags"), "few-launches");
	assert_string_equal(of_point("refcount", "aa", "flags"), "few-launches");
	assert_string_equal(of_point("refcount", "gcc", "ns_per_op_lo"), "11");	/* the extremes */
	assert_string_equal(of_point("refcount", "gcc", "ns_per_op_hi"), "15");
	assert_string_equal(of_base("lock1@gcc", "ratio"), "2");
	assert_string_equal(of_base("lock1@gcc", "verdict"), "");
	assert_string_equal(of_base("lock1@gcc", "p_holm"), "");
	put_launches(6, 1);
	assert_string_equal(of_point("lock1", "gcc", "flags"), "");
	assert_string_equal(of_base("lock1@gcc", "verdict"), "slower");
	put_launches(7, 4);	/* 1 + ceil(log2(4 / 0.05)) = 8 */
	assert_string_equal(of_point("lock1", "gcc", "flags"), "few-launches");
	assert_string_equal(of_base("lock4@gcc", "verdict"), "");
	put_launches(8, 4);
	assert_string_equal(of_point("lock1", "gcc", "flags"), "");
	assert_string_equal(of_base("lock4@gcc", "verdict"), "slower");
}

/* What could not be tested still counts as a comparison, the last: 2 x 0.0386 for the other. */
static void test_point_with_few_launches(void **state)
{
	(void)state;
	samples_begin();
	for (unsigned launch = 1; launch <= 12; launch++) {
		put_baseline(launch, 1, 10, 0.01);
		put_candidate(launch, 1, "lock", launch <= 2 ? 5 : 20);
		if (launch > 6)
			put_candidate(launch, 1, "late", 30);
	}
	samples_summarise();
	assert_string_equal(of_point("late", "gcc", "flags"), "few-launches");
	assert_string_equal(of_point("late", "gcc", "launches"), "6");
	assert_string_equal(of_base("late@gcc", "ratio"), "3");
	assert_string_equal(of_base("late@gcc", "verdict"), "");
	assert_string_equal(of_point("lock", "gcc", "flags"), "");
	assert_string_equal(of_base("lock@gcc", "p_holm"), "0.0771484");
}

static void test_no_control_no_verdict(void **state)
{
	(void)state;
	samples_begin();
	for (unsigned launch = 1; launch <= 12; launch++) {
		PUT(launch, 1, "refcount", .ns = 10);
		put_candidate(launch, 1, "lock", 20);
	}
	samples_summarise();
	assert_string_equal(of_base("lock@gcc", "ratio"), "2");
	assert_string_equal(of_base("lock@gcc", "floor"), "");
	assert_string_equal(of_base("lock@gcc", "verdict"), "");
	assert_string_equal(of_base("lock@gcc", "p_holm"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_planted_ratio),
		cmocka_unit_test(test_peer_has_a_verdict),
		cmocka_unit_test(test_other_pairs_need_more_launches),
		cmocka_unit_test(test_floor_hides_small_effects),
		cmocka_unit_test(test_floor_of_a_bias),
		cmocka_unit_test(test_holm),
		cmocka_unit_test(test_drift),
		cmocka_unit_test(test_bursty),
		cmocka_unit_test(test_rounding_is_no_burst),
		cmocka_unit_test(test_floor_judged_alike),
		cmocka_unit_test(test_deferred_totals),
		cmocka_unit_test(test_direction),
		cmocka_unit_test(test_few_launches),
		cmocka_unit_test(test_point_with_few_launches),
		cmocka_unit_test(test_no_control_no_verdict),
	};

	return cmocka_run_group_tests(tests, folder_create, folder_remove);
}
