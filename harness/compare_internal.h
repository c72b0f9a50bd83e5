/*
 * What the files that compare two runs share with each other only.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_COMPARE_INTERNAL_H
#define HARNESS_COMPARE_INTERNAL_H

#include "compare.h"

/* Reads both runs and makes the rows, of points with their samples. As compare_runs(). */
int compare_align(struct compare *compare, const char *a, const char *b, struct error *err);

/* Room for a sample of each launch of both runs, all NAN. NULL without memory. */
double *compare_samples_new(const struct compare *compare);

/* The median of those samples that are there, NAN where none is; scratch has room for nr. */
double compare_median(const double *samples, size_t nr, double *scratch);

int compare_no_memory(struct error *err);

#endif
