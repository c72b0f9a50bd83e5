/*
 * The ring of a pair: order, full, empty, and indexes that wrap at 2^32.
 *
 * SPDX-License-Identifier: MIT
 */
#include <limits.h>
#include <pthread.h>
#include <stdio.h>

#define NEEDS 0
#define NEEDS_CHURN 0
#include "workloads/cell.h"
#include "workloads/handoff_queue.h"

#include "expect.h"

/* Not under test, but its file asks for it. */
CELL_INLINE bool hand_over(struct worker *worker, struct pair *pair, struct my_data *data)
{
	return enqueue(worker, pair, data);
}

/* Objects that two threads pass on: across the wrap, and the ring many times full and empty. */
#define NR_PASSED 200000u
#define BEFORE_WRAP 1000u

static struct ring ring;
static struct my_data data[RING_SLOTS + 1];
static unsigned passed[NR_PASSED];
/* An empty ring whose indexes have come to start. */
static void ring_start(unsigned start)
{
	ring = (struct ring){ .tail = start, .head = start, .head_seen = start,
			      .tail_seen = start };
}

static void fill_and_empty(unsigned start)
{
	ring_start(start);
	EXPECT(!ring_take(&ring));
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < RING_SLOTS; i++)
			EXPECT(ring_put(&ring, &data[i]));
		EXPECT(!ring_put(&ring, &data[RING_SLOTS]));
		EXPECT(!ring_put(&ring, &data[RING_SLOTS]));
		/* One out, one in, and full again. */
		EXPECT(ring_take(&ring) == &data[0]);
		EXPECT(ring_put(&ring, &data[RING_SLOTS]));
		EXPECT(!ring_put(&ring, &data[0]));
		for (unsigned i = 1; i <= RING_SLOTS; i++)
			EXPECT(ring_take(&ring) == &data[i]);
		EXPECT(!ring_take(&ring));
		EXPECT(!ring_take(&ring));
	}
}

/* One at a time: the sides never see the ring full, and often empty. */
static void pass_one_by_one(unsigned start)
{
	ring_start(start);
	for (unsigned i = 0; i < 3 * RING_SLOTS; i++) {
		EXPECT(!ring_take(&ring));
		EXPECT(ring_put(&ring, &data[i % RING_SLOTS]));
		EXPECT(ring_take(&ring) == &data[i % RING_SLOTS]);
	}
}

static void *produce_all(void *unused)
{
	(void)unused;
	for (unsigned i = 0; i < NR_PASSED; i++) {
		/* Plain: the ring's release and acquire order it. */
		passed[i] = i + 1;
		while (!ring_put(&ring, (struct my_data *)&passed[i]))
			sched_yield();
	}
	return NULL;
}

static void pass_between_threads(void)
{
	pthread_t producer;
	unsigned wrong = 0;

	ring_start(0u - BEFORE_WRAP);
	if (pthread_create(&producer, NULL, produce_all, NULL)) {
		EXPECT(!"a thread");
		return;
	}
	for (unsigned i = 0; i < NR_PASSED; i++) {
		const unsigned *next;

		while (!(next = (const unsigned *)ring_take(&ring)))
			sched_yield();
		wrong += next != &passed[i] || *next != i + 1;
	}
	pthread_join(producer, NULL);
	EXPECT(wrong == 0);
	EXPECT(!ring_take(&ring));
}

int main(void)
{
	static const unsigned starts[] = { 0, 1, RING_SLOTS - 1, UINT_MAX, UINT_MAX - 1,
					   0u - RING_SLOTS, 0u - RING_SLOTS / 2, 1u << 31,
					   (1u << 31) - RING_SLOTS / 2 };

	/* Every operation of the workload that this test has no use for. */
	(void)(const struct workload){ HANDOFF_OPS };
	for (unsigned i = 0; i < sizeof(starts) / sizeof(*starts); i++) {
		fill_and_empty(starts[i]);
		pass_one_by_one(starts[i]);
	}
	/* A ring that is wrong already may never pass all. */
	if (!failures)
		pass_between_threads();
	return failures ? 1 : 0;
}
