/*
 * Tests of harness/steps.c: what each processor is new in, against the topology itself, and the
 * boundaries of machines that are known.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/harness/topology.h"

/* With its processor, of the same numbers. */
#define CORE(os, set, gp)									\
	"<object type=\"Core\" os_index=\"" os "\" cpuset=\"" set "\" complete_cpuset=\"" set	\
	"\" nodeset=\"0x1\" complete_nodeset=\"0x1\" gp_index=\"" gp "\">"			\
	"<object type=\"PU\" os_index=\"" os "\" cpuset=\"" set "\" complete_cpuset=\"" set	\
	"\" nodeset=\"0x1\" complete_nodeset=\"0x1\" gp_index=\"1" gp "\"/></object>"

static struct place place;

/* "n kind" of each, joined by commas. */
static const char *boundaries_of(enum placement placement)
{
	static char text[4096];
	size_t at = 0;

	*text = '\0';
	for (unsigned i = 0; i < place.nr_boundaries[placement]; i++) {
		const struct boundary *boundary = &place.boundaries[placement][i];

		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%u %s", i ? "," : "",
				       boundary->n, step_name(boundary->kind));
	}
	return text;
}

static void assert_boundaries(enum placement placement, const char *wanted)
{
	const char *found = boundaries_of(placement);

	if (strcmp(found, wanted) != 0)
		fail_msg("%s: boundaries %s, not %s", place_name(&place, placement), found, wanted);
}

static hwloc_obj_t pu_of(enum placement placement, unsigned index)
{
	return hwloc_get_pu_obj_by_os_index(place.topology,
					    (unsigned)place.cpus[placement][index]);
}

/* Whether a and b have an object of the type in common, asked of hwloc alone. */
static bool share(hwloc_obj_t a, hwloc_obj_t b, hwloc_obj_type_t type)
{
	hwloc_obj_t object = NULL;

	if (hwloc_get_nbobjs_by_type(place.topology, type) < 1)
		return type != HWLOC_OBJ_CORE;
	while ((object = hwloc_get_next_obj_by_type(place.topology, type, object)))
		if (hwloc_bitmap_isincluded(a->cpuset, object->cpuset) &&
		    hwloc_bitmap_isincluded(b->cpuset, object->cpuset))
			return true;
	return false;
}

/* By the definition: is one of the first n in the same? */
static bool is_new_in(enum placement placement, unsigned n, hwloc_obj_type_t type)
{
	for (unsigned i = 0; i < n; i++)
		if (share(pu_of(placement, i), pu_of(placement, n), type))
			return false;
	return true;
}

static void check_steps(enum placement placement)
{
	static const hwloc_obj_type_t types[] = {
		[STEP_CORE] = HWLOC_OBJ_CORE, [STEP_L3] = HWLOC_OBJ_L3CACHE,
		[STEP_NODE] = HWLOC_OBJ_NUMANODE, [STEP_PACKAGE] = HWLOC_OBJ_PACKAGE,
	};

	for (unsigned n = 1; n < place.nr_cpus[placement]; n++) {
		enum step wanted = STEP_SMT;

		for (enum step kind = STEP_CORE; kind < NR_STEPS; kind++)
			if (is_new_in(placement, n, types[kind]))
				wanted = kind;
		if (place.steps[placement][n] != wanted)
			fail_msg("%s: place %u is new in %s, not in %s",
				 place_name(&place, placement), n,
				 step_name(place.steps[placement][n]), step_name(wanted));
	}
}

/* Of any machine: in order, inside, and the kind is what the next processor may be new in. */
static void check_boundaries(enum placement placement)
{
	for (unsigned i = 0; i < place.nr_boundaries[placement]; i++) {
		const struct boundary *boundary = &place.boundaries[placement][i];

		assert_true(boundary->n > 0 && boundary->n < place.nr_cpus[placement]);
		assert_true(!i || boundary[-1].n < boundary->n);
		assert_true(boundary->kind != STEP_SMT && boundary->kind < NR_STEPS);
	}
}

static void check_place(void)
{
	for (unsigned p = 0; p < NR_PLACEMENTS; p++) {
		check_steps(p);
		check_boundaries(p);
	}
	place_close(&place);
}

