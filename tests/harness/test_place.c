/*
 * Tests of harness/place.c: the order of processors on synthetic and on real machines' topologies.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>

#include "tests/harness/topology.h"

static void assert_order(const struct place *place, enum placement placement, const int *cpus,
			 unsigned n)
{
	assert_int_equal(place->nr_cpus[placement], n);
	for (unsigned i = 0; i < n; i++)
		if (place->cpus[placement][i] != cpus[i])
			fail_msg("%s: place %u is processor %d, not %d", placement_name(placement),
				 i, place->cpus[placement][i], cpus[i]);
}

#define ASSERT_ORDER(place, placement, ...) do {						\
	const int wanted[] = { __VA_ARGS__ };							\
	assert_order(place, placement, wanted, sizeof(wanted) / sizeof(*wanted));		\
} while (0)

static void test_two_packages_with_smt(void **state)
{
	struct place place;

	(void)state;
	place_synthetic(&place, "pack:2 l3:2 core:2 pu:2");
	assert_int_equal(place.nr_packages, 2);
	assert_int_equal(place.nr_l3, 4);
	assert_int_equal(place.nr_cores, 8);
	ASSERT_ORDER(&place, PLACE_COMPACT, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
	ASSERT_ORDER(&place, PLACE_SCATTER, 0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15);
	ASSERT_ORDER(&place, PLACE_ONE_PER_CORE, 0, 2, 4, 6, 8, 10, 12, 14);
	place_close(&place);
}

/* Siblings far apart in the kernel's numbers, as on many servers. */
static void test_os_numbers_interleaved(void **state)
{
	struct place place;

	(void)state;
	place_synthetic(&place, "pack:2 core:2 pu:2(indexes=0,4,1,5,2,6,3,7)");
	ASSERT_ORDER(&place, PLACE_COMPACT, 0, 4, 1, 5, 2, 6, 3, 7);
	ASSERT_ORDER(&place, PLACE_SCATTER, 0, 2, 1, 3, 4, 6, 5, 7);
	ASSERT_ORDER(&place, PLACE_ONE_PER_CORE, 0, 1, 2, 3);
	place_close(&place);
}

static void test_small_machines(void **state)
{
	struct place place;

	(void)state;
	place_synthetic(&place, "pu:1");
	for (unsigned p = 0; p < NR_PLACEMENTS; p++)
		if (!place.missing[p])
			ASSERT_ORDER(&place, p, 0);
	place_close(&place);
	place_synthetic(&place, "core:1 pu:2");
	ASSERT_ORDER(&place, PLACE_COMPACT, 0, 1);
	ASSERT_ORDER(&place, PLACE_SCATTER, 0, 1);
	ASSERT_ORDER(&place, PLACE_ONE_PER_CORE, 0);
	place_close(&place);
	place_synthetic(&place, "pu:3");
	ASSERT_ORDER(&place, PLACE_ONE_PER_CORE, 0, 1, 2);
	place_close(&place);
}

/* Taskset took the first thread of core 0 and all of core 1 away. */
static void test_restricted(void **state)
{
	struct place place;

	(void)state;
	place_restricted(&place, "pack:2 core:2 pu:2", "1,4-7");
	ASSERT_ORDER(&place, PLACE_COMPACT, 1, 4, 5, 6, 7);
	ASSERT_ORDER(&place, PLACE_SCATTER, 1, 4, 6, 5, 7);
	ASSERT_ORDER(&place, PLACE_ONE_PER_CORE, 1, 4, 6);
	place_close(&place);
}

/* How many of a policy's first n processors are below this object. */
static unsigned inside(const struct place *place, enum placement placement, unsigned n,
		       hwloc_obj_t object)
{
	unsigned count = 0;

	for (unsigned i = 0; i < n; i++)
		count += hwloc_bitmap_isset(object->cpuset,
					    (unsigned)place->cpus[placement][i]) != 0;
	return count;
}

