/*
 * Tests of harness/machine.c: what a run that goes on must find as it was, and what may differ.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>

#include "harness/machine.h"
#include "tests/harness/scratch.h"
#include "tests/harness/topology.h"

#define HERE "package:2 l3:1 core:2 pu:1"

static struct place place;
static struct error err;
static json_t *earlier;

static int begin(void **state)
{
	if (scratch_open(state))
		return -1;
	place_synthetic(&place, HERE);
	earlier = json_object();
	machine_describe(earlier, &place);
	return place_export(&place, scratch_path("topology.xml"), &err);
}

static int end(void **state)
{
	json_decref(earlier);
	place_close(&place);
	return scratch_close(state);
}

static int same(void)
{
	err.text[0] = '\0';
	return machine_same(earlier, scratch_path("topology.xml"), &place, &err);
}

static void assert_refused(const char *text)
{
	assert_int_equal(same(), -EXDEV);
	if (!strstr(err.text, text) || strchr(err.text, '\n'))
		fail_msg("\"%s\" does not say \"%s\"", err.text, text);
}

static void test_same(void **state)
{
	(void)state;
	if (same())
		fail_msg("%s", err.text);
	/* It left what it compared. */
	assert_int_equal(same(), 0);
	/* A kernel counts a few pages less after it has started anew. */
	json_object_set_new(json_object_get(earlier, "machine"), "memory_bytes", json_integer(1));
	assert_int_equal(same(), 0);
	assert_int_equal(json_integer_value(json_object_get(json_object_get(earlier, "machine"),
							     "memory_bytes")), 1);
}

/* Each is refused by its name, changed and absent. */
static void test_differences(void **state)
{
	static const char *const names[] = { "kernel", "governor", "mitigations", "machine" };
	static const char *const of_machine[] = { "cpu", "arch", "packages", "cores", "pus", "numa_nodes",
						  "l3", "smt", "virtualisation" };
	json_t *machine, *before;

	(void)state;
	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char text[64];

		snprintf(text, sizeof(text), "its %s is not what meta.json tells", names[i]);
		before = json_deep_copy(json_object_get(earlier, names[i]));
		json_object_set_new(earlier, names[i], json_string("another"));
		assert_refused(text);
		json_object_del(earlier, names[i]);
		assert_refused(text);
		json_object_set_new(earlier, names[i], before);
	}
	machine = json_object_get(earlier, "machine");
	for (unsigned i = 0; i < sizeof(of_machine) / sizeof(*of_machine); i++) {
		before = json_deep_copy(json_object_get(machine, of_machine[i]));
		assert_non_null(before);
		json_object_set_new(machine, of_machine[i], json_integer(77));
		assert_refused("its machine is not");
		json_object_set_new(machine, of_machine[i], before);
	}
	json_object_set_new(json_object_get(earlier, "mitigations"), "another", json_null());
	assert_refused("its mitigations");
}

static void test_no_object(void **state)
{
	(void)state;
	json_decref(earlier);
	earlier = json_array();
	assert_refused("its kernel");
	json_decref(earlier);
	earlier = json_object();
	assert_refused("its kernel");
}

/* The run was begun at this place, which is then left. */
static void begun_there(void)
{
	assert_int_equal(place_export(&place, scratch_path("topology.xml"), &err), 0);
	json_decref(earlier);
	earlier = json_object();
	machine_describe(earlier, &place);
	assert_int_equal(same(), 0);
	place_close(&place);
}

/* As many processors, but others beside each other. */
static void test_topology(void **state)
{
	struct place other;

	(void)state;
	place_synthetic(&other, "package:1 l3:2 core:2 pu:1");
	assert_int_equal(place_export(&other, scratch_path("topology.xml"), &err), 0);
	place_close(&other);
	assert_refused("its topology is not what");
	/* As many, but not the same ones. */
	place_close(&place);
	place_restricted(&place, "package:1 core:4 pu:1", "0-1");
	begun_there();
	place_restricted(&place, "package:1 core:4 pu:1", "2-3");
	assert_refused("its topology is not what");
}

/* Of the machine's two nodes this process may use that one. */
static void place_of_node(struct place *of, unsigned node)
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc();
	hwloc_topology_t topology;

	assert_int_equal(hwloc_topology_init(&topology), 0);
	assert_int_equal(hwloc_topology_set_synthetic(topology, "package:1 [numa] [numa] core:2 pu:1"), 0);
	assert_int_equal(hwloc_topology_load(topology), 0);
	hwloc_bitmap_only(set, node);
	assert_int_equal(hwloc_topology_restrict(topology, set, HWLOC_RESTRICT_FLAG_BYNODESET), 0);
	hwloc_bitmap_free(set);
	assert_int_equal(place_order(of, topology, &err), 0);
}

/* Where objects have their home is of these, the options and the group's first processor, of nothing else. */
static void test_nodes(void **state)
{
	(void)state;
	place_close(&place);
	place_of_node(&place, 0);
	begun_there();
	place_of_node(&place, 1);
	assert_refused("its topology is not what");
}

static void test_no_topology(void **state)
{
	(void)state;
	scratch_write("topology.xml", "<topology");
	assert_true(same() < 0);
	assert_int_equal(unlink(scratch_path("topology.xml")), 0);
	assert_true(same() < 0);
	assert_non_null(strstr(err.text, "topology.xml"));
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(test_same),
		IN_SCRATCH(test_differences),
		IN_SCRATCH(test_no_object),
		IN_SCRATCH(test_topology),
		IN_SCRATCH(test_nodes),
		IN_SCRATCH(test_no_topology),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
