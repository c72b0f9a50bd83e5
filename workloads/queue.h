/*
 * The queues of the document's rule 3 and what every queue workload does with them.
 *
 * SPDX-License-Identifier: MIT
 *
 * params.objects queues, each the document's own: one lock, one list of entries, the first is
 * looked up. A worker chooses a queue by its own generator. In the held setting each queue's entry
 * has a reference of an owner; an op that replaces puts a new entry at the head, and the owner of
 * the one before ends it. In churn the queue holds none: the last put takes the entry off and frees
 * it, and a finder that gets none puts a new one at the head.
 */
#ifndef WORKLOADS_QUEUE_H
#define WORKLOADS_QUEUE_H

#include <pthread.h>

#if defined(QUEUE_DEFERS) || CELL_RELEASES_LATE
#define POOL_DEFERS 1
#endif
#if POOL_DEFERS || !(KREF_CAPS & KREF_CAN_END_BY_PUT)
#define QUEUE_GARBAGE queue_garbage
#else
#define QUEUE_GARBAGE NULL
#endif
#include "field.h"
#include "pool.h"

#ifdef QUEUE_RCU
#include <urcu/rculist.h>
#include "../kref/rcu.h"
#define queue_list_add(entry, head) \
	(KREF_RCU_RELEASE(head), cds_list_add_rcu(entry, head))
#else
/* Without a lock-free reader the publishing store would only cost its release. */
#include <urcu/list.h>
#define queue_list_add(entry, head) cds_list_add(entry, head)
#endif

#ifdef QUEUE_SPINLOCK
typedef pthread_spinlock_t queue_lock_t;
#define queue_lock_init(lock) pthread_spin_init(lock, PTHREAD_PROCESS_PRIVATE)
#define queue_lock(lock) pthread_spin_lock(lock)
#define queue_unlock(lock) pthread_spin_unlock(lock)
#else
typedef pthread_mutex_t queue_lock_t;
#define queue_lock_init(lock) pthread_mutex_init(lock, NULL)
#define queue_lock(lock) pthread_mutex_lock(lock)
#define queue_unlock(lock) pthread_mutex_unlock(lock)
#endif

struct queue {
	alignas(WORKLOAD_ALIGN) queue_lock_t lock;
	struct cds_list_head entries;
	struct entry *owned;	/* held: the one whose reference the owner has; under the lock */
#ifdef QUEUE_SEQUENCE
	ck_sequence_t sequence;
#endif
};

struct entry {
	struct pool_item item;
	CELL_KREF_ALIGNED struct kref refcount;
	struct queue *queue;
	struct cds_list_head link;
#if defined(QUEUE_HAZARDS)
	ck_hp_hazard_t hazard;
#elif defined(QUEUE_RCU)
	struct rcu_head rhead;
#endif
};

struct queue_arena {
	const struct params *params;
	struct queue *queues;
	struct pool *pools;
	struct garbage kills;
	uint64_t replaced;	/* entries made to replace one, or after meeting one that died */
	bool owned_lost;	/* held: an entry went though its owner still had a reference */
};

/* The calling worker's share of queue_arena.replaced. */
static _Thread_local uint64_t queue_replaced;

static inline size_t queue_stride(const struct params *params)
{
	return params_stride(params, sizeof(struct entry));
}

/*
 * Entries a worker's pool holds before it takes from malloc. Where frees are deferred the garbage
 * of some reclaim periods must fit; pages that are never used cost nothing.
 */
#ifdef QUEUE_DEFERS
#define QUEUE_POOL_ENTRIES (1u << 18)
#else
#define QUEUE_POOL_ENTRIES 1024u
#endif

static inline unsigned queue_pool_entries(const struct params *params)
{
	/* Each pool holds at least the entries that setup puts on the queues. */
	return params->use_malloc ? 0 : QUEUE_POOL_ENTRIES + params->objects;
}

