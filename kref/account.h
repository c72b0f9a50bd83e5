/*
 * What a ledger tells on stderr: misuses, each with its places, and at exit what is still held.
 *
 * SPDX-License-Identifier: MIT
 *
 * A misuse is a block of lines, once for each pair of the place that it is at and the place of the
 * last put; a program's hook (report.h) gets each instead. At exit, after all that the program has
 * registered for it, comes what is still held: of each place where such krefs began, the most
 * references first.
 */
#ifndef KREF_ACCOUNT_H
#define KREF_ACCOUNT_H

#include "ledger.h"
#include "report.h"

/* Places of the beginning that are told apart at exit. */
#define KREF_ACCOUNT_GROUPS 64

struct kref_account_group {
	const struct kref_place *begun;
	unsigned long long nr_krefs, nr_refs;
	struct kref_tallies tallies;
};

/* A place, after what stands on its line so far. */
static inline void kref_account_place(const struct kref_place *place)
{
	if (place)
		(void)fprintf(stderr, ": %s:%u %s\n", place->file, place->line, place->function);
	else
		(void)fprintf(stderr, ": place not known\n");
}

static inline void kref_account_tallies(const struct kref_tallies *tallies)
{
	for (unsigned i = 0; i < tallies->nr; i++) {
		const struct kref_place *place = tallies->of[i].place;

		(void)fprintf(stderr, "    %llu %s", tallies->of[i].times,
			      place ? place->what : "by a pointer");
		if (place == &kref_place_initialiser)
			(void)fprintf(stderr, "\n");
		else
			kref_account_place(place);
	}
	if (tallies->elsewhere)
		(void)fprintf(stderr, "    %llu at other places\n", tallies->elsewhere);
}

/* Whether this one was said before; if not, it is from now on. Under printing. */
static inline bool kref_account_said(int kind, const struct kref_place *place,
				     const struct kref_place *ended)
{
	struct kref_tracked_domain *domain = KREF_DOMAIN;
	struct kref_said *said = domain->said;

	for (; said < domain->said + domain->nr_said; said++)
		if (said->kind == kind && kref_place_same(said->place, place) &&
		    kref_place_same(said->ended, ended))
			return true;
	if (domain->nr_said == KREF_LEDGER_SAID)
		return true;
	said->kind = kind;
	said->place = place;
	said->ended = ended;
	if (++domain->nr_said == KREF_LEDGER_SAID)
		(void)fprintf(stderr, "kref: misuses at further places are not reported\n");
	return false;
}

/*
 * Tells of a get or a put, at place, of a kref that nobody holds. record: a copy of what is known of
 * it, or a null pointer. The caller holds no lock.
 */
static __attribute__((noinline, cold, unused))
void kref_account_misuse(enum kref_report kind, struct kref *kref, const struct kref_place *place,
			 const struct kref_record *record)
{
	const bool get = kind == KREF_REPORT_ADD_ON_ZERO;
	const struct kref_place *ended = record ? record->ended : NULL;

	if (kref_report_hooked(kind, kref))
		return;
	kref_ledger_mutex_lock(&KREF_DOMAIN->printing);
	if (!kref_account_said(kind, place, ended)) {
		(void)fprintf(stderr, "kref: a %s after the last put (%s)\n", get ? "get" : "put",
			      kref_report_text(kind));
		(void)fprintf(stderr, "  this %s", get ? "get" : "put");
		kref_account_place(place);
		(void)fprintf(stderr, "  last put");
		kref_account_place(ended);
		if (record && record->tallies.nr) {
			(void)fprintf(stderr, "  until then:\n");
			kref_account_tallies(&record->tallies);
		}
		(void)fprintf(stderr, "  to do: %s\n", get ?
			      "take the reference before the pointer is handed over, not after" :
			      "find the get that is missing, or the put that is one too many");
	}
	kref_ledger_mutex_unlock(&KREF_DOMAIN->printing);
}

