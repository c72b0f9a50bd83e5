/*
 * The memory of a group's objects.
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
#include "home.h"

struct arena {
	void *memory;	/* NULL: not open */
	size_t bytes;
};

/*
 * Maps bytes of zeros, homed as seen from the first worker's processor. Returns 0, or -errno with err set.
 * No page is there before it is touched.
 */
int arena_open(struct arena *arena, size_t bytes, const struct home *home, int cpu, struct error *err);

void arena_close(struct arena *arena);

#endif
