/*
 * Tests of harness/place_policy.c: which processors each policy takes, in which order, and what a
 * machine has not.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>

#include "tests/harness/topology.h"

static struct place place;

static void assert_cpus(enum placement placement, const char *wanted)
{
	const char *found = cpus_of(&place, placement);

	if (strcmp(found, wanted) != 0)
		fail_msg("%s takes %s, not %s", place_name(&place, placement), found, wanted);
}

static void assert_missing(enum placement placement, const char *reason)
{
	assert_non_null(place.missing[placement]);
	assert_string_equal(place.missing[placement], reason);
	assert_int_equal(place.nr_cpus[placement], 0);
}

/* Whether the object holds the processor. */
static bool holds(hwloc_obj_t object, int cpu)
{
	return hwloc_bitmap_isset(object->cpuset, (unsigned)cpu);
}

/* How many of all processors that the placement has are there. */
static unsigned held(enum placement placement, hwloc_obj_t object)
{
	unsigned n = 0;

	for (unsigned i = 0; i < place.nr_cpus[placement]; i++)
		n += holds(object, place.cpus[placement][i]);
	return n;
}

/* Every object of the type has so many; 0: all of its own. */
static void check_each(enum placement placement, hwloc_obj_type_t type, unsigned wanted)
{
	hwloc_obj_t object = NULL;

	while ((object = hwloc_get_next_obj_by_type(place.topology, type, object)))
		assert_int_equal(held(placement, object),
				 wanted ? wanted : (unsigned)hwloc_bitmap_weight(object->cpuset));
}

/* Processors that are there, each once. */
static void check_no_repeats(enum placement placement)
{
	hwloc_bitmap_t seen = hwloc_bitmap_alloc();

	for (unsigned i = 0; i < place.nr_cpus[placement]; i++) {
		const unsigned cpu = (unsigned)place.cpus[placement][i];

		assert_non_null(hwloc_get_pu_obj_by_os_index(place.topology, cpu));
		assert_false(hwloc_bitmap_isset(seen, cpu));
		hwloc_bitmap_set(seen, cpu);
	}
	hwloc_bitmap_free(seen);
}

/* All siblings of a core stand together. */
static void check_pairs(void)
{
	const int *cpus = place.cpus[PLACE_SMT_PAIRS];
	unsigned n;

	for (unsigned i = 0; i < place.nr_cpus[PLACE_SMT_PAIRS]; i += n) {
		hwloc_obj_t pu = hwloc_get_pu_obj_by_os_index(place.topology, (unsigned)cpus[i]);
		hwloc_obj_t core = hwloc_get_ancestor_obj_by_type(place.topology, HWLOC_OBJ_CORE,
								  pu);

		n = (unsigned)hwloc_bitmap_weight(core->cpuset);
		assert_true(n > 1);
		for (unsigned k = 0; k < n; k++)
			assert_true(holds(core, cpus[i + k]));
	}
}

/* What holds on any machine. */
static void check_place(void)
{
	for (unsigned p = 0; p < NR_PLACEMENTS; p++) {
		assert_true((place.missing[p] != NULL) == (place.nr_cpus[p] == 0));
		check_no_repeats(p);
	}
	check_each(PLACE_COMPACT, HWLOC_OBJ_MACHINE, 0);
	check_each(PLACE_SCATTER, HWLOC_OBJ_MACHINE, 0);
	check_each(PLACE_ONE_PER_CORE, HWLOC_OBJ_CORE, 1);
	if (!place.missing[PLACE_ONE_PER_L3])
		check_each(PLACE_ONE_PER_L3, HWLOC_OBJ_L3CACHE, 1);
	if (!place.missing[PLACE_CROSS_PACKAGE])
		check_each(PLACE_CROSS_PACKAGE, HWLOC_OBJ_MACHINE, 0);
	check_pairs();
}

static void test_synthetic_machines(void **state)
{
	static const char *const machines[] = {
		"pack:2 l3:2 core:4 pu:2", "pack:4 l3:1 core:6 pu:1", "pack:1 l3:8 core:8 pu:2",
		"pack:2 core:3 pu:4", "node:4 core:8 pu:2", "pack:2 node:2 l3:2 core:4 pu:1",
		"pack:2 numa:2 l3:2 core:4 pu:2", "core:5 pu:1", "pu:7", "pack:3 l3:3 core:3 pu:3",
		"pack:2 l3:1 numa:2 core:2 pu:2", "numa:2 pack:2 l3:2 core:2 pu:1", "pu:1",
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(machines) / sizeof(*machines); i++) {
		place_synthetic(&place, machines[i]);
		check_place();
		place_close(&place);
	}
}

