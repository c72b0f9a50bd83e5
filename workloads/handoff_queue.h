/*
 * A pair's bounded ring with one producer and one consumer, and the workload around it.
 *
 * SPDX-License-Identifier: MIT
 *
 * Of a pair, role 0 makes objects and enqueues them, role 1 takes them and puts: it counts the ops.
 * The workload file defines hand_over(), which passes a reference along with the object.
 */
#ifndef WORKLOADS_HANDOFF_QUEUE_H
#define WORKLOADS_HANDOFF_QUEUE_H

#include "handoff.h"

#define RING_SLOTS 256u

struct ring {
	/* Each side owns a line with its index and its last look at the other's (Lamport 1983). */
	alignas(WORKLOAD_ALIGN) unsigned tail;
	unsigned head_seen;
	alignas(WORKLOAD_ALIGN) unsigned head;
	unsigned tail_seen;
	alignas(WORKLOAD_ALIGN) struct my_data *slots[RING_SLOTS];
};

struct pair {
	struct ring ring;
	struct pool pool;
	uint64_t put_back;	/* made, not enqueued and put by the producer */
	uint64_t drained;	/* taken by the consumer after its last run */
};

struct handoff_arena {
	unsigned nr_pairs;
	struct pair *pairs;
};

/* false when full. By the producer only. */
CELL_INLINE bool ring_put(struct ring *ring, struct my_data *data)
{
	if (ring->tail - ring->head_seen == RING_SLOTS) {
		/* acquire: the consumer has read the slot; pairs with its release of head. */
		ring->head_seen = __atomic_load_n(&ring->head, __ATOMIC_ACQUIRE);
		if (ring->tail - ring->head_seen == RING_SLOTS)
			return false;
	}
	ring->slots[ring->tail % RING_SLOTS] = data;
	/* release: the slot and the object in it; pairs with the acquire in ring_take. */
	__atomic_store_n(&ring->tail, ring->tail + 1, __ATOMIC_RELEASE);
	return true;
}

/* NULL when empty. By the consumer only. */
CELL_INLINE struct my_data *ring_take(struct ring *ring)
{
	struct my_data *data;

	if (ring->head == ring->tail_seen) {
		/* acquire: pairs with the release in ring_put. */
		ring->tail_seen = __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE);
		if (ring->head == ring->tail_seen)
			return NULL;
	}
	data = ring->slots[ring->head % RING_SLOTS];
	/* release: the slot may be used again; pairs with the acquire in ring_put. */
	__atomic_store_n(&ring->head, ring->head + 1, __ATOMIC_RELEASE);
	return data;
}

/* Enqueues, waiting while the ring is full. false after stop: data is still the caller's. */
CELL_INLINE bool enqueue(struct worker *worker, struct pair *pair, struct my_data *data)
{
	while (!ring_put(&pair->ring, data)) {
		if (worker_stopped(worker))
			return false;
		kref_thread_poll();
		worker_pause(worker);
	}
	return true;
}

/* Passes the caller's reference on; false after stop, then it is the caller's to put. */
CELL_INLINE bool hand_over(struct worker *worker, struct pair *pair, struct my_data *data);

static uint64_t produce(struct worker *worker, struct pair *pair, uint64_t nr_ops)
{
	const uint64_t work_loops = worker->params->work_loops;
	uint64_t ops;

	for (ops = 0; ops < nr_ops && !worker_stopped(worker); ops++) {
		struct my_data *data = pool_alloc(&pair->pool);

		if (!data) {
			worker->error = -ENOMEM;
			break;
		}
		kref_init(&data->refcount);
		worker_work(work_loops);
		if (!hand_over(worker, pair, data)) {
			(void)kref_put(&data->refcount, data_release);
			pair->put_back++;
			break;
		}
	}
	return ops;
}

static uint64_t consume(struct worker *worker, struct pair *pair, uint64_t nr_ops)
{
	uint64_t ops;

	for (ops = 0; ops < nr_ops; ops++) {
		struct my_data *data;

		while (!(data = ring_take(&pair->ring))) {
			/* Comes too when our producer has failed: an error stops the window. */
			if (worker_stopped(worker))
				return ops;
			kref_thread_poll();
			worker_pause(worker);
		}
		pool_stamp(&data->item);
		(void)kref_put(&data->refcount, data_release);
	}
	return ops;
}

