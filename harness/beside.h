/*
 * Several runs side by side, of several machines or of several days: figures, report.html and report.md
 * in a folder of their own. The runs' folders are only read.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_BESIDE_H
#define HARNESS_BESIDE_H

#include <stddef.h>

#include "error.h"
#include "facts.h"

#define BESIDE_MOST FACTS_MOST

struct beside;

/*
 * Loads nr folders, 2 to BESIDE_MOST, and finds what they have in common; the names must outlive *beside.
 * Returns 0; -EINVAL for a folder given twice and for a void run; -EBADMSG, -ENOENT or -ENOTDIR for one that is
 * no run's, or not one that this program reads; another negative errno. err is set then, and *beside is
 * NULL.
 */
int beside_load(struct beside **beside, const char *const *dirs, size_t nr, struct error *err);
void beside_free(struct beside *beside);

/* Whether dir is the folder of one of the runs. */
bool beside_holds(const struct beside *beside, const char *dir);

/*
 * Draws its figures into out/plots/ with the project's scripts, those of before taken away; errors as
 * figures_draw(). out must outlive *beside.
 */
int beside_draw(struct beside *beside, const char *out, const char *scripts, struct error *err);

/* Writes out/report.html and out/report.md, with those figures that beside_draw() has drawn there. 0 or a negative errno. */
int beside_write(const struct beside *beside, const char *out, struct error *err);

#endif
