/*
 * Time stamps: ticks of the processor's counter where it is fit for that, else CLOCK_MONOTONIC.
 *
 * SPDX-License-Identifier: MIT
 *
 * Fit: the x86 TSC when CPUID says that it is invariant, cntvct_el0 on arm64. Whether the counters
 * of the processors agree is measured by team_clock_offset(); clock_use_monotonic() is the way out.
 */
#ifndef HARNESS_CLOCK_H
#define HARNESS_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct clock {
	bool monotonic;		/* a tick is a ns of CLOCK_MONOTONIC */
	double ns_per_tick;
};

/* Chooses the source and measures its rate against CLOCK_MONOTONIC, which takes 20 ms. */
void clock_init(struct clock *clock);

/* Falls back to CLOCK_MONOTONIC. */
void clock_use_monotonic(struct clock *clock);

/* "tsc", "cntvct" or "monotonic". */
const char *clock_name(const struct clock *clock);

/*
 * How far apart two stamps are at least that differ, in ns: the greatest common divisor of the distances of
 * 1000 of them. Some counters go on by many ticks at a time.
 */
double clock_step_ns(const struct clock *clock);

static inline uint64_t clock_monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static inline uint64_t clock_counter(void)
{
#if defined(__x86_64__)
	/* lfence: the ops before the stamp have finished. */
	__builtin_ia32_lfence();
	return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
	uint64_t ticks;

	__asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(ticks) :: "memory");
	return ticks;
#else
	return clock_monotonic_ns();
#endif
}

static inline uint64_t clock_ticks(const struct clock *clock)
{
	return clock->monotonic ? clock_monotonic_ns() : clock_counter();
}

static inline uint64_t clock_to_ns(const struct clock *clock, uint64_t ticks)
{
	return (uint64_t)((double)ticks * clock->ns_per_tick);
}

static inline uint64_t clock_from_ns(const struct clock *clock, uint64_t ns)
{
	return (uint64_t)((double)ns / clock->ns_per_tick);
}

#endif
