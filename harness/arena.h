/*
 * The memory of a group's objects, on the NUMA node of its first processor.
 *
 * SPDX-License-Identifier: MIT
 *
 * One arena serves all cells of a group: separate allocations alone made two runs of one binary
 * differ.
 */
#ifndef HARNESS_ARENA_H
#define HARNESS_ARENA_H

#include <stddef.h>

#include "error.h"

struct arena {
	void *memory;
	size_t bytes;
	int node;	/* where its first page really is; -1: one node, or not told */
};

/* Returns 0, or -errno with err set. Pages are zero and not touched yet but for the first. */
int arena_open(struct arena *arena, size_t bytes, int cpu, struct error *err);

void arena_close(struct arena *arena);

#endif
