/*
 * rcu_only beside queue_rcu: what its lookup costs without the count. liburcu's memb flavour.
 *
 * SPDX-License-Identifier: MIT
 */
#define CELL_RCU_MEMB
#define NEEDS 0
#define NEEDS_CHURN 0
/* Its owner needs no count either: the last put is his. */
#define CELL_REPLACE_HOLE NULL
#include "cell.h"

#if CELL_RUNS
#include "lookup_rcu.h"
#endif

CELL(.summary = "the lookup in a reader section, without a count",
     .settings = 1 << SETTING_HELD | 1 << SETTING_CHURN, .min_workers = 1, .multiple = 1,
     .replaces = true, .reclaim_period_ns = CALL_RCU_PERIOD_NS,
     CELL_OPS(QUEUE_DEFERRED_OPS(queue_deferred_enter, queue_run)));
