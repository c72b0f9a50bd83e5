/*
 * Chooses and calibrates the source of time stamps.
 *
 * SPDX-License-Identifier: MIT
 */
#include "clock.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

/* Long enough that the two clock reads at its ends (about 50 ns each) are below 10 ppm of it. */
#define CALIBRATION_NS 20000000

static bool counter_is_fit(void)
{
#if defined(__x86_64__)
	unsigned eax, ebx, ecx, edx;

	/* Advanced power management: EDX bit 8 is the invariant TSC (Intel SDM vol. 3, 18.17.1). */
	return __get_cpuid(0x80000007, &eax, &ebx, &ecx, &edx) && (edx & 1u << 8);
#elif defined(__aarch64__)
	return true;
#else
	return false;
#endif
}

void clock_use_monotonic(struct clock *clock)
{
	clock->monotonic = true;
	clock->ns_per_tick = 1;
}

void clock_init(struct clock *clock)
{
	uint64_t start_ns, start, ns;

	clock_use_monotonic(clock);
	if (!counter_is_fit())
		return;
	start_ns = clock_monotonic_ns();
	start = clock_counter();
	do
		ns = clock_monotonic_ns() - start_ns;
	while (ns < CALIBRATION_NS);
	clock->ns_per_tick = (double)ns / (double)(clock_counter() - start);
	clock->monotonic = false;
}

const char *clock_name(const struct clock *clock)
{
	if (clock->monotonic)
		return "monotonic";
#if defined(__x86_64__)
	return "tsc";
#else
	return "cntvct";
#endif
}
