/*
 * Tests of harness/window.c: its counts against those that the cells keep themselves.
 *
 * SPDX-License-Identifier: MIT
 *
 * No time is asserted. What the harness must have stamped lies between stamps of the cell, in
 * inequalities that hold however the threads are scheduled.
 */
#include "tests/harness/fake_window.h"

/* Of all runs whatever the request: the sums, the calls, and nothing long after stop. */
static void check_totals(const struct fake *fake, unsigned n)
{
	uint64_t ops = 0, retries = 0, failed = 0;

	for (unsigned i = 0; i < n; i++) {
		const struct fake_worker *own = &fake->workers[i];

		assert_int_equal(own->enters, 1);
		assert_int_equal(own->leaves, 1);
		assert_true(own->runs_after_stop <= 1);
		assert_int_equal(workers[i].total_ops, own->ops);
		assert_true(workers[i].counts);
		ops += own->ops;
		retries += own->retries;
		failed += own->failed;
	}
	assert_int_equal(fake->setups, 1);
	assert_int_equal(fake->quiesces, 1);
	assert_int_equal(fake->verifies, 1);
	assert_int_equal(fake->verified, ops);
	assert_int_equal(result.total_ops, ops);
	assert_int_equal(result.retries, retries);
	assert_int_equal(result.failed, failed);
	assert_false(fake->ran_early);
}

/* Bounds of t0 that the cells saw: the gate opened after the last enter, before the first run. */
struct bounds {
	uint64_t low, high;
};

static struct bounds gate_of(const struct fake *fake, unsigned n)
{
	struct bounds gate = { 0, UINT64_MAX };

	for (unsigned i = 0; i < n; i++) {
		if (fake->workers[i].entered > gate.low)
			gate.low = fake->workers[i].entered;
		if (fake->workers[i].log[0].start < gate.high)
			gate.high = fake->workers[i].log[0].start;
	}
	return gate;
}

/*
 * The interval of a worker, found in the cell's log by its number of ops (every run does another
 * number, so that no two stretches of the log have the same sum). Boundary k lies between the end
 * of run k - 1 and the start of run k: first is boundary k, last is boundary m.
 */
static void check_interval(const struct fake *fake, unsigned n, unsigned i)
{
	const struct fake_run *log = fake->workers[i].log;
	const struct window_worker *worker = &workers[i];
	const uint64_t guard = clock_from_ns(fake->clock, fake->guard_ns);
	const uint64_t window = clock_from_ns(fake->clock, fake->window_ns);
	const struct bounds gate = gate_of(fake, n);
	uint64_t k = 0, m, ops = 0;

	for (m = 0; m < worker->batches; m++)
		ops += log[m].ops;
	for (; ops != worker->ops; k++, m++) {
		assert_true(m < fake->workers[i].runs);
		ops += log[m].ops - log[k].ops;
	}
	assert_true(m < fake->workers[i].runs);
	/* The stamps stand at these boundaries ... */
	assert_true(worker->ticks >= log[m - 1].end - log[k].start);
	assert_true(k == 0 || worker->ticks <= log[m].start - log[k - 1].end);
	/* ... the first of them inside [t0, t1), the last just past it. */
	assert_true(log[k].start >= gate.low + guard);
	assert_true(k < 2 || log[k - 2].end < gate.high + guard);
	assert_true(m >= fake->workers[i].runs || log[m].start >= gate.low + guard + window);
	assert_true(m < k + 2 || log[m - 2].end < gate.high + guard + window);
	/* The counters' interval is this one. */
	assert_int_equal(worker->counted_ops, worker->ops);
}

/* As many ops as no other run of the worker, in about a batch's time. */
static uint64_t behave_distinct(struct fake *fake, struct worker *worker, uint64_t nr_ops)
{
	uint64_t z = (fake->workers[worker->index].runs + 1) * 0x9e3779b97f4a7c15ull;

	fake_spin(nr_ops);
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	return 1 + ((z ^ (z >> 27)) & 0xffffffffff);
}

