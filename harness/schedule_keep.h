/*
 * The state of a schedule in meta.json, for a run that goes on after it was killed.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_SCHEDULE_KEEP_H
#define HARNESS_SCHEDULE_KEEP_H

#include <jansson.h>

#include "schedule.h"

/* A new object, null without memory. */
json_t *schedule_keep(const struct schedule *schedule);

/*
 * Brings a schedule that was just opened to the state that was kept of one with the same plan and options.
 * Returns 0, -EBADMSG with err set where kept is not of such a one, or -ENOMEM with err set.
 */
int schedule_restore(struct schedule *schedule, const json_t *kept, struct error *err);

#endif
