/*
 * Which processors the workers get: policies over hwloc's topology.
 *
 * SPDX-License-Identifier: MIT
 *
 * Each policy is one order of processors that this process may use (taskset and cgroup cpusets are
 * honoured): n workers get its first n, so that one more worker only adds a processor.
 */
#ifndef HARNESS_PLACE_H
#define HARNESS_PLACE_H

#include <hwloc.h>
#include <stdbool.h>

#include "error.h"
#include "seat.h"
#include "steps.h"

/* Where hwloc knows no L3 caches, scatter spreads over NUMA nodes in their place. */
enum placement {
	PLACE_COMPACT,		/* fill a core, then its neighbours: nearest first */
	PLACE_SCATTER,		/* spread over packages, then L3 caches, then cores */
	PLACE_ONE_PER_CORE,	/* compact over cores, SMT siblings left out */
	PLACE_ONE_PER_L3,	/* compact over L3 caches, all but the first of each left out */
	PLACE_SMT_PAIRS,	/* compact over cores with siblings, such as p-cores, and no others */
	PLACE_SAME_L3,		/* in the L3 cache of most processors: its cores, then siblings */
	PLACE_CROSS_PACKAGE,	/* packages in turn, in each core by core, siblings last */
	PLACE_P_CORES,		/* compact over the most powerful kind of cores */
	PLACE_E_CORES,		/* compact over the least powerful kind */
	PLACE_LIST,		/* processors as listed, by place_list() */
	NR_PLACEMENTS
};

/* A name, or all names joined by +, with its NUL; a list is alone. */
#define PLACE_NAMES_BYTES 128

struct place {
	hwloc_topology_t topology;
	struct seat *seats;			/* all processors, in hwloc's order */
	unsigned nr_seats;
	/* Of each placement: */
	const char *missing[NR_PLACEMENTS];	/* why this machine has it not, or NULL */
	int *cpus[NR_PLACEMENTS];		/* OS indexes */
	enum step *steps[NR_PLACEMENTS];	/* what each is new in; the first in all */
	unsigned nr_cpus[NR_PLACEMENTS];	/* 0 where it is missing */
	struct boundary *boundaries[NR_PLACEMENTS];
	unsigned nr_boundaries[NR_PLACEMENTS];
	unsigned nr_packages, nr_cores, nr_nodes, nr_l3;	/* 0: hwloc does not know any */
	char list[PLACE_NAMES_BYTES];		/* the list's name */
};

/* "compact", "scatter" and so on; NULL from PLACE_LIST on. */
const char *placement_name(enum placement placement);

/* The same, and of a list one without commas, pluses, slashes and blanks: cpus:0_4_8-11. */
const char *place_name(const struct place *place, enum placement placement);

/*
 * Orders the processors of a loaded topology, which then is place's. Returns 0, or -errno with err
 * set and the topology destroyed. Of another machine's topology, for planning only: hwloc would
 * pretend to bind.
 */
int place_order(struct place *place, hwloc_topology_t topology, struct error *err);

/*
 * Loads this machine's topology, restricted to the processors of this process. Returns 0, or
 * -errno with err set.
 */
int place_open(struct place *place, struct error *err);

/*
 * Loads another machine's topology from a file in hwloc's XML, for planning only. Returns 0, or
 * -errno with err set.
 */
int place_load(struct place *place, const char *path, struct error *err);

/*
 * Sets the order of PLACE_LIST, once: nr different OS indexes. Returns 0, or -EINVAL with err set
 * where one is not among the place's processors or the name would be too long, or -ENOMEM.
 */
int place_list(struct place *place, const unsigned *cpus, unsigned nr, struct error *err);

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
