/*
 * <pthread.h> for the model checker: its locks; the rest is the system's.
 *
 * SPDX-License-Identifier: MIT
 *
 * No guard around the first line: the C++ library includes this too, before there is a checker.
 */
#include_next <pthread.h>

#if defined(MODEL_CHECKER_H) && !defined(MODEL_SHIM_PTHREAD_H)
#define MODEL_SHIM_PTHREAD_H

/* Relacy's own want to be destroyed, which no strategy's count does. */
#undef pthread_mutex_t
#undef pthread_mutex_init
#undef pthread_mutex_destroy
#undef pthread_mutex_lock
#undef pthread_mutex_trylock
#undef pthread_mutex_unlock
#undef PTHREAD_MUTEX_INITIALIZER

/* Of both kinds: whoever waits lets others go on, and what matters of a lock is its order. */
#define pthread_mutex_t model_lock
#define pthread_spinlock_t model_lock

#define PTHREAD_MUTEX_INITIALIZER {}

#define pthread_mutex_init(lock, attributes) ((void)(attributes), (lock)->init())
#define pthread_mutex_destroy(lock) ((lock)->destroy())
#define pthread_mutex_lock(lock) ((lock)->acquire(RL_INFO))
#define pthread_mutex_trylock(lock) ((lock)->try_acquire(RL_INFO))
#define pthread_mutex_unlock(lock) ((lock)->release(RL_INFO))

#define pthread_spin_init(lock, shared) ((void)(shared), (lock)->init())
#define pthread_spin_destroy(lock) ((lock)->destroy())
#define pthread_spin_lock(lock) ((lock)->acquire(RL_INFO))
#define pthread_spin_trylock(lock) ((lock)->try_acquire(RL_INFO))
#define pthread_spin_unlock(lock) ((lock)->release(RL_INFO))

#endif
