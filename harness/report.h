/*
 * The report of a run: report.html and report.md in its folder.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_REPORT_H
#define HARNESS_REPORT_H

#include "error.h"

/*
 * Writes both from the folder's files, with those figures in dir/plots/ that figures_draw() has
 * left; without figures it says that they are missing. report.html needs no network; other formats
 * of the figures are relative links. A file that stands there already is replaced at the end, or
 * stays.
 *
 * Returns 0; -EBADMSG with err set for a damaged folder, or another negative errno.
 */
int report_write(const char *dir, struct error *err);

/* The same without any figure, for a dir/plots/ that may hold those of others. */
int report_write_bare(const char *dir, struct error *err);

#endif
