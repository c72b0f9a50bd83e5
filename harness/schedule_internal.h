/*
 * What a look at the samples is made of: how well the points are known, and which need more launches.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_SCHEDULE_INTERNAL_H
#define HARNESS_SCHEDULE_INTERNAL_H

#include "schedule.h"

/*
 * Reads the samples in directory and gives the points that have as many launches as a look is after their widths.
 * Returns 0, or a negative errno with err set.
 */
int schedule_judge(struct schedule *schedule, const char *directory, struct error *err);

/*
 * By the points' widths: those that may get precise are measured next; where there are none, those that are
 * nearest to it. The baseline and the A/A control of their groups come along.
 */
void schedule_choose(struct schedule *schedule);

/*
 * How many launches of what is measured there are up to the next look at one of the points that are open, or up
 * to the most of all.
 */
unsigned schedule_launches_to_look(const struct schedule *schedule);

#endif
