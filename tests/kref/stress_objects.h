/*
 * The objects of the stress test, and the account of each by its id.
 *
 * SPDX-License-Identifier: MIT
 *
 * Malloc()ed and free()d, so that ASan sees a use after free; all that a holder writes is plain
 * memory, so that TSan sees a put that does not order it before the release.
 */
#ifndef TESTS_KREF_STRESS_OBJECTS_H
#define TESTS_KREF_STRESS_OBJECTS_H

#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "kref/kref.h"
#if !(KREF_CAPS & KREF_CAN_FREE_AT_ONCE)
#include "kref/rcu.h"
#endif

/* More than two, so that a put can meet a get and another put; few enough for a small machine. */
#define NR_WORKERS 4

#define ALIVE 0xa11fe000u
#define POISON 0xdeadbeefu

struct object {
	/* Not first: release has to find the object by its kref. */
	unsigned alive;
	struct kref kref;
	unsigned id;
	struct object *next;	/* in a list of garbage */
	/* Each holder's own mark, written before its put and read by release. */
	unsigned marks[NR_WORKERS];
};

static unsigned nr_objects;
/*
 * By object id: the object while it can be found, who came to look, how often it was released.
 * Relaxed, where not said otherwise: the mutex or the join orders what they stand for.
 */
static struct object *_Atomic *published;
static atomic_uint *arrived;
static atomic_uint *released;
static const char *phase_name = "start";

static void fail(const char *what, unsigned id)
{
	fprintf(stderr, "%s: %s: object %u: %s\n", STRATEGY_NAME, phase_name, id, what);
	/* The other workers still run: no exit handlers under their feet. */
	_Exit(1);
}

static struct object *object_new(unsigned id)
{
	struct object *object = (struct object *)calloc(1, sizeof(*object));

	if (!object)
		fail("out of memory", id);
	object->alive = ALIVE;
	object->id = id;
	kref_init(&object->kref);
	return object;
}

static struct object *object_of(struct kref *kref)
{
	return (struct object *)((char *)kref - offsetof(struct object, kref));
}

static void object_check(const struct object *object, unsigned id)
{
	if (object->alive != ALIVE || object->id != id)
		fail("used after its release", id);
}

/* All that a release does but the free. */
static void object_end(struct object *object)
{
	if (object->alive != ALIVE)
		fail("released twice", object->id);
	atomic_fetch_add_explicit(&released[object->id], 1, memory_order_relaxed);
	object->alive = POISON;
}

#if KREF_CAPS & KREF_CAN_FREE_AT_ONCE

/* Frees what a lookup may have met while it was released; unused where there are none. */
static __attribute__((unused)) void object_free_late(struct object *object)
{
	free(object);
}

static void free_garbage(void)
{
}

#else

/* One grace period for this many objects: each would make the test slow. */
#define GARBAGE_MAX 500

static _Thread_local struct object *garbage;
static _Thread_local unsigned nr_garbage;

static void free_garbage(void)
{
	kref_rcu_synchronize();
	while (garbage) {
		struct object *object = garbage;

		garbage = object->next;
		free(object);
	}
	nr_garbage = 0;
}

static __attribute__((unused)) void object_free_late(struct object *object)
{
	object->next = garbage;
	garbage = object;
	if (++nr_garbage == GARBAGE_MAX)
		free_garbage();
}

#endif

/* In every wait: what is deferred goes on meanwhile. */
static void wait_for_others(void)
{
	kref_thread_poll();
	sched_yield();
}

static void objects_open(void)
{
	const char *text = getenv("STRESS_OBJECTS");

	nr_objects = text ? (unsigned)strtoul(text, NULL, 10) : 20000;
	published = (struct object *_Atomic *)calloc(nr_objects, sizeof(*published));
	arrived = (atomic_uint *)calloc(nr_objects, sizeof(*arrived));
	released = (atomic_uint *)calloc(nr_objects, sizeof(*released));
	if (!nr_objects || !published || !arrived || !released)
		fail("no memory, or STRESS_OBJECTS is no number", 0);
}

static void objects_close(void)
{
	free(published);
	free(arrived);
	free(released);
}

static void objects_start(void)
{
	for (unsigned id = 0; id < nr_objects; id++) {
		atomic_store_explicit(&published[id], NULL, memory_order_relaxed);
		atomic_store_explicit(&arrived[id], 0, memory_order_relaxed);
		atomic_store_explicit(&released[id], 0, memory_order_relaxed);
	}
}

/* Each was released exactly once. */
static void objects_check(void)
{
	for (unsigned id = 0; id < nr_objects; id++) {
		unsigned times = atomic_load_explicit(&released[id], memory_order_relaxed);

		if (times != 1)
			fail(times ? "released more than once" : "never released", id);
	}
}

#endif
