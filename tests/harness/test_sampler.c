/*
 * Tests of harness/sampler.c, by itself and in windows: which ops are timed, and what is told of them.
 *
 * SPDX-License-Identifier: MIT
 *
 * Where a time is asserted it is a lower bound, that of a spin: a busy machine only makes ops longer.
 */
#include "tests/harness/fake_window.h"

#define SLOW_NS 50000
#define PERIOD 100

static struct sampler samplers[FAKE_WORKERS];

/* By op: every PERIODth is slow, and which are asked for one at a time. */
static struct {
	uint64_t ops;
	uint64_t single[PERIOD];	/* by their place in the period */
	uint64_t gaps[64], most_gap;
} account;

static uint64_t period_run(struct worker *worker, uint64_t nr_ops)
{
	const uint64_t first = account.ops;

	(void)worker;
	account.ops += nr_ops;
	if (nr_ops == 1)
		account.single[first % PERIOD]++;
	if (nr_ops > account.most_gap)
		account.most_gap = nr_ops;
	if (first / PERIOD != account.ops / PERIOD) {
		const uint64_t begin = clock_monotonic_ns();

		while (clock_monotonic_ns() - begin < SLOW_NS)
			;
	}
	return nr_ops;
}

static int reset(void **state)
{
	(void)state;
	memset(&account, 0, sizeof(account));
	return 0;
}

static void a_slow_op_in_a_hundred_is_beyond_the_99th(void **state)
{
	const struct workload cell = { .run = period_run };
	struct worker worker = { .goes_on = true };
	uint64_t slow = 0;

	(void)state;
	sampler_init(&samplers[0], 1, 7);
	for (unsigned i = 0; i < 20000; i++)
		sampler_run(&samplers[0], &ticks, &cell, &worker, true);
	assert_int_equal(samplers[0].ops.nr, 20000);
	for (unsigned i = histogram_bucket(SLOW_NS); i < HISTOGRAM_BUCKETS; i++)
		slow += samplers[0].ops.counts[i];
	/* 200 expected, 14 is a standard deviation; a busy machine makes others slow, too. */
	assert_true(slow >= 130);
	assert_true(samplers[0].ops.max_ns >= SLOW_NS);
	assert_true(histogram_percentile(&samplers[0].ops, 995) >= SLOW_NS * 0.98);
}

/* Of the places in a period each gets about as many samples: none is passed over or preferred. */
static void no_period_is_locked_on_to(void **state)
{
	const struct workload cell = { .run = period_run };
	struct worker worker = { .goes_on = true };
	static const uint64_t gaps[] = { 1, PERIOD / 2, PERIOD - 1, PERIOD, 3 * PERIOD };

	(void)state;
	for (unsigned g = 0; g < sizeof(gaps) / sizeof(*gaps); g++) {
		memset(&account, 0, sizeof(account));
		sampler_init(&samplers[0], 1 + g, gaps[g]);
		for (unsigned i = 0; i < 10000; i++)
			sampler_run(&samplers[0], &ticks, &cell, &worker, true);
		/* A gap of 1 op is a call for one, too. */
		for (unsigned i = 0; i < PERIOD; i++)
			assert_in_range(account.single[i], 50, gaps[g] == 1 ? 250 : 170);
		assert_true(account.most_gap <= 2 * gaps[g]);
		assert_true(account.most_gap > 2 * gaps[g] * 9 / 10);
	}
}

static void only_what_counts_is_told(void **state)
{
	const struct workload cell = { .run = period_run };
	struct worker worker = { .goes_on = true };

	(void)state;
	sampler_init(&samplers[0], 1, 3);
	for (unsigned i = 0; i < 1000; i++)
		sampler_run(&samplers[0], &ticks, &cell, &worker, false);
	assert_int_equal(samplers[0].ops.nr + samplers[0].stamps.nr, 0);
	for (unsigned i = 0; i < 1000; i++)
		sampler_run(&samplers[0], &ticks, &cell, &worker, true);
	assert_int_equal(samplers[0].ops.nr, 1000);
	assert_in_range(samplers[0].stamps.nr, 60, 200);
}

static uint64_t nothing_left(struct worker *worker, uint64_t nr_ops)
{
	(void)worker;
	return nr_ops > 1 ? nr_ops : 0;
}

