/*
 * Tests of harness/window.c where a cell fails, blocks or only helps: the account and the errors.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/harness/fake_window.h"

static struct fake *fake;

static int open_fake(void **state)
{
	(void)state;
	fake = fake_create(&ticks);
	fake->window_ns = 20000000;
	return 0;
}

static int close_fake(void **state)
{
	(void)state;
	fake_destroy(fake);
	return 0;
}

/* The window fails with this code and one line with this text; the team is none the worse. */
static void assert_fails(unsigned n, int code, const char *text)
{
	const struct workload cell = fake_cell(1);
	struct fake *good = fake_create(&ticks);
	struct error err;

	rally(n);
	assert_int_equal(run_window(fake, &cell, n, 100, &err), code);
	assert_non_null(strstr(err.text, "fake+counting"));
	assert_non_null(strstr(err.text, text));
	assert_null(strchr(err.text, '\n'));
	run_good(good, n, 100);
	assert_int_equal(good->verified, result.total_ops);
	fake_destroy(good);
}

static void test_setup_fails(void **state)
{
	(void)state;
	fake->setup_error = -ENOSPC;
	assert_fails(2, -ENOSPC, strerror(ENOSPC));
	assert_int_equal(fake->workers[0].enters + fake->workers[1].enters, 0);
	assert_int_equal(fake->verifies, 0);
}

static void test_enter_fails(void **state)
{
	(void)state;
	fake->enter_error = -EAGAIN;
	fake->failing = 2;
	assert_fails(4, -EAGAIN, strerror(EAGAIN));
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(fake->workers[i].enters, 1);
		assert_int_equal(fake->workers[i].runs, 0);
		assert_int_equal(fake->workers[i].leaves, i != 2);
	}
	assert_int_equal(fake->quiesces, 1);
	assert_int_equal(fake->verifies, 0);
}

static void test_run_fails(void **state)
{
	(void)state;
	fake->run_error = -ENOMEM;
	fake->failing = 1;
	assert_fails(2, -ENOMEM, strerror(ENOMEM));
	assert_int_equal(fake->workers[1].runs, 1);
	assert_int_equal(fake->workers[1].runs_after_error, 0);
	assert_int_equal(fake->workers[1].leaves, 1);
	assert_int_equal(fake->quiesces, 1);
	assert_int_equal(fake->verifies, 0);
}

/* All but the failing worker block until stop. */
static uint64_t behave_wait(struct fake *own, struct worker *worker, uint64_t nr_ops)
{
	if (worker->index == own->failing)
		return fake_spin(nr_ops);
	while (!worker_stopped(worker))
		sched_yield();
	return 0;
}

/* The partner of a worker that failed waits for it: only stop can end that wait. */
static void test_run_fails_with_partner_waiting(void **state)
{
	(void)state;
	fake->behave = behave_wait;
	fake->run_error = -ENOMEM;
	assert_fails(4, -ENOMEM, strerror(ENOMEM));
}

/* The group that was to halt has lost its descriptor. */
static void test_counters_fail(void **state)
{
	static const struct count_plan lost = {
		.nr = 1, .groups = { [1] = { { COUNTER_CYCLES }, 1 } }, .nr_groups = 2,
	};
	const struct workload cell = fake_cell(1);
	const struct counters own = team.members[1].counters;
	struct error err;

	(void)state;
	rally(2);
	team.members[1].counters = (struct counters){
		.plan = &lost, .group = 1, .fds = { [1] = { 1000000 } },
	};
	assert_int_equal(run_window(fake, &cell, 2, 100, &err), -EBADF);
	team.members[1].counters = own;
	assert_non_null(strstr(err.text, "cannot go on"));
	assert_int_equal(fake->workers[1].leaves, 1);
	assert_int_equal(run_window(fake, &cell, 2, 100, &err), 0);
}

static void test_quiesce_fails(void **state)
{
	(void)state;
	fake->quiesce_error = -EBUSY;
	assert_fails(2, -EBUSY, strerror(EBUSY));
	assert_int_equal(fake->verifies, 0);
}

static void test_verify_fails(void **state)
{
	(void)state;
	fake->verify_error = -EPROTO;
	assert_fails(2, -EPROTO, "lost a count or released an object twice");
	assert_int_equal(fake->verifies, 1);
}

/* All workers but one never come back before stop: the window ends all the same. */
static void test_blocked_workers_do_nothing(void **state)
{
	(void)state;
	fake->behave = behave_wait;
	rally(3);
	run_good(fake, 3, 100);
	for (unsigned i = 1; i < 3; i++) {
		assert_true(workers[i].no_overlap);
		assert_int_equal(workers[i].ops, 0);
		assert_int_equal(workers[i].ticks, clock_from_ns(&ticks, fake->window_ns));
		assert_int_equal(fake->workers[i].runs, 1);
		assert_int_equal(fake->workers[i].leaves, 1);
	}
	assert_int_equal(fake->verified, fake->workers[0].ops);
}

/* Worker 1 blocks from its third batch inside the interval on. */
static uint64_t behave_stall(struct fake *own, struct worker *worker, uint64_t nr_ops)
{
	const uint64_t begin = own->workers[worker->index].log[0].start +
			       clock_from_ns(own->clock, own->guard_ns + own->window_ns / 10);

	if (worker->index == 1 && own->workers[1].runs && clock_ticks(own->clock) >= begin)
		while (!worker_stopped(worker))
			sched_yield();
	return fake_spin(nr_ops);
}

