/*
 * Places on topologies that are not this machine's: hwloc's synthetic ones.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_HARNESS_TOPOLOGY_H
#define TESTS_HARNESS_TOPOLOGY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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

#endif
