/*
 * Chooses the thread counts of a placement.
 *
 * SPDX-License-Identifier: MIT
 */
#include "thread_counts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int counts_copy(struct thread_counts *counts, const struct option_values *given)
{
	counts->values = calloc(given->nr, sizeof(*counts->values));
	if (!counts->values)
		return -ENOMEM;
	memcpy(counts->values, given->values, given->nr * sizeof(*counts->values));
	counts->nr = given->nr;
	return 0;
}

int thread_counts_make(struct thread_counts *counts, const struct option_values *given,
		       const struct place *place, enum placement placement, unsigned multiple)
{
	const unsigned all = place->nr_cpus[placement];
	bool *wanted;

	*counts = (struct thread_counts){ 0 };
	if (given->nr)
		return counts_copy(counts, given);
	if (placement == PLACE_SMT_PAIRS && multiple % 2)
		multiple *= 2;
	wanted = calloc(all + 1, sizeof(*wanted));
	counts->values = calloc(all + 1, sizeof(*counts->values));
	if (!wanted || !counts->values) {
		free(wanted);
		thread_counts_free(counts);
		return -ENOMEM;
	}
	for (unsigned n = multiple; n <= all; n *= 2)
		wanted[n] = true;
	for (unsigned i = 0; i < place->nr_boundaries[placement]; i++)
		wanted[place->boundaries[placement][i].n / multiple * multiple] = true;
	wanted[all / multiple * multiple] = true;
	for (unsigned n = 1; n <= all; n++)
		if (wanted[n])
			counts->values[counts->nr++] = n;
	free(wanted);
	return 0;
}

void thread_counts_free(struct thread_counts *counts)
{
	free(counts->values);
	*counts = (struct thread_counts){ 0 };
}
