/*
 * The list of all cells, generated from the two lists in the Makefile.
 *
 * SPDX-License-Identifier: MIT
 *
 * Two programs link it. The measuring one has the cells themselves; the light one describes them
 * (names, holes, limits, no operations), so that it answers without building them.
 */
#ifndef WORKLOADS_REGISTRY_H
#define WORKLOADS_REGISTRY_H

#include "workload.h"

struct registry {
	const struct workload *const *cells;
	unsigned nr_cells;
};

/*
 * variants: names, ended by NULL, of those that the light program is to describe; NULL: the one it
 * was built with. The measuring one has those that are linked. Returns 0, or -ENOMEM. The cells stay
 * valid for the program's life.
 */
int registry_open(struct registry *registry, const char *const *variants);

#endif
