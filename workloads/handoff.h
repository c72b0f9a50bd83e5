/*
 * Objects that one thread of a pair makes and hands to the other, and the account of them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef WORKLOADS_HANDOFF_H
#define WORKLOADS_HANDOFF_H

#include <urcu/compiler.h>

#include "pool.h"

struct my_data {
	struct pool_item item;
	struct kref refcount;
};

#define MY_DATA_BYTES ((sizeof(struct my_data) + WORKLOAD_ALIGN - 1) & ~(WORKLOAD_ALIGN - 1UL))

/*
 * Objects a maker's pool holds: more than its ring and the frees on their way back, and few enough
 * to stay in a cache of its own; where release comes late, the garbage of some polls too.
 */
#if KREF_CAPS & KREF_CAN_RELEASE_IN_PUT
#define HANDOFF_OBJECTS 512u
#else
#define HANDOFF_OBJECTS 16384u
#endif

static inline unsigned handoff_objects(const struct params *params)
{
	return params->use_malloc ? 0 : HANDOFF_OBJECTS;
}

static void data_release(struct kref *ref)
{
	struct my_data *data = caa_container_of(ref, struct my_data, refcount);

	pool_free(&data->item);
}

#endif
