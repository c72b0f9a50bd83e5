/*
 * Objects that one thread of a pair makes and hands to the other, and the account of them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef WORKLOADS_HANDOFF_H
#define WORKLOADS_HANDOFF_H

#include <urcu/compiler.h>

#if CELL_RELEASES_LATE
#define POOL_DEFERS 1
#define HANDOFF_GARBAGE(function) (function)
#else
#define HANDOFF_GARBAGE(function) NULL
#endif
#include "field.h"
#include "pool.h"

struct my_data {
	struct pool_item item;
	CELL_KREF_ALIGNED struct kref refcount;
};

static inline size_t handoff_stride(const struct params *params)
{
	return params_stride(params, sizeof(struct my_data));
}

/*
 * Objects a maker's pool holds: more than its ring and the frees on their way back, and few enough
 * to stay in a cache of its own; where release comes late, the garbage of some polls too.
 */
#if CELL_RELEASES_LATE
#define HANDOFF_OBJECTS 16384u
#else
#define HANDOFF_OBJECTS 512u
#endif

static inline unsigned handoff_objects(const struct params *params)
{
	return params->use_malloc ? 0 : HANDOFF_OBJECTS;
}

/* Which of the objects, and what of it, at so many bytes behind the first. */
static bool handoff_object_field(const struct params *params, size_t at, char *text, size_t bytes)
{
	static const struct field fields[] = {
		FIELD(struct my_data, item), FIELD(struct my_data, refcount),
	};
	const size_t stride = handoff_stride(params);

	return FIELD_NAME(fields, "object", at / stride, at % stride, text, bytes);
}

static void data_release(struct kref *ref)
{
	struct my_data *data = caa_container_of(ref, struct my_data, refcount);

	pool_free(&data->item);
}

#endif
