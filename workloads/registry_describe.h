/*
 * The generated tables behind the light program's registry, each ended by NULL.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef WORKLOADS_REGISTRY_DESCRIBE_H
#define WORKLOADS_REGISTRY_DESCRIBE_H

#include "describe.h"

extern const struct description *const registry_workloads[];
extern const struct strategy *const registry_strategies[];
/* The entries that come from files of their own, in place of a workload's with a strategy. */
extern const struct workload *const registry_own[];
extern const char registry_variant[];

#endif
