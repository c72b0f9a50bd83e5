/*
 * Tests of harness/compare*.c: planted changes are found where they are, and nothing where there are
 * none, however the machine drifts.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include "harness/compare.h"
#include "planted.h"

#define META "{\"host\":\"here\",\"status\":\"complete\",\"commit\":\"abc\",\"machine\":{\"pus\":2}}"

static const char *const workloads[] = { "getput", "queue", "handoff", "lookup" };
/* The first four where nothing else is planted. */
static const char *const strategies[] = {
	"atomic", "cas", "mutex", "biased", "plain", "flags", "snzi", "lockref", "sloppy",
};

#define NR(array) (sizeof(array) / sizeof(*(array)))

/* What is planted; all factors of 0 are 1. */
struct plant {
	unsigned launches, groups, strategies;	/* 0: 12, 4, 4 */
	double whole, queue, cas;		/* of everything, of a group, of a point of getput */
	double drift;				/* from launch to launch, of everything */
	double scatter;				/* of each point, the same in all launches */
	unsigned cas_from;			/* the first launch whose cas changed */
	bool no_control;
};

static char top[64];

static int top_create(void **state)
{
	char path[128];

	(void)state;
	strcpy(top, "/tmp/test_compare.XXXXXX");
	if (!mkdtemp(top))
		return -1;
	for (const char *name = "ab"; *name; name++) {
		snprintf(path, sizeof(path), "%s/%c", top, *name);
		if (mkdir(path, 0777))
			return -1;
	}
	return 0;
}

static int top_remove(void **state)
{
	(void)state;
	for (const char *name = "ab"; *name; name++) {
		snprintf(dir, sizeof(dir), "%.32s/%c", top, *name);
		unlink(file_path("samples.csv"));
		unlink(file_path("meta.json"));
		rmdir(dir);
	}
	return rmdir(top);
}

/* Reproducible numbers (xorshift64, Marsaglia 2003), and from them about normal ones. */
static uint64_t random_state = 88172645463325252u;

static double random_normal(void)
{
	double sum = -6;

	for (int i = 0; i < 12; i++) {
		random_state ^= random_state << 13;
		random_state ^= random_state >> 7;
		random_state ^= random_state << 17;
		sum += (double)(random_state >> 11) * 0x1p-53;
	}
	return sum;
}

static void run_begin(const char *name, const char *meta)
{
	FILE *file;

	snprintf(dir, sizeof(dir), "%.32s/%s", top, name);
	file = fopen(file_path("meta.json"), "w");
	assert_non_null(file);
	fputs(meta, file);
	assert_int_equal(fclose(file), 0);
	samples_begin();
}

static double or_one(double factor)
{
	return factor ? factor : 1;
}

/* The noise of a point in a launch: 1 percent, and now and then much more, as real ones have. */
static double noise(void)
{
	return exp(0.01 * random_normal() + (random_state % 20 == 0 ? 0.1 : 0));
}

static void plant_group(const struct plant *plant, unsigned launch, const char *workload, double ns)
{
	const unsigned nr = plant->strategies ? plant->strategies : 4;

	PUT(launch, 1, "refcount", .workload = workload, .ns = ns * noise());
	if (!plant->no_control)
		PUT(launch, 1, "refcount", .variant = "aa", .kind = "control",
		    .workload = workload, .ns = ns * noise());
	for (unsigned s = 0; s < nr; s++) {
		const bool cas = !strcmp(strategies[s], "cas") && !strcmp(workload, "getput") &&
				 launch >= plant->cas_from;

		PUT(launch, 1, strategies[s], .workload = workload,
		    .ns = ns * (2 + s) * noise() * (cas ? or_one(plant->cas) : 1) *
			  (1 + plant->scatter * ((int)(s + (unsigned)*workload) % 3 - 1)));
	}
}

/* Drift remembers: a launch has four fifths of that of the one before. */
static void plant_launches(const struct plant *plant)
{
	const unsigned groups = plant->groups ? plant->groups : NR(workloads);
	double drift = plant->drift * random_normal(), ns;

	for (unsigned launch = 1; launch <= (plant->launches ? plant->launches : 12); launch++) {
		for (unsigned g = 0; g < groups; g++) {
			ns = 10 * (g + 1) * or_one(plant->whole) * exp(drift);
			if (g == 1)
				ns *= or_one(plant->queue);
			plant_group(plant, launch, workloads[g], ns);
		}
		drift = 0.8 * drift + 0.6 * plant->drift * random_normal();
	}
}

