/*
 * Where each processor of a topology sits: what it shares with others.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_SEAT_H
#define HARNESS_SEAT_H

#include <hwloc.h>

/*
 * What two processors share has the same number in both. What hwloc does not know makes no
 * difference: without packages or L3 caches all processors have package 0 or l3 0, and without cores
 * each is a core. Where only some processors have an L3 cache, the others count as one more, since
 * to reach them is to leave it.
 */
struct seat {
	int cpu;		/* OS index */
	unsigned logical;	/* hwloc's order, depth first: nearest first */
	unsigned package, node, l3, core;
	unsigned core_size;	/* processors of its core */
	int kind;		/* of hwloc's kinds of cores, from the least powerful; -1: not told */
	/* Ranks. A part is an L3 cache, or a NUMA node where no L3 cache is known. */
	unsigned part_in_package, core_in_part, core_in_package, thread_in_core;
};

/*
 * The processors of a loaded topology in hwloc's order. Returns how many, with *seats the caller's
 * to free; 0 without memory.
 */
unsigned seats_make(hwloc_topology_t topology, struct seat **seats);

#endif
