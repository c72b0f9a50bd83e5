/*
 * A run: check, launch, summarise, plot, report.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_RUN_H
#define HARNESS_RUN_H

#include <stdio.h>

#include "../workloads/registry.h"
#include "options.h"
#include "place.h"
#include "plan.h"
#include "tally.h"

/*
 * Measures the plan, or one launch of it where options->launch is set; prints what there is to say
 * and returns an exit code. The light program's version returns EXIT_NEEDS_CELLS.
 */
int run_measure(const struct options *options, const struct registry *registry,
		const struct place *place, const struct plan *plan, const char *home,
		char **arguments);

/*
 * Says on stderr where the last line of one of a folder's files was torn by a kill, which readers leave out, and
 * where whole launches are missing.
 */
void run_tell_torn(const char *directory);

/*
 * Keeps other processes from making a report in the folder meanwhile, and waits for one that does, which it says.
 * Where a folder cannot be locked nobody waits. run_let_go() takes what run_hold() returned.
 */
int run_hold(const char *directory);
void run_let_go(int held);

/*
 * Makes summary.csv and ratios.csv of a folder from its samples.csv. tally is zero before, and the caller's
 * to free in any case. Returns an exit code.
 */
int run_summarise(const char *directory, struct tally *tally);

/*
 * Figures and report of a folder that run_summarise() made this tally of; prints the path of the report to
 * out, as the last line.
 * brief: SVG only, for a run that was interrupted and must end at once. Returns an exit code.
 */
int run_report(const char *home, const char *directory, const struct tally *tally, bool brief, FILE *out);

/*
 * Lays the nr runs side by side in a folder of their own: chosen, or NULL for a new one under
 * home/results. Prints the path of the report as the last line. Returns an exit code.
 */
int run_beside(const char *home, const char *const *runs, size_t nr, const char *chosen);

/*
 * Prints how the run in the folder other differs from that in directory. Returns EXIT_SLOWER where
 * something is slower by more than fail_above (a fraction, NAN: no limit), or another exit code.
 */
int run_compare(const char *directory, const char *other, double fail_above);

#endif
