/*
 * The one point that a profile is of: a cell by its name, and how it is run.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_PROFILE_POINT_H
#define HARNESS_PROFILE_POINT_H

#include "../workloads/registry.h"
#include "error.h"
#include "options.h"
#include "place.h"
#include "plan.h"

/*
 * Sees that options->cells are cells that can run as the options ask, and fills in what they leave
 * open: all processors of the placement, as far as the cells can use them, and no work between two
 * ops. Then a plan of these options has the points. Returns 0, or -EINVAL with err naming what is
 * wrong: no such cell and which are near, a hole and its reason, a list where one value is meant.
 */
int profile_point_choose(struct options *options, const struct registry *registry,
			 const struct place *place, struct error *err);

/*
 * Of options that were chosen so, in their plan: a group with the cell number index alone. The group's
 * cells are cell, which must outlive it. Returns 0, or -EINVAL with err set.
 */
int profile_point_find(const struct options *options, const struct plan *plan, unsigned index,
		       struct group *group, const struct workload **cell, struct error *err);

#endif
