/*
 * Which processors the workers get: policies over hwloc's topology.
 *
 * SPDX-License-Identifier: MIT
 *
 * Each policy is one permutation of the processors this process may use (taskset and cgroup cpusets
 * are honoured): n workers get its first n, so that one more worker only adds a processor.
 */
#ifndef HARNESS_PLACE_H
#define HARNESS_PLACE_H

#include <hwloc.h>
#include <stdbool.h>

#include "error.h"

enum placement {
	PLACE_COMPACT,		/* fill a core, then its neighbours: nearest first */
	PLACE_SCATTER,		/* spread over packages, then L3 caches, then cores */
	PLACE_ONE_PER_CORE,	/* compact over cores, SMT siblings left out */
	NR_PLACEMENTS
};

struct place {
	hwloc_topology_t topology;
	int *cpus[NR_PLACEMENTS];	/* OS indexes */
	unsigned nr_cpus[NR_PLACEMENTS];
	unsigned nr_packages, nr_cores, nr_nodes, nr_l3;
};

/* "compact", "scatter", "one-per-core"; NULL past the last. */
const char *placement_name(enum placement placement);

/*
 * Orders the processors of a loaded topology, which then is place's. Returns 0, or -errno with err
 * set and the topology destroyed. Of a synthetic topology, for planning only: a binding would be
 * refused.
 */
int place_order(struct place *place, hwloc_topology_t topology, struct error *err);

/*
 * Loads this machine's topology, restricted to the processors of this process. Returns 0, or
 * -errno with err set.
 */
int place_open(struct place *place, struct error *err);

void place_close(struct place *place);

/* Is there such a NUMA node, by the system's number, among those of this process? */
bool place_has_node(const struct place *place, unsigned node);

/*
 * Sets *cpus to the allowed processors that are not among the first n of the placement, where there
 * are such on cores that none of those is on, to these only; and to all allowed ones where none is
 * left (then returns false). *cpus is NULL without memory, else the caller frees it with CPU_FREE.
 */
bool place_outside(const struct place *place, enum placement placement, unsigned n,
		   cpu_set_t **cpus, size_t *bytes);

/* Writes the topology as hwloc's XML. Returns 0, or -errno with err set. */
int place_export(const struct place *place, const char *path, struct error *err);

#endif
