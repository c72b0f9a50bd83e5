/*
 * The processors that a test may use, for teams of any size.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_HARNESS_PROCESSORS_H
#define TESTS_HARNESS_PROCESSORS_H

#include <sched.h>
#include <stdlib.h>

/* Fills cpus[0..n) with the allowed processors, over and over; returns how many there are. */
static inline unsigned processors(int *cpus, unsigned n)
{
	const size_t bytes = CPU_ALLOC_SIZE(65536);
	cpu_set_t *set = CPU_ALLOC(65536);
	unsigned nr = 0;

	if (!set || sched_getaffinity(0, bytes, set))
		abort();
	for (int cpu = 0; cpu < 65536 && nr < n; cpu++)
		if (CPU_ISSET_S(cpu, bytes, set))
			cpus[nr++] = cpu;
	CPU_FREE(set);
	for (unsigned i = nr; i < n; i++)
		cpus[i] = cpus[i - nr];
	return nr;
}

#endif
