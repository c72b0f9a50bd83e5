/*
 * Prints every cell and every hole with its reason.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_LIST_H
#define HARNESS_LIST_H

#include "../workloads/registry.h"

/* To stdout: one line a cell and setting, workload+strategy@variant. */
void list_print(const struct registry *registry);

#endif
