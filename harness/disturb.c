/*
 * Reads what the kernel counts of a thread, and compares clocks.
 *
 * SPDX-License-Identifier: MIT
 */
#include "disturb.h"

#include <errno.h>
#include <math.h>
#include <sched.h>
#include <sys/resource.h>

/* NTP slews by 500 ppm at most: far below. */
#define STEP_FRACTION 0.01
#define STEP_NS 50000

static uint64_t time_ns(const struct timeval *time)
{
	return (uint64_t)time->tv_sec * 1000000000 + (uint64_t)time->tv_usec * 1000;
}

int disturb_thread_read(struct disturb_thread *thread)
{
	struct rusage usage;

	if (getrusage(RUSAGE_THREAD, &usage))
		return -errno;
	thread->switches = usage.ru_nivcsw;
	thread->cpu = sched_getcpu();
	thread->user_ns = time_ns(&usage.ru_utime);
	thread->kernel_ns = time_ns(&usage.ru_stime);
	return 0;
}

void disturb_clocks_read(const struct clock *clock, struct disturb_clocks *clocks)
{
	struct timespec now;

	clocks->before = clock_ticks(clock);
	/* Against itself a clock would always be right. */
	clock_gettime(clock->monotonic ? CLOCK_MONOTONIC_RAW : CLOCK_MONOTONIC, &now);
	clocks->after = clock_ticks(clock);
	clocks->other_ns = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* Signed: a clock may have been set back. */
static double passed_ns(const struct clock *clock, uint64_t from, uint64_t to)
{
	return (double)(int64_t)(to - from) * clock->ns_per_tick;
}

bool disturb_clock_stepped(const struct clock *clock, const struct disturb_clocks *begin,
			   const struct disturb_clocks *end)
{
	const double measured_ns = passed_ns(clock, begin->before, end->before);
	const double other_ns = (double)(int64_t)(end->other_ns - begin->other_ns);
	/* Who was off the processor between its readings has not read them at one time. */
	const double doubt_ns = passed_ns(clock, begin->before, begin->after) +
				passed_ns(clock, end->before, end->after);

	return fabs(measured_ns - other_ns) >
	       STEP_FRACTION * fabs(other_ns) + STEP_NS + fabs(doubt_ns);
}