CELL_INLINE uint64_t handoff_turn(struct worker *worker, uint64_t nr_ops)
{
	struct handoff_arena *arena = worker->arena;
	struct pair *pair = &arena->pairs[worker->index / 2];

	return worker->role == 0 ? produce(worker, pair, nr_ops) : consume(worker, pair, nr_ops);
}

static uint64_t handoff_run(struct worker *worker, uint64_t nr_ops)
{
	const uint64_t ops = cell_turns(worker, nr_ops, handoff_turn);

	worker->retries = cell_retries;
	return ops;
}

static bool handoff_field(const struct params *params, size_t offset, char *text, size_t bytes)
{
	static const struct field fields[] = {
		FIELD(struct pair, ring.tail), FIELD(struct pair, ring.tail_seen),
		FIELD(struct pair, ring.head), FIELD(struct pair, ring.head_seen),
		FIELD(struct pair, ring.slots), FIELD(struct pair, pool),
	};
	const size_t pairs = params->workers / 2 * sizeof(struct pair);
	const size_t at = offset - WORKLOAD_ALIGN;

	if (offset < WORKLOAD_ALIGN)
		return false;
	if (at >= pairs)
		return handoff_object_field(params, at - pairs, text, bytes);
	return FIELD_NAME(fields, "pair", at / sizeof(struct pair), at % sizeof(struct pair), text,
			  bytes);
}

static size_t handoff_bytes(const struct params *params)
{
	return WORKLOAD_ALIGN + params->workers / 2 *
	       (sizeof(struct pair) + handoff_objects(params) * handoff_stride(params));
}

static int handoff_setup(void *memory, const struct params *params)
{
	const unsigned nr_objects = handoff_objects(params);
	struct handoff_arena *arena = memory;
	char *objects;

	arena->nr_pairs = params->workers / 2;
	arena->pairs = (struct pair *)((char *)memory + WORKLOAD_ALIGN);
	objects = (char *)(arena->pairs + arena->nr_pairs);
	for (unsigned i = 0; i < arena->nr_pairs; i++) {
		struct pair *pair = &arena->pairs[i];

		pair->ring = (struct ring){ .tail = 0 };
		pair->put_back = pair->drained = 0;
		pool_init(&pair->pool, objects + i * nr_objects * handoff_stride(params),
			  nr_objects, handoff_stride(params));
	}
	return 0;
}

static int handoff_enter(struct worker *worker)
{
	struct handoff_arena *arena = worker->arena;

	pool_mine = worker->role == 0 ? &arena->pairs[worker->index / 2].pool : NULL;
	cell_retries = 0;
	return cell_thread_enter(worker->index);
}

static void handoff_leave(struct worker *worker)
{
	struct handoff_arena *arena = worker->arena;
	struct pair *pair = &arena->pairs[worker->index / 2];
	struct my_data *data;

	if (worker->role == 1) {
		while ((data = ring_take(&pair->ring))) {
			(void)kref_put(&data->refcount, data_release);
			pair->drained++;
		}
	}
	cell_thread_leave();
	pool_mine = NULL;
}

static int handoff_quiesce(void *arena)
{
	(void)arena;
	cell_quiesce();
	return 0;
}

static int handoff_verify(void *memory, uint64_t total_ops)
{
	struct handoff_arena *arena = memory;
	uint64_t handled = total_ops, created = 0;

	for (unsigned i = 0; i < arena->nr_pairs; i++) {
		int err = pool_verify(&arena->pairs[i].pool);

		if (err)
			return err;
		created += arena->pairs[i].pool.created;
		handled += arena->pairs[i].drained + arena->pairs[i].put_back;
	}
	return created == handled ? 0 : -EPROTO;
}

/* In use at once: what the ring holds, and one object in each hand. */
static __attribute__((unused)) void handoff_garbage(void *memory, struct garbage *garbage)
{
	struct handoff_arena *arena = memory;

	for (unsigned i = 0; i < arena->nr_pairs; i++)
		pool_garbage(&arena->pairs[i].pool, RING_SLOTS + 2, garbage);
}

#define HANDOFF_OPS								\
	.bytes = handoff_bytes, .setup = handoff_setup, .enter = handoff_enter,	\
	.run = handoff_run, .leave = handoff_leave, .quiesce = handoff_quiesce,	\
	.verify = handoff_verify, .garbage = HANDOFF_GARBAGE(handoff_garbage), \
	.field = handoff_field

#endif
