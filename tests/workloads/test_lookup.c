/*
 * The floors of a lookup: each looks, and holds what it found until it is done with it.
 *
 * SPDX-License-Identifier: MIT
 *
 * Compiled once for each floor, with LOOKUP its file. One reader looks up while a writer replaces:
 * by turns as the cell does, and so that the entry before ends the moment that the floor allows.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

/* A cell is a .c file, and its static functions are called here. NOLINTNEXTLINE(bugprone-suspicious-include) */
#include LOOKUP

#include "expect.h"

/* Enough for changes to meet lookups midway, also where both threads share one processor. */
#define NR_CHANGES 30000u
#define NR_LOOKUPS 2000000ul
#define NR_MET 3ul
#define PATIENCE_S 30
/*
 * Looks at the entry that a batch's last lookup holds: the writer comes to its wait meanwhile. A
 * copy holds none.
 */
#ifdef QUEUE_SEQUENCE
#define LOOKS 0u
#else
#define LOOKS 100u
#endif
/* Turns between two changes, that the readers of a sequence are not starved. */
#define REST 30u
#define LOOKUPS_A_BATCH 50u
/* What the cell before leaves in the arena, queues included. */
#define LEFT_BEHIND 4096

static const struct workload *const cell =
	&CELL_PASTE(CELL_WORKLOAD, CELL_STRATEGY, CELL_VARIANT);
static cpu_set_t cpus;
static struct params params = {
	.workers = 2, .objects = 1, .poll_every = 37,
	.reclaim_cpus = &cpus, .reclaim_cpus_bytes = sizeof(cpus),
};
static struct worker reader, writer;
static struct queue *queue;
static int stop;
static unsigned long not_found, taken_away;
static unsigned long lookups, retries;	/* so far, told after each batch */

static void set_up(unsigned replace_permille)
{
	void *arena;

	params.replace_permille = replace_permille;
	arena = aligned_alloc(WORKLOAD_ALIGN, (cell->bytes(&params) + WORKLOAD_ALIGN - 1) &
					      ~(WORKLOAD_ALIGN - 1ul));
	if (arena)
		memset(arena, 0xff, LEFT_BEHIND);
	if (!arena || cell->setup(arena, &params)) {
		fprintf(stderr, "cannot set up\n");
		exit(1);
	}
	reader = (struct worker){ .stop = &stop, .arena = arena, .params = &params, .random = 1 };
	writer = reader;
	writer.index = 1;
	queue = ((struct queue_arena *)arena)->queues;
}

/* What verify says after so many ops. */
static int tear_down(uint64_t ops)
{
	int err = cell->quiesce(reader.arena);

	if (!err)
		err = cell->verify(reader.arena, ops);
	free(reader.arena);
	return err;
}

/* Lookups of a queue that was spoilt, or not; what verify says of them. */
static int verify_after(void (*spoil)(void))
{
	set_up(0);
	spoil();
	EXPECT(!cell->enter(&reader));
	EXPECT(cell->run(&reader, LOOKUPS_A_BATCH) == LOOKUPS_A_BATCH);
#ifdef QUEUE_HAZARDS
	EXPECT(!hazard_mine->pointer);
#endif
	cell->leave(&reader);
	return tear_down(LOOKUPS_A_BATCH);
}

static void spoil_nothing(void)
{
}

static void spoil_head(void)
{
	CDS_INIT_LIST_HEAD(&queue->entries);
}

static void spoil_entry(void)
{
	queue->owned->queue = NULL;
}

/* Before the entry one that is of another queue. */
static void spoil_order(void)
{
	static struct entry other = { .item = { .born = 1 } };

	cds_list_add_rcu(&other.link, &queue->entries);
}

static void rest(void)
{
	for (unsigned i = 0; i < REST; i++)
		worker_cpu_relax();
}

