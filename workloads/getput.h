/*
 * The objects of getput: shared by every worker, each held by its owner throughout.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef WORKLOADS_GETPUT_H
#define WORKLOADS_GETPUT_H

#include <errno.h>
#include <stdalign.h>

#include "field.h"

struct object {
	struct kref refcount;
	unsigned released;
	unsigned left;		/* the count when every worker had left: the owner's 1 */
};

struct getput {
	unsigned nr_objects;
	size_t stride;
	struct garbage kills;
	alignas(WORKLOAD_ALIGN) char objects[];
};

CELL_INLINE struct object *getput_object(struct getput *getput, unsigned index)
{
	return (struct object *)(getput->objects + index * getput->stride);
}

static __attribute__((cold, noinline)) void object_release(struct kref *kref)
{
	((struct object *)kref)->released++;
}

static size_t getput_bytes(const struct params *params)
{
	return sizeof(struct getput) +
	       params->objects * params_stride(params, sizeof(struct object));
}

static int getput_setup(void *arena, const struct params *params)
{
	struct getput *getput = arena;
	int err = cell_thread_enter(CELL_OWNER);

	if (err)
		return err;
	getput->nr_objects = params->objects;
	getput->stride = params_stride(params, sizeof(struct object));
	getput->kills = (struct garbage){ .objects = 0 };
	for (unsigned i = 0; i < params->objects; i++) {
		struct object *object = getput_object(getput, i);

		kref_init(&object->refcount);
		object->released = 0;
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
		struct object *object = getput_object(getput, i);

		object->left = kref_read(&object->refcount);
		cell_kill(&object->refcount, object_release, &getput->kills);
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
		const struct object *object = getput_object(getput, i);

		if (object->left != 1 || object->released != last_put_seen)
			return -EPROTO;
	}
	return 0;
}

static __attribute__((unused)) void getput_garbage(void *arena, struct garbage *garbage)
{
	*garbage = ((struct getput *)arena)->kills;
}

static bool getput_field(const struct params *params, size_t offset, char *text, size_t bytes)
{
	static const struct field fields[] = {
		FIELD(struct object, refcount), FIELD(struct object, released),
		FIELD(struct object, left),
	};
	const size_t stride = params_stride(params, sizeof(struct object));
	const size_t head = offsetof(struct getput, objects);

	return offset >= head && FIELD_NAME(fields, "object", (offset - head) / stride,
					    (offset - head) % stride, text, bytes);
}

#if KREF_CAPS & KREF_CAN_END_BY_PUT
#define GETPUT_GARBAGE NULL
#else
#define GETPUT_GARBAGE getput_garbage
#endif

#define GETPUT_OPS(run_function)						\
	.bytes = getput_bytes, .setup = getput_setup, .enter = getput_enter,	\
	.run = (run_function), .leave = getput_leave, .quiesce = getput_quiesce,	\
	.verify = getput_verify, .garbage = GETPUT_GARBAGE, .field = getput_field

#endif
