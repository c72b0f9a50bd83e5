/*
 * mutex: a count under a pthread mutex. With glibc 48 bytes on x86-64 and riscv64, 56 on arm64.
 *
 * SPDX-License-Identifier: MIT
 *
 * What a first program does; it sleeps under contention. Exact at any moment: locked.h has the
 * operations and what they do at 0 and UINT_MAX.
 *
 * Freeing right after the last unlock is safe: POSIX asks of pthread_mutex_unlock() that another
 * thread may lock, unlock, destroy and free the mutex at once (the rationale of
 * pthread_mutex_destroy() shows a reference counter doing it). glibc keeps to it for this kind of
 * mutex: after the exchange that frees the lock it only wakes the futex's address, which is not
 * read. pthread_mutex_destroy() is not called, since a late kref_get_unless_zero() may still lock;
 * a mutex of glibc or musl owns nothing beyond its bytes.
 */
#ifndef KREF_STRATEGIES_MUTEX_H
#define KREF_STRATEGIES_MUTEX_H

#include <pthread.h>
#include <stdlib.h>

struct kref {
	pthread_mutex_t lock;
	KREF_PLAIN(unsigned) refs;
};

#define KREF_INIT(n) { PTHREAD_MUTEX_INITIALIZER, (n) }

/* No operation can report an error, and a count without its lock would be wrong in silence. */
static inline void kref_count_check(int error)
{
	if (error)
		abort();
}

static inline void kref_count_lock(struct kref *kref)
{
	kref_count_check(pthread_mutex_lock(&kref->lock));
}

static inline void kref_count_unlock(struct kref *kref)
{
	kref_count_check(pthread_mutex_unlock(&kref->lock));
}

static inline void kref_init(struct kref *kref)
{
	kref_count_check(pthread_mutex_init(&kref->lock, NULL));
	kref->refs = 1;
}

#include "../locked.h"

/* How often the mutex tried is its own affair. */
#define KREF_CAPS (KREF_LOCKED_CAPS | KREF_HIDES_RETRIES)

#endif
