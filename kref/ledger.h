/*
 * The ledger: of each kref in use, and of many that are not any more, who took and gave references.
 *
 * SPDX-License-Identifier: MIT
 *
 * For the strategy tracked. A record is found by the kref's address, which is never followed: it
 * outlives the object, and says when and where it ended to whoever comes late. It is used anew when
 * a kref begins at the same address, or when a new kref needs room and it is the one that ended
 * longest ago. So the ledger does not grow: KREF_LEDGER_MAX records, in memory that is not touched
 * before it is needed. Where all are of krefs in use, that is said once, and further krefs have none.
 *
 * A record has no entry for each reference, since a put does not say which one it gives back; it has
 * how often each place took one or gave one back. That is the kernel's ref_tracker (lib/ref_tracker.c)
 * without its tokens.
 *
 * The ledger is in shelves, by address: each has its own mutex, and only who holds that looks at the
 * shelf. The places of a shared object that is unloaded go with it: such a program has to keep it.
 */
#ifndef KREF_LEDGER_H
#define KREF_LEDGER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "atomic.h"
#include "state.h"

/* Records, of krefs in use or not. The same in all files of a program, as all limits here. */
#ifndef KREF_LEDGER_MAX
#define KREF_LEDGER_MAX (1u << 16)
#endif
/* Enough that threads with krefs of their own seldom meet. As many as kref_tracked_domain has. */
#define KREF_LEDGER_SHELVES 64
#if KREF_LEDGER_MAX < KREF_LEDGER_SHELVES
#error "KREF_LEDGER_MAX: each shelf needs a record"
#endif
#define KREF_LEDGER_SHARE (KREF_LEDGER_MAX / KREF_LEDGER_SHELVES)
/* Places of which a record has a tally; of a kref that has more, the later ones share one. */
#define KREF_LEDGER_PLACES 12
/* Between two tries at a mutex, in pauses of the processor; at this many a thread sleeps. */
#ifndef KREF_LEDGER_PAUSE
#define KREF_LEDGER_PAUSE 128
#endif
/* Misuses that are told apart when each is to be said once. */
#define KREF_LEDGER_SAID 128

/* Where an operation stands in the program. A null pointer to one is a place that nobody knows. */
struct kref_place {
	const char *what;	/* the operation's name */
	const char *file;
	const char *function;
	unsigned line;
};

/* Where a counter that no kref_init() was seen of got its references. */
KREF_ONE_PER_PROGRAM struct kref_place kref_place_initialiser = { "KREF_INIT", "", "", 0 };

struct kref_tally {
	const struct kref_place *place;
	unsigned long long times;
};

struct kref_tallies {
	struct kref_tally of[KREF_LEDGER_PLACES];	/* in the order of their first times */
	unsigned nr;
	unsigned long long elsewhere;			/* times at all other places */
};

struct kref_record {
	const struct kref *kref;	/* for identity only */
	struct kref_record *next;	/* in its bucket */
	struct kref_record *older, *newer;	/* among those that are over */
	const struct kref_place *begun, *ended;
	unsigned refs;
	bool over;
	unsigned late;		/* gets after the end whose puts are still to come */
	struct kref_tallies tallies;
};

struct kref_shelf {
	pthread_mutex_t mutex;
	struct kref_record *records;	/* KREF_LEDGER_SHARE, made when the first is needed */
	struct kref_record **buckets;	/* as many */
	unsigned nr_used;
	struct kref_record *oldest, *newest;	/* of the records that are over */
	char gap[64];			/* two shelves never share a line */
};

/* A misuse that was said. */
struct kref_said {
	int kind;
	const struct kref_place *place, *ended;
};

struct kref_tracked_domain {
	struct kref_shelf shelves[KREF_LEDGER_SHELVES];
	pthread_mutex_t printing;	/* of stderr and all that follows; taken after a shelf's */
	struct kref_said said[KREF_LEDGER_SAID];
	unsigned nr_said;
	bool said_no_room;
	bool said_held;
};

