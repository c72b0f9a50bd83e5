/*
 * Numbers what holds each processor, in one pass over hwloc's order.
 *
 * SPDX-License-Identifier: MIT
 */
#include "seat.h"

#include <stdbool.h>
#include <stdlib.h>

/* What holds a processor; NULL: hwloc does not know it. */
struct holders {
	hwloc_obj_t package, l3, core;
};

static struct holders holders_of(hwloc_topology_t topology, hwloc_obj_t pu)
{
	hwloc_obj_t core = hwloc_get_ancestor_obj_by_type(topology, HWLOC_OBJ_CORE, pu);

	return (struct holders){
		.package = hwloc_get_ancestor_obj_by_type(topology, HWLOC_OBJ_PACKAGE, pu),
		.l3 = hwloc_get_ancestor_obj_by_type(topology, HWLOC_OBJ_L3CACHE, pu),
		.core = core ? core : pu,
	};
}

/* Of the NUMA nodes that a processor is local to the one with fewest processors. */
static unsigned node_of(hwloc_topology_t topology, hwloc_obj_t pu)
{
	hwloc_obj_t nearest = NULL;
	int index;

	for (index = hwloc_bitmap_first(pu->nodeset); index >= 0;
	     index = hwloc_bitmap_next(pu->nodeset, index)) {
		hwloc_obj_t node = hwloc_get_numanode_obj_by_os_index(topology, (unsigned)index);

		if (node && (!nearest || hwloc_bitmap_weight(node->cpuset) <
					 hwloc_bitmap_weight(nearest->cpuset)))
			nearest = node;
	}
	return nearest ? nearest->logical_index : 0;
}

/* Whatever holds processors holds neighbours in hwloc's order: a number begins where it changes. */
static void number(struct seat *seat, const struct seat *before, const struct holders *own,
		   const struct holders *last)
{
	seat->package = before->package + (own->package != last->package);
	seat->l3 = before->l3 + (own->l3 != last->l3);
	seat->core = before->core + (own->core != last->core);
}

static void rank(struct seat *seats, unsigned n, bool has_l3)
{
	const struct seat *package = seats, *part = seats, *core = seats;

	for (unsigned i = 0; i < n; i++) {
		struct seat *seat = &seats[i];
		const unsigned own = has_l3 ? seat->l3 : seat->node;

		if (seat->package != package->package)
			package = seat;
		if (seat->package != part->package || own != (has_l3 ? part->l3 : part->node))
			part = seat;
		if (seat->core != core->core)
			core = seat;
		seat->part_in_package = own - (has_l3 ? package->l3 : package->node);
		seat->core_in_part = seat->core - part->core;
		seat->core_in_package = seat->core - package->core;
		seat->thread_in_core = seat->logical - core->logical;
	}
	/* The last thread of a core knows its size. */
	for (unsigned i = n; i-- > 0;)
		seats[i].core_size = i + 1 < n && seats[i + 1].core == seats[i].core ?
				     seats[i + 1].core_size : seats[i].thread_in_core + 1;
}

unsigned seats_make(hwloc_topology_t topology, struct seat **seats)
{
	const int nr = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PU);
	const unsigned n = nr > 0 ? (unsigned)nr : 0;
	const bool has_l3 = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_L3CACHE) > 0;
	struct holders last = { 0 };
	hwloc_obj_t pu = NULL;

	*seats = calloc(n, sizeof(**seats));
	if (!*seats)
		return 0;
	for (unsigned i = 0; i < n; i++) {
		struct seat *seat = &(*seats)[i];
		struct holders own;

		pu = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_PU, pu);
		own = holders_of(topology, pu);
		*seat = (struct seat){
			.cpu = (int)pu->os_index,
			.logical = i,
			.node = node_of(topology, pu),
			.kind = hwloc_cpukinds_get_by_cpuset(topology, pu->cpuset, 0),
		};
		if (i)
			number(seat, seat - 1, &own, &last);
		last = own;
	}
	rank(*seats, n, has_l3);
	return n;
}
