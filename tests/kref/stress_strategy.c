/*
 * Threads that share, hand over and look up objects; compiled once for each strategy and sanitizer.
 *
 * SPDX-License-Identifier: MIT
 *
 * Usage: stress_strategy [objects of each phase, default 20000]. Exits 0, or 1 with one line on the
 * first thing wrong, or 77 where there is nothing to try. Every object is malloc()ed and free()d,
 * so that ASan sees a use after free; all that a holder writes is plain memory, so that TSan sees a
 * put that does not order it before the release. The creator of an object ends it by kref_kill(),
 * which for most strategies is its put.
 */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "kref/kref.h"

#define EXIT_SKIP 77

#if defined(KREF_HOLE)
#define SKIP_REASON KREF_HOLE
#elif !(KREF_CAPS & KREF_CAN_SHARE)
#define SKIP_REASON "it cannot be shared"
#elif !(KREF_CAPS & KREF_CAN_RELEASE)
#define SKIP_REASON "it never releases"
#endif

#ifdef SKIP_REASON

int main(void)
{
	printf("%s: skipped: %s\n", STRATEGY_NAME, SKIP_REASON);
	return EXIT_SKIP;
}

#else

#if !(KREF_CAPS & KREF_CAN_FREE_AT_ONCE)
#include "kref/rcu.h"
#endif

/* More than two, so that a put can meet a get and another put; few enough for a small machine. */
#define NR_WORKERS 4
/* Takes and gives back while holding: enough to overlap with the other holders. */
#define NR_PAIRS 3

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

struct phase {
	const char *name;
	void (*run)(unsigned worker, unsigned id);
};

struct worker {
	pthread_t thread;
	unsigned index;
	const struct phase *phase;
};

static unsigned nr_objects = 20000;
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

/*
 * Sharing: the creator hands a reference to each other worker, or has each take its own while it
 * still holds. Each marks the object, plays with more references and puts its own. Release must
 * find every mark.
 */

static void shared_release(struct kref *kref)
{
	struct object *object = object_of(kref);

	for (unsigned i = 0; i < NR_WORKERS; i++) {
		if (object->marks[i] != object->id + i + 1)
			fail("released while still held, or a holder's writes are missing",
			     object->id);
	}
	object_end(object);
	free(object);
}

/* With the references of the others, where they can be handed over. */
static struct object *shared_new(unsigned id)
{
	struct object *object = object_new(id);

#if KREF_CAPS & KREF_CAN_HAND_OVER
	for (unsigned i = 1; i < NR_WORKERS; i++)
		kref_get(&object->kref);
#endif
	/* release: the object; pairs with the acquire of shared_obtain. */
	atomic_store_explicit(&published[id], object, memory_order_release);
	return object;
}

/* By the creator, before it gives its own reference back. */
static void shared_wait_for_takers(unsigned id)
{
#if !(KREF_CAPS & KREF_CAN_HAND_OVER)
	/* acquire: the gets; pairs with the release of each taker. */
	while (atomic_load_explicit(&arrived[id], memory_order_acquire) < NR_WORKERS - 1)
		wait_for_others();
#else
	(void)id;
#endif
}

static struct object *shared_obtain(unsigned id)
{
	struct object *object;

	/* acquire: pairs with the release of the creator. */
	while (!(object = atomic_load_explicit(&published[id], memory_order_acquire)))
		wait_for_others();
#if !(KREF_CAPS & KREF_CAN_HAND_OVER)
	kref_get(&object->kref);
	/* release: the get; pairs with the acquire of the creator. */
	atomic_fetch_add_explicit(&arrived[id], 1, memory_order_release);
#endif
	return object;
}

static void shared_use(struct object *object, unsigned worker, unsigned id)
{
	for (unsigned i = 0; i < NR_PAIRS; i++) {
		kref_get(&object->kref);
		object_check(object, id);
		kref_put(&object->kref, shared_release);
	}
	object->marks[worker] = id + worker + 1;
}

static void shared_run(unsigned worker, unsigned id)
{
	struct object *object;

	if (id % NR_WORKERS == worker) {
		object = shared_new(id);
		shared_use(object, worker, id);
		shared_wait_for_takers(id);
		kref_kill(&object->kref, shared_release);
		return;
	}
	object = shared_obtain(id);
	shared_use(object, worker, id);
	kref_put(&object->kref, shared_release);
}

#if KREF_CAPS & (KREF_CAN_GET_UNLESS_ZERO | KREF_CAN_PUT_LOCKED)

/*
 * Lookup: the creator puts the only reference while others look the object up under the mutex. The
 * object leaves the table in release, so that a lookup can meet a count of zero.
 */

/* Orders lookups against the removal of an object. */
static pthread_mutex_t table_mutex = PTHREAD_MUTEX_INITIALIZER;

/* Makes the object findable and returns when somebody is about to look: a put will meet them. */
static struct object *lookup_publish(unsigned id)
{
	struct object *object = object_new(id);

	pthread_mutex_lock(&table_mutex);
	atomic_store_explicit(&published[id], object, memory_order_relaxed);
	pthread_mutex_unlock(&table_mutex);
	while (!atomic_load_explicit(&arrived[id], memory_order_relaxed))
		wait_for_others();
	return object;
}

/* Waits until the object is there or was already released; true for the latter. */
static bool lookup_missed(unsigned id)
{
	while (!atomic_load_explicit(&published[id], memory_order_relaxed)) {
		if (atomic_load_explicit(&released[id], memory_order_relaxed))
			return true;
		wait_for_others();
	}
	atomic_fetch_add_explicit(&arrived[id], 1, memory_order_relaxed);
	return false;
}