static void plant_run(const char *name, struct plant plant)
{
	run_begin(name, META);
	plant_launches(&plant);
	samples_end();
}

static void compared(struct compare *compare)
{
	static char a[80], b[80];
	struct error err = { "" };

	snprintf(a, sizeof(a), "%s/a", top);
	snprintf(b, sizeof(b), "%s/b", top);
	if (compare_runs(compare, a, b, &err))
		fail_msg("%s", err.text);
}

static const struct compare_row *row_find(const struct compare *compare, const char *workload,
					  const char *strategy)
{
	for (size_t i = 0; i < compare->nr_rows; i++) {
		const struct compare_row *row = &compare->rows[i];

		if (!strcmp(row->group->key[SAMPLES_WORKLOAD], workload) &&
		    (strategy ? row->point && !strcmp(row->point->strategy, strategy) &&
				strcmp(row->point->variant, "aa") : !row->point))
			return row;
	}
	fail_msg("no row %s %s", workload, strategy ? strategy : "");
	return NULL;
}

static void assert_change(double shift, double expected)
{
	if (!(fabs(expm1(shift) - expected) < 0.02))
		fail_msg("%g, expected %g", expm1(shift), expected);
}

/* What is printed, and whether it is above the limit. No line is too long, none has a NaN. */
static char *printed(const struct compare *compare, double limit, int above)
{
	static char *text;
	size_t size;
	FILE *out;

	free(text);
	text = NULL;
	out = open_memstream(&text, &size);
	assert_non_null(out);
	assert_int_equal(compare_print(compare, limit, out), above);
	assert_int_equal(fclose(out), 0);
	assert_null(strstr(text, "nan"));
	assert_null(strstr(text, "inf"));
	assert_null(strstr(text, "-0.0%"));
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		if (strcspn(line, "\n") > 100 && !strstr(line, "FAILED"))
			fail_msg("too long: %s", line);
	return text;
}

static void assert_says(const struct compare *compare, double limit, int above, const char *says)
{
	const char *text = printed(compare, limit, above);

	if (!strstr(text, says))
		fail_msg("\"%s\" is not in: %s", says, text);
}

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

/* Baseline, control and one strategy: the other two say what the group did. */
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
	assert_says(&compare, 0.05, 0, "too few launches");
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
	assert_says(&compare, 0.05, 0, "24 no-control");
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

static void test_missing(void **state)
{
	struct compare compare;

	(void)state;
	plant_run("a", (struct plant){ .strategies = 3 });
	plant_run("b", (struct plant){ .groups = 2 });
	compared(&compare);
	assert_int_equal(compare.nr_judged, 2 * (1 + 4));
	assert_int_equal(compare.only_a, 2 * 4);
	assert_int_equal(compare.only_b, 2 * 1);
	assert_int_equal(compare.nr_verdicts[COMPARE_TIE], compare.nr_judged);
	assert_says(&compare, NAN, 0, "points that only one has, left out\n    A  8\n    B  2\n");
	compare_free(&compare);
}

/* One launch lacks groups, and their numbers do not begin at 1: each is still beside its own. */
static void test_missing_launches(void **state)
{
	struct compare compare;

	(void)state;
	plant_run("a", (struct plant){ .drift = 0.1 });
	run_begin("b", META);
	for (unsigned launch = 20; launch < 32; launch++)
		for (unsigned g = 0; g < (launch > 20 ? 4 : 1); g++)
			plant_group(&(struct plant){ .cas = 1.2 }, launch, workloads[g],
				    10 * (g + 1) * (launch % 2 ? 1 : 1.3));
	samples_end();
	compared(&compare);
	assert_int_equal(row_find(&compare, "getput", NULL)->total.nr_b, 12);
	assert_int_equal(row_find(&compare, "queue", NULL)->total.nr_b, 11);
	assert_int_equal(row_find(&compare, "queue", "cas")->total.nr_b, 11);
	assert_true(row_find(&compare, "getput", NULL)->own.shift.hi < 0.03);
	assert_int_equal(row_find(&compare, "getput", "cas")->verdict, COMPARE_SLOWER);
	assert_int_equal(compare.nr_verdicts[COMPARE_SLOWER], 1);
	compare_free(&compare);
}

/*
 * Launches that go on for the sake of one group, as the precision asks: they count for its points, and
 * neither hide that the group is slower nor make it the run.
 */
