/*
 * Orders the processors of this process by each placement policy.
 *
 * SPDX-License-Identifier: MIT
 */
#include "place.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
	[PLACE_COMPACT] = "compact",
	[PLACE_SCATTER] = "scatter",
	[PLACE_ONE_PER_CORE] = "one-per-core",
};

const char *placement_name(enum placement placement)
{
	return placement < NR_PLACEMENTS ? names[placement] : NULL;
}

/*
 * The place of a processor in the hierarchy, outermost first: for scatter the rank inside its
 * parent counts before the parent's own.
 */
struct seat {
	int cpu;
	unsigned package, l3, core, thread;	/* rank among its parent's children */
	unsigned logical;			/* hwloc's order: nearest first */
};

/* hwloc's order of depth first is compact already. */
static int by_logical(const void *a, const void *b)
{
	const struct seat *x = a, *y = b;

	return (x->logical > y->logical) - (x->logical < y->logical);
}

/*
 * Lexicographic from the innermost rank out: each package in turn, in it each L3, in it each core.
 */
static int by_spread(const void *a, const void *b)
{
	const struct seat *x = a, *y = b;
	const unsigned keys[][2] = {
		{ x->thread, y->thread }, { x->core, y->core }, { x->l3, y->l3 },
		{ x->package, y->package },
	};

	for (unsigned i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (keys[i][0] != keys[i][1])
			return keys[i][0] < keys[i][1] ? -1 : 1;
	return by_logical(a, b);
}

/* How many objects of type inside outer stand before the one that holds pu; 0 without such. */
static unsigned rank_in(hwloc_topology_t topology, hwloc_obj_t pu, hwloc_obj_type_t type,
			hwloc_obj_t outer)
{
	hwloc_obj_t own = pu->type == type ? pu :
			  hwloc_get_ancestor_obj_by_type(topology, type, pu);
	hwloc_obj_t other = NULL;
	unsigned rank = 0;

	while (own && (other = hwloc_get_next_obj_inside_cpuset_by_type(topology, outer->cpuset,
									type, other)) != own) {
		if (!other)
			return 0;
		rank++;
	}
	return rank;
}

static hwloc_obj_t ancestor_or(hwloc_topology_t topology, hwloc_obj_t pu, hwloc_obj_type_t type,
			       hwloc_obj_t fallback)
{
	hwloc_obj_t found = hwloc_get_ancestor_obj_by_type(topology, type, pu);

	return found ? found : fallback;
}

static struct seat seat_of(hwloc_topology_t topology, hwloc_obj_t pu)
{
	hwloc_obj_t root = hwloc_get_root_obj(topology);
	hwloc_obj_t package = ancestor_or(topology, pu, HWLOC_OBJ_PACKAGE, root);
	hwloc_obj_t l3 = ancestor_or(topology, pu, HWLOC_OBJ_L3CACHE, package);
	hwloc_obj_t core = ancestor_or(topology, pu, HWLOC_OBJ_CORE, pu);

	return (struct seat){
		.cpu = (int)pu->os_index,
		.package = rank_in(topology, pu, HWLOC_OBJ_PACKAGE, root),
		.l3 = rank_in(topology, pu, HWLOC_OBJ_L3CACHE, package),
		.core = rank_in(topology, pu, HWLOC_OBJ_CORE, l3),
		.thread = rank_in(topology, pu, HWLOC_OBJ_PU, core),
		.logical = pu->logical_index,
	};
}

static int place_policy(struct place *place, enum placement placement, const struct seat *seats,
			unsigned n)
{
	place->cpus[placement] = calloc(n, sizeof(int));
	if (!place->cpus[placement])
		return -ENOMEM;
	place->nr_cpus[placement] = 0;
	for (unsigned i = 0; i < n; i++)
		if (placement != PLACE_ONE_PER_CORE || seats[i].thread == 0)
			place->cpus[placement][place->nr_cpus[placement]++] = seats[i].cpu;
	return 0;
}

static unsigned count_of(hwloc_topology_t topology, hwloc_obj_type_t type)
{
	const int n = hwloc_get_nbobjs_by_type(topology, type);

	return n > 0 ? (unsigned)n : 0;
}

static int place_all(struct place *place, struct error *err)
{
	const unsigned n = count_of(place->topology, HWLOC_OBJ_PU);
	struct seat *seats = calloc(n, sizeof(*seats));
	hwloc_obj_t pu = NULL;
	int error = seats ? 0 : -ENOMEM;

	for (unsigned i = 0; !error && i < n; i++) {
		pu = hwloc_get_next_obj_by_type(place->topology, HWLOC_OBJ_PU, pu);
		seats[i] = seat_of(place->topology, pu);
	}
	if (!error) {
		qsort(seats, n, sizeof(*seats), by_logical);
		error = place_policy(place, PLACE_COMPACT, seats, n);
	}
	if (!error)
		error = place_policy(place, PLACE_ONE_PER_CORE, seats, n);
	if (!error) {
		qsort(seats, n, sizeof(*seats), by_spread);
		error = place_policy(place, PLACE_SCATTER, seats, n);
	}
	free(seats);
	return error ? error_set(err, -error, "no memory for %u processors", n) : 0;
}

int place_order(struct place *place, hwloc_topology_t topology, struct error *err)
{
	int error;

	memset(place, 0, sizeof(*place));
	place->topology = topology;
	place->nr_packages = count_of(topology, HWLOC_OBJ_PACKAGE);
	place->nr_cores = count_of(topology, HWLOC_OBJ_CORE);
	place->nr_nodes = count_of(topology, HWLOC_OBJ_NUMANODE);
	place->nr_l3 = count_of(topology, HWLOC_OBJ_L3CACHE);
	error = place_all(place, err);
	if (error)
		place_close(place);
	return error;
}

int place_open(struct place *place, struct error *err)
{
	hwloc_topology_t topology;
	int error;

	/* A topology from the environment may be planned on, never measured as this machine. */
	unsetenv("HWLOC_SYNTHETIC");
	unsetenv("HWLOC_XMLFILE");
	unsetenv("HWLOC_FSROOT");
	if (hwloc_topology_init(&topology))
		return error_set(err, errno, "hwloc cannot start: %s", strerror(errno));
	/* Without these two hwloc shows processors that taskset took away. */
	hwloc_topology_set_flags(topology, HWLOC_TOPOLOGY_FLAG_IS_THISSYSTEM |
				 HWLOC_TOPOLOGY_FLAG_RESTRICT_TO_CPUBINDING);
	if (hwloc_topology_load(topology)) {
		error = error_set(err, errno ? errno : EIO,
				  "hwloc cannot load this machine's topology: %s",
				  strerror(errno));
		hwloc_topology_destroy(topology);
		return error;
	}
	return place_order(place, topology, err);
}

void place_close(struct place *place)
{
	for (unsigned i = 0; i < NR_PLACEMENTS; i++)
		free(place->cpus[i]);
	hwloc_topology_destroy(place->topology);
}

bool place_has_node(const struct place *place, unsigned node)
{
	return hwloc_get_numanode_obj_by_os_index(place->topology, node);
}

/* Copies what is in set; false without memory. */
static bool to_cpu_set(hwloc_const_bitmap_t set, cpu_set_t **cpus, size_t *bytes)
{
	const int last = hwloc_bitmap_last(set);
	int cpu;

	*bytes = CPU_ALLOC_SIZE(last + 1);
	*cpus = CPU_ALLOC(last + 1);
	if (!*cpus)
		return false;
	CPU_ZERO_S(*bytes, *cpus);
	for (cpu = hwloc_bitmap_first(set); cpu >= 0; cpu = hwloc_bitmap_next(set, cpu))
		CPU_SET_S(cpu, *bytes, *cpus);
	return true;
}

bool place_outside(const struct place *place, enum placement placement, unsigned n,
		   cpu_set_t **cpus, size_t *bytes)
{
	hwloc_const_bitmap_t all = hwloc_topology_get_topology_cpuset(place->topology);
	hwloc_bitmap_t processors = hwloc_bitmap_alloc(), cores = hwloc_bitmap_alloc();
	hwloc_bitmap_t outside = hwloc_bitmap_alloc();
	bool found = false;

	*cpus = NULL;
	if (!processors || !cores || !outside)
		goto out;
	for (unsigned i = 0; i < n && i < place->nr_cpus[placement]; i++) {
		hwloc_obj_t pu = hwloc_get_pu_obj_by_os_index(place->topology,
				(unsigned)place->cpus[placement][i]);
		hwloc_obj_t core = ancestor_or(place->topology, pu, HWLOC_OBJ_CORE, pu);

		hwloc_bitmap_or(processors, processors, pu->cpuset);
		hwloc_bitmap_or(cores, cores, core->cpuset);
	}
	/* A sibling on a worker's core would slow it: only where no other core is left. */
	hwloc_bitmap_andnot(outside, all, cores);
	if (hwloc_bitmap_iszero(outside))
		hwloc_bitmap_andnot(outside, all, processors);
	found = !hwloc_bitmap_iszero(outside);
	if (!to_cpu_set(found ? outside : all, cpus, bytes))
		found = false;
out:
	hwloc_bitmap_free(processors);
	hwloc_bitmap_free(cores);
	hwloc_bitmap_free(outside);
	return found;
}

int place_export(const struct place *place, const char *path, struct error *err)
{
	if (hwloc_topology_export_xml(place->topology, path, 0))
		return error_set(err, errno ? errno : EIO, "cannot write %s: %s", path,
				 strerror(errno));
	return 0;
}
