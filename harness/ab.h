/*
 * What variant b changes: each strategy against itself in the first variant, from the same rounds.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_AB_H
#define HARNESS_AB_H

#include <stdio.h>

#include "error.h"

/*
 * Prints to out what ratios.csv in directory says of the pairs b and first variant. Returns 1 where some
 * pair is called slower by more than fail_above (a fraction; NAN: no limit), 2 where none was tested
 * for it, 0 where all is well, or a negative errno with err set.
 */
int ab_print(const char *directory, double fail_above, FILE *out, struct error *err);

#endif