static size_t queue_bytes(const struct params *params)
{
	return WORKLOAD_ALIGN + params->objects * sizeof(struct queue) +
	       params->workers * (sizeof(struct pool) +
				  queue_pool_entries(params) * queue_stride(params));
}

/*
 * The document's get_entry(): whoever is on the list has a count above zero while the lock is held.
 */
CELL_INLINE struct entry *queue_get_entry(struct queue *queue)
{
	struct entry *entry = NULL;

	queue_lock(&queue->lock);
	if (!cds_list_empty(&queue->entries)) {
		entry = cds_list_first_entry(&queue->entries, struct entry, link);
		kref_get(&entry->refcount);
	}
	queue_unlock(&queue->lock);
	return entry;
}

/* A new entry with one reference, not yet on its queue. NULL without memory. */
CELL_INLINE struct entry *queue_make(struct queue *queue, struct pool *pool)
{
	struct entry *entry = pool_alloc(pool);

	if (!entry)
		return NULL;
	kref_init(&entry->refcount);
	/* relaxed, not plain: as in pool_count(). */
	__atomic_store_n(&entry->queue, queue, __ATOMIC_RELAXED);
	return entry;
}

/* Puts a new entry, with one reference for the caller, at the queue's head. NULL without memory. */
CELL_INLINE struct entry *queue_add(struct queue *queue, struct pool *pool)
{
	struct entry *entry = queue_make(queue, pool);

	if (!entry)
		return NULL;
	queue_lock(&queue->lock);
	queue_list_add(&entry->link, &queue->entries);
	queue_unlock(&queue->lock);
	return entry;
}

/* Held: each queue's entry, with the owner's reference. 0 or -errno. */
static int queue_fill(struct queue_arena *arena)
{
	int err = cell_thread_enter(CELL_OWNER);

	if (err)
		return err;
	for (unsigned i = 0; !err && i < arena->params->objects; i++) {
		arena->queues[i].owned = queue_add(&arena->queues[i], &arena->pools[0]);
		if (!arena->queues[i].owned)
			err = -ENOMEM;
	}
	cell_thread_leave();
	return err;
}

static int queue_setup(void *memory, const struct params *params)
{
	const unsigned nr_entries = queue_pool_entries(params);
	struct queue_arena *arena = memory;
	char *entries;

	arena->params = params;
	arena->kills = (struct garbage){ .objects = 0 };
	arena->replaced = 0;
	arena->owned_lost = false;
	arena->queues = (struct queue *)((char *)memory + WORKLOAD_ALIGN);
	arena->pools = (struct pool *)(arena->queues + params->objects);
	entries = (char *)(arena->pools + params->workers);
	for (unsigned i = 0; i < params->workers; i++)
		pool_init(&arena->pools[i], entries + i * nr_entries * queue_stride(params),
			  nr_entries, queue_stride(params));
	for (unsigned i = 0; i < params->objects; i++) {
		if (queue_lock_init(&arena->queues[i].lock))
			return -EAGAIN;
		CDS_INIT_LIST_HEAD(&arena->queues[i].entries);
	}
	return params->setting == SETTING_HELD ? queue_fill(arena) : 0;
}

static int queue_enter(struct worker *worker)
{
	struct queue_arena *arena = worker->arena;

	pool_mine = &arena->pools[worker->index];
	cell_retries = 0;
	cell_failed = 0;
	queue_replaced = 0;
	return cell_thread_enter(worker->index);
}

static void queue_leave(struct worker *worker)
{
	struct queue_arena *arena = worker->arena;

	__atomic_fetch_add(&arena->replaced, queue_replaced + cell_failed, __ATOMIC_RELAXED);
	cell_thread_leave();
	pool_mine = NULL;
}

/* The owner's last put when all workers have left: nobody looks up any more, so no lock, no RCU. */
static void queue_release_owned(struct kref *kref)
{
	struct entry *entry = caa_container_of(kref, struct entry, refcount);

	cds_list_del(&entry->link);
	pool_free(&entry->item);
}

