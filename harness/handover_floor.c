/*
 * What hand-overs cost the ops of a placement, and the files that tell of both.
 *
 * SPDX-License-Identifier: MIT
 */
#include "handover.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runfile.h"

/* The place's seat of that processor; it has one. */
static unsigned seat_find(const struct place *place, int cpu)
{
	unsigned i = 0;

	while (i + 1 < place->nr_seats && place->seats[i].cpu != cpu)
		i++;
	return i;
}

/* Between two seats; that of their cores, whichever of a core's processors it is. */
static double seats_ns(const struct handover *handover, const struct place *place, unsigned a,
		       unsigned b)
{
	const int core_a = handover->chosen[a], core_b = handover->chosen[b];
	unsigned pair = 0;

	if (core_a >= 0 && core_b >= 0)
		pair = handover->pair_of[(unsigned)core_a * handover->nr_chosen + (unsigned)core_b];
	if (pair && !isnan(handover->pairs[pair - 1].ns))
		return handover->pairs[pair - 1].ns;
	return handover->step_ns[seats_step(&place->seats[a], &place->seats[b])];
}

double handover_floor(const struct handover *handover, const struct place *place, const int *cpus,
		      unsigned n)
{
	unsigned *seats = calloc(n + 1, sizeof(*seats));
	double sum = 0;

	if (!seats || n < 2) {
		free(seats);
		return NAN;
	}
	for (unsigned i = 0; i < n; i++)
		seats[i] = seat_find(place, cpus[i]);
	for (unsigned i = 0; i < n; i++)
		for (unsigned j = i + 1; j < n; j++)
			sum += seats_ns(handover, place, seats[i], seats[j]);
	free(seats);
	/* n times the mean of n (n - 1) / 2 pairs */
	return 2 * sum / (n - 1);
}

static void pairs_write(FILE *out, const struct handover *handover)
{
	fputs("cpu_a,cpu_b,step,ns,ns_lo,ns_hi\n", out);
	for (unsigned i = 0; i < handover->nr_pairs; i++) {
		const struct handover_pair *pair = &handover->pairs[i];

		fprintf(out, "%d,%d,%s,", pair->cpu_a, pair->cpu_b, step_name(pair->step));
		if (isnan(pair->ns))
			fputs(",,\n", out);
		else
			fprintf(out, "%.4g,%.4g,%.4g\n", pair->ns, pair->lo, pair->hi);
	}
}

/* Is this the plan's first group of these processors? */
static bool is_first(const struct plan *plan, unsigned index)
{
	for (unsigned i = 0; i < index; i++)
		if (plan->groups[i].threads == plan->groups[index].threads &&
		    !strcmp(plan->groups[i].placements, plan->groups[index].placements))
			return false;
	return true;
}

static void floors_write(FILE *out, const struct handover *handover, const struct plan *plan,
			 const struct place *place)
{
	fputs("placement,threads,ns_per_op\n", out);
	for (unsigned i = 0; i < plan->nr_groups; i++) {
		const struct group *group = &plan->groups[i];
		double floor;

		if (group->oversubscribed || !is_first(plan, i))
			continue;
		floor = handover_floor(handover, place, place->cpus[group->placement],
				       group->threads);
		if (!isnan(floor))
			fprintf(out, "%s,%u,%.4g\n", group->placements, group->threads, floor);
	}
}

static int file_open(FILE **out, const char *directory, const char *name, struct error *err)
{
	char *path;
	int error;

	if (asprintf(&path, "%s/%s", directory, name) < 0)
		return error_set(err, ENOMEM, "no memory for %s", name);
	*out = runfile_create(path, &error, err);
	free(path);
	return error;
}

static int file_close(FILE *out, const char *name, struct error *err)
{
	const int error = runfile_close(out);

	return error ? error_set(err, -error, "cannot write %s: %s", name, strerror(-error)) : 0;
}

int handover_write(const struct handover *handover, const struct plan *plan,
		   const struct place *place, const char *directory, struct error *err)
{
	FILE *out;
	int error = file_open(&out, directory, "handover.csv", err);

	if (error)
		return error;
	pairs_write(out, handover);
	error = file_close(out, "handover.csv", err);
	if (!error)
		error = file_open(&out, directory, "floors.csv", err);
	if (error)
		return error;
	floors_write(out, handover, plan, place);
	return file_close(out, "floors.csv", err);
}
