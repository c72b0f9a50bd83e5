/*
 * The pools: the owner's own frees, frees by several other threads, malloc, and what verify
 * catches.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "workloads/pool.h"

#include "expect.h"

struct object {
	struct pool_item item;
	unsigned stamp;		/* plain: the free and the next allocation order it */
};

#define OBJECT_BYTES WORKLOAD_ALIGN
#define NR_OBJECTS 64u
#define NR_FREERS 3u
/* Each thread's share, often enough that pushes and takes meet. */
#define NR_FREES 20000u
/* Objects on their way to a freer: many, since a yield on a busy machine costs a time slice. */
#define NR_SLOTS 32u

static _Alignas(WORKLOAD_ALIGN) char memory[NR_OBJECTS * OBJECT_BYTES];
static struct pool pool;
/* A pool of our own over dirty memory, as an arena's is. */
static void start(unsigned nr_objects)
{
	memset(memory, 0xa5, sizeof(memory));
	pool_init(&pool, memory, nr_objects, OBJECT_BYTES);
	pool_mine = &pool;
}

static struct pool_item *take(void)
{
	return pool_alloc(&pool);
}

static void owner_takes_and_frees(void)
{
	struct pool_item *items[NR_OBJECTS];

	start(NR_OBJECTS);
	EXPECT(pool_verify(&pool) == 0);
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < NR_OBJECTS; i++) {
			items[i] = take();
			EXPECT(items[i] && !items[i]->from_malloc);
			EXPECT(items[i]->born == items[i]->died + 1);
			for (unsigned j = 0; j < i; j++)
				EXPECT(items[i] != items[j]);
		}
		EXPECT(pool_verify(&pool) == -EPROTO);
		for (unsigned i = 0; i < NR_OBJECTS; i++)
			pool_free(items[i]);
		EXPECT(pool_verify(&pool) == 0);
	}
	EXPECT(pool.created == 3 * NR_OBJECTS && !pool.malloced);
}

static void malloc_when_dry(unsigned nr_objects)
{
	struct pool_item *items[NR_OBJECTS + 2];
	const unsigned nr = nr_objects + 2;

	start(nr_objects);
	for (unsigned i = 0; i < nr; i++) {
		items[i] = take();
		EXPECT(items[i] && items[i]->from_malloc == (i >= nr_objects));
		EXPECT((uintptr_t)items[i] % WORKLOAD_ALIGN == 0);
	}
	EXPECT(pool.malloced == 2 && pool.created == nr);
	pool_free(items[nr - 1]);
	for (unsigned i = 0; i + 1 < nr - 1; i++)
		pool_free(items[i]);
	/* One from malloc is out still. */
	EXPECT(pool_verify(&pool) == -EPROTO);
	pool_mine = NULL;
	pool_free(items[nr - 2]);
	EXPECT(pool_verify(&pool) == 0);
}

static void verify_catches(void)
{
	struct pool_item *first, *second;

	start(NR_OBJECTS);
	first = take();
	pool_free(first);
	pool_free(first);
	EXPECT(pool_verify(&pool) == -EPROTO);

	/* A double free and a leak: the sums agree, the objects do not. */
	start(NR_OBJECTS);
	first = take();
	second = take();
	pool_free(first);
	pool_free(first);
	EXPECT(second && pool_verify(&pool) == -EPROTO);

	/* By another thread twice. */
	start(NR_OBJECTS);
	first = take();
	pool_mine = NULL;
	pool_free(first);
	pool_free(first);
	EXPECT(pool_verify(&pool) == -EPROTO);

	start(NR_OBJECTS);
	pool_free(take());
	EXPECT(pool_verify(&pool) == 0);
	pool.created++;
	EXPECT(pool_verify(&pool) == -EPROTO);
}

/* The owner fills each freer's slots; the freer empties them and frees what was in them. */
static struct object *handed[NR_FREERS][NR_SLOTS];

static void *free_all(void *argument)
{
	struct object **slots = argument;

	for (unsigned freed = 0, i = 0; freed < NR_FREES; i = (i + 1) % NR_SLOTS) {
		struct object *object = __atomic_exchange_n(&slots[i], NULL, __ATOMIC_ACQUIRE);

		if (!object) {
			sched_yield();
			continue;
		}
		object->stamp++;
		pool_free(&object->item);
		freed++;
	}
	return NULL;
}

/* False when the slot is still full. */
static bool give(struct object **slot, unsigned stamp)
{
	struct object *object;

	if (__atomic_load_n(slot, __ATOMIC_RELAXED))
		return false;
	object = pool_alloc(&pool);
	/* Ours alone now: both writes are seen by the freer and by who gets it next. */
	EXPECT(object->item.born == object->item.died + 1);
	object->stamp = stamp;
	__atomic_store_n(slot, object, __ATOMIC_RELEASE);
	return true;
}

/* Fewer objects than the slots hold, so that the owner lives on what comes back, and on malloc. */
static void others_free(void)
{
	pthread_t freers[NR_FREERS];
	unsigned given[NR_FREERS] = { 0 };

	start(NR_OBJECTS);
	for (unsigned i = 0; i < NR_FREERS; i++)
		if (pthread_create(&freers[i], NULL, free_all, handed[i])) {
			EXPECT(!"a thread");
			return;
		}
	for (unsigned left = NR_FREERS * NR_FREES, i = 0; left; i = (i + 1) % NR_FREERS) {
		const unsigned before = left;

		for (unsigned s = 0; s < NR_SLOTS && given[i] < NR_FREES; s++)
			if (give(&handed[i][s], left)) {
				given[i]++;
				left--;
			}
		if (left == before)
			sched_yield();
	}
	for (unsigned i = 0; i < NR_FREERS; i++)
		pthread_join(freers[i], NULL);
	EXPECT(pool.created == NR_FREERS * NR_FREES);
	EXPECT(pool_verify(&pool) == 0);
}

int main(void)
{
	owner_takes_and_frees();
	malloc_when_dry(0);
	malloc_when_dry(NR_OBJECTS);
	verify_catches();
	if (!failures)
		others_free();
	return failures ? 1 : 0;
}
