/*
 * The objects of getput: shared by every worker, each held by its owner throughout.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef WORKLOADS_GETPUT_H
#define WORKLOADS_GETPUT_H

#include <errno.h>
#include <stdalign.h>

struct object {
	alignas(WORKLOAD_ALIGN) struct kref refcount;
	unsigned released;
	unsigned left;		/* the count when every worker had left: the owner's 1 */
};

struct getput {
	unsigned nr_objects;
	alignas(WORKLOAD_ALIGN) struct object objects[];
};

CELL_INLINE struct object *getput_object(struct getput *getput, unsigned i)
{
	return &getput->objects[i];
}

static __attribute__((cold, noinline)) void object_release(struct kref *kref)
{
	((struct object *)kref)->released++;
}

static size_t getput_bytes(const struct params *params)
{
	return sizeof(struct getput) + params->objects * sizeof(struct object);
}

static int getput_setup(void *arena, const struct params *params)
{
	struct getput *getput = arena;
	int err = cell_thread_enter(CELL_OWNER);

	if (err)
		return err;
	getput->nr_objects = params->objects;
	for (unsigned i = 0; i < params->objects; i++) {
		kref_init(&getput->objects[i].refcount);
		getput->objects[i].released = 0;
	}
	cell_thread_leave();
	return 0;
}

static int getput_enter(struct worker *worker)
{
	cell_retries = 0;
	return cell_thread_enter(worker->index);
}

static void getput_leave(struct worker *worker)
{
	(void)worker;
	cell_thread_leave();
}

static int getput_quiesce(void *arena)
{
	struct getput *getput = arena;
	int err = cell_thread_enter(CELL_OWNER);

	if (err)
		return err;
	for (unsigned i = 0; i < getput->nr_objects; i++) {
		struct object *object = &getput->objects[i];

		object->left = kref_read(&object->refcount);
		kref_kill(&object->refcount, object_release);
	}
	cell_thread_leave();
	cell_quiesce();
	return 0;
}

static int getput_verify(void *arena, uint64_t total_ops)
{
	const unsigned last_put_seen = KREF_CAPS & KREF_CAN_RELEASE ? 1 : 0;
	struct getput *getput = arena;

	(void)total_ops;	/* as many gets as puts: the count left says it */
	for (unsigned i = 0; i < getput->nr_objects; i++) {
		const struct object *object = &getput->objects[i];

		if (object->left != 1 || object->released != last_put_seen)
			return -EPROTO;
	}
	return 0;
}

#define GETPUT_OPS(run_function)						\
	.bytes = getput_bytes, .setup = getput_setup, .enter = getput_enter,	\
	.run = run_function, .leave = getput_leave, .quiesce = getput_quiesce,	\
	.verify = getput_verify

#endif
