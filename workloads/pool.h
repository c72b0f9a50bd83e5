/*
 * Homed pools of objects: one a worker, so that churn measures counting and not malloc.
 *
 * SPDX-License-Identifier: MIT
 *
 * The owner allocates from its pool without atomics. An object freed by another thread goes back to
 * its home on a stack that the owner empties whole (push: compare-exchange; take: exchange, so no
 * ABA; Treiber 1986). A pool that runs dry, or with params.use_malloc, takes from malloc. Each
 * object keeps the account of its own lives: that is how verify tells a double free from a leak, by
 * identity.
 */
#ifndef WORKLOADS_POOL_H
#define WORKLOADS_POOL_H

#include <errno.h>
#include <stdalign.h>
#include <stdlib.h>

#include "workload.h"

/*
 * 1 where objects are freed later than in their last put: then some are sampled for how late. So few
 * that a clock's 25 ns are less than the noise of an op.
 */
#ifndef POOL_DEFERS
#define POOL_DEFERS 0
#endif
#define POOL_SAMPLE_EVERY 256

struct pool_item {
	struct pool *home;
	struct pool_item *next;
	unsigned born, died;	/* lives begun and ended; written by the sole holder */
	bool from_malloc;
	/* Sampled: when its last put was; else 0. */
	uint64_t put_ns;
};

/* A sampled object that had no put yet. */
#define POOL_SAMPLED 1

struct pool {
	struct pool_item *free;		/* the owner's */
	char *base, *fresh, *end;	/* what was never used starts at fresh: untouched pages */
	size_t item_bytes;
	uint64_t created;
	uint64_t malloced;
	alignas(WORKLOAD_ALIGN) struct pool_item *returned;	/* by other threads */
	uint64_t malloc_freed;
	uint64_t delays, delay_ns;
};

/* The calling thread's own pool, so that freeing at home needs no atomics. */
static _Thread_local struct pool *pool_mine;

/* Each object starts with its struct pool_item; item_bytes is params_stride() of its type. */
static inline void pool_init(struct pool *pool, void *base, size_t nr_items, size_t item_bytes)
{
	*pool = (struct pool){
		.base = base,
		.fresh = base,
		.end = (char *)base + nr_items * item_bytes,
		.item_bytes = item_bytes,
	};
}

/* relaxed, not plain: readers of a sequence copy the account while it is written. */
static inline void pool_count(unsigned *lives)
{
	__atomic_store_n(lives, *lives + 1, __ATOMIC_RELAXED);
}

/* A life of the object begins. */
static inline struct pool_item *pool_start(struct pool *pool, struct pool_item *item)
{
	pool_count(&item->born);
	pool->created++;
	if (POOL_DEFERS)
		item->put_ns = pool->created % POOL_SAMPLE_EVERY ? 0 : POOL_SAMPLED;
	return item;
}

static inline void *pool_malloc(struct pool *pool)
{
	/* A type's size is a multiple of its alignment. */
	const size_t align = pool->item_bytes & -pool->item_bytes;
	struct pool_item *item = aligned_alloc(align < WORKLOAD_ALIGN ? align : WORKLOAD_ALIGN,
					       pool->item_bytes);

	if (!item)
		return NULL;
	*item = (struct pool_item){ .home = pool, .from_malloc = true };
	pool->malloced++;
	return pool_start(pool, item);
}

/* In the object's last put, or before each that may be it. */
static inline void pool_stamp(struct pool_item *item)
{
	if (POOL_DEFERS && __atomic_load_n(&item->put_ns, __ATOMIC_RELAXED))
		__atomic_store_n(&item->put_ns, workload_now_ns(), __ATOMIC_RELAXED);
}

/* A new object of the calling thread's own pool, or NULL without memory. */
static inline void *pool_alloc(struct pool *pool)
{
	struct pool_item *item = pool->free;

	if (!item) {
		/* acquire: pairs with the release of pool_free's push. */
		item = __atomic_exchange_n(&pool->returned, NULL, __ATOMIC_ACQUIRE);
		if (!item) {
			if (pool->fresh == pool->end)
				return pool_malloc(pool);
			item = (struct pool_item *)pool->fresh;
			pool->fresh += pool->item_bytes;
			*item = (struct pool_item){ .home = pool };
		}
	}
	pool->free = item->next;
	return pool_start(pool, item);
}

static inline bool pool_alive(const struct pool_item *item)
{
	/* References that counts hold are seen by no checker. NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
	return item->born == item->died + 1;
}

static __attribute__((noinline, unused)) void pool_sample(const struct pool_item *item)
{
	if (item->put_ns == POOL_SAMPLED)
		return;
	__atomic_fetch_add(&item->home->delay_ns, workload_now_ns() - item->put_ns, __ATOMIC_RELAXED);
	__atomic_fetch_add(&item->home->delays, 1, __ATOMIC_RELAXED);
}

/* By the object's last holder, from any thread. */
static inline void pool_free(struct pool_item *item)
{
	struct pool *home = item->home;

	pool_count(&item->died);
	if (POOL_DEFERS && item->put_ns)
		pool_sample(item);
	if (item->from_malloc) {
		__atomic_fetch_add(&home->malloc_freed, 1, __ATOMIC_RELAXED);
		free(item);
	} else if (home == pool_mine) {
		/* Each item has a home. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
		item->next = home->free;
		home->free = item;
	} else {
		item->next = __atomic_load_n(&home->returned, __ATOMIC_RELAXED);
		/* release: the object's contents; pairs with the exchange of pool_alloc. */
		while (!__atomic_compare_exchange_n(&home->returned, &item->next, item, true,
						    __ATOMIC_RELEASE, __ATOMIC_RELAXED))
			;
	}
}

/* How many objects a list has; more than limit where one is on it twice. */
static inline uint64_t pool_listed(const struct pool_item *item, uint64_t limit)
{
	uint64_t nr = 0;

	for (; item && nr <= limit; item = item->next)
		nr++;
	return nr;
}

/* Objects that were ever out at once. */
static inline uint64_t pool_used(const struct pool *pool)
{
	return (uint64_t)(pool->fresh - pool->base) / pool->item_bytes;
}

/*
 * Adds to what came late, when all is free; live: objects that could be in use at once. What was
 * out at once beyond those was dead.
 */
static inline void pool_garbage(const struct pool *pool, uint64_t live, struct garbage *garbage)
{
	const uint64_t used = pool_used(pool);

	if (used > live) {
		garbage->objects += used - live;
		garbage->bytes += (used - live) * pool->item_bytes;
	}
	garbage->delays += pool->delays;
	garbage->delay_ns += pool->delay_ns;
}

/*
 * When every object is back: 0 if each was freed exactly as often as it was made, else -EPROTO.
 * Caller: no thread uses the pool any more.
 */
static inline int pool_verify(const struct pool *pool)
{
	const uint64_t used = pool_used(pool);
	uint64_t born = 0;

	for (const char *at = pool->base; at < pool->fresh; at += pool->item_bytes) {
		const struct pool_item *item = (const struct pool_item *)at;

		if (item->died != item->born)
			return -EPROTO;
		born += item->born;
	}
	if (pool_listed(pool->free, used) + pool_listed(pool->returned, used) != used)
		return -EPROTO;
	return born + pool->malloced == pool->created && pool->malloced == pool->malloc_freed ?
		0 : -EPROTO;
}

#endif
