/*
 * Chooses and calibrates the source of time stamps.
 *
 * SPDX-License-Identifier: MIT
 */
#include "clock.h"

#include <stdio.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

/* Long enough that the two clock reads at its ends (about 50 ns each) are below 10 ppm of it. */
#define CALIBRATION_NS 20000000

#if defined(__x86_64__)
/* The kernel takes the TSC off its list when its watchdog finds it unstable. */
static bool kernel_lists_tsc(void)
{
	FILE *file = fopen("/sys/devices/system/clocksource/clocksource0/available_clocksource",
			   "re");
	char line[256] = "";
	bool listed;

	if (!file)
		return true;
	listed = fgets(line, sizeof(line), file) && strstr(line, "tsc");
	fclose(file);
	return listed;
}
#endif

static bool counter_is_fit(void)
{
#if defined(__x86_64__)
	unsigned eax, ebx, ecx, edx;

	/* Advanced power management: EDX bit 8 is the invariant TSC (Intel SDM vol. 3, 18.17.1). */
	return __get_cpuid(0x80000007, &eax, &ebx, &ecx, &edx) && (edx & 1u << 8) &&
	       kernel_lists_tsc();
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

/* Both clocks at one instant: of some readings the closest, which no interrupt came between. */
static void read_both(uint64_t *ns, uint64_t *counter)
{
	uint64_t closest = UINT64_MAX;

	for (unsigned i = 0; i < 10; i++) {
		const uint64_t before = clock_counter();
		const uint64_t now = clock_monotonic_ns();
		const uint64_t apart = clock_counter() - before;

		if (apart >= closest)
			continue;
		closest = apart;
		*ns = now;
		*counter = before + apart / 2;
	}
}

void clock_init(struct clock *clock)
{
	uint64_t start_ns, start, ns, counter;

	clock_use_monotonic(clock);
	if (!counter_is_fit())
		return;
	read_both(&start_ns, &start);
	while (clock_monotonic_ns() - start_ns < CALIBRATION_NS)
		;
	read_both(&ns, &counter);
	clock->ns_per_tick = (double)(ns - start_ns) / (double)(counter - start);
	clock->monotonic = false;
}

/* Euclid's. */
static uint64_t common_divisor(uint64_t a, uint64_t b)
{
	while (b) {
		const uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

double clock_step_ns(const struct clock *clock)
{
	uint64_t before = clock_ticks(clock), step = 0;

	/* Stamps that are equal say nothing, and leave the divisor as it is. */
	for (unsigned i = 0; i < 1000; i++) {
		const uint64_t now = clock_ticks(clock);

		step = common_divisor(step, now - before);
		before = now;
	}
	return (double)step * clock->ns_per_tick;
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
