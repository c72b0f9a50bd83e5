/*
 * Orders processors by each placement policy, and by a list of their numbers.
 *
 * SPDX-License-Identifier: MIT
 *
 * A policy is the processors that it takes, sorted; ties go by hwloc's order, nearest first.
 */
#include "place.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool first_of_core(const struct place *place, const struct seat *seat)
{
	(void)place;
	return seat->thread_in_core == 0;
}

/* Seats are in hwloc's order. */
static bool first_of_l3(const struct place *place, const struct seat *seat)
{
	return seat == place->seats || seat[-1].l3 != seat->l3;
}

static bool of_shared_core(const struct place *place, const struct seat *seat)
{
	(void)place;
	return seat->core_size > 1;
}

static unsigned last_l3(const struct place *place)
{
	return place->seats[place->nr_seats - 1].l3;
}

/* That with most processors, the first of equals. */
static unsigned largest_l3(const struct place *place)
{
	unsigned largest = 0, most = 0, size = 0;

	for (unsigned i = 0; i < place->nr_seats; i++) {
		size = i && place->seats[i].l3 == place->seats[i - 1].l3 ? size + 1 : 1;
		if (size > most) {
			most = size;
			largest = place->seats[i].l3;
		}
	}
	return largest;
}

static bool of_largest_l3(const struct place *place, const struct seat *seat)
{
	return seat->l3 == largest_l3(place);
}

static bool of_strongest_kind(const struct place *place, const struct seat *seat)
{
	return seat->kind == hwloc_cpukinds_get_nr(place->topology, 0) - 1;
}

static bool of_weakest_kind(const struct place *place, const struct seat *seat)
{
	(void)place;
	return seat->kind == 0;
}

static int by_logical(const void *a, const void *b)
{
	const struct seat *x = a, *y = b;

	return (x->logical > y->logical) - (x->logical < y->logical);
}

static int by_keys(const unsigned (*keys)[2], unsigned nr, const void *a, const void *b)
{
	for (unsigned i = 0; i < nr; i++)
		if (keys[i][0] != keys[i][1])
			return keys[i][0] < keys[i][1] ? -1 : 1;
	return by_logical(a, b);
}

/* From the innermost rank out: each package in turn, in it each part, in it each core. */
static int by_spread(const void *a, const void *b)
{
	const struct seat *x = a, *y = b;
	const unsigned keys[][2] = {
		{ x->thread_in_core, y->thread_in_core }, { x->core_in_part, y->core_in_part },
		{ x->part_in_package, y->part_in_package }, { x->package, y->package },
	};

	return by_keys(keys, 4, a, b);
}

static int by_package_turns(const void *a, const void *b)
{
	const struct seat *x = a, *y = b;
	const unsigned keys[][2] = {
		{ x->thread_in_core, y->thread_in_core },
		{ x->core_in_package, y->core_in_package }, { x->package, y->package },
	};

	return by_keys(keys, 3, a, b);
}

static int by_thread(const void *a, const void *b)
{
	const struct seat *x = a, *y = b;
	const unsigned keys[][2] = { { x->thread_in_core, y->thread_in_core } };

	return by_keys(keys, 1, a, b);
}

static const char *no_l3(const struct place *place)
{
	return place->nr_l3 ? NULL : "hwloc knows no L3 cache of this machine";
}

static const char *one_l3(const struct place *place)
{
	if (no_l3(place))
		return no_l3(place);
	return last_l3(place) ? NULL : "this machine has one L3 cache";
}

static const char *no_smt(const struct place *place)
{
	for (unsigned i = 0; i < place->nr_seats; i++)
		if (place->seats[i].core_size > 1)
			return NULL;
	return place->nr_cores ? "no core of this machine has two processors" :
				 "hwloc knows no cores of this machine";
}

static const char *one_package(const struct place *place)
{
	if (!place->nr_packages)
		return "hwloc knows no packages of this machine";
	return place->nr_packages > 1 ? NULL : "this machine has one package";
}

static const char *one_kind(const struct place *place)
{
	const int nr = hwloc_cpukinds_get_nr(place->topology, 0);
	int efficiency = -1;

	if (nr < 1)
		return "hwloc knows no kinds of cores of this machine";
	if (nr == 1)
		return "this machine has one kind of core";
	if (hwloc_cpukinds_get_info(place->topology, 0, NULL, &efficiency, NULL, NULL, 0) ||
	    efficiency < 0)
		return "hwloc cannot tell which kind of core of this machine is the faster";
	return NULL;
}

static const struct policy {
	const char *name;
	const char *(*missing)(const struct place *place);	/* why, or NULL; none: never */
	bool (*takes)(const struct place *place, const struct seat *seat);	/* none: all */
	int (*compare)(const void *a, const void *b);
} policies[] = {
	[PLACE_COMPACT] = { "compact", NULL, NULL, by_logical },
	[PLACE_SCATTER] = { "scatter", NULL, NULL, by_spread },
	[PLACE_ONE_PER_CORE] = { "one-per-core", NULL, first_of_core, by_logical },
	[PLACE_ONE_PER_L3] = { "one-per-l3", one_l3, first_of_l3, by_logical },
	[PLACE_SMT_PAIRS] = { "smt-pairs", no_smt, of_shared_core, by_logical },
	[PLACE_SAME_L3] = { "same-l3", no_l3, of_largest_l3, by_thread },
	[PLACE_CROSS_PACKAGE] = { "cross-package", one_package, NULL, by_package_turns },
	[PLACE_P_CORES] = { "p-cores", one_kind, of_strongest_kind, by_logical },
	[PLACE_E_CORES] = { "e-cores", one_kind, of_weakest_kind, by_logical },
};

