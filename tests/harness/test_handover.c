/*
 * Hand-overs: which pairs, real ones on this machine, and the floors that follow from made-up ones.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "topology.h"

#include "harness/handover.h"

static struct place place;
static struct handover handover;

static void opened(const char *description)
{
	struct error err;

	place_synthetic(&place, description);
	assert_int_equal(handover_open(&handover, &place, &err), 0);
}

static void closed(void)
{
	handover_free(&handover);
	place_close(&place);
}

static unsigned pairs_of(enum step step)
{
	unsigned nr = 0;

	for (unsigned i = 0; i < handover.nr_pairs; i++)
		nr += handover.pairs[i].step == step;
	return nr;
}

/* 2 packages of 2 L3 caches of 2 cores: each two cores once, and each core's siblings. */
static void test_pairs(void **state)
{
	(void)state;
	opened("pack:2 l3:2 core:2 pu:2");
	assert_int_equal(handover.nr_cores, 8);
	assert_int_equal(handover.nr_chosen, 8);
	assert_int_equal(handover.nr_pairs, 8 * 7 / 2 + 8);
	assert_int_equal(pairs_of(STEP_SMT), 8);
	assert_int_equal(pairs_of(STEP_CORE), 4);
	assert_int_equal(pairs_of(STEP_L3), 2 * 4);
	assert_int_equal(pairs_of(STEP_PACKAGE), 16);
	for (unsigned i = 0; i < handover.nr_pairs; i++) {
		assert_int_not_equal(handover.pairs[i].cpu_a, handover.pairs[i].cpu_b);
		for (unsigned j = 0; j < i; j++)
			assert_true(handover.pairs[i].cpu_a != handover.pairs[j].cpu_a ||
				    handover.pairs[i].cpu_b != handover.pairs[j].cpu_b);
	}
	closed();
	opened("core:1 pu:1");
	assert_int_equal(handover.nr_pairs, 0);
	closed();
}

/* Of 200 cores 64, from all packages and L3 caches alike. */
static void test_sample(void **state)
{
	unsigned per_package[4] = { 0 };

	(void)state;
	opened("pack:4 l3:5 core:10 pu:1");
	assert_int_equal(handover.nr_cores, 200);
	assert_int_equal(handover.nr_chosen, HANDOVER_CORES);
	assert_int_equal(handover.nr_pairs, HANDOVER_CORES * (HANDOVER_CORES - 1) / 2);
	for (unsigned i = 0; i < place.nr_seats; i++)
		per_package[place.seats[i].package] += handover.chosen[i] >= 0;
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(per_package[i], HANDOVER_CORES / 4);
	assert_true(pairs_of(STEP_CORE) && pairs_of(STEP_L3) && pairs_of(STEP_PACKAGE));
	closed();
}

/* Made up: 10 ns inside a core, 20 to the next, 100 to the other package. */
static void pairs_set(void)
{
	static const double ns[NR_STEPS] = { 10, 20, 40, 60, 100 };

	for (unsigned i = 0; i < handover.nr_pairs; i++)
		handover.pairs[i].ns = handover.pairs[i].lo = handover.pairs[i].hi =
			ns[handover.pairs[i].step];
	for (enum step step = 0; step < NR_STEPS; step++)
		handover.step_ns[step] = pairs_of(step) ? ns[step] : NAN;
}

static double floor_of(enum placement placement, unsigned n)
{
	return handover_floor(&handover, &place, place.cpus[placement], n);
}

static void test_floor(void **state)
{
	(void)state;
	opened("pack:2 l3:1 core:2 pu:2");
	assert_true(isnan(floor_of(PLACE_COMPACT, 2)));
	pairs_set();
	assert_true(isnan(floor_of(PLACE_COMPACT, 1)));
	assert_float_equal(floor_of(PLACE_COMPACT, 2), 2 * 10, 1e-9);
	/* one pair of siblings, two of neighbours */
	assert_float_equal(floor_of(PLACE_COMPACT, 3), 3 * (10 + 2 * 20) / 3., 1e-9);
	/* two of siblings and four of neighbours */
	assert_float_equal(floor_of(PLACE_COMPACT, 4), 4 * (2 * 10 + 4 * 20) / 6., 1e-9);
	assert_float_equal(floor_of(PLACE_SCATTER, 2), 2 * 100, 1e-9);
	assert_float_equal(floor_of(PLACE_SCATTER, 4), 4 * (2 * 20 + 4 * 100) / 6., 1e-9);
	/* A pair of its own counts for both processors of its cores. */
	handover.pairs[handover.pair_of[1] - 1].ns = 26;
	assert_float_equal(floor_of(PLACE_COMPACT, 4), 4 * (2 * 10 + 4 * 26) / 6., 1e-9);
	handover.pairs[handover.pair_of[1] - 1].ns = NAN;
	assert_float_equal(floor_of(PLACE_COMPACT, 4), 4 * (2 * 10 + 4 * 20) / 6., 1e-9);
	closed();
}

