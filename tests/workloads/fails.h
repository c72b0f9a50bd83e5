/*
 * pthread_create and aligned_alloc that fail when a test says so; link with -Wl,--wrap for each.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_WORKLOADS_FAILS_H
#define TESTS_WORKLOADS_FAILS_H

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

/* How many calls still succeed; negative: all. */
static int fails_threads_left = -1, fails_allocs_left = -1;

/* Threads run to their end before pthread_create returns: the child is always first. */
static bool fails_child_first;

static inline void *fails_nothing(void *argument)
{
	return argument;
}

static inline int fails_now(int *left)
{
	int seen = __atomic_load_n(left, __ATOMIC_RELAXED);

	while (seen > 0)
		if (__atomic_compare_exchange_n(left, &seen, seen - 1, false, __ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			return 0;
	return seen == 0;
}

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*start)(void *),
			  void *argument);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*start)(void *),
			  void *argument);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*start)(void *),
			  void *argument)
{
	if (fails_now(&fails_threads_left))
		return EAGAIN;
	if (fails_child_first) {
		start(argument);
		start = fails_nothing;
	}
	return __real_pthread_create(thread, attr, start, argument);
}

void *__real_aligned_alloc(size_t align, size_t bytes);
void *__wrap_aligned_alloc(size_t align, size_t bytes);
void *__wrap_aligned_alloc(size_t align, size_t bytes)
{
	return fails_now(&fails_allocs_left) ? NULL : __real_aligned_alloc(align, bytes);
}

#endif