static void test_real_machines(void **state)
{
	static const char *const machines[] = {
		"amd-epyc-7763-2s.xml", "intel-xeon-6230-2s.xml", "intel-core-i7-1370p.xml",
		"arm64-kunpeng-2s.xml",
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(machines) / sizeof(*machines); i++) {
		place_machine(&place, machines[i]);
		check_place();
		place_close(&place);
	}
}

static void test_two_packages_with_smt(void **state)
{
	(void)state;
	place_synthetic(&place, "pack:2 l3:2 core:2 pu:2");
	assert_cpus(PLACE_COMPACT, "0-15");
	assert_cpus(PLACE_SCATTER, "0,8,4,12,2,10,6,14,1,9,5,13,3,11,7,15");
	assert_cpus(PLACE_ONE_PER_CORE, "0,2,4,6,8,10,12,14");
	assert_cpus(PLACE_ONE_PER_L3, "0,4,8,12");
	assert_cpus(PLACE_SMT_PAIRS, "0-15");
	assert_cpus(PLACE_SAME_L3, "0,2,1,3");
	assert_cpus(PLACE_CROSS_PACKAGE, "0,8,2,10,4,12,6,14,1,9,3,11,5,13,7,15");
	place_close(&place);
}

/* The second L3 cache has the most processors left; only its last core is whole. */
static void test_restricted(void **state)
{
	(void)state;
	place_restricted(&place, "pack:2 l3:2 core:2 pu:2", "1,5-7,8,10,13");
	assert_cpus(PLACE_COMPACT, "1,5-8,10,13");
	assert_cpus(PLACE_SMT_PAIRS, "6-7");
	assert_cpus(PLACE_SAME_L3, "5-7");
	assert_cpus(PLACE_ONE_PER_L3, "1,5,8,13");
	assert_cpus(PLACE_CROSS_PACKAGE, "1,8,5,10,6,13,7");
	assert_cpus(PLACE_SCATTER, "1,8,5,13,10,6-7");
	place_close(&place);
}

static void test_hybrid(void **state)
{
	(void)state;
	place_machine(&place, "intel-core-i7-1370p.xml");
	assert_cpus(PLACE_P_CORES, "0-11");
	assert_cpus(PLACE_E_CORES, "12-19");
	assert_cpus(PLACE_SMT_PAIRS, "0-11");
	assert_cpus(PLACE_SCATTER, "0,2,4,6,8,10,12-19,1,3,5,7,9,11");
	assert_cpus(PLACE_SAME_L3, "0,2,4,6,8,10,12-19,1,3,5,7,9,11");
	assert_missing(PLACE_ONE_PER_L3, "this machine has one L3 cache");
	assert_missing(PLACE_CROSS_PACKAGE, "this machine has one package");
	place_close(&place);
}

/* Taskset left this process one kind of core only. */
static void test_hybrid_restricted(void **state)
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc();
	struct place whole;
	hwloc_topology_t topology;
	struct error err;

	(void)state;
	place_machine(&whole, "intel-core-i7-1370p.xml");
	hwloc_bitmap_set_range(set, 12, 17);
	assert_int_equal(hwloc_topology_dup(&topology, whole.topology), 0);
	place_close(&whole);
	assert_int_equal(hwloc_topology_restrict(topology, set, 0), 0);
	hwloc_bitmap_free(set);
	assert_int_equal(place_order(&place, topology, &err), 0);
	assert_cpus(PLACE_COMPACT, "12-17");
	assert_missing(PLACE_P_CORES, "this machine has one kind of core");
	assert_missing(PLACE_E_CORES, "this machine has one kind of core");
	assert_missing(PLACE_SMT_PAIRS, "no core of this machine has two processors");
	place_close(&place);
}

