/*
 * getput: rules 1 and 2 of the kref document. Every worker holds a valid pointer, gets and puts.
 *
 * SPDX-License-Identifier: MIT
 */
#define NEEDS 0
#define NEEDS_CHURN 0
#include "cell.h"

#if CELL_RUNS
#include "getput.h"

CELL_INLINE void get_and_put(struct object *object)
{
	kref_get(&object->refcount);
	(void)kref_put(&object->refcount, object_release);
}

#include "getput_loop.h"
#endif

CELL(.summary = "every worker gets and puts one shared object (rules 1 and 2)",
     .settings = 1 << SETTING_HELD, .min_workers = 1, .multiple = 1, .sweeps_work = true,
     CELL_OPS(GETPUT_OPS(getput_run)));
