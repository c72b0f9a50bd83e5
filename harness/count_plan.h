/*
 * What a launch counts: which events, in which groups, and why the others are absent.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_COUNT_PLAN_H
#define HARNESS_COUNT_PLAN_H

#include "count.h"
#include "count_absence.h"
#include "error.h"
#include "options.h"

/*
 * The counters of the suite and those that the options name, as far as libpfm4 knows them here and the
 * kernel opens them. Returns 0; -EINVAL with err set where an option names what libpfm4 does not know on
 * this machine, whose events it knows.
 */
int count_plan_make(struct count_plan *plan, const struct options *options, struct error *err);

/* The suite's names and the kernel's generic events; those of the processor are absent still. */
void count_plan_init(struct count_plan *plan);

/*
 * Opens each event that has no absence on the calling thread, tells why it cannot, and puts those that it
 * can into groups which the kernel takes as a whole.
 */
void count_plan_probe(struct count_plan *plan, const struct count_scene *scene);

/* Opens cycles to see whether there is a PMU; first in a process of its own, which a filter may kill. */
void count_plan_look(struct count_plan *plan, struct count_scene *scene);

#endif