static void an_op_that_was_not_done_is_none(void **state)
{
	const struct workload cell = { .run = nothing_left };
	struct worker worker = { .goes_on = true };

	(void)state;
	sampler_init(&samplers[0], 1, 8);
	for (unsigned i = 0; i < 100; i++)
		sampler_run(&samplers[0], &ticks, &cell, &worker, true);
	assert_int_equal(samplers[0].ops.nr, 0);
}

static void run_samples(struct fake *fake, const struct workload *cell, unsigned n, int expected)
{
	const struct params params = { .workers = n, .objects = 1, .setting = SETTING_CHURN };
	const struct window_request request = {
		.cell = cell, .params = &params, .arena = fake, .seed = 1, .batch_ops = 1,
		.guard_ns = fake->guard_ns, .window_ns = fake->window_ns, .samplers = samplers,
	};
	struct error err;

	for (unsigned i = 0; i < n; i++)
		sampler_init(&samplers[i], i, 10);
	assert_int_equal(window_run(&team, fake->clock, &request, &result, &err), expected);
}

/* The samples are of the interval, all ops are in the account, and the last call ends the batch. */
static void a_window_samples_each_worker(void **state)
{
	struct fake *fake = fake_create(&ticks);
	const struct workload cell = fake_cell(1);

	(void)state;
	rally(2);
	for (unsigned try = 0; try < TRIES; try++) {
		run_samples(fake, &cell, 2, 0);
		assert_int_equal(fake->verified, result.total_ops);
		if (!result.workers[0].no_overlap && !result.workers[1].no_overlap)
			break;
	}
	for (unsigned i = 0; i < 2; i++) {
		assert_true(samplers[i].ops.nr > 0);
		assert_true(samplers[i].ops.nr <= result.workers[i].batches + 1);
		assert_true(samplers[i].ops.nr >= result.workers[i].batches);
	}
	fake_destroy(fake);
}

static uint64_t watch_end(struct fake *fake, struct worker *worker, uint64_t nr_ops)
{
	fake->workers[worker->index].stopped_at_end = !worker->goes_on;
	return fake_spin(nr_ops);
}

static void a_batch_of_calls_is_ended(void **state)
{
	struct fake *fake = fake_create(&ticks);
	const struct workload cell = fake_cell(1);

	(void)state;
	rally(2);
	fake->behave = watch_end;
	run_samples(fake, &cell, 2, 0);
	assert_true(fake->workers[0].stopped_at_end);
	assert_true(fake->workers[1].stopped_at_end);
	assert_int_equal(atomic_load(&fake->workers[0].ops) + atomic_load(&fake->workers[1].ops),
			 result.total_ops);
	fake_destroy(fake);
}

static void helpers_are_not_sampled(void **state)
{
	struct fake *fake = fake_create(&ticks);
	const struct workload cell = fake_cell(2);

	(void)state;
	rally(2);
	for (unsigned try = 0; try < TRIES; try++) {
		run_samples(fake, &cell, 2, 0);
		assert_int_equal(samplers[0].ops.nr, 0);
		if (samplers[1].ops.nr)
			break;
	}
	assert_true(samplers[1].ops.nr > 0);
	fake_destroy(fake);
}

static void a_failure_ends_the_window(void **state)
{
	struct fake *fake = fake_create(&ticks);
	const struct workload cell = fake_cell(1);

	(void)state;
	rally(2);
	fake->run_error = -ENOMEM;
	fake->failing = 1;
	run_samples(fake, &cell, 2, -ENOMEM);
	assert_int_equal(fake->workers[1].runs_after_error, 0);
	fake_destroy(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_slow_op_in_a_hundred_is_beyond_the_99th, reset),
		cmocka_unit_test_setup(no_period_is_locked_on_to, reset),
		cmocka_unit_test_setup(only_what_counts_is_told, reset),
		cmocka_unit_test_setup(an_op_that_was_not_done_is_none, reset),
		cmocka_unit_test(a_window_samples_each_worker),
		cmocka_unit_test(a_batch_of_calls_is_ended),
		cmocka_unit_test(helpers_are_not_sampled),
		cmocka_unit_test(a_failure_ends_the_window),
	};

	return cmocka_run_group_tests(tests, open_team, close_team);
}
