/*
 * Makes summary.csv and ratios.csv of a run from its samples.csv.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_SUMMARISE_H
#define HARNESS_SUMMARISE_H

#include "error.h"
#include "tally.h"

/*
 * Reads dir/samples.csv and replaces dir/summary.csv and dir/ratios.csv, each at once: a reader
 * sees the old file or the new one. A torn last line and the round it belongs to are left out.
 * Memory grows with the launches and the pairs of points, not with the windows. Two calls on one folder at a
 * time are the caller's error (folder_hold()). crashed: names of points that are left out, up to a NULL; NULL: none.
 * tally: gets what was read, so that nobody reads it again; the caller hands in zeroes and calls
 * tally_free() in any case.
 *
 * Returns 0, or with err set -ENODATA (no windows), -EBADMSG (samples.csv is damaged), or another
 * negative errno of the files or of memory; then neither file was
 * replaced (both are written before the first gets its name).
 */
int summarise(const char *dir, const char *const *crashed, struct tally *tally, struct error *err);

#endif