/* The group of krefs that began at place, a new one if need be; the last one is for all others. */
static inline struct kref_account_group *kref_account_group(struct kref_account_group *groups,
							    unsigned *nr_groups,
							    const struct kref_place *begun)
{
	unsigned i = 0;

	while (i < *nr_groups && !kref_place_same(groups[i].begun, begun))
		i++;
	if (i == KREF_ACCOUNT_GROUPS)
		return &groups[i - 1];
	if (i == *nr_groups) {
		groups[i].begun = begun;
		++*nr_groups;
	}
	return &groups[i];
}

/* Of a shelf, which is locked. */
static inline void kref_account_collect(const struct kref_shelf *shelf,
					struct kref_account_group *groups, unsigned *nr_groups)
{
	for (unsigned r = 0; r < shelf->nr_used; r++) {
		const struct kref_record *record = &shelf->records[r];
		const struct kref_tallies *tallies = &record->tallies;
		struct kref_account_group *group;

		if (record->over)
			continue;
		group = kref_account_group(groups, nr_groups, record->begun);
		group->nr_krefs++;
		group->nr_refs += record->refs;
		for (unsigned i = 0; i < tallies->nr; i++)
			kref_tallies_add(&group->tallies, tallies->of[i].place,
					 tallies->of[i].times);
		group->tallies.elsewhere += tallies->elsewhere;
	}
}

static inline int kref_account_compare(const void *a, const void *b)
{
	const unsigned long long refs_a = ((const struct kref_account_group *)a)->nr_refs;
	const unsigned long long refs_b = ((const struct kref_account_group *)b)->nr_refs;

	return (refs_a < refs_b) - (refs_a > refs_b);
}

static inline void kref_account_sum(unsigned long long nr_refs, unsigned long long nr_krefs)
{
	(void)fprintf(stderr, "%llu reference%s of %llu kref%s\n", nr_refs, nr_refs == 1 ? "" : "s",
		      nr_krefs, nr_krefs == 1 ? "" : "s");
}

static inline void kref_account_print(struct kref_account_group *groups, unsigned nr_groups)
{
	unsigned long long nr_krefs = 0, nr_refs = 0;

	for (unsigned i = 0; i < nr_groups; i++) {
		nr_krefs += groups[i].nr_krefs;
		nr_refs += groups[i].nr_refs;
	}
	qsort(groups, nr_groups, sizeof(*groups), kref_account_compare);
	(void)fprintf(stderr, "kref: still held at exit: ");
	kref_account_sum(nr_refs, nr_krefs);
	for (unsigned i = 0; i < nr_groups; i++) {
		const struct kref_account_group *group = &groups[i];

		(void)fprintf(stderr, "  ");
		kref_account_sum(group->nr_refs, group->nr_krefs);
		kref_account_tallies(&group->tallies);
	}
	(void)fprintf(stderr, "  to do: each lacks a put, unless it is to live as long as the "
		      "program\n");
}

/*
 * What is held, once for a program. A shelf after the other: threads that still run may change one
 * that was looked at.
 */
static inline void kref_account_held(void)
{
	struct kref_tracked_domain *domain = KREF_DOMAIN;
	struct kref_account_group *groups = KREF_NEW(struct kref_account_group,
						     KREF_ACCOUNT_GROUPS);
	unsigned nr_groups = 0;

	if (!groups)
		return;
	for (unsigned s = 0; s < KREF_LEDGER_SHELVES; s++) {
		kref_ledger_mutex_lock(&domain->shelves[s].mutex);
		kref_account_collect(&domain->shelves[s], groups, &nr_groups);
		kref_ledger_mutex_unlock(&domain->shelves[s].mutex);
	}
	kref_ledger_mutex_lock(&domain->printing);
	if (nr_groups && !domain->said_held)
		kref_account_print(groups, nr_groups);
	domain->said_held = true;
	kref_ledger_mutex_unlock(&domain->printing);
	KREF_DELETE(groups);
}

#ifdef KREF_LEDGER_OF_PROGRAM
/* Not by atexit(): destructors come after all that the program itself does at exit. */
static __attribute__((destructor, unused)) void kref_account_at_exit(void)
{
	kref_account_held();
}
#endif

#endif
