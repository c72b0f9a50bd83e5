/*
 * Slots: of each object a number in every thread's own memory.
 *
 * SPDX-License-Identifier: MIT
 *
 * For the strategies percpu and sloppy, which count in the calling thread's slot while the object
 * is shared. As the kernel's per-cpu allocator does it (mm/percpu.c), a thread's slots lie together
 * and an object is an index into each thread's table, so that threads never share a line.
 *
 * An object has its index from kref_init() to the kill, by which its slots have been added up; one
 * that ends without a kill keeps it for good. KREF_SLOTS_MAX - 1 objects at a time have one: the
 * next kref_init(), which cannot fail, says so on stderr and aborts the program. A thread's table
 * is made when its id is first entered and never freed: what a thread that left has counted stays
 * in it, and whoever takes up the id goes on from there. Pages of a table that no object's index
 * reaches are never touched.
 */
#ifndef KREF_SLOTS_H
#define KREF_SLOTS_H

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "atomic.h"
#include "rcu.h"
#include "state.h"

#ifndef KREF_SLOTS_MAX
#define KREF_SLOTS_MAX (1u << 17)
#endif

#define KREF_SLOT_BYTES 8
#define KREF_HAS_THREADS

/* No object's index. Its slots stay zero. */
#define KREF_SLOTS_NONE 0u

/* Between a table and what malloc put beside it: two lines, for prefetchers fetch pairs. */
#define KREF_SLOTS_GAP 128

struct kref_slots_thread {
	KREF_PLAIN(struct kref_slots_thread *) next;	/* made before this one */
	KREF_PLAIN(unsigned) id;
	char gap_before[KREF_SLOTS_GAP];
	atomic_ullong slots[KREF_SLOTS_MAX];
	char gap_after[KREF_SLOTS_GAP];
};

struct kref_slots_domain {
	pthread_mutex_t mutex;			/* of all that follows, but to read threads */
	atomic_uintptr_t threads;		/* the newest struct kref_slots_thread */
	KREF_PLAIN(unsigned *) given_back;	/* indexes to use again, the last one first */
	KREF_PLAIN(unsigned) nr_given_back;
	KREF_PLAIN(unsigned) nr_used;		/* indexes from 1 up to here have been used */
};

#ifndef KREF_DOMAIN
KREF_ONE_PER_PROGRAM struct kref_slots_domain kref_slots_domain = {
	PTHREAD_MUTEX_INITIALIZER, 0, NULL, 0, 0
};
KREF_ONE_PER_PROGRAM KREF_THREAD_LOCAL struct kref_slots_thread *kref_slots_self;
#define KREF_DOMAIN (&kref_slots_domain)
#define KREF_SELF kref_slots_self
#endif

static inline void kref_slots_lock(void)
{
	/* No caller can report an error, and an index given out twice would be wrong in silence. */
	if (pthread_mutex_lock(&KREF_DOMAIN->mutex))
		abort();
}

static inline void kref_slots_unlock(void)
{
	if (pthread_mutex_unlock(&KREF_DOMAIN->mutex))
		abort();
}

static inline struct kref_slots_thread *kref_slots_newest(void)
{
	/* acquire: the tables; pairs with the release of kref_slots_make. */
	return (struct kref_slots_thread *)atomic_load_explicit(&KREF_DOMAIN->threads,
								memory_order_acquire);
}

/* A table for id, in the list. A null pointer without memory. Under the mutex. */
static inline struct kref_slots_thread *kref_slots_make(unsigned id)
{
	struct kref_slots_thread *thread = KREF_NEW(struct kref_slots_thread, 1);

	if (!thread)
		return NULL;
	thread->id = id;
	thread->next = kref_slots_newest();
	/* release: the table; pairs with the acquire of kref_slots_newest. */
	atomic_store_explicit(&KREF_DOMAIN->threads, (uintptr_t)thread, memory_order_release);
	return thread;
}

/* The table of id, made if it has none. A null pointer without memory. Under the mutex. */
static inline struct kref_slots_thread *kref_slots_table(unsigned id)
{
	struct kref_slots_thread *thread = kref_slots_newest();

	while (thread && thread->id != id)
		thread = thread->next;
	return thread ? thread : kref_slots_make(id);
}

static inline int kref_thread_enter(unsigned id)
{
	struct kref_slots_domain *domain = KREF_DOMAIN;

	kref_slots_lock();
	/* Here, where a lack of memory can be told: kref_init() and the kill cannot. */
	if (!domain->given_back)
		domain->given_back = KREF_NEW(unsigned, KREF_SLOTS_MAX);
	KREF_SELF = domain->given_back ? kref_slots_table(id) : NULL;
	kref_slots_unlock();
	if (!KREF_SELF)
		return -ENOMEM;
	kref_rcu_register();
	return 0;
}

static inline void kref_thread_leave(void)
{
	kref_rcu_unregister();
	KREF_SELF = NULL;
}

/* Nothing is deferred. */
static inline void kref_quiesce(void)
{
}

/* An index whose slots are all zero, for a new object. */
static __attribute__((noinline, cold, unused))
unsigned kref_slots_take(void)
{
	struct kref_slots_domain *domain = KREF_DOMAIN;
	unsigned index;

	kref_slots_lock();
	if (domain->nr_given_back) {
		domain->nr_given_back = domain->nr_given_back - 1;
		index = domain->given_back[domain->nr_given_back];
	} else if (domain->nr_used + 1 < KREF_SLOTS_MAX) {
		index = domain->nr_used + 1;
		domain->nr_used = index;
	} else {
		(void)fprintf(stderr, "kref: more than %u objects with slots at a time\n",
			      KREF_SLOTS_MAX - 1);
		abort();
	}
	kref_slots_unlock();
	return index;
}

/*
 * What all threads' slots at index add up to. Exact when none is at work on them and all that was
 * done there is ordered before; a mixture of moments otherwise.
 */
static inline unsigned long long kref_slots_sum(unsigned index)
{
	struct kref_slots_thread *thread;
	unsigned long long sum = 0;

	for (thread = kref_slots_newest(); thread; thread = thread->next)
		/* relaxed: the caller orders it, or takes what it gets. */
		sum += atomic_load_explicit(&thread->slots[index], memory_order_relaxed);
	return sum;
}

/* Ends an object's use of its index. No thread uses the slots any more, and none will. */
static __attribute__((noinline, cold, unused))
void kref_slots_give_back(unsigned index)
{
	struct kref_slots_domain *domain = KREF_DOMAIN;
	struct kref_slots_thread *thread;

	for (thread = kref_slots_newest(); thread; thread = thread->next)
		/* relaxed: the mutex orders it before the next use of the index. */
		atomic_store_explicit(&thread->slots[index], 0, memory_order_relaxed);
	kref_slots_lock();
	domain->given_back[domain->nr_given_back] = index;
	domain->nr_given_back = domain->nr_given_back + 1;
	kref_slots_unlock();
}

/*
 * Inside a reader section: the object's index, good until the end of the section, or
 * KREF_SLOTS_NONE.
 */
static inline unsigned kref_slots_index(const atomic_uint *index)
{
	/*
	 * relaxed: the grace period of the kill is the partner. A section that reads the old mode
	 * ends before that does; one that begins after it began reads the new one.
	 */
	return atomic_load_explicit(index, memory_order_relaxed);
}

/* The calling thread's slot: as long as the object has the index, nobody else writes it. */
static inline atomic_ullong *kref_slots_mine(unsigned index)
{
	return &KREF_SELF->slots[index];
}

#endif
