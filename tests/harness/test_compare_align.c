/*
 * Tests of harness/compare_align.c and compare_meta.c: what of two runs is held against each other, what
 * else differs, and what is refused.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>

#include "two_runs.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLANTED(test_missing),
		PLANTED(test_missing_launches),
		PLANTED(test_more_launches),
		PLANTED(test_placements),
		PLANTED(test_other_group),
		PLANTED(test_nothing_done),
		PLANTED(test_meta),
		PLANTED(test_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
