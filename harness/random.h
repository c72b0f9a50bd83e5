/*
 * SplitMix64: the order of a round, and the seeds of the workers' generators; the same on any machine.
 *
 * SPDX-License-Identifier: MIT
 *
 * Source: Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014.
 */
#ifndef HARNESS_RANDOM_H
#define HARNESS_RANDOM_H

#include <stdint.h>

/* The next number of *state; neighbouring states give numbers that have nothing in common. */
static inline uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

/* Fisher and Yates. */
static inline void random_shuffle(unsigned *order, unsigned n, uint64_t *state)
{
	for (unsigned i = n; i > 1; i--) {
		const unsigned other = (unsigned)(random_next(state) % i);
		const unsigned swap = order[i - 1];

		order[i - 1] = order[other];
		order[other] = swap;
	}
}

/* The shuffles of a group depend on the run's seed, the launch (from 1) and the group (in the plan) alone. */
static inline uint64_t random_group_seed(uint64_t seed, unsigned launch, unsigned group)
{
	return seed * 1000003 + launch * 65537ull + group;
}

/* The next round of a group, whose seed *state was at first: the order of its n windows, then the seed of each. */
static inline void random_round(unsigned *order, uint64_t *seeds, unsigned n, uint64_t *state)
{
	random_shuffle(order, n, state);
	for (unsigned i = 0; i < n; i++)
		seeds[i] = random_next(state);
}

#endif