static void test_any_machine(void **state)
{
	static const char *const machines[] = {
		"pack:2 numa:2 l3:2 core:4 pu:2", "pack:2 core:3 pu:4", "node:4 core:8 pu:2",
		"core:5 pu:1", "pu:7", "pack:2 l3:1 numa:2 core:2 pu:2", "pack:1 l3:4 core:2 pu:2",
		"numa:2 pack:2 l3:2 core:2 pu:1",
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(machines) / sizeof(*machines); i++) {
		place_synthetic(&place, machines[i]);
		check_place();
	}
	place_restricted(&place, "pack:2 l3:2 core:2 pu:2", "1,5-7,8,10,13");
	check_place();
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
	}
}

static void test_epyc(void **state)
{
	(void)state;
	place_machine(&place, "amd-epyc-7763-2s.xml");
	assert_int_equal(place.nr_l3, 16);
	assert_int_equal(place.nr_packages, 2);
	assert_boundaries(PLACE_COMPACT, "8 L3,16 L3,24 L3,32 L3,40 L3,48 L3,56 L3,64 package,"
			  "72 L3,80 L3,88 L3,96 L3,104 L3,112 L3,120 L3");
	assert_boundaries(PLACE_SCATTER, "2 package,16 L3");
	assert_boundaries(PLACE_ONE_PER_L3, "8 package");
	assert_boundaries(PLACE_SAME_L3, "");
	assert_boundaries(PLACE_CROSS_PACKAGE, "2 package,16 L3,32 L3,48 L3,64 L3,80 L3,96 L3,"
			  "112 L3");
	assert_int_equal(place.steps[PLACE_COMPACT][8], STEP_L3);
	assert_int_equal(place.steps[PLACE_COMPACT][64], STEP_PACKAGE);
	assert_int_equal(place.steps[PLACE_SCATTER][2], STEP_L3);
	assert_int_equal(place.steps[PLACE_SCATTER][16], STEP_CORE);
	place_close(&place);
}

/* SMT; each package has one L3 cache, and both one node. */
static void test_xeon(void **state)
{
	(void)state;
	place_machine(&place, "intel-xeon-6230-2s.xml");
	assert_boundaries(PLACE_COMPACT, "40 package");
	assert_boundaries(PLACE_SMT_PAIRS, "40 package");
	assert_boundaries(PLACE_SCATTER, "2 package,40 core");
	assert_boundaries(PLACE_ONE_PER_CORE, "20 package");
	assert_boundaries(PLACE_SAME_L3, "20 core");
	assert_boundaries(PLACE_CROSS_PACKAGE, "2 package,40 core");
	assert_boundaries(PLACE_ONE_PER_L3, "");
	assert_int_equal(place.steps[PLACE_COMPACT][1], STEP_SMT);
	assert_int_equal(place.steps[PLACE_SCATTER][40], STEP_SMT);
	place_close(&place);
}

/* Each L3 cache is a node's, two a package. */
static void test_kunpeng(void **state)
{
	(void)state;
	place_machine(&place, "arm64-kunpeng-2s.xml");
	assert_boundaries(PLACE_COMPACT, "32 node,64 package,96 node");
	assert_boundaries(PLACE_SCATTER, "2 package,4 node");
	assert_boundaries(PLACE_ONE_PER_L3, "2 package");
	assert_boundaries(PLACE_CROSS_PACKAGE, "2 package,64 node");
	place_close(&place);
}

static void test_hybrid(void **state)
{
	(void)state;
	place_machine(&place, "intel-core-i7-1370p.xml");
	assert_boundaries(PLACE_COMPACT, "");
	assert_boundaries(PLACE_SCATTER, "14 core");
	assert_boundaries(PLACE_P_CORES, "");
	place_close(&place);
}

/* What is left is what counts: L3 caches of 1, 3, 2 and 1 processors. */
static void test_restricted(void **state)
{
	(void)state;
	place_restricted(&place, "pack:2 l3:2 core:2 pu:2", "1,5-7,8,10,13");
	assert_boundaries(PLACE_COMPACT, "4 package,6 L3");
	assert_boundaries(PLACE_SCATTER, "2 package,4 L3,6 core");
	place_close(&place);
}