#ifndef KREF_DOMAIN
/* Not a model checker's, of one execution. */
#define KREF_LEDGER_OF_PROGRAM
#define KREF_SHELF { PTHREAD_MUTEX_INITIALIZER, NULL, NULL, 0, NULL, NULL, "" }
#define KREF_SHELVES_4 KREF_SHELF, KREF_SHELF, KREF_SHELF, KREF_SHELF
#define KREF_SHELVES_16 KREF_SHELVES_4, KREF_SHELVES_4, KREF_SHELVES_4, KREF_SHELVES_4
KREF_ONE_PER_PROGRAM struct kref_tracked_domain kref_tracked_domain = {
	{ KREF_SHELVES_16, KREF_SHELVES_16, KREF_SHELVES_16, KREF_SHELVES_16 },
	PTHREAD_MUTEX_INITIALIZER, { { 0, NULL, NULL } }, 0, false, false
};
#define KREF_DOMAIN (&kref_tracked_domain)
#endif

/*
 * Tries for some microseconds before it sleeps, since nobody holds a shelf's for longer than that, and
 * to be woken takes ten times as long. Ever more seldom: a try takes the mutex's line from its holder.
 */
static inline void kref_ledger_mutex_lock(pthread_mutex_t *mutex)
{
	for (unsigned pause = 1; pause < KREF_LEDGER_PAUSE; pause *= 2) {
		if (!pthread_mutex_trylock(mutex))
			return;
		for (unsigned i = 0; i < pause; i++)
			KREF_CPU_RELAX();
	}
	/* No caller can report an error, and a record without its lock would be wrong in silence. */
	if (pthread_mutex_lock(mutex))
		abort();
}

static inline void kref_ledger_mutex_unlock(pthread_mutex_t *mutex)
{
	if (pthread_mutex_unlock(mutex))
		abort();
}

/* Knuth's multiplicative hash; its upper half is the good one. */
static inline unsigned kref_ledger_hash(const struct kref *kref)
{
	return (unsigned)(((unsigned long long)(uintptr_t)kref >> 2) * 0x9e3779b97f4a7c15ull >> 32);
}

/* The shelf of an address, locked; nothing of the program is called before it is unlocked. */
static inline struct kref_shelf *kref_ledger_lock(const struct kref *kref)
{
	struct kref_shelf *shelf = &KREF_DOMAIN->shelves[kref_ledger_hash(kref) %
							 KREF_LEDGER_SHELVES];

	kref_ledger_mutex_lock(&shelf->mutex);
	return shelf;
}

static inline void kref_ledger_unlock(struct kref_shelf *shelf)
{
	kref_ledger_mutex_unlock(&shelf->mutex);
}

/* Whether two are one place of the source: a header's has a copy in each file that includes it. */
static inline bool kref_place_same(const struct kref_place *a, const struct kref_place *b)
{
	if (a == b)
		return true;
	return a && b && a->line == b->line && !strcmp(a->file, b->file) &&
	       !strcmp(a->what, b->what) && !strcmp(a->function, b->function);
}

static inline void kref_tallies_add(struct kref_tallies *tallies, const struct kref_place *place,
				    unsigned long long times)
{
	unsigned i;

	for (i = 0; i < tallies->nr; i++) {
		if (kref_place_same(tallies->of[i].place, place)) {
			tallies->of[i].times += times;
			return;
		}
	}
	if (i == KREF_LEDGER_PLACES) {
		tallies->elsewhere += times;
		return;
	}
	tallies->of[i].place = place;
	tallies->of[i].times = times;
	tallies->nr++;
}

static inline struct kref_record **kref_ledger_bucket(struct kref_shelf *shelf,
						      const struct kref *kref)
{
	return &shelf->buckets[kref_ledger_hash(kref) / KREF_LEDGER_SHELVES % KREF_LEDGER_SHARE];
}

