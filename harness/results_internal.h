/*
 * What the files that make up struct results share with each other only.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_RESULTS_INTERNAL_H
#define HARNESS_RESULTS_INTERNAL_H

#include "results.h"

/* A set of texts: equal texts are one pointer. add returns NULL without memory; free takes NULL. */
struct results_texts *results_texts_new(void);
const char *results_texts_add(struct results_texts *texts, const char *text);
void results_texts_free(struct results_texts *texts);

/* Sorts the rows and builds groups, series and variants from them. Returns 0 or -ENOMEM. */
int results_group(struct results *results);

#endif
