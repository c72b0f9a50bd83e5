/*
 * Maps an arena and homes it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "arena.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

int arena_open(struct arena *arena, size_t bytes, const struct home *home, int cpu, struct error *err)
{
	int error;

	arena->bytes = bytes ? bytes : 1;
	/* NORESERVE: pools for deferred frees are sized for the worst and mostly never touched. */
	arena->memory = mmap(NULL, arena->bytes, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (arena->memory == MAP_FAILED) {
		arena->memory = NULL;
		return error_set(err, errno, "no memory for the objects (%zu bytes): %s", bytes,
				 strerror(errno));
	}
	error = home_set(home, arena->memory, arena->bytes, cpu, err);
	if (error)
		arena_close(arena);
	return error;
}

void arena_close(struct arena *arena)
{
	munmap(arena->memory, arena->bytes);
	arena->memory = NULL;
}
