/*
 * The profile command: where the time of one cell goes, and where that of two differs.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_PROFILE_H
#define HARNESS_PROFILE_H

#include "options.h"
#include "place.h"
#include "plan.h"

/*
 * Samples options->cells, prints what was found, writes a page into a folder of its own and prints its
 * path as the last line. Returns an exit code.
 */
int profile_run(const struct options *options, const struct place *place, const struct plan *plan,
		const char *home, char **arguments);

#endif
