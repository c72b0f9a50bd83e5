/*
 * The floors of a lookup: each looks, and holds what it found against a writer that takes it away.
 *
 * SPDX-License-Identifier: MIT
 *
 * Compiled once for each floor, with LOOKUP its file; next_state() is the writer that goes with it.
 * What it takes away it spoils as soon as the floor's protection allows.
 */
#include <stdio.h>
#include <time.h>

#include LOOKUP

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

static const struct workload *const cell =
	&CELL_PASTE(CELL_WORKLOAD, CELL_STRATEGY, CELL_VARIANT);
static const struct params params = { .workers = 1, .objects = 1, .poll_every = 37 };
static struct worker worker;
static struct queue *queue;
static struct entry other;
static int stop, failures;
static unsigned long not_found, taken_away;
static unsigned long lookups, retries;	/* so far, told after each batch */

#define EXPECT(condition) expect(condition, #condition, __LINE__)

static void expect(bool holds, const char *what, int line)
{
	if (holds)
		return;
	failures++;
	fprintf(stderr, "%s:%d: %s: not so: %s\n", __FILE__, line, LOOKUP, what);
}

static struct entry *first_entry(void)
{
	return cds_list_first_entry(&queue->entries, struct entry, link);
}

static void set_up(void)
{
	void *arena = aligned_alloc(WORKLOAD_ALIGN, cell->bytes(&params));

	if (!arena || cell->setup(arena, &params)) {
		fprintf(stderr, "cannot set up\n");
		exit(1);
	}
	worker = (struct worker){ .stop = &stop, .arena = arena, .params = &params, .random = 1 };
	queue = ((struct queue_arena *)arena)->queues;
	other = (struct entry){ .queue = queue, .item = { .born = 1 } };
}

/* What verify says after so many ops. */
static int tear_down(uint64_t ops)
{
	int err = cell->quiesce(worker.arena);

	if (!err)
		err = cell->verify(worker.arena, ops);
	free(worker.arena);
	return err;
}

/* As many ops as asked, with a spoilt queue or a whole one; returns what verify says of them. */
static int verify_after(void (*spoil)(void))
{
	set_up();
	spoil();
	EXPECT(!cell->enter(&worker));
	EXPECT(cell->run(&worker, LOOKUPS_A_BATCH) == LOOKUPS_A_BATCH);
	cell->leave(&worker);
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
	first_entry()->queue = NULL;
}

/* The head of a list as good, whose entry is of another queue. */
static void spoil_order(void)
{
	other.queue = NULL;
	cds_list_add_rcu(&other.link, &queue->entries);
}

/* --- a writer --------------------------------------------------------------------------------- */

/* relaxed: the readers' protection is what is on trial. */
static void set_queue(struct entry *entry, struct queue *of)
{
	__atomic_store_n(&entry->queue, of, __ATOMIC_RELAXED);
}

/* Puts a good entry in the place of the first, which nobody finds any more; returns that one. */
static __attribute__((unused)) struct entry *replace_first(struct entry *by)
{
	struct entry *old = first_entry();

	set_queue(by, queue);
	cds_list_add_rcu(&by->link, &queue->entries);
	cds_list_del_rcu(&old->link);
	return old;
}

static void rest(void)
{
	for (unsigned i = 0; i < REST; i++)
		worker_cpu_relax();
}

#if defined(QUEUE_SEQUENCE)
/* Changes it in place: between two states it is dead and of no queue. */
static void next_state(void)
{
	struct entry *entry = first_entry();

	ck_sequence_write_begin(&queue->sequence);
	__atomic_store_n(&entry->item.died, entry->item.born, __ATOMIC_RELAXED);
	set_queue(entry, NULL);
	rest();
	set_queue(entry, queue);
	__atomic_store_n(&entry->item.died, entry->item.born - 1, __ATOMIC_RELAXED);
	ck_sequence_write_end(&queue->sequence);
}
#elif defined(CK_HP_H)
static bool reclaimed;

static void reclaim(void *entry)
{
	set_queue(entry, NULL);
	reclaimed = true;
}

static void next_state(void)
{
	static struct ck_hp_record record;
	static void *pointer;
	struct ck_hp *domain = &hazards_in(worker.arena, &params)->domain;
	static struct entry *spare = &other;
	ck_hp_hazard_t hazard;

	if (!record.global) {
		domain->destroy = reclaim;
		ck_hp_register(domain, &record, &pointer);
	}
	reclaimed = false;
	spare = replace_first(spare);
	ck_hp_retire(&record, &hazard, spare, spare);
	/* Full barrier: the pair of the lookups'. */
	ck_pr_fence_memory();
	for (ck_hp_reclaim(&record); !reclaimed; ck_hp_reclaim(&record))
		sched_yield();
}
#else
static void next_state(void)
{
	static struct entry *spare = &other;

	spare = replace_first(spare);
	synchronize_rcu();
	set_queue(spare, NULL);
}
#endif

static void look_up(unsigned nr_looks)
{
	struct entry *entry = lookup_begin(queue);

	not_found += !entry;
	for (unsigned i = 0; entry && i < nr_looks; i++) {
		taken_away += __atomic_load_n(&entry->queue, __ATOMIC_RELAXED) != queue;
		worker_cpu_relax();
	}
	lookup_end(entry);
}

static void *keep_looking(void *argument)
{
	EXPECT(!cell->enter(&worker));
	while (!worker_stopped(&worker)) {
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
	cell->leave(&worker);
	return argument;
}

/* Some changes met a lookup midway, told by its retries; in a reader section there are none. */
static bool have_met(void)
{
#if defined(QUEUE_SEQUENCE) || defined(CK_HP_H)
	return __atomic_load_n(&retries, __ATOMIC_RELAXED) >= NR_MET;
#else
	return __atomic_load_n(&lookups, __ATOMIC_RELAXED) >= NR_LOOKUPS;
#endif
}

static void holds_against_a_writer(void)
{
	const time_t give_up = time(NULL) + PATIENCE_S;
	struct entry *owned;
	pthread_t reader;

	set_up();
	owned = first_entry();
	if (pthread_create(&reader, NULL, keep_looking, NULL)) {
		fprintf(stderr, "no thread\n");
		exit(1);
	}
	for (unsigned i = 0; i < NR_CHANGES || (!have_met() && time(NULL) < give_up); i++) {
		next_state();
		rest();
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	pthread_join(reader, NULL);
	EXPECT(!not_found);
	EXPECT(!taken_away);
	EXPECT(have_met());
	if (first_entry() != owned)
		replace_first(owned);
	EXPECT(!tear_down(lookups));
}

int main(void)
{
	EXPECT(verify_after(spoil_nothing) == 0);
	EXPECT(verify_after(spoil_head) == -EPROTO);
	EXPECT(verify_after(spoil_entry) == -EPROTO);
	EXPECT(verify_after(spoil_order) == -EPROTO);
	holds_against_a_writer();
	return failures ? 1 : 0;
}