/* Lists are no different: begun and full in any order. */
static void test_list(void **state)
{
	struct error err;

	(void)state;
	place_synthetic(&place, "pack:2 l3:2 core:2 pu:1");
	assert_int_equal(place_list(&place, (unsigned[]){ 4, 5, 0, 2, 6, 7 }, 6, &err), 0);
	/* After 4 package 0 is full, but package 1 is not. */
	assert_boundaries(PLACE_LIST, "2 L3,3 L3,4 L3");
	place_close(&place);
}

/* Each L3 cache has memory of its own, all of the package another: the nearest counts. */
static void test_nodes_in_nodes(void **state)
{
	(void)state;
	place_synthetic(&place, "pack:1 [numa] l3:2 [numa] core:2 pu:1");
	assert_int_equal(place.nr_nodes, 3);
	assert_boundaries(PLACE_COMPACT, "2 node");
	place_close(&place);
	place_synthetic(&place, "[numa(indexes=4)] pack:2 [numa(indexes=3,2)] l3:2 core:2 pu:1");
	assert_boundaries(PLACE_COMPACT, "2 L3,4 package,6 L3");
	place_close(&place);
}

/* As of laptops whose weakest cores stand outside the L3 cache. */
static void test_outside_the_l3(void **state)
{
	static const char machine[] =
		"<topology version=\"2.0\"><object type=\"Machine\" os_index=\"0\" cpuset=\"0x7\" "
		"complete_cpuset=\"0x7\" allowed_cpuset=\"0x7\" nodeset=\"0x1\" "
		"complete_nodeset=\"0x1\" allowed_nodeset=\"0x1\" gp_index=\"1\">"
		"<object type=\"NUMANode\" os_index=\"0\" cpuset=\"0x7\" complete_cpuset=\"0x7\" "
		"nodeset=\"0x1\" complete_nodeset=\"0x1\" gp_index=\"2\"/>"
		"<object type=\"Package\" os_index=\"0\" cpuset=\"0x7\" complete_cpuset=\"0x7\" "
		"nodeset=\"0x1\" complete_nodeset=\"0x1\" gp_index=\"3\">"
		"<object type=\"L3Cache\" cpuset=\"0x3\" complete_cpuset=\"0x3\" nodeset=\"0x1\" "
		"complete_nodeset=\"0x1\" gp_index=\"4\" cache_size=\"1\" depth=\"3\" "
		"cache_linesize=\"64\" cache_associativity=\"1\" cache_type=\"0\">"
		CORE("0", "0x1", "5") CORE("1", "0x2", "6") "</object>"
		CORE("2", "0x4", "7") "</object></object></topology>";
	hwloc_topology_t topology;
	struct error err;

	(void)state;
	assert_int_equal(hwloc_topology_init(&topology), 0);
	assert_int_equal(hwloc_topology_set_xmlbuffer(topology, machine, sizeof(machine)), 0);
	assert_int_equal(hwloc_topology_load(topology), 0);
	assert_int_equal(place_order(&place, topology, &err), 0);
	assert_int_equal(place.nr_l3, 1);
	assert_boundaries(PLACE_COMPACT, "2 L3");
	assert_int_equal(place.steps[PLACE_COMPACT][2], STEP_L3);
	assert_int_equal(place.nr_cpus[PLACE_SAME_L3], 2);
	place_close(&place);
}

static void test_unknown(void **state)
{
	(void)state;
	place_synthetic(&place, "pack:1 core:4 pu:2");
	assert_boundaries(PLACE_COMPACT, "");
	assert_boundaries(PLACE_SCATTER, "4 core");
	place_close(&place);
	place_synthetic(&place, "pu:4");
	assert_boundaries(PLACE_COMPACT, "");
	assert_int_equal(place.steps[PLACE_COMPACT][1], STEP_CORE);
	place_close(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_machine),
		cmocka_unit_test(test_real_machines),
		cmocka_unit_test(test_epyc),
		cmocka_unit_test(test_xeon),
		cmocka_unit_test(test_kunpeng),
		cmocka_unit_test(test_hybrid),
		cmocka_unit_test(test_restricted),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_nodes_in_nodes),
		cmocka_unit_test(test_outside_the_l3),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
