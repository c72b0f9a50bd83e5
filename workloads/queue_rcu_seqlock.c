/*
 * seqlock beside queue_rcu: a lookup that copies, under ck's ck_sequence. No count, 0 bytes.
 *
 * SPDX-License-Identifier: MIT
 *
 * Readers write nothing, and have a copy instead of a pointer. No writer knows when they are done,
 * only they know when they must read again: an entry's memory is reused at once, but stays an entry.
 */
#define NEEDS 0
#define NEEDS_CHURN 0
/* Its owner needs no count either: a replaced entry may go at once. */
#define CELL_REPLACE_HOLE NULL
#include "cell.h"

#if CELL_RUNS
#include <ck_sequence.h>
#include <urcu/call-rcu.h>

#define QUEUE_RCU
#define QUEUE_SEQUENCE
#include "queue.h"

/* Replaced entries from malloc: not given back to it before all workers have stopped. */
static _Thread_local struct cds_list_head seqlock_kept;

static int seqlock_setup(void *memory, const struct params *params)
{
	struct queue_arena *arena = memory;
	int err = queue_setup(memory, params);

	for (unsigned i = 0; !err && i < params->objects; i++)
		ck_sequence_init(&arena->queues[i].sequence);
	return err;
}

static int seqlock_enter(struct worker *worker)
{
	CDS_INIT_LIST_HEAD(&seqlock_kept);
	return queue_enter(worker);
}

static void seqlock_leave(struct worker *worker)
{
	while (!cds_list_empty(&seqlock_kept)) {
		struct entry *entry = cds_list_first_entry(&seqlock_kept, struct entry, link);

		cds_list_del(&entry->link);
		pool_free(&entry->item);
	}
	queue_leave(worker);
}

/* What a reader takes away: whose the entry is, and which of its lives it is in. */
struct copy {
	const struct queue *queue;
	unsigned born, died;
};

/* relaxed: the sequence orders them, and tells when they do not belong together. */
CELL_INLINE void copy_entry(struct copy *copy, const struct entry *entry)
{
	copy->queue = __atomic_load_n(&entry->queue, __ATOMIC_RELAXED);
	copy->born = __atomic_load_n(&entry->item.born, __ATOMIC_RELAXED);
	copy->died = __atomic_load_n(&entry->item.died, __ATOMIC_RELAXED);
}

/* A copy of two states at once is of no queue, or of no life. */
CELL_INLINE bool copy_is_good(const struct copy *copy, const struct queue *queue)
{
	return copy->queue == queue && copy->born == copy->died + 1;
}

CELL_INLINE struct entry *lookup_begin(struct queue *queue)
{
	struct cds_list_head *first;
	struct entry *entry;
	struct copy copy;
	unsigned version;

	for (;;) {
		copy = (struct copy){ .queue = NULL };
		version = ck_sequence_read_begin(&queue->sequence);
		first = ck_pr_load_ptr(&queue->entries.next);
		KREF_RCU_ACQUIRE(&queue->entries);
		entry = caa_container_of(first, struct entry, link);
		if (first != &queue->entries)
			copy_entry(&copy, entry);
		if (!ck_sequence_read_retry(&queue->sequence, version))
			break;
		KREF_ON_RETRY();
	}
	return KREF_UNLIKELY(!copy_is_good(&copy, queue)) ? NULL : entry;
}

CELL_INLINE void lookup_end(struct entry *entry)
{
	(void)entry;	/* the copy needs no protection */
}

/* Under the lock: a sequence bears one writer. */
CELL_INLINE void put_owned(struct entry *entry)
{
	struct queue *queue = entry->queue;

	queue_lock(&queue->lock);
	ck_sequence_write_begin(&queue->sequence);
	cds_list_del_rcu(&entry->link);
	if (entry->item.from_malloc)
		cds_list_add(&entry->link, &seqlock_kept);
	else
		pool_free(&entry->item);
	ck_sequence_write_end(&queue->sequence);
	queue_unlock(&queue->lock);
}

CELL_INLINE uint64_t turn(struct worker *worker, uint64_t nr_ops)
{
	return queue_batch(worker, nr_ops, lookup_begin, lookup_end);
}
#endif

CELL(.summary = "the lookup copies under a sequence, without a count",
     .settings = 1 << SETTING_HELD | 1 << SETTING_CHURN, .min_workers = 1, .multiple = 1,
     .replaces = true,
     CELL_OPS(.bytes = queue_bytes, .setup = seqlock_setup, .enter = seqlock_enter,
	      .run = queue_run, .leave = seqlock_leave, .quiesce = queue_quiesce,
	      .verify = queue_verify, .field = queue_field));
