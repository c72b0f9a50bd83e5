/*
 * Threads that share, hand over and look up objects; compiled once for each strategy and sanitizer.
 *
 * SPDX-License-Identifier: MIT
 *
 * Objects of each phase: STRESS_OBJECTS of the environment. Exits 0, or 1 with one line on the first
 * thing wrong, or 77 where there is nothing to try. The creator of an object ends it by
 * kref_kill(), which for most strategies is its put.
 */
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

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

#include "stress_objects.h"

/* Takes and gives back while holding: enough to overlap with the other holders. */
#define NR_PAIRS 3

struct phase {
	const char *name;
	void (*run)(unsigned worker, unsigned id);
};

struct worker {
	pthread_t thread;
	unsigned index;
	const struct phase *phase;
};

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

static void run_phase(const struct phase *phase)
{
	struct worker workers[NR_WORKERS];

	phase_name = phase->name;
	objects_start();
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
	objects_check();
}

#ifdef KREF_REPORT_H
static void fail_report(enum kref_report kind, struct kref *kref)
{
	(void)kref;
	fail(kref_report_text(kind), UINT_MAX);
}
#endif

int main(void)
{
#ifdef KREF_REPORT_H
	kref_set_report_hook(fail_report);
#endif
	objects_open();
	for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++)
		run_phase(&phases[i]);
	objects_close();
	return 0;
}

#endif