/* What was not chosen counts as its kind. */
static void test_floor_of_a_sample(void **state)
{
	(void)state;
	opened("pack:2 core:64 pu:1");
	pairs_set();
	assert_float_equal(floor_of(PLACE_COMPACT, 64), 64 * 20, 1e-6);
	assert_float_equal(floor_of(PLACE_COMPACT, 128),
			   128 * (2 * 2016 * 20 + 4096 * 100.) / (127 * 64), 1e-6);
	closed();
}

static bool never(void)
{
	return false;
}

static bool always(void)
{
	return true;
}

static char *file_text(const char *directory, const char *name)
{
	static char text[4096];
	char path[128];
	size_t got;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "r");
	assert_non_null(file);
	got = fread(text, 1, sizeof(text) - 1, file);
	text[got] = '\0';
	fclose(file);
	unlink(path);
	return text;
}

/* On the processors that there are; of one processor there is no pair. */
static void test_real(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(place_open(&place, &err), 0);
	assert_int_equal(handover_open(&handover, &place, &err), 0);
	if (handover.nr_pairs > 66)	/* the first dozen cores will do */
		handover.nr_pairs = 66;
	assert_int_equal(handover_measure(&handover, 1, never, &err), 0);
	for (unsigned i = 0; i < handover.nr_pairs; i++) {
		const struct handover_pair *pair = &handover.pairs[i];

		assert_true(pair->lo > 0 && pair->lo <= pair->ns && pair->ns <= pair->hi);
		assert_true(handover.step_ns[pair->step] > 0);
	}
	if (handover.nr_pairs)
		assert_int_equal(handover_measure(&handover, 1, always, &err), -EINTR);
	closed();
}

/* One pair of each kind, on processors that are here whatever the topology says. */
static void test_again(void **state)
{
	double ns[NR_STEPS];
	struct place here;
	struct error err;
	int cpus[2];

	(void)state;
	assert_int_equal(place_open(&here, &err), 0);
	if (here.nr_seats < 2) {
		place_close(&here);
		skip();
	}
	cpus[0] = here.seats[0].cpu;
	cpus[1] = here.seats[1].cpu;
	place_close(&here);
	opened("pack:2 core:2 pu:1");
	for (unsigned i = 0; i < handover.nr_pairs; i++) {
		const bool first = i < 1 || handover.pairs[i].step != handover.pairs[i - 1].step;

		handover.pairs[i].cpu_a = first ? cpus[0] : 1000000;
		handover.pairs[i].cpu_b = first ? cpus[1] : 1000000;
	}
	handover_again(&handover, ns);
	assert_true(ns[STEP_CORE] > 0);
	assert_true(ns[STEP_PACKAGE] > 0);
	assert_true(isnan(ns[STEP_SMT]) && isnan(ns[STEP_L3]) && isnan(ns[STEP_NODE]));
	handover.pairs[0].cpu_b = 1000000;
	handover_again(&handover, ns);
	assert_true(isnan(ns[STEP_CORE]) && ns[STEP_PACKAGE] > 0);
	closed();
}

static void test_processor_gone(void **state)
{
	struct error err;

	(void)state;
	opened("core:2 pu:1");
	handover.pairs[0].cpu_b = 1000000;
	assert_int_equal(handover_measure(&handover, 1, never, &err), -EINVAL);
	assert_non_null(strstr(err.text, "between processors 0 and 1000000"));
	closed();
}

static void test_files(void **state)
{
	char directory[] = "/tmp/test_handover.XXXXXX";
	struct group groups[] = {
		{ .placements = "compact", .placement = PLACE_COMPACT, .threads = 1 },
		{ .placements = "compact", .placement = PLACE_COMPACT, .threads = 2 },
		{ .placements = "compact", .placement = PLACE_COMPACT, .threads = 2, .work_ns = 10 },
		{ .placements = "scatter+cross-package", .placement = PLACE_SCATTER, .threads = 2 },
		{ .placements = "scatter", .placement = PLACE_SCATTER, .threads = 9,
		  .oversubscribed = true },
	};
	const struct plan plan = { .groups = groups, .nr_groups = 5 };
	struct error err;

	(void)state;
	assert_non_null(mkdtemp(directory));
	opened("pack:2 core:1 pu:2");
	pairs_set();
	handover.pairs[1].ns = NAN;
	handover.step_ns[STEP_PACKAGE] = 99;
	assert_int_equal(handover_write(&handover, &plan, &place, directory, &err), 0);
	assert_string_equal(file_text(directory, "handover.csv"),
			    "cpu_a,cpu_b,step,ns,ns_lo,ns_hi\n"
			    "0,1,SMT,10,10,10\n0,2,package,,,\n2,3,SMT,10,10,10\n");
	assert_string_equal(file_text(directory, "floors.csv"),
			    "placement,threads,ns_per_op\ncompact,2,20\nscatter+cross-package,2,198\n");
	closed();
	assert_int_equal(rmdir(directory), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_sample),
		cmocka_unit_test(test_floor),
		cmocka_unit_test(test_floor_of_a_sample),
		cmocka_unit_test(test_real),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_processor_gone),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