/* Three kinds, whose powers are known or not: P and E are the ends. */
static void test_kinds(void **state)
{
	(void)state;
	for (int known = 0; known < 2; known++) {
		hwloc_topology_t topology;
		struct error err;

		assert_int_equal(hwloc_topology_init(&topology), 0);
		assert_int_equal(hwloc_topology_set_synthetic(topology, "core:6 pu:1"), 0);
		assert_int_equal(hwloc_topology_load(topology), 0);
		for (int kind = 0; kind < 3; kind++) {
			hwloc_bitmap_t set = hwloc_bitmap_alloc();

			hwloc_bitmap_set_range(set, 2 * (unsigned)kind, 2 * kind + 1);
			assert_int_equal(hwloc_cpukinds_register(topology, set,
								 known ? (kind + 1) % 3 : -1,
								 0, NULL, 0), 0);
			hwloc_bitmap_free(set);
		}
		assert_int_equal(place_order(&place, topology, &err), 0);
		if (known) {
			assert_cpus(PLACE_P_CORES, "2-3");
			assert_cpus(PLACE_E_CORES, "4-5");
		} else {
			assert_missing(PLACE_P_CORES, "hwloc cannot tell which kind of core of this "
				       "machine is the faster");
		}
		place_close(&place);
	}
}

/* As in virtual machines. */
static void test_unknown(void **state)
{
	(void)state;
	place_synthetic(&place, "numa:2 pu:4");
	assert_missing(PLACE_ONE_PER_L3, "hwloc knows no L3 cache of this machine");
	assert_missing(PLACE_SAME_L3, "hwloc knows no L3 cache of this machine");
	assert_missing(PLACE_SMT_PAIRS, "hwloc knows no cores of this machine");
	assert_missing(PLACE_CROSS_PACKAGE, "hwloc knows no packages of this machine");
	assert_missing(PLACE_P_CORES, "hwloc knows no kinds of cores of this machine");
	assert_missing(PLACE_LIST, "no list was given");
	/* Nodes take the place of the L3 caches. */
	assert_cpus(PLACE_SCATTER, "0,4,1,5,2,6,3,7");
	assert_cpus(PLACE_ONE_PER_CORE, "0-7");
	place_close(&place);
	place_synthetic(&place, "pack:2 core:2 pu:1");
	assert_missing(PLACE_SMT_PAIRS, "no core of this machine has two processors");
	place_close(&place);
}

static void list(const char *machine, unsigned nr, const unsigned *cpus, int code, const char *text)
{
	struct error err = { "" };

	place_synthetic(&place, machine);
	assert_int_equal(place_list(&place, cpus, nr, &err), code);
	if (!strstr(code ? err.text : place_name(&place, PLACE_LIST), text))
		fail_msg("\"%s\", not \"%s\"", code ? err.text : place_name(&place, PLACE_LIST),
			 text);
}

static void test_list(void **state)
{
	unsigned many[64];

	(void)state;
	list("pack:2 core:8 pu:1", 6, (unsigned[]){ 0, 4, 8, 9, 10, 11 }, 0, "cpus:0_4_8-11");
	assert_cpus(PLACE_LIST, "0,4,8-11");
	assert_null(place.missing[PLACE_LIST]);
	assert_int_equal(place.steps[PLACE_LIST][2], STEP_PACKAGE);
	place_close(&place);
	/* Two in a row are no range, and what descends is none. */
	list("pack:2 core:8 pu:1", 5, (unsigned[]){ 7, 6, 5, 1, 2 }, 0, "cpus:7_6_5_1_2");
	place_close(&place);
	list("pack:2 core:8 pu:1", 2, (unsigned[]){ 3, 16 }, -EINVAL, "there is no processor 16");
	assert_string_equal(place.missing[PLACE_LIST], "no list was given");
	place_close(&place);
	for (unsigned i = 0; i < 64; i++)
		many[i] = 2 * i;
	list("core:128 pu:1", 64, many, -EINVAL, "a name of more than 127 characters");
	place_close(&place);
	/* One more would not fit. */
	list("core:128 pu:1", 42, many, 0, "_78_80_82");
	assert_int_equal(strlen(place_name(&place, PLACE_LIST)), 125);
	place_close(&place);
	list("core:128 pu:1", 43, many, -EINVAL, "a name of more than 127 characters");
	place_close(&place);
}

/* Groups name all placements that give the same processors. */
static void test_names_fit(void **state)
{
	size_t bytes = 0;

	(void)state;
	for (unsigned p = 0; placement_name(p); p++)
		bytes += strlen(placement_name(p)) + 1;
	assert_true(bytes > 64 && bytes <= PLACE_NAMES_BYTES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_synthetic_machines),
		cmocka_unit_test(test_real_machines),
		cmocka_unit_test(test_two_packages_with_smt),
		cmocka_unit_test(test_restricted),
		cmocka_unit_test(test_hybrid),
		cmocka_unit_test(test_hybrid_restricted),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_names_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
