/*
 * tracked: finds who got or put too often, or not at all. 8 bytes, and 280 a kref in a ledger.
 *
 * SPDX-License-Identifier: MIT
 *
 * For the bugs of programs, not for their speed. It counts exactly, as exact.h has it, and keeps a
 * record (ledger.h) of the places that took and gave references. A get or a put after the last put is
 * reported with its own place and that of the last put; at exit, what is still held (account.h).
 *
 * A place is file, line and function of the call, taken by a macro over each operation (places.h):
 * exact where everything is inlined, which a return address is not, and readable without debug
 * information. A function that only wraps kref_get() is one place for all its callers; made a macro
 * it is theirs.
 *
 * A late operation finds its record before it touches the kref, which may be freed memory, and then
 * does not touch it: a get takes nothing, a put releases nothing, kref_get_unless_zero() fails and
 * kref_read() gives 0, which is no misuse. A put that such a get would have paid for is not reported
 * again. kref_init() begins anew, and so does an initialiser, by a mark: where a kref ended, the
 * kernel is asked to read that, since it does not mind if nothing is there.
 *
 * Each operation is under the mutex of its shelf. That orders more than a counter promises, so that
 * ThreadSanitizer sees fewer of a program's races than with refcount.
 */
#ifndef KREF_STRATEGIES_TRACKED_H
#define KREF_STRATEGIES_TRACKED_H

#include <limits.h>
#include <stdbool.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../account.h"
#include "../exact.h"
#include "../ledger.h"
#include "../report.h"

struct kref {
	KREF_PLAIN(unsigned) refs;
	KREF_PLAIN(unsigned) mark;	/* KREF_TRACKED_NEW until the first operation */
};

#define KREF_TRACKED_NEW 0x6b726566u
#define KREF_INIT(n) { (n), KREF_TRACKED_NEW }
/* How often a mutex tried is its own affair. */
#define KREF_CAPS \
	(KREF_CAN_AS_KERNEL | KREF_CAN_SATURATE | KREF_HIDES_RETRIES | KREF_FINDS_BUGS)
#define KREF_HAS_PLACES

/* Whether an initialiser has been at an address where a kref ended and anything may be now. */
static __attribute__((noinline, cold, unused))
bool kref_tracked_is_new(const struct kref *kref)
{
#if defined(KREF_LEDGER_OF_PROGRAM) && defined(__linux__)
#ifndef __cplusplus
	/* C11 alone hides it. */
	ssize_t process_vm_readv(pid_t pid, const struct iovec *local, unsigned long nr_local,
				 const struct iovec *remote, unsigned long nr_remote,
				 unsigned long flags);
#endif
	struct kref copy = { 0, 0 };
	const struct iovec to = { &copy, sizeof(copy) };
	const struct iovec from = { (void *)(uintptr_t)kref, sizeof(copy) };

	return process_vm_readv(getpid(), &to, 1, &from, 1, 0) == (ssize_t)sizeof(copy) &&
	       copy.mark == KREF_TRACKED_NEW;
#else
	(void)kref;
	return false;
#endif
}

/* Whether the record tells that the memory is not to be touched. */
static inline bool kref_tracked_over(const struct kref_record *record, const struct kref *kref)
{
	return record && record->over && !kref_tracked_is_new(kref);
}

/* The record of a kref, begun if an initialiser made it; a null pointer where there is no room. */
static inline struct kref_record *kref_tracked_record(struct kref_shelf *shelf, struct kref *kref)
{
	struct kref_record *record = kref_ledger_find(shelf, kref);

	if (kref_tracked_over(record, kref))
		return record;
	if (record && !record->over && kref->mark != KREF_TRACKED_NEW)
		return record;
	record = kref_ledger_begin(shelf, kref, kref->refs, &kref_place_initialiser);
	kref->mark = 0;
	return record;
}

static inline unsigned kref_tracked_refs(const struct kref_record *record, const struct kref *kref)
{
	return record && record->over ? 0 : (unsigned)kref->refs;
}

/* The count becomes refs, by an operation at place. */
static inline void kref_tracked_move(struct kref_shelf *shelf, struct kref_record *record,
				     struct kref *kref, unsigned refs,
				     const struct kref_place *place)
{
	kref->refs = refs;
	if (!record)
		return;
	record->refs = refs;
	kref_tallies_add(&record->tallies, place, 1);
	if (refs == 0)
		kref_ledger_end(shelf, record, place);
}