/* The record of an address, or a null pointer. Under the shelf's lock, as all that follows. */
static inline struct kref_record *kref_ledger_find(struct kref_shelf *shelf, const struct kref *kref)
{
	struct kref_record *record = shelf->buckets ? *kref_ledger_bucket(shelf, kref) : NULL;

	while (record && record->kref != kref)
		record = record->next;
	return record;
}

/* Takes a record out of those that are over. */
static inline void kref_ledger_rouse(struct kref_shelf *shelf, struct kref_record *record)
{
	if (record->older)
		record->older->newer = record->newer;
	else
		shelf->oldest = record->newer;
	if (record->newer)
		record->newer->older = record->older;
	else
		shelf->newest = record->older;
}

/* The last reference was given back at place. */
static inline void kref_ledger_end(struct kref_shelf *shelf, struct kref_record *record,
				   const struct kref_place *place)
{
	record->over = true;
	record->ended = place;
	record->newer = NULL;
	record->older = shelf->newest;
	if (shelf->newest)
		shelf->newest->newer = record;
	else
		shelf->oldest = record;
	shelf->newest = record;
}

static inline bool kref_ledger_open(struct kref_shelf *shelf)
{
	if (!shelf->records)
		shelf->records = KREF_NEW(struct kref_record, KREF_LEDGER_SHARE);
	if (!shelf->buckets)
		shelf->buckets = KREF_NEW(struct kref_record *, KREF_LEDGER_SHARE);
	return shelf->records && shelf->buckets;
}

/* A record that nobody needs, in no list; a null pointer where all are needed. */
static inline struct kref_record *kref_ledger_spare(struct kref_shelf *shelf)
{
	struct kref_record *record = shelf->oldest, **link;

	if (!kref_ledger_open(shelf))
		return NULL;
	if (shelf->nr_used < KREF_LEDGER_SHARE)
		return &shelf->records[shelf->nr_used++];
	if (!record)
		return NULL;
	kref_ledger_rouse(shelf, record);
	link = kref_ledger_bucket(shelf, record->kref);
	while (*link != record)
		link = &(*link)->next;
	*link = record->next;
	return record;
}

/* Once: what is not tracked is counted all the same. */
static __attribute__((noinline, cold, unused))
void kref_ledger_say_no_room(void)
{
	struct kref_tracked_domain *domain = KREF_DOMAIN;

	kref_ledger_mutex_lock(&domain->printing);
	if (!domain->said_no_room)
		(void)fprintf(stderr, "kref: no room in the ledger: some krefs are not tracked "
			      "(KREF_LEDGER_MAX is %u)\n", KREF_LEDGER_MAX);
	domain->said_no_room = true;
	kref_ledger_mutex_unlock(&domain->printing);
}

/*
 * A kref begins, with refs references that place made, whatever was known of its address. A null
 * pointer where there is no room for its record.
 */
static __attribute__((noinline, unused))
struct kref_record *kref_ledger_begin(struct kref_shelf *shelf, const struct kref *kref,
				      unsigned refs, const struct kref_place *place)
{
	struct kref_record *record = kref_ledger_find(shelf, kref), **bucket, *next;

	if (record) {
		next = record->next;
		if (record->over)
			kref_ledger_rouse(shelf, record);
	} else {
		record = kref_ledger_spare(shelf);
		if (!record) {
			kref_ledger_say_no_room();
			return NULL;
		}
		bucket = kref_ledger_bucket(shelf, kref);
		next = *bucket;
		*bucket = record;
	}
	(void)memset(record, 0, sizeof(*record));
	record->kref = kref;
	record->next = next;
	record->begun = place;
	record->refs = refs;
	if (refs)
		kref_tallies_add(&record->tallies, place, refs);
	else
		kref_ledger_end(shelf, record, NULL);
	return record;
}

#endif