/* Objects of one type: compact fills one before the next, scatter keeps them level. */
static void check_levels(const struct place *place, hwloc_obj_type_t type)
{
	const unsigned all = place->nr_cpus[PLACE_COMPACT];
	const int nr = hwloc_get_nbobjs_by_type(place->topology, type);

	for (unsigned n = 1; n <= all; n++) {
		unsigned least = all, most = 0, partly = 0;

		for (int i = 0; i < nr; i++) {
			hwloc_obj_t object = hwloc_get_obj_by_type(place->topology, type,
								   (unsigned)i);
			const unsigned compact = inside(place, PLACE_COMPACT, n, object);
			const unsigned scattered = inside(place, PLACE_SCATTER, n, object);

			partly += compact &&
				  compact < (unsigned)hwloc_bitmap_weight(object->cpuset);
			least = scattered < least ? scattered : least;
			most = scattered > most ? scattered : most;
		}
		assert_true(partly <= 1);
		/* Nothing to level among objects of different sizes. */
		if (nr > 0 && hwloc_get_root_obj(place->topology)->symmetric_subtree)
			assert_true(most - least <= 1);
	}
}

static void check_place(const struct place *place)
{
	check_levels(place, HWLOC_OBJ_PACKAGE);
	check_levels(place, HWLOC_OBJ_L3CACHE);
	check_levels(place, HWLOC_OBJ_CORE);
}

static void test_synthetic_machines(void **state)
{
	static const char *const machines[] = {
		"pack:2 l3:2 core:4 pu:2", "pack:4 l3:1 core:6 pu:1", "pack:1 l3:8 core:8 pu:2",
		"pack:2 core:3 pu:4", "node:4 core:8 pu:2", "pack:2 node:2 l3:2 core:4 pu:1",
		"core:5 pu:1", "pu:7", "pack:3 l3:3 core:3 pu:3",
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(machines) / sizeof(*machines); i++) {
		struct place place;

		place_synthetic(&place, machines[i]);
		check_place(&place);
		place_close(&place);
	}
}

static void check_machine(const char *name, unsigned nr_packages, unsigned nr_cpus)
{
	struct place place;

	place_machine(&place, name);
	assert_int_equal(place.nr_packages, nr_packages);
	assert_int_equal(place.nr_cpus[PLACE_COMPACT], nr_cpus);
	assert_int_equal(place.nr_cpus[PLACE_SCATTER], nr_cpus);
	check_levels(&place, HWLOC_OBJ_PACKAGE);
	check_levels(&place, HWLOC_OBJ_L3CACHE);
	place_close(&place);
}

static void test_real_machines(void **state)
{
	(void)state;
	check_machine("amd-epyc-7763-2s.xml", 2, 128);
	check_machine("intel-xeon-6230-2s.xml", 2, 80);
	check_machine("intel-core-i7-1370p.xml", 1, 20);
	check_machine("arm64-kunpeng-2s.xml", 2, 128);
}

static void test_no_machine(void **state)
{
	struct place place;
	struct error err;

	(void)state;
	assert_int_equal(place_load(&place, "/nonexistent.xml", &err), -ENOENT);
	assert_string_equal(err.text, "/nonexistent.xml: No such file or directory");
	assert_int_equal(place_load(&place, "README.md", &err), -EINVAL);
	assert_non_null(strstr(err.text, "README.md: is no topology"));
}