/* The same, but worker 1 comes back from its first run when half the window is over. */
static uint64_t behave_late(struct fake *fake, struct worker *worker, uint64_t nr_ops)
{
	const uint64_t half = clock_from_ns(fake->clock, fake->guard_ns + fake->window_ns / 2);

	if (worker->index == 1 && !fake->workers[1].runs)
		while (atomic_load(&fake->workers[0].last_start) <=
		       atomic_load(&fake->workers[1].last_start) + half && !worker_stopped(worker))
			sched_yield();
	return behave_distinct(fake, worker, nr_ops);
}

/* Some windows of n workers, each checked; in one at least everybody must have an interval. */
static void check_windows(const struct clock *clock, unsigned n, uint64_t window_ns,
			  uint64_t (*behave)(struct fake *, struct worker *, uint64_t))
{
	unsigned whole = 0, tries = 0;

	for (; whole < 3 && tries < TRIES; tries++) {
		struct fake *fake = fake_create(clock);
		unsigned inside = 0;

		fake->behave = behave;
		fake->window_ns = window_ns;
		run_good(fake, n, 100);
		assert_int_equal(result.window_ns, window_ns);
		check_totals(fake, n);
		for (unsigned i = 0; i < n; i++) {
			if (workers[i].no_overlap) {
				assert_int_equal(workers[i].ops, 0);
				assert_int_equal(workers[i].ticks,
						 clock_from_ns(clock, window_ns));
				continue;
			}
			/* It ran on for long while another was kept waiting: no log of all of it. */
			if (fake->workers[i].runs >= FAKE_RUNS)
				continue;
			check_interval(fake, n, i);
			inside++;
		}
		whole += inside == n;
		fake_destroy(fake);
	}
	assert_true(whole > 0);
}

static void test_counts_are_the_cells(void **state)
{
	(void)state;
	rally(2);
	check_windows(&ticks, 2, 5000000, behave_distinct);
	check_windows(&nanoseconds, 2, 5000000, behave_distinct);
	rally(1);
	check_windows(&ticks, 1, 500000, behave_distinct);
}

static void test_counts_when_oversubscribed(void **state)
{
	(void)state;
	rally(8);
	check_windows(&ticks, 8, 50000000, behave_distinct);
}

/* Its interval is what is left, and its rate none the worse. */
static void test_late_worker(void **state)
{
	(void)state;
	rally(2);
	check_windows(&ticks, 2, 5000000, behave_late);
}

static void test_gate_waits_for_late_worker(void **state)
{
	(void)state;
	rally(4);
	for (unsigned late = 0; late < 4; late++) {
		struct fake *fake = fake_create(&ticks);

		fake->late = late;
		run_good(fake, 4, 100);
		check_totals(fake, 4);
		fake_destroy(fake);
	}
}

/* Worker 1 does an op for every 4 of worker 0. */
static uint64_t behave_slow(struct fake *fake, struct worker *worker, uint64_t nr_ops)
{
	const atomic_uint_fast64_t *lead = &fake->workers[0].ops;
	const uint64_t own = fake->workers[worker->index].ops;
	uint64_t ops;

	if (!worker->index)
		return fake_spin(nr_ops);
	for (ops = 0; ops < nr_ops; ops++)
		while (atomic_load(lead) < 4 * (own + ops))
			if (worker_stopped(worker))
				return ops;
			else
				sched_yield();
	return ops;
}

static void test_slow_worker_is_slow(void **state)
{
	unsigned tries = 0;
	bool seen = false;

	(void)state;
	rally(2);
	for (; !seen && tries < TRIES; tries++) {
		struct fake *fake = fake_create(&ticks);

		fake->behave = behave_slow;
		fake->window_ns = 50000000;
		run_good(fake, 2, 100);
		check_totals(fake, 2);
		seen = !workers[0].no_overlap && !workers[1].no_overlap &&
		       workers[1].batches > 20;
		if (seen)
			assert_true((double)workers[1].ops / (double)workers[1].ticks <
				    (double)workers[0].ops / (double)workers[0].ticks / 2);
		fake_destroy(fake);
	}
	assert_true(seen);
}

/* Worker 1 holds its first run open until worker 0 runs past any t1. */
static uint64_t behave_hold(struct fake *fake, struct worker *worker, uint64_t nr_ops)
{
	struct fake_worker *own = &fake->workers[worker->index];
	const uint64_t past = clock_from_ns(fake->clock, fake->guard_ns + fake->window_ns) +
			      atomic_load(&own->last_start);

	if (worker->index == 1 && !own->runs) {
		while (atomic_load(&fake->workers[0].last_start) <= past &&
		       !worker_stopped(worker))
			sched_yield();
		own->stopped_at_end = worker_stopped(worker);
	}
	return fake_spin(nr_ops);
}