/* Unlocks, and tells of a misuse. */
static __attribute__((noinline, cold, unused))
void kref_tracked_misused(struct kref_shelf *shelf, const struct kref_record *record,
			  struct kref *kref, enum kref_report kind, const struct kref_place *place)
{
	struct kref_record copy;

	if (record)
		copy = *record;
	kref_ledger_unlock(shelf);
	kref_account_misuse(kind, kref, place, record ? &copy : NULL);
}

static __attribute__((noinline, unused))
void kref_init_at(struct kref *kref, const struct kref_place *place)
{
	struct kref_shelf *shelf = kref_ledger_lock(kref);

	KREF_PROBE(init, kref);
	kref->refs = 1;
	kref->mark = 0;
	(void)kref_ledger_begin(shelf, kref, 1, place);
	kref_ledger_unlock(shelf);
}

/* The count before it; at 0 nothing is taken, and the lock is still held. */
static inline unsigned kref_tracked_up(struct kref_shelf *shelf, struct kref_record *record,
				       struct kref *kref, const struct kref_place *place)
{
	const unsigned old = kref_tracked_refs(record, kref);

	if (old == 0)
		return 0;
	if (old != UINT_MAX)
		kref_tracked_move(shelf, record, kref, old + 1, place);
	kref_ledger_unlock(shelf);
	if (KREF_UNLIKELY(old >= UINT_MAX - 1))
		kref_report(KREF_REPORT_SATURATED, kref);
	return old;
}

static __attribute__((noinline, unused))
void kref_get_at(struct kref *kref, const struct kref_place *place)
{
	struct kref_shelf *shelf = kref_ledger_lock(kref);
	struct kref_record *record = kref_tracked_record(shelf, kref);

	KREF_PROBE(get, kref);
	if (kref_tracked_up(shelf, record, kref, place))
		return;
	if (record)
		record->late++;
	kref_tracked_misused(shelf, record, kref, KREF_REPORT_ADD_ON_ZERO, place);
}

KREF_MUST_CHECK static __attribute__((noinline, unused))
int kref_get_unless_zero_at(struct kref *kref, const struct kref_place *place)
{
	struct kref_shelf *shelf = kref_ledger_lock(kref);
	struct kref_record *record = kref_tracked_record(shelf, kref);
	const bool taken = kref_tracked_up(shelf, record, kref, place);

	KREF_PROBE_LOOKUP(kref, taken);
	if (!taken)
		kref_ledger_unlock(shelf);
	return taken;
}

/* Gives one reference back, unless it is the last and that is to stay; the count before. */
static __attribute__((noinline, unused))
unsigned kref_tracked_down(struct kref *kref, bool not_one, const struct kref_place *place)
{
	struct kref_shelf *shelf = kref_ledger_lock(kref);
	struct kref_record *record = kref_tracked_record(shelf, kref);
	const unsigned old = kref_tracked_refs(record, kref);

	if (old == 0 && !(record && record->late)) {
		kref_tracked_misused(shelf, record, kref, KREF_REPORT_UNDERFLOW, place);
		return 0;
	}
	if (old == 0)
		record->late--;
	else if (!kref_exact_final(old) && !(old == 1 && not_one))
		kref_tracked_move(shelf, record, kref, old - 1, place);
	kref_ledger_unlock(shelf);
	return old;
}

static inline bool kref_dec_and_test_at(struct kref *kref, const struct kref_place *place)
{
	return kref_tracked_down(kref, false, place) == 1;
}

static inline bool kref_dec_not_one_at(struct kref *kref, const struct kref_place *place)
{
	return kref_tracked_down(kref, true, place) != 1;
}

static inline unsigned kref_read(const struct kref *kref)
{
	struct kref_shelf *shelf = kref_ledger_lock(kref);
	const unsigned refs = kref_tracked_over(kref_ledger_find(shelf, kref), kref) ? 0 :
			      (unsigned)kref->refs;

	kref_ledger_unlock(shelf);
	return refs;
}

/* The operations themselves, for pointers to them: from a place that nobody knows. */

static inline void kref_init(struct kref *kref)
{
	kref_init_at(kref, NULL);
}

static inline void kref_get(struct kref *kref)
{
	kref_get_at(kref, NULL);
}

static inline bool kref_dec_and_test(struct kref *kref)
{
	return kref_dec_and_test_at(kref, NULL);
}

static inline bool kref_dec_not_one(struct kref *kref)
{
	return kref_dec_not_one_at(kref, NULL);
}

KREF_MUST_CHECK static inline int kref_get_unless_zero(struct kref *kref)
{
	return kref_get_unless_zero_at(kref, NULL);
}

#endif
