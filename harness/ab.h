/*
 * What a change does: each strategy against itself before it, from the same rounds. The change is variant b, or
 * with another commit as b, which is what there was before, what is here.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_AB_H
#define HARNESS_AB_H

#include <stdbool.h>
#include <stdio.h>

#include "error.h"

/*
 * Prints to out what ratios.csv in directory says of the pairs b and first variant; other_commit: b is the base.
 * Returns 1 where the change is called slower by more than fail_above (a fraction; NAN: no limit) in some pair, 2
 * where none was tested for it, 0 where all is well, or a negative errno with err set.
 */
int ab_print(const char *directory, bool other_commit, double fail_above, FILE *out, struct error *err);

#endif