const char *placement_name(enum placement placement)
{
	return placement < PLACE_LIST ? policies[placement].name : NULL;
}

const char *place_name(const struct place *place, enum placement placement)
{
	return placement == PLACE_LIST ? place->list : placement_name(placement);
}

/* Makes the placement of seats in its order. */
static int order_set(struct place *place, enum placement placement, const struct seat *order,
		     unsigned n)
{
	place->cpus[placement] = calloc(n, sizeof(int));
	place->steps[placement] = calloc(n, sizeof(enum step));
	if (!place->cpus[placement] || !place->steps[placement])
		return -ENOMEM;
	place->nr_cpus[placement] = n;
	for (unsigned i = 0; i < n; i++)
		place->cpus[placement][i] = order[i].cpu;
	return steps_fill(order, n, place->steps[placement]) ||
	       boundaries_make(order, n, &place->boundaries[placement],
			       &place->nr_boundaries[placement]) ? -ENOMEM : 0;
}

static int policy_apply(struct place *place, enum placement placement, struct seat *order)
{
	const struct policy *policy = &policies[placement];
	unsigned n = 0;

	if (policy->missing)
		place->missing[placement] = policy->missing(place);
	if (place->missing[placement])
		return 0;
	for (unsigned i = 0; i < place->nr_seats; i++)
		if (!policy->takes || policy->takes(place, &place->seats[i]))
			order[n++] = place->seats[i];
	if (!n) {
		place->missing[placement] = "no processor of this machine is of that kind";
		return 0;
	}
	qsort(order, n, sizeof(*order), policy->compare);
	return order_set(place, placement, order, n);
}

static unsigned count_of(hwloc_topology_t topology, hwloc_obj_type_t type)
{
	const int n = hwloc_get_nbobjs_by_type(topology, type);

	return n > 0 ? (unsigned)n : 0;
}

int place_order(struct place *place, hwloc_topology_t topology, struct error *err)
{
	struct seat *order = NULL;
	int error = -ENOMEM;

	*place = (struct place){
		.topology = topology,
		.nr_packages = count_of(topology, HWLOC_OBJ_PACKAGE),
		.nr_cores = count_of(topology, HWLOC_OBJ_CORE),
		.nr_nodes = count_of(topology, HWLOC_OBJ_NUMANODE),
		.nr_l3 = count_of(topology, HWLOC_OBJ_L3CACHE),
		.missing = { [PLACE_LIST] = "no list was given" },
	};
	place->nr_seats = seats_make(topology, &place->seats);
	if (place->nr_seats)
		order = calloc(place->nr_seats, sizeof(*order));
	if (order)
		error = 0;
	for (enum placement p = 0; !error && p < PLACE_LIST; p++)
		error = policy_apply(place, p, order);
	free(order);
	if (!error)
		return 0;
	error_set(err, ENOMEM, "no memory for %u processors",
		  count_of(topology, HWLOC_OBJ_PU));
	place_close(place);
	return error;
}

/* cpus:0_4_8-11; false where it does not fit. */
static bool list_name(char *name, size_t bytes, const unsigned *cpus, unsigned nr)
{
	size_t at = (size_t)snprintf(name, bytes, "cpus:");

	for (unsigned i = 0, last; i < nr && at < bytes; i = last + 1) {
		for (last = i; last + 1 < nr && cpus[last + 1] == cpus[last] + 1; last++)
			;
		if (last == i + 1)	/* two are no range yet */
			last = i;
		at += (size_t)snprintf(name + at, bytes - at, i ? "_%u" : "%u", cpus[i]);
		if (last > i && at < bytes)
			at += (size_t)snprintf(name + at, bytes - at, "-%u", cpus[last]);
	}
	return at < bytes;
}

static const struct seat *seat_of(const struct place *place, unsigned cpu)
{
	for (unsigned i = 0; i < place->nr_seats; i++)
		if ((unsigned)place->seats[i].cpu == cpu)
			return &place->seats[i];
	return NULL;
}

int place_list(struct place *place, const unsigned *cpus, unsigned nr, struct error *err)
{
	struct seat *order;
	int error = 0;

	if (!list_name(place->list, sizeof(place->list), cpus, nr))
		return error_set(err, EINVAL, "--placement: the list makes a name of more than %zu "
				 "characters; ascending processors make ranges, which are shorter",
				 sizeof(place->list) - 1);
	order = calloc(nr, sizeof(*order));
	if (!order)
		return error_set(err, ENOMEM, "no memory for %u processors", nr);
	for (unsigned i = 0; !error && i < nr; i++) {
		const struct seat *seat = seat_of(place, cpus[i]);

		if (seat)
			order[i] = *seat;
		else
			error = error_set(err, EINVAL, "--placement: there is no processor %u here, "
					  "or this process may not use it", cpus[i]);
	}
	if (!error && order_set(place, PLACE_LIST, order, nr))
		error = error_set(err, ENOMEM, "no memory for %u processors", nr);
	if (!error)
		place->missing[PLACE_LIST] = NULL;
	free(order);
	return error;
}
