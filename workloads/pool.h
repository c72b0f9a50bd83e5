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

struct pool_item {
	struct pool *home;
	struct pool_item *next;
	unsigned born, died;	/* lives begun and ended; written by the sole holder */
	bool from_malloc;
};

struct pool {
	struct pool_item *free;		/* the owner's */
	char *base, *fresh, *end;	/* what was never used starts at fresh: untouched pages */
	size_t item_bytes;
	uint64_t created;
	uint64_t malloced;
	alignas(WORKLOAD_ALIGN) struct pool_item *returned;	/* by other threads */
	uint64_t malloc_freed;
};

/* The calling thread's own pool, so that freeing at home needs no atomics. */
static _Thread_local struct pool *pool_mine;

/* item_bytes is a multiple of WORKLOAD_ALIGN; each object starts with its struct pool_item. */
static inline void pool_init(struct pool *pool, void *base, size_t nr_items, size_t item_bytes)
{
	*pool = (struct pool){
		.base = base,
		.fresh = base,
		.end = (char *)base + nr_items * item_bytes,
		.item_bytes = item_bytes,
	};
}

static inline void *pool_malloc(struct pool *pool)
{
	struct pool_item *item = aligned_alloc(WORKLOAD_ALIGN, pool->item_bytes);

	if (!item)
		return NULL;
	*item = (struct pool_item){ .home = pool, .born = 1, .from_malloc = true };
	pool->malloced++;
	pool->created++;
	return item;
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
	item->born++;
	pool->created++;
	return item;
}

/* By the object's last holder, from any thread. */
static inline void pool_free(struct pool_item *item)
{
	struct pool *home = item->home;

	item->died++;
	if (item->from_malloc) {
		__atomic_fetch_add(&home->malloc_freed, 1, __ATOMIC_RELAXED);
		free(item);
	} else if (home == pool_mine) {
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

/*
 * When every object is back: 0 if each was freed exactly as often as it was made, else -EPROTO.
 * Caller: no thread uses the pool any more.
 */
static inline int pool_verify(const struct pool *pool)
{
	const uint64_t used = (uint64_t)(pool->fresh - pool->base) / pool->item_bytes;
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
