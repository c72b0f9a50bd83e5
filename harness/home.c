/*
 * Binds memory to a NUMA node and asks the kernel where it is.
 *
 * SPDX-License-Identifier: MIT
 */
#include "home.h"

#include <errno.h>
#include <numa.h>
#include <numaif.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Nodes with memory that this process may use. */
static unsigned nodes_count(void)
{
	struct bitmask *nodes = numa_get_mems_allowed();
	const unsigned nr = nodes ? numa_bitmask_weight(nodes) : 0;

	if (nodes)
		numa_bitmask_free(nodes);
	return nr;
}

/* The allowed node farthest from this one, itself where there is no other. */
static int node_farthest(int from)
{
	struct bitmask *nodes = numa_get_mems_allowed();
	int farthest = from, most = 0;

	for (int node = 0; nodes && node <= numa_max_node(); node++) {
		if (node == from || !numa_bitmask_isbitset(nodes, (unsigned)node))
			continue;
		if (numa_distance(from, node) > most) {
			most = numa_distance(from, node);
			farthest = node;
		}
	}
	if (nodes)
		numa_bitmask_free(nodes);
	return farthest;
}

static int bind_to(void *memory, size_t bytes, int mode, const struct bitmask *nodes)
{
	/* The kernel takes one bit less than it is told of. */
	return mbind(memory, bytes, mode, nodes->maskp, nodes->size + 1, 0) ? -errno : 0;
}

static int bind_to_node(void *memory, size_t bytes, int mode, int node)
{
	struct bitmask *nodes = numa_allocate_nodemask();
	int error;

	if (!nodes)
		return -ENOMEM;
	numa_bitmask_setbit(nodes, (unsigned)node);
	error = bind_to(memory, bytes, mode, nodes);
	numa_bitmask_free(nodes);
	return error;
}

static int bind_interleaved(void *memory, size_t bytes)
{
	struct bitmask *nodes = numa_get_mems_allowed();
	int error;

	if (!nodes)
		return -ENOMEM;
	error = bind_to(memory, bytes, MPOL_INTERLEAVE, nodes);
	numa_bitmask_free(nodes);
	return error;
}

/* Binds a page of its own to where it may be anyhow, and asks for it. */
static const char *page_try(char *buffer, size_t bytes)
{
	const size_t size = (size_t)sysconf(_SC_PAGESIZE);
	void *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const char *absent = NULL;
	int error, node = -1;

	if (page == MAP_FAILED)
		return "no memory to ask for its node";
	error = bind_interleaved(page, size);
	*(volatile char *)page = 0;
	if (error) {
		snprintf(buffer, bytes, "mbind is not possible here: %s", strerror(-error));
		absent = buffer;
	} else if (move_pages(0, 1, &page, NULL, &node, 0)) {
		snprintf(buffer, bytes, "move_pages is not possible here: %s", strerror(errno));
		absent = buffer;
	} else if (node < 0) {
		absent = "the kernel does not tell the node of a page";
	}
	munmap(page, size);
	return absent;
}

const char *home_absent(char *buffer, size_t bytes)
{
	if (numa_available() < 0)
		return "the kernel has no NUMA, or forbids asking for it here";
	if (numa_num_configured_nodes() < 2)
		return "this machine has one NUMA node";
	if (nodes_count() < 2)
		return "this process may use the memory of one NUMA node only";
	return page_try(buffer, bytes);
}

int home_set(const struct home *home, void *memory, size_t bytes, int cpu, struct error *err)
{
	char buffer[128], name[32];
	int own, node, error;

	if (home_absent(buffer, sizeof(buffer)))
		return 0;
	own = numa_node_of_cpu(cpu);
	if (own < 0)
		return error_set(err, EIO, "processor %d is on no NUMA node", cpu);
	node = home->policy == HOME_NODE ? (int)home->node :
	       home->policy == HOME_REMOTE ? node_farthest(own) : own;
	if (home->policy == HOME_INTERLEAVE)
		error = bind_interleaved(memory, bytes);
	else	/* a node without memory, or a full one, is no reason not to measure as usual */
		error = bind_to_node(memory, bytes,
				     home->policy == HOME_LOCAL ? MPOL_PREFERRED : MPOL_BIND, node);
	return error ? error_set(err, -error, "--node %s: the objects cannot be on node %d: %s",
				 home_name(home, name, sizeof(name)), node, strerror(-error)) : 0;
}

static void nodes_write(const bool *seen, int nr_nodes, char *text, size_t size)
{
	size_t length = 0;

	for (int node = 0; node < nr_nodes; node++)
		if (seen[node] && length + 12 < size)
			length += (size_t)snprintf(text + length, size - length, "%s%d",
						   length ? "+" : "", node);
}

void home_read(const void *memory, size_t bytes, char *text, size_t size)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	const size_t nr = bytes / page < HOME_PAGES ? (bytes + page - 1) / page : HOME_PAGES;
	const int nr_nodes = numa_available() < 0 ? 0 : numa_max_node() + 1;
	void **pages = calloc(nr + 1, sizeof(*pages));
	int *nodes = calloc(nr + 1, sizeof(*nodes));
	bool *seen = calloc((size_t)nr_nodes + 1, sizeof(*seen));
	char buffer[128];

	*text = '\0';
	if (!pages || !nodes || !seen || home_absent(buffer, sizeof(buffer)))
		goto out;
	for (size_t i = 0; i < nr; i++)
		pages[i] = (char *)(uintptr_t)memory + i * page;
	if (move_pages(0, nr, pages, NULL, nodes, 0))
		goto out;
	for (size_t i = 0; i < nr; i++)	/* what is not there has -ENOENT */
		if (nodes[i] >= 0 && nodes[i] < nr_nodes)
			seen[nodes[i]] = true;
	nodes_write(seen, nr_nodes, text, size);
out:
	free(pages);
	free(nodes);
	free(seen);
}
