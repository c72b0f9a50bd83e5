/*
 * hazptr beside queue_rcu: a lookup under a hazard pointer, ck's ck_hp. No count, 0 bytes.
 *
 * SPDX-License-Identifier: MIT
 *
 * Source: Michael, Hazard Pointers, IEEE TPDS 15(6), 2004.
 */
#define NEEDS 0
#define NEEDS_CHURN 0
/* Its owner needs no count either: hazards tell when a replaced entry may go. */
#define CELL_REPLACE_HOLE NULL
#include "cell.h"

#if CELL_RUNS
#include <ck_hp.h>

#define QUEUE_RCU
#define QUEUE_DEFERS
#define QUEUE_HAZARDS
#include "queue.h"

#include "lookup.h"

/* Replaced entries that a worker keeps until it looks at all hazards: one look serves them all. */
#define HAZPTR_KEPT 64

/* A worker's: the pointer on lines of its own, others' records do not share them. */
struct hazard {
	ck_hp_record_t record;
	alignas(WORKLOAD_ALIGN) void *pointer;
};

/* In the arena behind the queues: a record stays listed in its domain for good. */
struct hazards {
	ck_hp_t domain;
	struct hazard of_worker[];
};

static _Thread_local struct hazard *hazard_mine;

static size_t hazards_offset(const struct params *params)
{
	return (queue_bytes(params) + WORKLOAD_ALIGN - 1) & ~(WORKLOAD_ALIGN - 1UL);
}

static struct hazards *hazards_in(void *arena, const struct params *params)
{
	return (struct hazards *)((char *)arena + hazards_offset(params));
}

static size_t hazptr_bytes(const struct params *params)
{
	return hazards_offset(params) + sizeof(struct hazards) +
	       params->workers * sizeof(struct hazard);
}

static void hazptr_free(void *entry)
{
	KREF_RCU_ACQUIRE(KREF_RCU_GRACE);
	pool_free(&((struct entry *)entry)->item);
}

static int hazptr_setup(void *arena, const struct params *params)
{
	/* One pointer a worker. */
	ck_hp_init(&hazards_in(arena, params)->domain, 1, HAZPTR_KEPT, hazptr_free);
	return queue_setup(arena, params);
}

static int hazptr_enter(struct worker *worker)
{
	struct hazards *hazards = hazards_in(worker->arena, worker->params);

	hazard_mine = &hazards->of_worker[worker->index];
	ck_hp_register(&hazards->domain, &hazard_mine->record, &hazard_mine->pointer);
	return queue_enter(worker);
}

/* Nobody looks up any more: what was kept is free now. */
static void hazptr_leave(struct worker *worker)
{
	ck_hp_purge(&hazard_mine->record);
	queue_leave(worker);
	ck_hp_unregister(&hazard_mine->record);
}

/* NULL with the hazard still set, perhaps: lookup_end() follows, as in lookup_rcu.h. */
CELL_INLINE struct entry *lookup_begin(struct queue *queue)
{
	struct cds_list_head *first = ck_pr_load_ptr(&queue->entries.next);
	struct cds_list_head *again;

	while (first != &queue->entries) {
		struct entry *entry = caa_container_of(first, struct entry, link);

		/*
		 * Full barrier: the hazard is seen before the head is read again. Pairs with the
		 * one in put_owned(): either its worker sees the hazard, or we the new head.
		 */
		ck_hp_set_fence(&hazard_mine->record, 0, entry);
		again = ck_pr_load_ptr(&queue->entries.next);
		KREF_RCU_ACQUIRE(&queue->entries);
		if (again == first)
			return lookup_use(queue, entry);
		first = again;
		KREF_ON_RETRY();
	}
	return NULL;
}

CELL_INLINE void lookup_end(struct entry *entry)
{
	(void)entry;
	/* release: our use of the entry; whoever sees no hazard of ours may free it. */
	KREF_RCU_RELEASE(KREF_RCU_GRACE);
	ck_pr_fence_release();
	ck_hp_clear(&hazard_mine->record);
}

CELL_INLINE void put_owned(struct entry *entry)
{
	pool_stamp(&entry->item);
	queue_lock(&entry->queue->lock);
	cds_list_del_rcu(&entry->link);
	queue_unlock(&entry->queue->lock);
	/* Full barrier: the entry is off its queue before any hazard is read; see lookup_begin(). */
	ck_pr_fence_memory();
	ck_hp_free(&hazard_mine->record, &entry->hazard, entry, entry);
}

CELL_INLINE uint64_t turn(struct worker *worker, uint64_t nr_ops)
{
	return queue_batch(worker, nr_ops, lookup_begin, lookup_end);
}
#endif

CELL(.summary = "the lookup under a hazard pointer, without a count",
     .settings = 1 << SETTING_HELD | 1 << SETTING_CHURN, .min_workers = 1, .multiple = 1,
     .replaces = true,
     CELL_OPS(.bytes = hazptr_bytes, .setup = hazptr_setup, .enter = hazptr_enter,
	      .run = queue_run, .leave = hazptr_leave, .quiesce = queue_quiesce,
	      .verify = queue_verify, .garbage = QUEUE_GARBAGE, .field = queue_field));
