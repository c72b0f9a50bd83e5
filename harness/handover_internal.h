/*
 * One measurement of a hand-over; for harness/handover*.c only.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_HANDOVER_INTERNAL_H
#define HARNESS_HANDOVER_INTERNAL_H

#include "handover.h"

/*
 * Sets *ns to the median of the batches between the pair's processors, NAN where an answer did not come.
 * Returns 0, or a negative errno with err set where there can be no thread on one of them.
 */
int handover_pair_measure(const struct handover_pair *pair, double *ns, struct error *err);

#endif
