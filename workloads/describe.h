/*
 * What a strategy can do against what a workload needs: holes, kinds and limits.
 *
 * SPDX-License-Identifier: MIT
 *
 * Macros, since they initialise the const table entries. The KREF_CAN_ bits are those of kref.h.
 */
#ifndef WORKLOADS_DESCRIBE_H
#define WORKLOADS_DESCRIBE_H

#include "workload.h"

struct strategy {
	const char *name;
	enum cell_kind kind;
	unsigned caps;
	const char *hole;	/* why it cannot be compiled here, or NULL */
};

struct description {
	struct workload workload;
	unsigned needs[NR_SETTINGS], needs_replace;
};

#define STRATEGY_LACKS(needs, caps, bit) ((needs) & ~(caps) & (bit))

/* The reason why needs are not met by caps, or NULL where they are; own: the strategy's KREF_HOLE. */
#define strategy_hole(needs, caps, own)						\
	((own) ? (own) :							\
	 STRATEGY_LACKS(needs, caps, KREF_CAN_SHARE) ?				\
		"the strategy is safe for one thread only" :			\
	 STRATEGY_LACKS(needs, caps, KREF_CAN_RELEASE) ?			\
		"the strategy never frees" :					\
	 STRATEGY_LACKS(needs, caps, KREF_CAN_RETURN) ?				\
		"kref_put of the strategy returns nothing" :			\
	 STRATEGY_LACKS(needs, caps, KREF_CAN_GET_UNLESS_ZERO) ?		\
		"the strategy has no kref_get_unless_zero" :			\
	 STRATEGY_LACKS(needs, caps, KREF_CAN_PUT_LOCKED) ?			\
		"the strategy has no put that takes a lock" :			\
	 STRATEGY_LACKS(needs, caps, KREF_CAN_END_BY_PUT) ?			\
		"the strategy sees the last put only after a kill by the owner" : \
	 STRATEGY_LACKS(needs, caps, KREF_CAN_RELEASE_IN_PUT) ?			\
		"the strategy releases later than in the last put" :		\
	 STRATEGY_LACKS(needs, caps, KREF_CAN_FREE_AT_ONCE) ?			\
		"the strategy's objects may be freed only after a grace period" : \
	 STRATEGY_LACKS(needs, caps, KREF_CAN_HAND_OVER) ?			\
		"a reference of the strategy is put by the thread that took it" : NULL)

#define strategy_kind(caps) \
	(STRATEGY_LACKS(KREF_CAN_RELEASE | KREF_CAN_SHARE, caps, ~0u) ? CELL_FLOOR :	\
	 (caps) & KREF_FINDS_BUGS ? CELL_AID : CELL_CANDIDATE)

/* The kind of what is being compiled, with KREF_CAPS; the build says what is no strategy. */
#if defined(CELL_IS_CONTROL)
#define CELL_KIND CELL_CONTROL
#elif defined(CELL_IS_FLOOR)
#define CELL_KIND CELL_FLOOR
#elif defined(CELL_IS_PEER)
#define CELL_KIND CELL_PEER
#else
#define CELL_KIND strategy_kind(KREF_CAPS)
#endif

#define strategy_max_workers(caps) ((caps) & KREF_CAN_SHARE ? 0 : 1)

#endif
