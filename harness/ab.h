/*
 * What variant b changes: each strategy against itself in the first variant, from the same rounds.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_AB_H
#define HARNESS_AB_H

#include <stdbool.h>
#include <stdio.h>

#include "error.h"

/*
 * Prints to out what ratios.csv in directory says of the pairs b and first variant. *slower: some
 * pair is called slower, by more than fail_above (a fraction; NAN: no limit). Returns 0, or a
 * negative errno with err set.
 */
int ab_print(const char *directory, double fail_above, FILE *out, bool *slower, struct error *err);

#endif
