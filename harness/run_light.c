/*
 * The light program does not measure: it says so, and run.sh builds the one that does.
 *
 * SPDX-License-Identifier: MIT
 */
#include "launch.h"
#include "run.h"

int run_measure(const struct options *options, const struct registry *registry,
		const struct place *place, const struct plan *plan, const char *home,
		char **arguments)
{
	(void)options;
	(void)registry;
	(void)place;
	(void)plan;
	(void)home;
	(void)arguments;
	return EXIT_NEEDS_CELLS;
}
