/*
 * The time that a run may take, and a group in one of its launches.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_BUDGET_H
#define HARNESS_BUDGET_H

#include <stdint.h>

#include "options.h"
#include "plan.h"

/* Wall time for measuring, as asked or as the matrix needs. */
uint64_t budget_ns(const struct plan *plan, const struct options *options);

/* Time for the windows of one group in one launch. */
uint64_t budget_group_ns(const struct plan *plan, const struct options *options);

#endif
