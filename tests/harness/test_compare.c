/*
 * Tests of harness/compare.c: planted changes are found where they are, and nothing where there are
 * none, however the machine drifts.
 *
 * SPDX-License-Identifier: MIT
 */
#include "two_runs.h"

static void test_same_run(void **state)
{
	struct compare compare;
	uint64_t seed = random_state;

	(void)state;
	plant_run("a", (struct plant){ .drift = 0.05 });
	random_state = seed;
	plant_run("b", (struct plant){ .drift = 0.05 });
	compared(&compare);
	assert_int_equal(compare.nr_judged, 4 * (1 + 5));
	assert_int_equal(compare.nr_rows, 4 * (1 + 6));
	assert_int_equal(compare.nr_verdicts[COMPARE_TIE], compare.nr_judged);
	assert_int_equal(compare.only_a + compare.only_b, 0);
	assert_true(compare.whole.shift.estimate == 0 && compare.whole.shift.p == 1);
	assert_says(&compare, 0, 0, "limit 0%: passed");
	assert_says(&compare, NAN, 0, "24 groups and points: 0 slower, 0 faster, 24 tie");
	assert_says(&compare, NAN, 0, "nothing that meta.json tells");
	compare_free(&compare);
}

/* One point of getput; the machine drifts by more than that between launches. */
static void test_one_point(void **state)
{
	const struct compare_row *row;
	struct compare compare;

	(void)state;
	plant_run("a", (struct plant){ .drift = 0.02 });
	plant_run("b", (struct plant){ .drift = 0.02, .cas = 1.2 });
	compared(&compare);
	row = row_find(&compare, "getput", "cas");
	assert_int_equal(row->verdict, COMPARE_SLOWER);
	assert_change(row->own.shift.estimate, 0.2);
	assert_true(expm1(row->own.shift.lo) > 0.17 && expm1(row->own.shift.hi) < 0.23);
	assert_true(fabs(row->ns_b / row->ns_a - exp(row->total.shift.estimate)) < 0.05);
	assert_int_equal(compare.nr_verdicts[COMPARE_SLOWER], 1);
	assert_int_equal(compare.nr_verdicts[COMPARE_FASTER], 0);
	assert_says(&compare, 0.1, 1, "FAILED, 1 slower by more, most by");
	assert_says(&compare, 0.1, 1, "getput held, 2 threads: cas@gcc");
	assert_says(&compare, 0.4, 0, "limit 40%: passed");
	compare_free(&compare);

	/* the other way round it is faster, which fails nothing */
	plant_run("a", (struct plant){ .cas = 1.2 });
	plant_run("b", (struct plant){ .drift = 0 });
	compared(&compare);
	assert_int_equal(row_find(&compare, "getput", "cas")->verdict, COMPARE_FASTER);
	assert_int_equal(compare.nr_verdicts[COMPARE_SLOWER], 0);
	assert_says(&compare, 0.05, 0, "passed");
	compare_free(&compare);
}

static void test_one_group(void **state)
{
	const struct compare_row *row;
	struct compare compare;

	(void)state;
	plant_run("a", (struct plant){ .drift = 0.02 });
	plant_run("b", (struct plant){ .drift = 0.02, .queue = 1.2 });
	compared(&compare);
	row = row_find(&compare, "queue", NULL);
	assert_int_equal(row->verdict, COMPARE_SLOWER);
	assert_change(row->own.shift.estimate, 0.2);
	assert_int_equal(compare.nr_verdicts[COMPARE_SLOWER], 1);
	assert_int_equal(compare.nr_verdicts[COMPARE_FASTER], 0);
	assert_says(&compare, 0.1, 1, "queue held, 2 threads: all of it");
	compare_free(&compare);
}

