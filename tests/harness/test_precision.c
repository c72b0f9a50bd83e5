/*
 * Intervals of runs that stop when their ratios are precise still cover: by simulation.
 *
 * SPDX-License-Identifier: MIT
 *
 * Launches are drawn from distributions of many shapes and widths around a ratio that is known; each run
 * stops as harness/schedule*.c have it. Seeded, so that it always gives the same answer.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "harness/judge.h"
#include "harness/random.h"
#include "harness/schedule.h"

#define PRECISION	0.01
/* Enough to see an interval that does not cover; under a sanitizer enough to go everywhere. */
#ifdef __SANITIZE_ADDRESS__
#define RUNS		200
#else
#define RUNS		4000
#endif
/* What 95 percent may come to in so many runs, but once in a thousand: 3.1 standard errors. */
#define LEAST_COVERED	(0.95 - 3.1 * sqrt(0.95 * 0.05 / RUNS))

/* The baseline, its A/A control and a strategy; each launch gives the ratio of the last alone. */
enum { BASELINE, AA, STRATEGY, NR_POINTS };

static uint64_t state = 1;

static double uniform(void)
{
	return (double)(random_next(&state) >> 11) * 0x1p-53;
}

/* Box and Muller, 1958. */
static double normal(void)
{
	return sqrt(-2 * log(1 - uniform())) * cos(2 * M_PI * uniform());
}

/* Each around a median of 0, most of it within +-1. */
static double even(void)
{
	return 2 * uniform() - 1;
}

/* Student's t with 3 degrees of freedom. */
static double heavy_tails(void)
{
	const double a = normal(), b = normal(), c = normal();

	return normal() / sqrt((a * a + b * b + c * c) / 3);
}

static double skewed(void)
{
	return exp(normal()) - 1;
}

/* Launches of two kinds, as where the layout of the process decides. */
static double two_modes(void)
{
	return (uniform() < 0.5 ? -1 : 1) + normal() / 5;
}

static const struct {
	const char *name;
	double (*draw)(void);
} shapes[] = {
	{ "normal", normal }, { "even", even }, { "heavy tails", heavy_tails },
	{ "skewed", skewed }, { "two modes", two_modes },
};

/* Whether there is time for groups that cannot get there. */
static bool goes_on_without_hope;

static const double widths[] = { 0.003, 0.008, 0.012, 0.018, 0.03 };

struct outcome {
	bool covered;
	size_t launches;
};

/* Whether the run goes on. */
static bool judged(const struct tally_group *group, struct outcome *outcome)
{
	const size_t pair = tally_pair(BASELINE, STRATEGY);
	struct judge judge;
	struct judge_width width;

	assert_int_equal(judge_group(group, &judge), 0);
	width = judge_width(group, &judge, STRATEGY);
	*outcome = (struct outcome){
		.covered = judge.pairs[pair].ratio.lo <= 1 && judge.pairs[pair].ratio.hi >= 1,
		.launches = group->nr_launches,
	};
	judge_free(&judge);
	return width.now > PRECISION && (goes_on_without_hope || width.outlook <= PRECISION);
}

/* One run, until it is precise or there are no more looks. */
static struct outcome run(double (*draw)(void), double width)
{
	struct tally_point points[NR_POINTS] = {
		[BASELINE] = { .strategy = (char *)TALLY_BASELINE, .variant = (char *)"gcc" },
		[AA] = { .strategy = (char *)TALLY_BASELINE, .variant = (char *)TALLY_CONTROL,
			 .kind = SAMPLES_CONTROL },
		[STRATEGY] = { .strategy = (char *)"other", .variant = (char *)"gcc" },
	};
	struct tally_group group = {
		.baseline = BASELINE, .points = points, .nr_points = NR_POINTS,
	};
	struct outcome outcome = { .covered = false };
	unsigned look = 0;

	do {
		look = schedule_look_after(look);
		while (group.nr_launches < look) {
			struct tally_launch *launch =
				tally_launch_add(&group, group.nr_launches + 1);

			assert_non_null(launch);
			launch->medians[tally_pair(BASELINE, AA)] = 1;
			launch->medians[tally_pair(BASELINE, STRATEGY)] = 1 + width * draw();
		}
	} while (judged(&group, &outcome) && schedule_look_after(look));
	for (size_t i = 0; i < group.nr_launches; i++)
		free(group.launches[i]);
	free(group.launches);
	return outcome;
}

static void test_intervals_cover(void **unused)
{
	goes_on_without_hope = *unused != NULL;
	for (size_t s = 0; s < sizeof(shapes) / sizeof(*shapes); s++)
		for (size_t w = 0; w < sizeof(widths) / sizeof(*widths); w++) {
			unsigned covered = 0;

			for (unsigned i = 0; i < RUNS; i++)
				covered += run(shapes[s].draw, widths[w]).covered;
			if (covered < LEAST_COVERED * RUNS)
				fail_msg("%s, +-%g: %.4f covered", shapes[s].name, widths[w],
					 (double)covered / RUNS);
		}
}

static void test_narrow_stops_early_and_wide_late(void **unused)
{
	(void)unused;
	goes_on_without_hope = true;
	assert_int_equal(run(even, 0.003).launches, 12);
	assert_int_equal(run(even, 0.3).launches, JUDGE_MOST_LAUNCHES);
	goes_on_without_hope = false;
	assert_int_equal(run(even, 0.3).launches, 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_intervals_cover),
		cmocka_unit_test_prestate(test_intervals_cover, (void *)shapes),
		cmocka_unit_test(test_narrow_stops_early_and_wide_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
