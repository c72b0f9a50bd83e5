/*
 * The loop of getput around one op: for its strategies and its peers, in C and C++.
 *
 * SPDX-License-Identifier: MIT
 *
 * The file defines struct getput with nr_objects, getput_object(getput, i), its i-th object, and
 * get_and_put(object), the op.
 */
#ifndef WORKLOADS_GETPUT_LOOP_H
#define WORKLOADS_GETPUT_LOOP_H

/*
 * choose and work are constants: each case becomes a loop of its own, the bare one without either.
 */
CELL_INLINE uint64_t getput_loop(struct worker *worker, uint64_t nr_ops, bool choose, bool work)
{
	const uint64_t work_loops = worker->params->work_loops;
	struct getput *getput = (struct getput *)worker->arena;
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
