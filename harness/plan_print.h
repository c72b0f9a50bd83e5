/*
 * The plan command: which processors each placement gives to how many threads, and what a run would
 * measure.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_PLAN_PRINT_H
#define HARNESS_PLAN_PRINT_H

#include <stdio.h>

#include "plan.h"

/*
 * Prints the chosen placements, or all that there are where none was chosen, and then the sums of the
 * plan. Measures nothing and binds nothing. Returns 0, or -ENOMEM with err set.
 */
int plan_print(const struct plan *plan, const struct options *options, const struct place *place,
	       FILE *out, struct error *err);

#endif
