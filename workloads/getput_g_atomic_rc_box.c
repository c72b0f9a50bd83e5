/*
 * g_atomic_rc_box in getput: glib's reference-counted box, got and put through its library.
 *
 * SPDX-License-Identifier: MIT
 *
 * A peer: the count stands in front of the box, whose type is the user's own. glib allocates boxes
 * itself, so they are not in the arena.
 */
#define NEEDS 0
#define NEEDS_CHURN 0
#define CELL_BYTES 32	/* in front of the box, on 64 bits */
#include "cell.h"

#if CELL_RUNS
#include <glib.h>

/* What is left to tell when the box is gone. */
struct object {
	struct box *box;
	unsigned released;
	bool released_early;	/* before the owner gave its own reference back */
};

/* Large enough to keep two counts off each other's pair of lines. */
struct box {
	struct object *object;
	char apart[2 * WORKLOAD_ALIGN];
};

struct getput {
	unsigned nr_objects;
	alignas(WORKLOAD_ALIGN) struct object objects[];
};

CELL_INLINE struct object *getput_object(struct getput *getput, unsigned i)
{
	return &getput->objects[i];
}

static __attribute__((cold, noinline)) void box_release(gpointer box)
{
	((struct box *)box)->object->released++;
}

CELL_INLINE void get_and_put(struct object *object)
{
	struct box *box = g_atomic_rc_box_acquire(object->box);

	g_atomic_rc_box_release_full(box, box_release);
}

#include "getput_loop.h"

static size_t box_bytes(const struct params *params)
{
	return sizeof(struct getput) + params->objects * sizeof(struct object);
}

static int box_setup(void *arena, const struct params *params)
{
	struct getput *getput = arena;

	getput->nr_objects = params->objects;
	for (unsigned i = 0; i < params->objects; i++) {
		struct box *box = g_atomic_rc_box_new(struct box);

		box->object = &getput->objects[i];
		getput->objects[i] = (struct object){ .box = box };
	}
	return 0;
}

static int box_enter(struct worker *worker)
{
	(void)worker;
	return 0;
}

static void box_leave(struct worker *worker)
{
	(void)worker;
}

/* A box that is gone already has nothing to give back. */
static int box_quiesce(void *arena)
{
	struct getput *getput = arena;

	for (unsigned i = 0; i < getput->nr_objects; i++) {
		struct object *object = &getput->objects[i];

		object->released_early = object->released;
		if (!object->released_early)
			g_atomic_rc_box_release_full(object->box, box_release);
	}
	return 0;
}

/* No call tells the count: more than the owner's own would have kept the box. */
static int box_verify(void *arena, uint64_t total_ops)
{
	struct getput *getput = arena;

	(void)total_ops;
	for (unsigned i = 0; i < getput->nr_objects; i++) {
		const struct object *object = &getput->objects[i];

		if (object->released_early || object->released != 1)
			return -EPROTO;
	}
	return 0;
}
#endif

CELL(.summary = "glib's box, acquired and released",
     .settings = 1 << SETTING_HELD, .min_workers = 1, .multiple = 1, .sweeps_work = true,
     .padded_only = true,
     CELL_OPS(.bytes = box_bytes, .setup = box_setup, .enter = box_enter, .run = getput_run,
	      .leave = box_leave, .quiesce = box_quiesce, .verify = box_verify));