static uint64_t queue_created(const struct queue_arena *arena)
{
	uint64_t created = 0;

	for (unsigned i = 0; i < arena->params->workers; i++)
		created += arena->pools[i].created;
	return created;
}

/*
 * Held, before the owners' puts: each queue's entry is there, and no lookup found the queue empty.
 */
static bool queue_owned_intact(const struct queue_arena *arena)
{
	const uint64_t replaced = arena->params->replace_permille ? arena->replaced : 0;

	for (unsigned i = 0; i < arena->params->objects; i++)
		if (!pool_alive(&arena->queues[i].owned->item))
			return false;
	return queue_created(arena) == arena->params->objects + replaced;
}

/* The owners' references, where each is still there to give back. 0 or -errno. */
static int queue_drop_owned(struct queue_arena *arena)
{
	int err;

	/* What is on the queues is then nobody's to put: verify says so. */
	arena->owned_lost = !queue_owned_intact(arena);
	if (arena->owned_lost)
		return 0;
	err = cell_thread_enter(CELL_OWNER);
	if (err)
		return err;
	for (unsigned i = 0; i < arena->params->objects; i++) {
		struct entry *entry = arena->queues[i].owned;

#if KREF_CAPS & KREF_CAN_RELEASE
		cell_kill(&entry->refcount, queue_release_owned, &arena->kills);
#else
		queue_release_owned(&entry->refcount);
#endif
	}
	cell_thread_leave();
	return 0;
}

static int queue_quiesce(void *memory)
{
	struct queue_arena *arena = memory;
	int err = 0;

	if (arena->params->setting == SETTING_HELD)
		err = queue_drop_owned(arena);
	cell_quiesce();
	return err;
}

static int queue_verify(void *memory, uint64_t total_ops)
{
	struct queue_arena *arena = memory;

	if (arena->owned_lost)
		return -EPROTO;
	for (unsigned i = 0; i < arena->params->objects; i++)
		if (!cds_list_empty(&arena->queues[i].entries))
			return -EPROTO;
	for (unsigned i = 0; i < arena->params->workers; i++) {
		int err = pool_verify(&arena->pools[i]);

		if (err)
			return err;
	}
	/* Held: told by the account of queue_owned_intact(). In churn an op makes one at most. */
	if (arena->params->setting == SETTING_HELD)
		return 0;
	return queue_created(arena) <= total_ops ? 0 : -EPROTO;
}

static bool queue_field(const struct params *params, size_t offset, char *text, size_t bytes)
{
	static const struct field of_queue[] = {
		FIELD(struct queue, lock), FIELD(struct queue, entries), FIELD(struct queue, owned),
	};
	static const struct field of_entry[] = {
		FIELD(struct entry, item), FIELD(struct entry, refcount), FIELD(struct entry, queue),
		FIELD(struct entry, link),
	};
	const size_t stride = queue_stride(params), pool_bytes = sizeof(struct pool);
	size_t at = offset - WORKLOAD_ALIGN;

	if (offset < WORKLOAD_ALIGN)
		return false;
	if (at < params->objects * sizeof(struct queue))
		return FIELD_NAME(of_queue, "queue", at / sizeof(struct queue),
				  at % sizeof(struct queue), text, bytes);
	at -= params->objects * sizeof(struct queue);
	if (at < params->workers * pool_bytes)
		return snprintf(text, bytes, "the pool of worker %zu", at / pool_bytes) > 0;
	at -= params->workers * pool_bytes;
	return FIELD_NAME(of_entry, "entry", at / stride, at % stride, text, bytes);
}

/* In use at once: each queue's entry, and one in each worker's hand. */
static __attribute__((unused)) void queue_garbage(void *memory, struct garbage *garbage)
{
	struct queue_arena *arena = memory;
	const struct params *params = arena->params;
	/* Unused where nothing is deferred. NOLINTNEXTLINE(clang-analyzer-deadcode.DeadStores) */
	uint64_t live = params->objects + params->workers;

	*garbage = arena->kills;
	for (unsigned i = 0; POOL_DEFERS && i < params->workers; i++) {
		const uint64_t used = pool_used(&arena->pools[i]);

		pool_garbage(&arena->pools[i], live < used ? live : used, garbage);
		live -= live < used ? live : used;
	}
}

