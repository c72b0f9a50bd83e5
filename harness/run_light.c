/*
 * The light program does not measure: it says so and for which variants, and run.sh
 * builds the one that does.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>

#include "launch.h"
#include "run.h"

int run_measure(const struct options *options, const struct registry *registry,
		const struct place *place, const struct plan *plan, const char *home,
		char **arguments)
{
	(void)registry;
	(void)place;
	(void)plan;
	(void)home;
	(void)arguments;
	for (unsigned i = 0; i < options->nr_variants; i++)
		printf("%s%s", i ? " " : "VARIANTS=", variant_name(options->variants[i]));
	return EXIT_NEEDS_CELLS;
}
