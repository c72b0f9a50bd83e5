/*
 * Makes one function fail from some call on, in a program that is started with this as LD_PRELOAD.
 *
 * SPDX-License-Identifier: MIT
 *
 * FAULT=FUNCTION:N lets N calls of a process through. A function's errors are those that its manual names for
 * the lack that is meant; of clock_gettime the monotonic clocks go backwards and forwards by turns. With
 * FAULT_IN=launch only launches meet it, with FAULT_IN=run only the process that starts them. With FAULT_SIGNAL=NUMBER
 * that signal comes in place of the failure.
 */
#include <dlfcn.h>
#include <errno.h>
#include <hwloc.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "harness/options.h"

static const char *failing = "";
static long let_through;
static int signal_instead;
static atomic_long calls;

__attribute__((constructor)) static void fault_read(void)
{
	const char *fault = getenv("FAULT"), *where = getenv("FAULT_IN"), *number = getenv("FAULT_SIGNAL");
	const char *colon = fault ? strchr(fault, ':') : NULL;

	/* Now: the run sets its launches' environment in its own. */
	if (!colon || (where && !strcmp(where, "launch") != !!getenv(OPTIONS_LAUNCH)))
		return;
	let_through = atol(colon + 1);
	signal_instead = number ? atoi(number) : 0;
	failing = strndup(fault, (size_t)(colon - fault));
}

/* Whether the call of the function is one that fails; counts it. */
static bool fails(const char *function)
{
	const bool met = !strcmp(failing, function) && atomic_fetch_add(&calls, 1) >= let_through;

	if (met && signal_instead)
		kill(getpid(), signal_instead);
	return met && !signal_instead;
}

#define REAL(function) ((__typeof__(&(function)))dlsym(RTLD_NEXT, #function))

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
		   void *argument)
{
	return fails("pthread_create") ? EAGAIN :
	       REAL(pthread_create)(thread, attributes, start, argument);
}

int pthread_setaffinity_np(pthread_t thread, size_t bytes, const cpu_set_t *cpus)
{
	return fails("pthread_setaffinity_np") ? EINVAL :
	       REAL(pthread_setaffinity_np)(thread, bytes, cpus);
}

int hwloc_topology_load(hwloc_topology_t topology)
{
	if (!fails("hwloc_topology_load"))
		return REAL(hwloc_topology_load)(topology);
	errno = EINVAL;
	return -1;
}

/* Of what is as large as an arena or a thread's stack. */
void *mmap(void *at, size_t bytes, int protection, int flags, int fd, off_t offset)
{
	if (!fails("mmap"))
		return REAL(mmap)(at, bytes, protection, flags, fd, offset);
	errno = ENOMEM;
	return MAP_FAILED;
}

/* As if the time to wait were over. */
int poll(struct pollfd *files, nfds_t nr, int timeout_ms)
{
	return fails("poll") ? 0 : REAL(poll)(files, nr, timeout_ms);
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
	static __thread unsigned reads;
	const int code = REAL(clock_gettime)(clock, time);

	if (!code && clock == CLOCK_MONOTONIC && fails("clock_gettime") && ++reads % 2)
		time->tv_sec += 1;
	return code;
}