/* By the workload file, inline: the owner's reference given back as the workload puts, but ended. */
CELL_INLINE void put_owned(struct entry *entry);

/* An op that replaces: false without memory. */
CELL_INLINE bool queue_replace(struct queue *queue)
{
	struct entry *entry = queue_make(queue, pool_mine), *before;

	if (!entry)
		return false;
	queue_lock(&queue->lock);
	queue_list_add(&entry->link, &queue->entries);
	before = queue->owned;
	queue->owned = entry;
	queue_unlock(&queue->lock);
	queue_replaced++;
	if (CELL_RELEASES_LATE)
		pool_stamp(&before->item);
	put_owned(before);
	return true;
}

/*
 * An op that looks up, and puts a new entry where there is none: false without memory. stamp: its put
 * may be the last.
 */
CELL_INLINE bool queue_look_up(struct queue *queue, bool stamp,
			       struct entry *(*get)(struct queue *queue),
			       void (*put)(struct entry *entry))
{
	struct entry *entry = get(queue);

	if (!entry)
		entry = queue_add(queue, pool_mine);
	if (!entry)
		return false;
	if (stamp)
		pool_stamp(&entry->item);
	put(entry);
	return true;
}

/*
 * One batch. get and put are the workload's own and inline here; choose, replace and stamp are
 * constants, so that the bare loop has none of them.
 */
CELL_INLINE uint64_t queue_loop(struct worker *worker, uint64_t nr_ops, bool choose, bool replace,
				bool stamp,
				struct entry *(*get)(struct queue *queue),
				void (*put)(struct entry *entry))
{
	struct queue_arena *arena = worker->arena;
	const uint64_t work_loops = worker->params->work_loops;
	const unsigned nr_queues = worker->params->objects;
	const unsigned permille = worker->params->replace_permille;
	struct queue *queue = arena->queues;
	uint64_t ops;

	for (ops = 0; ops < nr_ops; ops++) {
		if (choose)
			queue = &arena->queues[worker_random(worker, nr_queues)];
		if (!(replace && worker_random(worker, 1000) < permille ?
		      queue_replace(queue) : queue_look_up(queue, stamp, get, put))) {
			worker->error = -ENOMEM;
			break;
		}
		worker_work(work_loops);
	}
	worker->retries = cell_retries;
	worker->failed = cell_failed;
	return ops;
}

CELL_INLINE uint64_t queue_batch(struct worker *worker, uint64_t nr_ops,
				 struct entry *(*get)(struct queue *queue),
				 void (*put)(struct entry *entry))
{
	/* Where release is not in the last put, only the puts can tell when that was. */
	const bool late = CELL_RELEASES_LATE;

	if (worker->params->replace_permille)
		return queue_loop(worker, nr_ops, true, true, late, get, put);
	if (late && worker->params->setting == SETTING_CHURN)
		return queue_loop(worker, nr_ops, true, false, late, get, put);
	if (worker->params->objects > 1)
		return queue_loop(worker, nr_ops, true, false, false, get, put);
	return queue_loop(worker, nr_ops, false, false, false, get, put);
}

/*
 * The workload file defines its own turn() on queue_batch(), since a strategy is polled between
 * two turns.
 */
CELL_INLINE uint64_t turn(struct worker *worker, uint64_t nr_ops);

static uint64_t queue_run(struct worker *worker, uint64_t nr_ops)
{
	return cell_turns(worker, nr_ops, turn);
}

#define QUEUE_OPS(run_function)							\
	.bytes = queue_bytes, .setup = queue_setup, .enter = queue_enter,	\
	.run = (run_function), .leave = queue_leave, .quiesce = queue_quiesce,	\
	.verify = queue_verify, .garbage = QUEUE_GARBAGE, .field = queue_field

#endif
