/*
 * How many turns of worker_work() a nanosecond takes.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_WORK_H
#define HARNESS_WORK_H

#include "clock.h"
#include "error.h"
#include "team.h"

/*
 * Measures it on all active members at once, since processors that share a core, or its power, are
 * slower together. *loops_per_ns is the median over members and repetitions. Returns 0, or -ENOMEM
 * with err set.
 */
int work_calibrate(struct team *team, const struct clock *clock, double *loops_per_ns,
		   struct error *err);

#endif