/* Uses an object that was found and is held now; the yield gives a wrong release time to happen. */
static void lookup_use(struct object *object, unsigned worker, unsigned id)
{
	wait_for_others();
	if (atomic_load_explicit(&released[id], memory_order_relaxed))
		fail("released while a lookup holds it", id);
	object_check(object, id);
	object->marks[worker] = id;
}

static void unpublish(const struct object *object)
{
	atomic_store_explicit(&published[object->id], NULL, memory_order_relaxed);
}

#endif

#if KREF_CAPS & KREF_CAN_GET_UNLESS_ZERO

static void lookup_release(struct kref *kref)
{
	struct object *object = object_of(kref);

	pthread_mutex_lock(&table_mutex);
	unpublish(object);
	pthread_mutex_unlock(&table_mutex);
	object_end(object);
	object_free_late(object);
}

static struct object *lookup(unsigned id)
{
	struct object *object;

	pthread_mutex_lock(&table_mutex);
	object = atomic_load_explicit(&published[id], memory_order_relaxed);
	if (object && !kref_get_unless_zero(&object->kref))
		object = NULL;
	pthread_mutex_unlock(&table_mutex);
	return object;
}

static void lookup_run(unsigned worker, unsigned id)
{
	struct object *object;

	if (id % NR_WORKERS == worker) {
		object = lookup_publish(id);
		object->marks[worker] = id;
		kref_kill(&object->kref, lookup_release);
		return;
	}
	if (lookup_missed(id))
		return;
	object = lookup(id);
	if (!object)
		return;
	lookup_use(object, worker, id);
	kref_put(&object->kref, lookup_release);
}

#endif

#if KREF_CAPS & KREF_CAN_PUT_LOCKED

/*
 * Locked puts: as lookup, but the last put takes the mutex first, so that whoever finds the object
 * under it may simply get.
 */

static void locked_release(struct kref *kref)
{
	struct object *object = object_of(kref);

	unpublish(object);
	pthread_mutex_unlock(&table_mutex);
	object_end(object);
	free(object);
}

static void locked_run(unsigned worker, unsigned id)
{
	struct object *object;

	if (id % NR_WORKERS == worker) {
		object = lookup_publish(id);
		object->marks[worker] = id;
		kref_put_mutex(&object->kref, locked_release, &table_mutex);
		return;
	}
	if (lookup_missed(id))
		return;
	pthread_mutex_lock(&table_mutex);
	object = atomic_load_explicit(&published[id], memory_order_relaxed);
	if (object)
		kref_get(&object->kref);
	pthread_mutex_unlock(&table_mutex);
	if (!object)
		return;
	lookup_use(object, worker, id);
	kref_put_mutex(&object->kref, locked_release, &table_mutex);
}

#endif

static const struct phase phases[] = {
	{ "sharing", shared_run },
#if KREF_CAPS & KREF_CAN_GET_UNLESS_ZERO
	{ "lookup", lookup_run },
#endif
#if KREF_CAPS & KREF_CAN_PUT_LOCKED
	{ "locked put", locked_run },
#endif
};

static void *worker_main(void *argument)
{
	const struct worker *worker = (const struct worker *)argument;

	if (kref_thread_enter(worker->index))
		fail("no thread may enter", 0);
	for (unsigned id = 0; id < nr_objects; id++) {
		worker->phase->run(worker->index, id);
		kref_thread_poll();
	}
	kref_thread_leave();
	free_garbage();
	return NULL;
}

static void start_phase(const struct phase *phase)
{
	phase_name = phase->name;
	for (unsigned id = 0; id < nr_objects; id++) {
		atomic_store_explicit(&published[id], NULL, memory_order_relaxed);
		atomic_store_explicit(&arrived[id], 0, memory_order_relaxed);
		atomic_store_explicit(&released[id], 0, memory_order_relaxed);
	}
}

static void check_phase(void)
{
	for (unsigned id = 0; id < nr_objects; id++) {
		unsigned times = atomic_load_explicit(&released[id], memory_order_relaxed);

		if (times != 1)
			fail(times ? "released more than once" : "never released", id);
	}
}

static void run_phase(const struct phase *phase)
{
	struct worker workers[NR_WORKERS];

	start_phase(phase);
	for (unsigned i = 0; i < NR_WORKERS; i++) {
		workers[i].index = i;
		workers[i].phase = phase;
		if (pthread_create(&workers[i].thread, NULL, worker_main, &workers[i]))
			fail("no thread", 0);
	}
	for (unsigned i = 0; i < NR_WORKERS; i++) {
		if (pthread_join(workers[i].thread, NULL))
			fail("no join", 0);
	}
	kref_quiesce();
	free_garbage();
	check_phase();
}

#ifdef KREF_REPORT_H
static void fail_report(enum kref_report kind, struct kref *kref)
{
	(void)kref;
	fail(kref_report_text(kind), UINT_MAX);
}
#endif

static int parse_objects(const char *text)
{
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || end == text || *end || value == 0 || value > 100000000)
		return -EINVAL;
	nr_objects = value;
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 2 || (argc == 2 && parse_objects(argv[1]))) {
		fprintf(stderr, "usage: %s [objects]\n", argv[0]);
		return 2;
	}
#ifdef KREF_REPORT_H
	kref_set_report_hook(fail_report);
#endif
	published = (struct object *_Atomic *)calloc(nr_objects, sizeof(*published));
	arrived = (atomic_uint *)calloc(nr_objects, sizeof(*arrived));
	released = (atomic_uint *)calloc(nr_objects, sizeof(*released));
	if (!published || !arrived || !released)
		fail("out of memory", 0);
	for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++)
		run_phase(&phases[i]);
	free(published);
	free(arrived);
	free(released);
	return 0;
}

#endif
