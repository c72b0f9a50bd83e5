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

/*
 * choose and work are constants: each case becomes a loop of its own, the bare one without either.
 */
CELL_INLINE uint64_t getput_loop(struct worker *worker, uint64_t nr_ops, bool choose, bool work)
{
	const uint64_t work_loops = worker->params->work_loops;
	struct getput *getput = worker->arena;
	const unsigned nr_objects = getput->nr_objects;
	struct object *object = getput_object(getput, 0);

	for (uint64_t i = 0; i < nr_ops; i++) {
		if (choose)
			object = getput_object(getput, worker_random(worker, nr_objects));
		get_and_put(object);
		if (work)
			worker_work(work_loops);
	}
	return nr_ops;
}

CELL_INLINE uint64_t getput_turn(struct worker *worker, uint64_t nr_ops)
{
	const bool work = worker->params->work_loops;

	if (worker->params->objects > 1)
		return getput_loop(worker, nr_ops, true, work);
	if (work)
		return getput_loop(worker, nr_ops, false, true);
	return getput_loop(worker, nr_ops, false, false);
}

static uint64_t getput_run(struct worker *worker, uint64_t nr_ops)
{
	const uint64_t ops = cell_turns(worker, nr_ops, getput_turn);

	worker->retries = cell_retries;
	return ops;
}
#endif

CELL(.summary = "every worker gets and puts one shared object (rules 1 and 2)",
     .settings = 1 << SETTING_HELD, .min_workers = 1, .multiple = 1, .sweeps_work = true,
     CELL_OPS(GETPUT_OPS(getput_run)));