#if defined(QUEUE_SEQUENCE)
/* In place: between two states the entry is dead and of no queue. */
static void change_at_once(void)
{
	struct entry *entry = queue->owned;

	ck_sequence_write_begin(&queue->sequence);
	__atomic_store_n(&entry->item.died, entry->item.born, __ATOMIC_RELAXED);
	__atomic_store_n(&entry->queue, NULL, __ATOMIC_RELAXED);
	rest();
	__atomic_store_n(&entry->queue, queue, __ATOMIC_RELAXED);
	__atomic_store_n(&entry->item.died, entry->item.born - 1, __ATOMIC_RELAXED);
	ck_sequence_write_end(&queue->sequence);
}
#elif defined(QUEUE_HAZARDS)
/* Keeps no replaced entry that nobody looks at. */
static void change_at_once(void)
{
	ck_hp_set_threshold(&hazards_in(writer.arena, &params)->domain, 1);
	EXPECT(cell->run(&writer, 1) == 1);
	ck_hp_purge(&hazard_mine->record);
}
#else
static void change_at_once(void)
{
	struct entry *entry = queue_make(queue, pool_mine), *before = queue->owned;

	queue_lock(&queue->lock);
	queue_list_add(&entry->link, &queue->entries);
	cds_list_del_rcu(&before->link);
	queue->owned = entry;
	queue_unlock(&queue->lock);
	queue_replaced++;
	synchronize_rcu();
	pool_free(&before->item);
}
#endif

static unsigned born(const struct entry *entry)
{
	return __atomic_load_n(&entry->item.born, __ATOMIC_RELAXED);
}

static unsigned died(const struct entry *entry)
{
	return __atomic_load_n(&entry->item.died, __ATOMIC_RELAXED);
}

static void look_up(unsigned nr_looks)
{
	struct entry *entry = lookup_begin(queue);
	const unsigned life = entry ? born(entry) : 0;

	not_found += !entry;
	for (unsigned i = 0; entry && i < nr_looks; i++) {
		taken_away += born(entry) != life || died(entry) != life - 1;
		worker_cpu_relax();
	}
	lookup_end(entry);
}

static void *keep_looking(void *argument)
{
	EXPECT(!cell->enter(&reader));
	while (!worker_stopped(&reader)) {
#ifdef CELL_RCU_QSBR
		rcu_thread_online();
#endif
		for (unsigned i = 1; i < LOOKUPS_A_BATCH; i++)
			look_up(0);
		look_up(LOOKS);
#ifdef CELL_RCU_QSBR
		rcu_thread_offline();
#endif
		__atomic_fetch_add(&lookups, LOOKUPS_A_BATCH, __ATOMIC_RELAXED);
		__atomic_store_n(&retries, cell_retries, __ATOMIC_RELAXED);
	}
	cell->leave(&reader);
	return argument;
}

/* Some changes met a lookup midway, told by its retries; in a reader section there are none. */
static bool have_met(void)
{
#if defined(QUEUE_SEQUENCE) || defined(QUEUE_HAZARDS)
	return __atomic_load_n(&retries, __ATOMIC_RELAXED) >= NR_MET;
#else
	return __atomic_load_n(&lookups, __ATOMIC_RELAXED) >= NR_LOOKUPS;
#endif
}

static void holds_against_a_writer(void)
{
	const time_t give_up = time(NULL) + PATIENCE_S;
	pthread_t thread;
	unsigned i;

	set_up(1000);
	EXPECT(!cell->enter(&writer));
	if (pthread_create(&thread, NULL, keep_looking, NULL)) {
		fprintf(stderr, "no thread\n");
		exit(1);
	}
	for (i = 0; i < NR_CHANGES || (!have_met() && time(NULL) < give_up); i++) {
		if (i % 2)
			EXPECT(cell->run(&writer, 1) == 1);
		else
			change_at_once();
		rest();
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	cell->leave(&writer);
	EXPECT(!not_found);
	EXPECT(!taken_away);
	EXPECT(have_met());
#ifdef QUEUE_SEQUENCE
	EXPECT(queue->sequence.sequence == 2 * i);
#endif
	EXPECT(!tear_down(lookups));
}

int main(void)
{
	sched_getaffinity(0, sizeof(cpus), &cpus);
	EXPECT(verify_after(spoil_nothing) == 0);
	EXPECT(verify_after(spoil_head) == -EPROTO);
	EXPECT(verify_after(spoil_entry) == -EPROTO);
	EXPECT(verify_after(spoil_order) == -EPROTO);
	holds_against_a_writer();
	return failures ? 1 : 0;
}
