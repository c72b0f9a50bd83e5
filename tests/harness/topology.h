/*
 * Places on topologies that are not this machine's: hwloc's synthetic ones, and real machines'.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_HARNESS_TOPOLOGY_H
#define TESTS_HARNESS_TOPOLOGY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/place.h"

static inline void place_synthetic(struct place *place, const char *description)
{
	hwloc_topology_t topology;
	struct error err;

	assert_int_equal(hwloc_topology_init(&topology), 0);
	assert_int_equal(hwloc_topology_set_synthetic(topology, description), 0);
	assert_int_equal(hwloc_topology_load(topology), 0);
	assert_int_equal(place_order(place, topology, &err), 0);
}

/* Of the machines in the folder of topologies; skips the test where that is not there. */
static inline void place_machine(struct place *place, const char *name)
{
	const char *folder = getenv("KREFBENCH_TOPOLOGIES");
	struct error err;
	char path[512];

	folder = folder ? folder : "../shared/topologies";
	if (access(folder, R_OK)) {
		print_message("no %s: KREFBENCH_TOPOLOGIES names the folder\n", folder);
		skip();
	}
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (place_load(place, path, &err))
		fail_msg("%s", err.text);
}

/* A synthetic machine without what is not among these processors, such as "1,4-7". */
static inline void place_restricted(struct place *place, const char *description,
				    const char *processors)
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc();
	hwloc_topology_t topology;
	struct error err;

	assert_int_equal(hwloc_topology_init(&topology), 0);
	assert_int_equal(hwloc_topology_set_synthetic(topology, description), 0);
	assert_int_equal(hwloc_topology_load(topology), 0);
	assert_int_equal(hwloc_bitmap_list_sscanf(set, processors), 0);
	assert_int_equal(hwloc_topology_restrict(topology, set, 0), 0);
	hwloc_bitmap_free(set);
	assert_int_equal(place_order(place, topology, &err), 0);
}

/* The placement's processors, in order, as a list would be written: "0,4,8-11"; "" without any. */
static inline const char *cpus_of(const struct place *place, enum placement placement)
{
	static char text[8192];
	const int *cpus = place->cpus[placement];
	const unsigned n = place->nr_cpus[placement];
	size_t at = 0;

	*text = '\0';
	for (unsigned i = 0, last; i < n; i = last + 1) {
		for (last = i; last + 1 < n && cpus[last + 1] == cpus[last] + 1; last++)
			;
		at += (size_t)snprintf(text + at, sizeof(text) - at, last > i ? "%s%d-%d" : "%s%d",
				       i ? "," : "", cpus[i], cpus[last]);
	}
	return text;
}

#endif