/* That may be the machine: no row is called. The limit is on all of the interval. */
static void test_everything(void **state)
{
	struct compare compare;

	(void)state;
	plant_run("a", (struct plant){ .drift = 0 });
	plant_run("b", (struct plant){ .whole = 1.1 });
	compared(&compare);
	assert_change(compare.whole.shift.estimate, 0.1);
	assert_int_equal(compare.nr_verdicts[COMPARE_TIE], compare.nr_judged);
	assert_says(&compare, 0.05, 1, "FAILED, the run as a whole is slower");
	assert_says(&compare, 0.12, 0, "passed");
	compare_free(&compare);

	/* as large a change that comes and goes is not above the limit */
	run_begin("b", META);
	for (unsigned launch = 1; launch <= 12; launch++)
		for (unsigned g = 0; g < NR(workloads); g++)
			plant_group(&(struct plant){ 0 }, launch, workloads[g],
				    10 * (g + 1) * (launch % 2 ? 1 : 1.3));
	samples_end();
	compared(&compare);
	assert_true(expm1(compare.whole.shift.estimate) > 0.08);
	assert_says(&compare, 0.05, 0, "passed");
	compare_free(&compare);
}

/* A slower strategy on a faster machine: called, but B does not take longer than the limit says. */
static void test_total_counts(void **state)
{
	const struct compare_row *row;
	struct compare compare;

	(void)state;
	plant_run("a", (struct plant){ .drift = 0 });
	plant_run("b", (struct plant){ .whole = 0.85, .cas = 1.1 });
	compared(&compare);
	row = row_find(&compare, "getput", "cas");
	assert_int_equal(row->verdict, COMPARE_SLOWER);
	assert_change(row->own.shift.estimate, 0.1);
	assert_change(row->total.shift.estimate, 0.85 * 1.1 - 1);
	assert_says(&compare, 0.05, 0, "passed");
	compare_free(&compare);

	plant_run("b", (struct plant){ .whole = 1.04, .cas = 1.1 });
	compared(&compare);
	assert_says(&compare, 0.12, 1, "cas@gcc");
	compare_free(&compare);
}

/* What changed in the midst of a run is the machine's doing, as like as not. */
static void test_drift(void **state)
{
	struct compare compare;
	const struct compare_row *row;

	(void)state;
	plant_run("a", (struct plant){ .launches = 48 });
	plant_run("b", (struct plant){ .launches = 48, .cas = 1.3, .cas_from = 17 });
	compared(&compare);
	row = row_find(&compare, "getput", "cas");
	assert_int_equal(row->verdict, COMPARE_DRIFT);
	assert_true(row->p < 0.05);
	assert_true(fabs(expm1(row->own.drift) - 0.3) < 0.05);
	assert_int_equal(compare.nr_verdicts[COMPARE_DRIFT], 1);
	assert_int_equal(compare.nr_verdicts[COMPARE_SLOWER], 0);
	assert_false(compare_row_above(row, 0.01));
	compare_free(&compare);
	/* The same the other way round, and from the beginning on. */
	plant_run("a", (struct plant){ .launches = 48, .cas = 1.3, .cas_from = 17 });
	plant_run("b", (struct plant){ .launches = 48 });
	compared(&compare);
	assert_int_equal(row_find(&compare, "getput", "cas")->verdict, COMPARE_DRIFT);
	compare_free(&compare);
	plant_run("a", (struct plant){ .launches = 48, .cas = 1.3 });
	compared(&compare);
	assert_int_equal(row_find(&compare, "getput", "cas")->verdict, COMPARE_FASTER);
	compare_free(&compare);
}

/*
 * Between the runs each row moved by 3 percent, up or down: more than launches tell, and so none of it
 * is called; what stands out of it is.
 */
static void test_scatter(void **state)
{
	struct compare compare;

	(void)state;
	plant_run("a", (struct plant){ .launches = 24, .strategies = 9 });
	plant_run("b", (struct plant){ .launches = 24, .strategies = 9, .scatter = 0.03, .cas = 1.3 });
	compared(&compare);
	assert_true(compare.scatter > 2);
	assert_int_equal(row_find(&compare, "getput", "cas")->verdict, COMPARE_SLOWER);
	assert_int_equal(compare.nr_verdicts[COMPARE_SLOWER] + compare.nr_verdicts[COMPARE_FASTER], 1);
	compare_free(&compare);
	plant_run("b", (struct plant){ .launches = 24, .strategies = 9 });
	compared(&compare);
	assert_true(compare.scatter < 1.3);
	compare_free(&compare);
	/* Too few rows to tell. */
	plant_run("a", (struct plant){ .launches = 24 });
	plant_run("b", (struct plant){ .launches = 24, .scatter = 0.03 });
	compared(&compare);
	assert_true(compare.scatter == 1);
	compare_free(&compare);
}