/* What a worker did before it blocked is not its rate. */
static void test_worker_that_blocks_inside(void **state)
{
	(void)state;
	fake->behave = behave_stall;
	rally(2);
	run_good(fake, 2, 100);
	assert_true(workers[1].no_overlap);
	assert_int_equal(workers[1].ops, 0);
	assert_int_equal(workers[1].ticks, clock_from_ns(&ticks, fake->window_ns));
	assert_int_equal(workers[1].total_ops, fake->workers[1].ops);
	assert_int_equal(fake->verified, fake->workers[0].ops + fake->workers[1].ops);
}

/* Helpers return numbers of their own, which count nowhere. */
static uint64_t behave_help(struct fake *own, struct worker *worker, uint64_t nr_ops)
{
	(void)own;
	assert(worker->role == worker->index % 2);
	assert(worker->partner->index == (worker->index ^ 1));
	fake_spin(nr_ops);
	return worker->role ? nr_ops : 1000000000;
}

static void test_helpers_are_not_counted(void **state)
{
	const struct workload cell = fake_cell(2);
	struct error err;

	(void)state;
	fake->behave = behave_help;
	rally(4);
	assert_int_equal(run_window(fake, &cell, 4, 100, &err), 0);
	assert_int_equal(result.total_ops, fake->workers[1].ops + fake->workers[3].ops);
	assert_int_equal(fake->verified, result.total_ops);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(workers[i].counts, i % 2);
}

static void test_rate_is_the_sum_over_counting_workers(void **state)
{
	const struct clock clock = { .ns_per_tick = 0.5 };
	struct window_worker own[] = {
		{ .ops = 1000000, .ticks = 1000, .counts = false },
		{ .ops = 100, .ticks = 4000, .counts = true },	/* 100 in 2 us */
		{ .ops = 30, .ticks = 2000, .counts = true },	/* 30 in 1 us */
		{ .ops = 0, .ticks = 9000, .counts = true, .no_overlap = true },
	};
	const struct window_result four = { .workers = own };

	(void)state;
	assert_true(fabs(window_mops(&clock, &four, 4) - 80) < 1e-9);
	assert_true(fabs(window_mops(&clock, &four, 2) - 50) < 1e-9);
	assert_true(window_mops(&clock, &four, 1) == 0);
}

static void test_reclaim_time_is_a_difference(void **state)
{
	struct workload cell = fake_cell(1);
	struct error err;

	(void)state;
	rally(1);
	cell.reclaim_cpu_ns = fake_reclaim_ns;
	assert_int_equal(run_window(fake, &cell, 1, 100, &err), 0);
	assert_true(result.has_reclaim);
	assert_int_equal(result.reclaim_ns, 250);
	run_good(fake, 1, 100);
	assert_false(result.has_reclaim);
}

static void test_given_batch_is_asked_each_time(void **state)
{
	(void)state;
	rally(2);
	run_good(fake, 2, 37);
	assert_int_equal(result.batch_ops, 37);
	for (unsigned i = 0; i < 2; i++)
		for (uint64_t r = 0; r < fake->workers[i].runs && r < FAKE_RUNS; r++)
			assert_int_equal(fake->workers[i].log[r].asked, 37);
}

/* A batch doubles only after one that was too short. Returns the largest. */
static uint64_t check_doubling(const struct fake_worker *own)
{
	const uint64_t half = clock_from_ns(&ticks, WINDOW_BATCH_NS / 2);
	const struct fake_run *log = own->log;
	uint64_t r;

	assert_int_equal(log[0].asked, 1);
	for (r = 1; r < own->runs && r < FAKE_RUNS; r++) {
		if (log[r].asked == log[r - 1].asked)
			continue;
		assert_int_equal(log[r].asked, 2 * log[r - 1].asked);
		assert_true(log[r - 1].end - log[r - 1].start < half);
	}
	return log[r - 1].asked;
}

static void test_batch_is_found(void **state)
{
	uint64_t largest = 0;

	(void)state;
	rally(2);
	for (unsigned tries = 0; largest < 16 && tries < TRIES; tries++) {
		struct fake *one = fake_create(&ticks);

		run_good(one, 2, 0);
		for (unsigned i = 0; i < 2; i++) {
			const uint64_t found = check_doubling(&one->workers[i]);

			if (i == 0)
				assert_true(result.batch_ops == found ||
					    one->workers[0].runs > FAKE_RUNS);
			largest = found > largest ? found : largest;
		}
		fake_destroy(one);
	}
	assert_true(largest >= 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_setup_fails, open_fake, close_fake),
		cmocka_unit_test_setup_teardown(test_enter_fails, open_fake, close_fake),
		cmocka_unit_test_setup_teardown(test_run_fails, open_fake, close_fake),
		cmocka_unit_test_setup_teardown(test_run_fails_with_partner_waiting, open_fake,
						close_fake),
		cmocka_unit_test_setup_teardown(test_counters_fail, open_fake, close_fake),
		cmocka_unit_test_setup_teardown(test_quiesce_fails, open_fake, close_fake),
		cmocka_unit_test_setup_teardown(test_verify_fails, open_fake, close_fake),
		cmocka_unit_test_setup_teardown(test_blocked_workers_do_nothing, open_fake,
						close_fake),
		cmocka_unit_test_setup_teardown(test_worker_that_blocks_inside, open_fake,
						close_fake),
		cmocka_unit_test_setup_teardown(test_helpers_are_not_counted, open_fake, close_fake),
		cmocka_unit_test(test_rate_is_the_sum_over_counting_workers),
		cmocka_unit_test_setup_teardown(test_reclaim_time_is_a_difference, open_fake,
						close_fake),
		cmocka_unit_test_setup_teardown(test_given_batch_is_asked_each_time, open_fake,
						close_fake),
		cmocka_unit_test(test_batch_is_found),
	};

	return cmocka_run_group_tests(tests, open_team, close_team);
}