static void test_more_launches(void **state)
{
	struct compare compare;

	(void)state;
	for (const char *name = "ab"; *name; name++) {
		const double slower = *name == 'b' ? 1.3 : 1;

		run_begin((const char[]){ *name, 0 }, META);
		plant_launches(&(struct plant){ .queue = slower });
		for (unsigned launch = 13; launch <= 48; launch++)
			plant_group(&(struct plant){ 0 }, launch, "queue", 20 * slower);
		samples_end();
	}
	compared(&compare);
	assert_change(compare.whole.shift.estimate, 0);
	assert_true(compare.whole.nr_a == 12 && compare.whole.nr_b == 12);
	assert_int_equal(row_find(&compare, "queue", NULL)->verdict, COMPARE_SLOWER);
	assert_change(row_find(&compare, "queue", NULL)->own.shift.estimate, 0.3);
	assert_int_equal(row_find(&compare, "queue", "cas")->own.nr_b, 48);
	assert_int_equal(compare.nr_verdicts[COMPARE_SLOWER], 1);
	compare_free(&compare);

	/* a group that only such launches have is beside nothing */
	run_begin("b", META);
	plant_launches(&(struct plant){ .groups = 3 });
	plant_group(&(struct plant){ 0 }, 13, workloads[3], 40);
	samples_end();
	compared(&compare);
	assert_int_equal(row_find(&compare, workloads[3], NULL)->verdict, COMPARE_FEW);
	assert_says(&compare, NAN, 0, "     -");
	compare_free(&compare);
}

static void plant_placement(const char *name, const char *placement)
{
	run_begin(name, META);
	for (unsigned launch = 1; launch <= 12; launch++) {
		PUT(launch, 1, "refcount", .ns = 10, .placement = placement);
		PUT(launch, 1, "atomic", .ns = 20, .placement = placement);
	}
	samples_end();
}

static void refuses(int code, const char *says)
{
	char a[80], b[80];
	struct error err = { "" };
	struct compare compare;
	int ret;

	snprintf(a, sizeof(a), "%s/a", top);
	snprintf(b, sizeof(b), "%s/b", top);
	ret = compare_runs(&compare, a, b, &err);
	compare_free(&compare);
	if (ret != -code || !strstr(err.text, says) || strchr(err.text, '\n'))
		fail_msg("%d '%s', expected '%s'", ret, err.text, says);
}

/* Measured once for two names is the same as for one of them. */
static void test_placements(void **state)
{
	struct compare compare;

	(void)state;
	plant_placement("a", "compact+scatter");
	plant_placement("b", "scatter");
	compared(&compare);
	assert_int_equal(compare.nr_judged, 3);
	assert_int_equal(compare.only_a + compare.only_b, 0);
	compare_free(&compare);
	plant_placement("b", "one-per-core+scatter");
	compared(&compare);
	compare_free(&compare);
	for (unsigned i = 0; i < 3; i++) {
		plant_placement("b", ((const char *[]){ "scatt", "scatters", "one-per-core" })[i]);
		refuses(ENODATA, "no point in common");
	}
	/* one of B's stands beside one of A's, not two */
	run_begin("a", META);
	for (unsigned launch = 1; launch <= 12; launch++) {
		PUT(launch, 1, "refcount", .ns = 10, .placement = "compact");
		PUT(launch, 1, "refcount", .ns = 10, .placement = "scatter");
	}
	samples_end();
	plant_placement("b", "compact+scatter");
	compared(&compare);
	assert_int_equal(compare.nr_rows, 2);
	assert_int_equal(compare.only_a, 1);
	assert_int_equal(compare.only_b, 1);
	compare_free(&compare);
}

static void test_other_group(void **state)
{
	(void)state;
	for (const char *name = "ab"; *name; name++) {
		run_begin((const char[]){ *name, 0 }, META);
		PUT(1, 1, "refcount", .ns = 10, .threads = *name == 'a' ? 2 : 4);
		samples_end();
	}
	refuses(ENODATA, "no point in common");
}

/* A point that never ends an op in B is slower, and still a figure. */
static void test_nothing_done(void **state)
{
	struct compare compare;

	(void)state;
	plant_run("a", (struct plant){ .groups = 1 });
	run_begin("b", META);
	for (unsigned launch = 1; launch <= 12; launch++) {
		plant_group(&(struct plant){ .strategies = 2 }, launch, "getput", 10);
		PUT(launch, 1, "mutex", .mops = "0", .ns = 1);
	}
	samples_end();
	compared(&compare);
	assert_int_equal(row_find(&compare, "getput", "mutex")->verdict, COMPARE_SLOWER);
	assert_says(&compare, 0.05, 1, ">9999%");
	compare_free(&compare);

	/* in both runs: no change, and no infinity less another */
	run_begin("a", META);
	for (unsigned launch = 1; launch <= 12; launch++) {
		plant_group(&(struct plant){ .strategies = 2 }, launch, "getput", 10);
		PUT(launch, 1, "mutex", .mops = "0", .ns = 1);
	}
	samples_end();
	compared(&compare);
	assert_true(row_find(&compare, "getput", "mutex")->total.shift.estimate == 0);
	assert_says(&compare, 0.05, 0, "passed");
	compare_free(&compare);
}