/* hwloc's XML of two processors, the second with these numbers and sets, is refused. */
static void refused_machine(const char *second)
{
	static const char machine[] =
		"<?xml version=\"1.0\"?><!DOCTYPE topology SYSTEM \"hwloc2.dtd\">"
		"<topology version=\"2.0\"><object type=\"Machine\" os_index=\"0\" cpuset=\"0x3\" "
		"complete_cpuset=\"0x3\" allowed_cpuset=\"0x3\" nodeset=\"0x1\" "
		"complete_nodeset=\"0x1\" allowed_nodeset=\"0x1\" gp_index=\"1\">"
		"<object type=\"NUMANode\" os_index=\"0\" cpuset=\"0x3\" complete_cpuset=\"0x3\" "
		"nodeset=\"0x1\" complete_nodeset=\"0x1\" gp_index=\"2\"/>"
		"<object type=\"PU\" os_index=\"0\" cpuset=\"0x1\" complete_cpuset=\"0x1\" "
		"nodeset=\"0x1\" complete_nodeset=\"0x1\" gp_index=\"3\"/>"
		"<object type=\"PU\" %s nodeset=\"0x1\" complete_nodeset=\"0x1\" gp_index=\"4\"/>"
		"</object></topology>";
	char path[] = "/tmp/test_place.XXXXXX";
	FILE *file = fdopen(mkstemp(path), "w");
	struct place place;
	struct error err;

	assert_non_null(file);
	assert_true(fprintf(file, machine, second) > 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(place_load(&place, path, &err), -EINVAL);
	assert_non_null(strstr(err.text, "is no topology"));
	assert_int_equal(unlink(path), 0);
}

static void test_damaged_machine(void **state)
{
	(void)state;
	/* cmocka's handler would go on with the other tests in the process that tries. */
	signal(SIGSEGV, SIG_DFL);
	/* It has lost one of its sets, and hwloc 2.9 falls over it. */
	refused_machine("os_index=\"1\" cpuset=\"0x2\"");
	/* These hwloc takes: no number, one that is no processor's, and the other's. */
	refused_machine("cpuset=\"0x2\" complete_cpuset=\"0x2\"");
	refused_machine("os_index=\"4294967294\" cpuset=\"0x2\" complete_cpuset=\"0x2\"");
	refused_machine("os_index=\"0\" cpuset=\"0x2\" complete_cpuset=\"0x2\"");
}

static void assert_outside(const struct place *place, enum placement placement, unsigned n,
			   bool some, const char *text)
{
	hwloc_bitmap_t wanted = hwloc_bitmap_alloc();
	cpu_set_t *cpus = NULL;
	size_t bytes = 0;

	assert_int_equal(hwloc_bitmap_list_sscanf(wanted, text), 0);
	assert_int_equal(place_outside(place, placement, n, &cpus, &bytes), some);
	assert_non_null(cpus);
	for (unsigned cpu = 0; cpu < bytes * 8; cpu++)
		assert_int_equal(CPU_ISSET_S(cpu, bytes, cpus) != 0,
				 hwloc_bitmap_isset(wanted, cpu));
	CPU_FREE(cpus);
	hwloc_bitmap_free(wanted);
}

static void test_outside(void **state)
{
	struct place place;

	(void)state;
	place_synthetic(&place, "pack:2 core:2 pu:2");
	assert_outside(&place, PLACE_COMPACT, 3, true, "4-7");
	assert_outside(&place, PLACE_SCATTER, 2, true, "2-3,6-7");
	assert_outside(&place, PLACE_ONE_PER_CORE, 4, true, "1,3,5,7");
	assert_outside(&place, PLACE_ONE_PER_CORE, 40, true, "1,3,5,7");
	assert_outside(&place, PLACE_COMPACT, 7, true, "7");
	assert_outside(&place, PLACE_COMPACT, 8, false, "0-7");
	assert_outside(&place, PLACE_SCATTER, 100, false, "0-7");
	place_close(&place);
	/* Beyond the 1024 of a cpu_set_t. */
	place_synthetic(&place, "pack:8 core:100 pu:2");
	assert_outside(&place, PLACE_COMPACT, 1599, true, "1599");
	place_close(&place);
}

/* The machine itself: only what this process may use. */
static void test_this_machine(void **state)
{
	const size_t bytes = CPU_ALLOC_SIZE(65536);
	cpu_set_t *allowed = CPU_ALLOC(65536);
	struct place place;
	struct error err;

	(void)state;
	assert_int_equal(sched_getaffinity(0, bytes, allowed), 0);
	assert_int_equal(place_open(&place, &err), 0);
	assert_int_equal(place.nr_cpus[PLACE_COMPACT], CPU_COUNT_S(bytes, allowed));
	for (unsigned p = 0; p < NR_PLACEMENTS; p++)
		for (unsigned i = 0; i < place.nr_cpus[p]; i++)
			assert_true(CPU_ISSET_S(place.cpus[p][i], bytes, allowed));
	assert_int_not_equal(place_export(&place, "/nonexistent/topology.xml", &err), 0);
	assert_non_null(strstr(err.text, "/nonexistent/topology.xml"));
	place_close(&place);
	CPU_FREE(allowed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_packages_with_smt),
		cmocka_unit_test(test_os_numbers_interleaved),
		cmocka_unit_test(test_small_machines),
		cmocka_unit_test(test_restricted),
		cmocka_unit_test(test_synthetic_machines),
		cmocka_unit_test(test_real_machines),
		cmocka_unit_test(test_no_machine),
		cmocka_unit_test(test_damaged_machine),
		cmocka_unit_test(test_outside),
		cmocka_unit_test(test_this_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
