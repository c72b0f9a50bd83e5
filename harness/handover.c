/*
 * Measures the hand-overs between each two cores, round after round.
 *
 * SPDX-License-Identifier: MIT
 */
#include "handover_internal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "random.h"
#include "stats.h"

/*
 * Rounds over all pairs, in each the median of batches. A round of few pairs waits for its time to end:
 * for a second or so the same lines may take half as long again.
 */
#define ROUNDS 15
#define ROUND_NS 100000000ull
/* No further round. */
#define ENOUGH_NS 5000000000ull

/* Of the chosen cores a and b, by one processor of each. */
static void pair_add(struct handover *handover, unsigned a, unsigned b, const struct seat *seat_a,
		     const struct seat *seat_b)
{
	handover->pairs[handover->nr_pairs++] = (struct handover_pair){
		.cpu_a = seat_a->cpu, .cpu_b = seat_b->cpu, .step = seats_step(seat_a, seat_b),
		.ns = NAN, .lo = NAN, .hi = NAN,
	};
	handover->pair_of[a * handover->nr_chosen + b] = handover->nr_pairs;
	handover->pair_of[b * handover->nr_chosen + a] = handover->nr_pairs;
}

/* The first processors of the chosen cores with each other, and with the second of their own. */
static void pairs_add(struct handover *handover, const struct place *place)
{
	for (unsigned i = 0; i < place->nr_seats; i++) {
		const struct seat *a = &place->seats[i];

		if (a->thread_in_core > 0 || handover->chosen[i] < 0)
			continue;
		if (a->core_size > 1)
			pair_add(handover, (unsigned)handover->chosen[i],
				 (unsigned)handover->chosen[i], a, a + 1);
		for (unsigned j = i + 1; j < place->nr_seats; j++)
			if (place->seats[j].thread_in_core == 0 && handover->chosen[j] >= 0)
				pair_add(handover, (unsigned)handover->chosen[i],
					 (unsigned)handover->chosen[j], a, &place->seats[j]);
	}
}

/* Numbers the cores in hwloc's order and chooses evenly among them. */
static int cores_choose(struct handover *handover, const struct place *place)
{
	unsigned core = 0, chosen;

	for (unsigned i = 0; i < place->nr_seats; i++)
		handover->nr_cores += place->seats[i].thread_in_core == 0;
	chosen = handover->nr_cores < HANDOVER_CORES ? handover->nr_cores : HANDOVER_CORES;
	handover->nr_chosen = chosen;
	handover->chosen = calloc(place->nr_seats + 1, sizeof(*handover->chosen));
	handover->pair_of = calloc((size_t)chosen * chosen + 1, sizeof(*handover->pair_of));
	handover->pairs = calloc((size_t)chosen * (chosen + 1) / 2 + 1, sizeof(*handover->pairs));
	if (!handover->chosen || !handover->pair_of || !handover->pairs)
		return -ENOMEM;
	for (unsigned i = 0; i < place->nr_seats; i++) {
		core += i && place->seats[i].thread_in_core == 0;
		/* The first core of those that have the same number is it. */
		handover->chosen[i] = (int)(core * chosen / handover->nr_cores);
		if (core && (core - 1) * chosen / handover->nr_cores ==
			    core * chosen / handover->nr_cores)
			handover->chosen[i] = -1;
	}
	return 0;
}

/* samples: ROUNDS of each pair, of which *rounds are taken. */
static int rounds_run(struct handover *handover, uint64_t seed, bool (*interrupted)(void),
		      double *samples, unsigned *rounds, struct error *err)
{
	const uint64_t start_ns = clock_monotonic_ns();
	const unsigned n = handover->nr_pairs;
	unsigned *order = calloc(n + 1, sizeof(*order));
	int error = order ? 0 : error_set(err, ENOMEM, "no memory for a round of hand-overs");

	for (unsigned i = 0; order && i < n; i++)
		order[i] = i;
	for (*rounds = 0; !error && *rounds < ROUNDS; ++*rounds) {
		if (*rounds && clock_monotonic_ns() - start_ns > ENOUGH_NS)
			break;
		const uint64_t round_ns = clock_monotonic_ns();

		random_shuffle(order, n, &seed);
		for (unsigned i = 0; !error && i < n; i++)
			error = interrupted() ? -EINTR :
				handover_pair_measure(&handover->pairs[order[i]],
					     &samples[(size_t)order[i] * ROUNDS + *rounds],
					     err);
		while (!error && n && !interrupted() && clock_monotonic_ns() - round_ns < ROUND_NS)
			nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	}
	free(order);
	return error;
}

/* A round without an answer leaves the pair without a figure. */
static void pair_fold(struct handover_pair *pair, double *samples, unsigned rounds)
{
	for (unsigned i = 0; i < rounds; i++)
		if (isnan(samples[i]))
			return;
	pair->ns = stats_median_inplace(samples, rounds);
	pair->lo = pair->hi = pair->ns;
	for (unsigned i = 0; i < rounds; i++) {
		pair->lo = fmin(pair->lo, samples[i]);
		pair->hi = fmax(pair->hi, samples[i]);
	}
}

/* scratch has room for all pairs. */
static void steps_fold(struct handover *handover, double *scratch)
{
	for (enum step step = 0; step < NR_STEPS; step++) {
		size_t nr = 0;

		for (unsigned i = 0; i < handover->nr_pairs; i++)
			if (handover->pairs[i].step == step && !isnan(handover->pairs[i].ns))
				scratch[nr++] = handover->pairs[i].ns;
		handover->step_ns[step] = nr ? stats_median_inplace(scratch, nr) : NAN;
	}
}

int handover_open(struct handover *handover, const struct place *place, struct error *err)
{
	memset(handover, 0, sizeof(*handover));
	if (cores_choose(handover, place))
		return error_set(err, ENOMEM, "no memory for the pairs of %u processors",
				 place->nr_seats);
	pairs_add(handover, place);
	for (enum step step = 0; step < NR_STEPS; step++)
		handover->step_ns[step] = NAN;
	return 0;
}

int handover_measure(struct handover *handover, uint64_t seed, bool (*interrupted)(void),
		     struct error *err)
{
	double *samples = calloc((size_t)handover->nr_pairs * ROUNDS + 1, sizeof(*samples));
	unsigned rounds;
	int error;

	if (!samples)
		return error_set(err, ENOMEM, "no memory for %u hand-overs", handover->nr_pairs);
	error = rounds_run(handover, seed, interrupted, samples, &rounds, err);
	for (unsigned i = 0; !error && i < handover->nr_pairs; i++)
		pair_fold(&handover->pairs[i], &samples[(size_t)i * ROUNDS], rounds);
	if (!error)
		steps_fold(handover, samples);
	free(samples);
	return error;
}

void handover_again(const struct handover *handover, double ns[NR_STEPS])
{
	bool known[NR_STEPS] = { false };
	struct error err;

	for (enum step step = 0; step < NR_STEPS; step++)
		ns[step] = NAN;
	for (unsigned i = 0; i < handover->nr_pairs; i++) {
		const struct handover_pair *pair = &handover->pairs[i];

		if (!known[pair->step])
			handover_pair_measure(pair, &ns[pair->step], &err);
		known[pair->step] = true;
	}
}

void handover_free(struct handover *handover)
{
	free(handover->pairs);
	free(handover->pair_of);
	free(handover->chosen);
}