/* Baseline, control and one strategy: the other two say what the group did. */
static void test_small_group(void **state)
{
	struct compare compare;

	(void)state;
	plant_run("a", (struct plant){ .strategies = 2, .groups = 1 });
	plant_run("b", (struct plant){ .strategies = 2, .groups = 1, .cas = 1.1 });
	compared(&compare);
	assert_int_equal(row_find(&compare, "getput", "cas")->verdict, COMPARE_SLOWER);
	assert_int_equal(compare.nr_verdicts[COMPARE_SLOWER], 1);
	assert_int_equal(compare.nr_verdicts[COMPARE_FASTER], 0);
	compare_free(&compare);
}

static void test_few_launches(void **state)
{
	struct compare compare;

	(void)state;
	plant_run("a", (struct plant){ .launches = 3 });
	plant_run("b", (struct plant){ .launches = 3, .whole = 1.5, .cas = 2 });
	compared(&compare);
	assert_int_equal(compare.nr_verdicts[COMPARE_FEW], compare.nr_judged);
	assert_says(&compare, NAN, 0, "24 few-launches");
	assert_says(&compare, NAN, 0, "only 90% sure");
	assert_says(&compare, 0.05, 2, "nothing can be seen to be slower");
	compare_free(&compare);

	/* 4 are enough for an interval of the whole run */
	plant_run("a", (struct plant){ .launches = 4 });
	plant_run("b", (struct plant){ .launches = 4, .whole = 1.5 });
	compared(&compare);
	assert_int_equal(compare.nr_verdicts[COMPARE_FEW], compare.nr_judged);
	assert_says(&compare, 0.05, 1, "as a whole");
	compare_free(&compare);

	/* 24 rows: 2 of 2 / (14 over 7) is .00058, 2 / (12 over 6) .0022 */
	plant_run("a", (struct plant){ .launches = 7 });
	plant_run("b", (struct plant){ .launches = 7, .cas = 1.5 });
	compared(&compare);
	assert_int_equal(compare.nr_verdicts[COMPARE_FEW], 0);
	assert_int_equal(row_find(&compare, "getput", "cas")->verdict, COMPARE_SLOWER);
	compare_free(&compare);
	plant_run("a", (struct plant){ .launches = 6 });
	plant_run("b", (struct plant){ .launches = 6, .cas = 1.5 });
	compared(&compare);
	assert_int_equal(compare.nr_verdicts[COMPARE_FEW], compare.nr_judged);
	compare_free(&compare);
}

/* Nobody knows what is noise: all is shown, nothing called. */
static void test_no_control(void **state)
{
	struct compare compare;

	(void)state;
	plant_run("a", (struct plant){ .no_control = true });
	plant_run("b", (struct plant){ .cas = 1.5 });
	compared(&compare);
	assert_int_equal(compare.nr_verdicts[COMPARE_NO_FLOOR], compare.nr_judged);
	assert_change(row_find(&compare, "getput", "cas")->own.shift.estimate, 0.5);
	assert_says(&compare, 0.05, 2, "24 no-control");
	compare_free(&compare);
}

/* A change inside the floor is a tie, however certain: here the baseline differs from itself. */
static void test_noise_floor(void **state)
{
	struct compare compare;

	(void)state;
	for (const char *name = "ab"; *name; name++) {
		run_begin((const char[]){ *name, 0 }, META);
		for (unsigned launch = 1; launch <= 12; launch++) {
			put_baseline(launch, 1, 10 * exp(1e-4 * random_normal()), 0.03);
			for (unsigned s = 0; s < NR(strategies); s++)
				put_candidate(launch, 1, strategies[s], 20 *
					      exp(1e-4 * random_normal()) *
					      (*name == 'b' && s == 1 ? 1.02 : 1) *
					      (*name == 'b' && s == 2 ? 1.04 : 1));
		}
		samples_end();
	}
	compared(&compare);
	assert_true(row_find(&compare, "getput", "cas")->p < 0.01);
	assert_int_equal(row_find(&compare, "getput", "cas")->verdict, COMPARE_TIE);
	assert_int_equal(row_find(&compare, "getput", "mutex")->verdict, COMPARE_SLOWER);
	compare_free(&compare);
}