static void meta_says(const char *a, const char *b, const char *says)
{
	json_t *of_a = json_loads(a, 0, NULL), *of_b = json_loads(b, 0, NULL);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_true(of_a && of_b && out);
	assert_int_equal(compare_meta_print(of_a, of_b, out) != 0, *says != 0);
	fclose(out);
	assert_string_equal(text, says);
	free(text);
	json_decref(of_a);
	json_decref(of_b);
}

static void test_meta(void **state)
{
	(void)state;
	meta_says("{\"commit\":\"x\"}", "{\"commit\":\"x\"}", "");
	meta_says("{\"commit\":\"x\"}", "{\"commit\":\"y\"}", "  commit\n    A  x\n    B  y\n");
	meta_says("{\"governor\":null}", "{\"governor\":\"powersave\"}",
		  "  governor\n    A  not told\n    B  powersave\n");
	meta_says("{\"governor\":null}", "{}", "");
	meta_says("{\"machine\":{\"cpu\":\"c\",\"pus\":2}}", "{\"machine\":{\"cpu\":\"c\",\"pus\":4}}",
		  "  machine.pus\n    A  2\n    B  4\n");
	meta_says("{\"toolchain\":[{\"variant\":\"gcc\",\"flags\":\"-O2\"}]}",
		  "{\"toolchain\":[{\"variant\":\"gcc\",\"flags\":\"-O3\"}]}",
		  "  toolchain.1.flags\n    A  -O2\n    B  -O3\n");
	meta_says("{\"mitigations\":{\"mds\":\"on\"}}",
		  "{\"mitigations\":{\"mds\":\"on\",\"l1tf\":\"on\"}}",
		  "  mitigations.l1tf\n    A  not told\n    B  on\n");
	meta_says("{\"command\":[\"./run.sh\",\"--seed\",\"1\"]}", "{\"command\":[\"./run.sh\"]}",
		  "  command\n    A  ./run.sh --seed 1\n    B  ./run.sh\n");
	/* any two runs differ in these */
	meta_says("{\"started_utc\":\"1\",\"measured_s\":1}", "{\"started_utc\":\"2\",\"measured_s\":2}", "");
	meta_says("{\"clock\":{\"source\":\"tsc\",\"ticks_per_ns\":2.1}}",
		  "{\"clock\":{\"source\":\"tsc\",\"ticks_per_ns\":2.2}}", "");
}

static void test_refusals(void **state)
{
	(void)state;
	refuses(ENOENT, "a/meta.json: No such file");
	plant_run("a", (struct plant){ .launches = 1 });
	refuses(ENOENT, "b/meta.json: No such file");
	run_begin("b", "{\"status\":\"void\"}");
	samples_end();
	refuses(EINVAL, "a void run");
	run_begin("b", META);
	samples_end();
	refuses(ENODATA, "holds no windows");
	run_begin("b", "[]");
	samples_end();
	refuses(EBADMSG, "not an object");
	run_begin("b", META);
	PUT(1, 1, "refcount", .ns = -1);
	samples_end();
	refuses(EBADMSG, "samples.csv:2");
	plant_run("b", (struct plant){ .launches = 1 });
	unlink(file_path("samples.csv"));
	refuses(ENOENT, "b/samples.csv");
}

/*
 * The error that is stated, over many pairs of runs: in 5 percent of them any row at all may be called
 * that did not change. The machine drifts by 10 percent and steps by as much between the runs. Where
 * nothing changed the p alone keep to it; in the second half one point did change, and draws its
 * group's median along by a part of the noise, which is what the floor is for.
 */
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

#define PLANTED(test) cmocka_unit_test_setup_teardown(test, top_create, top_remove)

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
		PLANTED(test_missing),
		PLANTED(test_missing_launches),
		PLANTED(test_more_launches),
		PLANTED(test_placements),
		PLANTED(test_other_group),
		PLANTED(test_nothing_done),
		PLANTED(test_meta),
		PLANTED(test_refusals),
		PLANTED(test_error_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
