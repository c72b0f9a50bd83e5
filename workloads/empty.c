/*
 * The empty cell: a batch without a workload, so that the harness's own cost stands in each round.
 *
 * SPDX-License-Identifier: MIT
 *
 * Compiled once for each workload. One batch is one op: its ns_per_op is what a batch costs.
 */
#define NEEDS 0
#define NEEDS_CHURN 0
#include "cell.h"

static size_t empty_bytes(const struct params *params)
{
	(void)params;
	return 0;
}

static int empty_setup(void *arena, const struct params *params)
{
	(void)arena;
	(void)params;
	return 0;
}

static int empty_enter(struct worker *worker)
{
	(void)worker;
	return 0;
}

static uint64_t empty_run(struct worker *worker, uint64_t nr_ops)
{
	(void)worker;
	(void)nr_ops;
	return 1;
}

static void empty_leave(struct worker *worker)
{
	(void)worker;
}

static int empty_quiesce(void *arena)
{
	(void)arena;
	return 0;
}

static int empty_verify(void *arena, uint64_t total_ops)
{
	(void)arena;
	(void)total_ops;
	return 0;
}

CELL(.summary = "what the harness adds to each batch",
     .settings = 1 << SETTING_HELD | 1 << SETTING_CHURN, .min_workers = 1, .multiple = 1,
     CELL_OPS(.bytes = empty_bytes, .setup = empty_setup, .enter = empty_enter, .run = empty_run,
	      .leave = empty_leave, .quiesce = empty_quiesce, .verify = empty_verify));