/*
 * The error that is stated, over many pairs of runs: in 5 percent of them any row at all may be called
 * that did not change. The machine drifts by 10 percent and steps by as much between the runs. Where
 * nothing changed the p alone keep to it; in the second half one point did change, and draws its
 * group's median along by a part of the noise, which is what the floor is for.
 */
/* One round in three of cas costs ten times as much, in A or B or both, and those of B yet more. */
static void plant_bursts(const char *name, double burst)
{
	run_begin(name, META);
	for (unsigned launch = 1; launch <= 12; launch++)
		for (unsigned round = 1; round <= 3; round++) {
			PUT(launch, round, "refcount", .ns = 10 * noise());
			PUT(launch, round, "refcount", .variant = "aa", .kind = "control",
			    .ns = 10 * noise());
			PUT(launch, round, "atomic", .ns = 9 * noise());
			PUT(launch, round, "cas", .ns = 20 * noise() * (round == 2 ? burst : 1));
		}
	samples_end();
}

static void test_bursty_in_both(void **state)
{
	struct compare compare;

	(void)state;
	plant_bursts("a", 1);
	plant_bursts("b", 20);
	compared(&compare);
	assert_change(row_find(&compare, "getput", "cas")->total.shift.estimate, 0);
	assert_says(&compare, NAN, 0, " *\n");
	compare_free(&compare);
	plant_bursts("a", 10);
	compared(&compare);
	/* (2 + 1 / 20) / 3 against (2 + 1 / 10) / 3 of an op */
	assert_change(row_find(&compare, "getput", "cas")->total.shift.estimate, 2.1 / 2.05 - 1);
	assert_null(strstr(printed(&compare, NAN, 0), "bursty in one"));
	compare_free(&compare);
}

static void test_error_is_kept(void **state)
{
	enum { TRIALS = 600 };
	unsigned called = 0, significant = 0, missed = 0;
	struct compare compare;

	(void)state;
	for (int trial = 0; trial < TRIALS; trial++) {
		const bool changed = trial >= TRIALS / 2;
		bool any_called = false, any_significant = false;

		plant_run("a", (struct plant){ .drift = 0.05 });
		plant_run("b", (struct plant){ .drift = 0.05, .whole = trial % 2 ? 1.1 : 0.9,
					       .cas = changed ? 1.2 : 1 });
		compared(&compare);
		for (size_t i = 0; i < compare.nr_rows; i++) {
			const struct compare_row *row = &compare.rows[i];

			if (changed && row == row_find(&compare, "getput", "cas")) {
				missed += row->verdict != COMPARE_SLOWER;
				continue;
			}
			any_called |= row->verdict == COMPARE_SLOWER ||
				      row->verdict == COMPARE_FASTER;
			any_significant |= row->p <= 0.05;
		}
		called += any_called;
		significant += !changed && any_significant;
		compare_free(&compare);
	}
	print_message("of %d with a row called: %u; of %d with p below 0.05: %u; missed: %u\n", TRIALS,
		      called, TRIALS / 2, significant, missed);
	/* 5 percent are 30 and 15; three standard errors 16 and 11 */
	assert_true(called <= 46 && significant <= 26);
	assert_true(missed <= 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLANTED(test_same_run),
		PLANTED(test_one_point),
		PLANTED(test_one_group),
		PLANTED(test_everything),
		PLANTED(test_total_counts),
		PLANTED(test_drift),
		PLANTED(test_scatter),
		PLANTED(test_small_group),
		PLANTED(test_few_launches),
		PLANTED(test_no_control),
		PLANTED(test_noise_floor),
		PLANTED(test_bursty_in_both),
		PLANTED(test_error_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
