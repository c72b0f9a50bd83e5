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

/* Reads meta.json into results->meta. Returns 0 or a negative errno with err set. */
int results_meta_load(struct results *results, const char *dir, struct error *err);

/* Sorts the rows and builds groups, series and variants from them. Returns 0 or -ENOMEM. */
int results_group(struct results *results);

#endif
