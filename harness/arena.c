/*
 * Maps an arena, asks for its node and reads back which it got.
 *
 * SPDX-License-Identifier: MIT
 */
#include "arena.h"

#include <errno.h>
#include <numa.h>
#include <numaif.h>
#include <string.h>
#include <sys/mman.h>

/* The node of the arena's first page as the kernel tells it, or -1. */
static int arena_node(const struct arena *arena)
{
	void *page = arena->memory;
	int node = -1;

	if (numa_available() < 0 || numa_num_configured_nodes() < 2)
		return -1;
	return move_pages(0, 1, &page, NULL, &node, 0) || node < 0 ? -1 : node;
}

int arena_open(struct arena *arena, size_t bytes, int cpu, struct error *err)
{
	int node;

	arena->bytes = bytes ? bytes : 1;
	/* NORESERVE: pools for deferred frees are sized for the worst and mostly never touched. */
	arena->memory = mmap(NULL, arena->bytes, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (arena->memory == MAP_FAILED)
		return error_set(err, errno, "no memory for the objects (%zu bytes): %s", bytes,
				 strerror(errno));
	node = numa_available() < 0 ? -1 : numa_node_of_cpu(cpu);
	if (node >= 0)
		numa_tonode_memory(arena->memory, arena->bytes, node);
	*(volatile char *)arena->memory = 0;
	arena->node = arena_node(arena);
	return 0;
}

void arena_close(struct arena *arena)
{
	munmap(arena->memory, arena->bytes);
}
