/*
 * Calibrates the work between two ops.
 *
 * SPDX-License-Identifier: MIT
 */
#include "work.h"

#include <errno.h>
#include <stdlib.h>

#include "stats.h"

/* Long enough to outweigh the two stamps a thousandfold, short enough to fit between interrupts. */
#define LOOPS 100000
#define REPETITIONS 31

struct calibration {
	const struct clock *clock;
	double *loops_per_ns;	/* [member][repetition] */
};

static void calibrate_member(struct member *member, void *argument)
{
	const struct calibration *calibration = argument;
	const struct clock *clock = calibration->clock;
	double *own = calibration->loops_per_ns + (size_t)member->index * REPETITIONS;

	for (unsigned i = 0; i < REPETITIONS; i++) {
		const uint64_t start = clock_ticks(clock);

		worker_work(LOOPS);
		own[i] = LOOPS / ((double)(clock_ticks(clock) - start) * clock->ns_per_tick);
	}
}

int work_calibrate(struct team *team, const struct clock *clock, double *loops_per_ns,
		   struct error *err)
{
	const size_t n = (size_t)team->active * REPETITIONS;
	struct calibration calibration = { clock, calloc(n, sizeof(double)) };

	if (!calibration.loops_per_ns)
		return error_set(err, ENOMEM, "no memory for %u workers", team->active);
	team_do(team, calibrate_member, &calibration);
	*loops_per_ns = stats_median_inplace(calibration.loops_per_ns, n);
	free(calibration.loops_per_ns);
	return 0;
}
