/*
 * What the time of an op goes to: the kinds, and the rules by which a sample is of one.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_PROFILE_SPLIT_H
#define HARNESS_PROFILE_SPLIT_H

#include "profile_spots.h"

enum profile_category {
	SPLIT_ATOMIC,		/* the atomic instructions of counting, and their waits */
	SPLIT_COUNT,		/* what else the strategy does */
	SPLIT_LOCK,
	SPLIT_RCU,
	SPLIT_MEMORY,
	SPLIT_WORKLOAD,
	SPLIT_HARNESS,
	SPLIT_KERNEL,
	SPLIT_UNKNOWN,
	/* No sample has these: what is not on a processor is not sampled. */
	SPLIT_ASLEEP,		/* where the kernel does not tell, both */
	SPLIT_PREEMPTED,
	NR_SPLIT
};

/* "the atomic instructions", "locks" and so on; arch-neutral words. */
const char *split_name(enum profile_category category);

/* By the rules, from the spot's frames, or its symbol and object where it has none. */
enum profile_category split_of(const struct spot *spot);

#endif