/* Whether the held run began before t1, so that the guard had to wait for it. */
static bool check_guard(void)
{
	struct fake *fake = fake_create(&ticks);
	uint64_t t1;
	bool held;

	fake->behave = behave_hold;
	run_good(fake, 2, 100);
	check_totals(fake, 2);
	t1 = gate_of(fake, 2).low + clock_from_ns(&ticks, fake->guard_ns + fake->window_ns);
	held = fake->workers[1].log[0].start < t1;
	assert_false(held && fake->workers[1].stopped_at_end);
	/* Where the held run began inside, it is all of the interval. */
	if (!workers[1].no_overlap)
		assert_int_equal(workers[1].batches, 1);
	fake_destroy(fake);
	return held;
}

static void test_guard_lasts_until_all_are_past(void **state)
{
	unsigned tries = 0;

	(void)state;
	rally(2);
	while (!check_guard() && tries < TRIES)
		tries++;
	assert_true(tries < TRIES);
}

/* Two groups that take turns: here of the kernel's events, which any machine has. */
static void plan_two_groups(struct count_plan *plan)
{
	const struct count_scene scene = { .guest = false };

	count_plan_init(plan);
	for (unsigned i = 0; i < COUNTER_SWITCHES; i++)
		strcpy(plan->absences[i], "not asked for");
	plan->names[plan->nr] = "cpu-clock";
	plan->events[plan->nr++] = (struct event){ .type = 1, .config = 0 };
	plan->names[plan->nr] = "page-faults";
	plan->events[plan->nr++] = (struct event){ .type = 1, .config = 2 };
	count_plan_probe(plan, &scene);
	if (plan->nr_groups != 2 || plan->groups[1].nr != 2)
		return;
	plan->groups[2] = plan->groups[1];
	plan->groups[1].nr = plan->groups[2].nr = 1;
	plan->groups[2].counters[0] = NR_COUNTERS + 1;
	plan->nr_groups = 3;
}

/* A window has figures of the group that was asked for, and the ops that these belong to. */
static void test_counter_groups(void **state)
{
	static struct count_plan two;
	struct count_plan *const plan = &two;
	struct error err;
	unsigned whole[3] = { 0 };

	(void)state;
	plan_two_groups(plan);
	if (plan->nr_groups != 3) {
		print_message("no counters of the kernel's here\n");
		skip();
	}
	team_destroy(&team);
	assert_int_equal(team_create(&team, FAKE_WORKERS, plan, &err), 0);
	rally(2);
	for (unsigned tries = 0; tries < TRIES; tries++) {
		struct fake *fake = fake_create(&ticks);

		counter_group = tries % 3;
		run_good(fake, 2, 100);
		for (unsigned i = 0; i < 2; i++) {
			const double *counted = &workers[i].counters[NR_COUNTERS];

			if (workers[i].no_overlap)
				continue;
			assert_int_equal(isnan(counted[0]), counter_group != 1);
			assert_int_equal(isnan(counted[1]), counter_group != 2);
			assert_false(isnan(workers[i].counters[COUNTER_SWITCHES]));
			assert_true(isnan(workers[i].counters[COUNTER_CYCLES]));
			assert_true(counter_group != 1 || counted[0] > 0);
			assert_true(workers[i].counted_ops > 0);
			whole[counter_group]++;
		}
		fake_destroy(fake);
	}
	counter_group = 0;
	assert_true(whole[0] && whole[1] && whole[2]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts_are_the_cells),
		cmocka_unit_test(test_counts_when_oversubscribed),
		cmocka_unit_test(test_late_worker),
		cmocka_unit_test(test_gate_waits_for_late_worker),
		cmocka_unit_test(test_slow_worker_is_slow),
		cmocka_unit_test(test_guard_lasts_until_all_are_past),
		cmocka_unit_test(test_counter_groups),
	};

	return cmocka_run_group_tests(tests, open_team, close_team);
}
