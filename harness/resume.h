/*
 * A run that was killed goes on: what it has to meet again, and where it goes on.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_RESUME_H
#define HARNESS_RESUME_H

#include <jansson.h>

#include "cut.h"
#include "error.h"
#include "meta.h"
#include "options.h"
#include "orders.h"
#include "place.h"

/*
 * Loads meta.json of a run that can go on, or has only its report to come. Returns 0, or with err set -EALREADY
 * where it is complete, -EPERM where it is another user's, -EBADMSG where it is void, of an earlier krefbench or
 * damaged, another -errno. *meta is the caller's to free, or NULL.
 */
int resume_load(json_t **meta, const char *directory, struct error *err);

/*
 * Prints for run.sh what was typed to begin the run in directory, as words of a shell's `set`; words, up to a
 * NULL, are what was typed now, nothing or the same. Returns an exit code.
 */
int resume_tell(const char *directory, char *const *words);

/*
 * Sees that options->resumed was begun with these arguments of the program and takes its seed. Returns 0, or
 * -errno with err set.
 */
int resume_options(struct options *options, char *const *arguments, struct error *err);

/*
 * Sees that the run in directory, which this process has locked, was begun on this machine by this program;
 * then brings meta, with schedule and orders as they are opened, to where it was, makes the cut and says on
 * stderr where it is. Returns 0, or -errno with err set; cut_free() in all cases.
 */
int resume_begin(const char *directory, const struct options *options, struct meta *meta,
		 struct schedule *schedule, struct orders *orders, struct cut *cut,
		 struct error *err);

/*
 * The launches' values of the points, of [launch][point], from samples.csv. Returns 0, or -errno with err
 * set.
 */
int resume_values(const char *directory, const struct schedule *schedule, double *values,
		  struct error *err);

#endif
