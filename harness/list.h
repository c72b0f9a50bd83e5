/*
 * Prints every cell and every hole with its reason, or the points of a plan.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_LIST_H
#define HARNESS_LIST_H

#include "../workloads/registry.h"
#include "plan.h"

/* To stdout: one line a cell and setting, workload+strategy. */
void list_cells(const struct registry *registry);

/* To stdout: one line a point, by the names that --filter is matched with. */
void list_points(const struct plan *plan);

#endif
