/*
 * Tests of harness/disturb.c and of what a window reports when something comes between.
 *
 * SPDX-License-Identifier: MIT
 *
 * Each disturbance is made: another thread on a worker's processor, a worker moved, the clock set,
 * the process stopped, a counter that did not always count. No time is asserted.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "harness/disturb.h"
#include "tests/harness/fake_window.h"

/* What is added to CLOCK_MONOTONIC, and to no other: the linker sends all callers here. */
static _Atomic int64_t set_by_ns;

int __real_clock_gettime(clockid_t id, struct timespec *now);
int __wrap_clock_gettime(clockid_t id, struct timespec *now);

int __wrap_clock_gettime(clockid_t id, struct timespec *now)
{
	const int code = __real_clock_gettime(id, now);

	if (id == CLOCK_MONOTONIC) {
		const int64_t ns = now->tv_sec * 1000000000 + now->tv_nsec + set_by_ns;

		now->tv_sec = ns / 1000000000;
		now->tv_nsec = ns % 1000000000;
	}
	return code;
}

static struct fake *fake;
static int64_t step_ns;
static long own_switches[FAKE_WORKERS];		/* from enter to leave, as the cell sees them */

static long switches_so_far(void)
{
	struct rusage usage;

	assert(!getrusage(RUSAGE_THREAD, &usage));
	return usage.ru_nivcsw;
}

static int enter(struct worker *worker)
{
	own_switches[worker->index] = -switches_so_far();
	return fake_enter(worker);
}

static void leave(struct worker *worker)
{
	fake_leave(worker);
	own_switches[worker->index] += switches_so_far();
}

static int open_fake(void **state)
{
	(void)state;
	fake = fake_create(&ticks);
	set_by_ns = 0;
	return 0;
}

static int close_fake(void **state)
{
	(void)state;
	fake_destroy(fake);
	return 0;
}

/* One window of a fresh fake with the same behaviour. */
static void run_again(unsigned n)
{
	struct workload cell = fake_cell(1);
	struct fake *fresh = fake_create(fake->clock);
	struct error err;

	fresh->behave = fake->behave;
	fresh->window_ns = fake->window_ns;
	fake_destroy(fake);
	fake = fresh;
	cell.enter = enter;
	cell.leave = leave;
	assert_int_equal(run_window(fake, &cell, n, 100, &err), 0);
}

static void test_limits_of_a_step(void **state)
{
	const struct clock half = { .ns_per_tick = 0.5 };
	const struct disturb_clocks begin = { 1000, 1000, 5000 };
	static const struct {
		uint64_t ticks, ns;
		bool stepped;
	} cases[] = {
		{ 2000000, 1000000, false },
		{ 2000000, 1060500, false }, { 2000000, 1060700, true },	/* 1 percent, 50 us */
		{ 2000000, 940700, false }, { 2000000, 940500, true },
		{ 0, 0, false }, { 0, 50100, false }, { 0, 50600, true },
		{ 2000000, 0, true }, { 0, -2000000, true }, { -2000000, 1000000, true },
		{ -2000000, -1000000, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct disturb_clocks end = {
			begin.before + cases[i].ticks, begin.before + cases[i].ticks,
			begin.other_ns + cases[i].ns,
		};

		if (disturb_clock_stepped(&half, &begin, &end) != cases[i].stepped)
			fail_msg("case %zu", i);
		/* Readings that lie so far apart tell nothing. */
		end.after += 4000000;
		assert_false(i < 5 && disturb_clock_stepped(&half, &begin, &end));
	}
}

static void test_quiet_windows(void **state)
{
	(void)state;
	rally(2);
	for (unsigned i = 0; i < 20; i++) {
		fake->clock = i % 2 ? &ticks : &nanoseconds;
		run_again(2);
		assert_false(result.clock_step);
		for (unsigned w = 0; w < 2; w++) {
			assert_false(workers[w].migrated);
			assert_true(!workers[w].switched || own_switches[w] > 0);
		}
	}
}

/* Worker 0 sets the clock in its first run. */
static uint64_t behave_set(struct fake *own, struct worker *worker, uint64_t nr_ops)
{
	if (!worker->index && !own->workers[0].runs)
		set_by_ns += step_ns;
	return fake_spin(nr_ops);
}

static void test_clock_steps(void **state)
{
	static const int64_t steps[] = { 10000000, -10000000, 400000, 5000 };
	static const struct clock *const clocks[] = { &ticks, &nanoseconds };

	(void)state;
	rally(2);
	fake->behave = behave_set;
	for (unsigned c = 0; c < 2; c++)
		for (unsigned i = 0; i < 4; i++) {
			unsigned tries = 0;
			bool seen = false;

			fake->clock = clocks[c];
			step_ns = steps[i];
			/* Off its processor between two readings worker 0 may miss it. */
			for (; !seen && tries < TRIES; tries++) {
				run_again(2);
				seen = result.clock_step;
			}
			assert_int_equal(seen, steps[i] != 5000);
		}
}

/* A thread that never rests, on the processor of a worker. */
struct rival {
	pthread_t thread;
	int cpu;
	atomic_bool stop;
};

static void *rival_main(void *argument)
{
	struct rival *rival = argument;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(rival->cpu, &set);
	assert(!sched_setaffinity(0, sizeof(set), &set));
	while (!atomic_load(&rival->stop))
		;
	return NULL;
}

/* A window in which worker was switched, as the cell has seen, too. */
static bool run_until_switched(unsigned n, unsigned worker, bool stuck)
{
	for (unsigned tries = 0; tries < TRIES; tries++) {
		run_again(n);
		assert_false(workers[worker].switched && own_switches[worker] <= 0);
		assert_false(workers[worker].migrated);
		if (workers[worker].switched && workers[worker].no_overlap == stuck)
			return true;
	}
	return false;
}

/* Worker 1 comes back only when all is over. */
static uint64_t behave_block(struct fake *own, struct worker *worker, uint64_t nr_ops)
{
	(void)own;
	while (worker->index == 1 && !worker_stopped(worker))
		sched_yield();
	return fake_spin(nr_ops);
}

static void test_rival_on_the_processor(void **state)
{
	struct rival rival;

	(void)state;
	rally(2);
	fake->window_ns = 50000000;
	rival.cpu = team.members[1].cpu;
	atomic_init(&rival.stop, false);
	assert_int_equal(pthread_create(&rival.thread, NULL, rival_main, &rival), 0);
	assert_true(run_until_switched(2, 1, false));
	/* Of a worker that never came past t1 by itself, too. */
	fake->behave = behave_block;
	assert_true(run_until_switched(2, 1, true));
	atomic_store(&rival.stop, true);
	assert_int_equal(pthread_join(rival.thread, NULL), 0);
}

static void move_to(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	assert(!sched_setaffinity(0, sizeof(set), &set));
}

/* Whether worker 1 is in a run after one that began inside for certain. */
static bool is_inside(const struct fake *own)
{
	const struct fake_worker *one = &own->workers[1];

	return one->runs && one->log[one->runs - 1].start >=
			    one->log[0].start + clock_from_ns(own->clock, own->guard_ns);
}

/* When worker 1 goes to worker 0's processor, and when it comes back. */
enum moment { GUARD, INSIDE, NEVER };
static enum moment away, back;

static bool is_now(const struct fake *own, enum moment moment)
{
	return moment == GUARD ? !own->workers[1].runs : moment == INSIDE && is_inside(own);
}

static uint64_t behave_stray(struct fake *own, struct worker *worker, uint64_t nr_ops)
{
	if (worker->index == 1 && is_now(own, away)) {
		move_to(team.members[0].cpu);
		away = NEVER;
	}
	if (worker->index == 1 && is_now(own, back)) {
		move_to(team.members[1].cpu);
		back = NEVER;
	}
	return fake_spin(nr_ops);
}

/* Whether some window with such a worker says so, of it and not of the other. */
static bool is_seen(enum moment goes, enum moment comes)
{
	for (unsigned tries = 0; tries < TRIES; tries++) {
		away = goes;
		back = comes;
		rally(2);
		run_again(2);
		assert_false(workers[0].migrated);
		if (workers[1].migrated)
			return true;
	}
	return false;
}

static void test_moved_worker(void **state)
{
	struct counters *counters = &team.members[1].counters;
	const struct counters own = *counters;

	(void)state;
	if (nr_cpus < 2)
		skip();
	fake->window_ns = 50000000;
	fake->behave = behave_stray;
	if (counters_have(counters, COUNTER_MIGRATIONS)) {
		assert_true(is_seen(INSIDE, INSIDE));
		assert_true(workers[1].counters[COUNTER_MIGRATIONS] > 0);
	}
	/* Where perf is forbidden only the ends are seen, each by itself. */
	for (unsigned i = 0; i < COUNTERS_IN_GROUP; i++)
		counters->fds[0][i] = -1;
	assert_true(is_seen(GUARD, INSIDE));
	assert_true(is_seen(INSIDE, NEVER));
	assert_false(is_seen(NEVER, NEVER));
	*counters = own;
	rally(2);
}

static uint64_t stopped_run;

/* Worker 1 stops all of the process, once. */
static uint64_t behave_stop(struct fake *own, struct worker *worker, uint64_t nr_ops)
{
	if (worker->index == 1 && !stopped_run && is_inside(own)) {
		stopped_run = own->workers[1].runs;
		assert(!kill(getpid(), SIGSTOP));
	}
	return fake_spin(nr_ops);
}

/*
 * In a process of its own. The run that was stopped is in the interval with all its time: 0 where
 * that is so, 1 where not, 2 where it may have begun past t1.
 */
static int stopped_window(void)
{
	const struct fake_run *run;
	uint64_t t1;

	if (open_team(NULL))
		return 1;
	fake->behave = behave_stop;
	fake->window_ns = 50000000;
	rally(2);
	run_again(2);
	run = &fake->workers[1].log[stopped_run];
	t1 = fake->workers[1].entered + clock_from_ns(&ticks, fake->guard_ns + fake->window_ns);
	if (!stopped_run || run->start >= t1 || workers[1].no_overlap)
		return 2;
	return workers[1].ticks < run->end - run->start;
}

static void test_stopped_process(void **state)
{
	int status = 0;

	(void)state;
	for (unsigned tries = 0; tries < TRIES; tries++) {
		pid_t child = fork();

		assert_true(child >= 0);
		if (!child)
			_exit(stopped_window());
		assert_int_equal(waitpid(child, &status, WUNTRACED), child);
		if (WIFSTOPPED(status)) {
			usleep(20000);
			assert_int_equal(kill(child, SIGCONT), 0);
			assert_int_equal(waitpid(child, &status, 0), child);
		}
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 1);
		if (!WEXITSTATUS(status))
			return;
	}
	fail_msg("no window met the stop");
}

/* A group of one counter, as the kernel would tell it at the two ends of an interval. */
static int fake_counter(uint64_t running_ns)
{
	const uint64_t ends[2][3 + COUNTERS_IN_GROUP] = {
		{ 1, 1000000, 1000000, 500 }, { 1, 2000000, 1000000 + running_ns, 1500 },
	};
	int ends_of_pipe[2];

	assert_int_equal(pipe(ends_of_pipe), 0);
	assert_int_equal(write(ends_of_pipe[1], ends, sizeof(ends)), sizeof(ends));
	close(ends_of_pipe[1]);
	return ends_of_pipe[0];
}

/* The counter's value in a window whose counters ran so long of a ms; whole windows only. */
static double counted(uint64_t running_ns)
{
	static const struct count_plan cycles = {
		.nr = 1, .groups = { [1] = { { COUNTER_CYCLES }, 1 } }, .nr_groups = 2,
	};
	const struct counters own = team.members[0].counters;

	for (unsigned tries = 0; tries < TRIES; tries++) {
		struct counters *counters = &team.members[0].counters;

		*counters = (struct counters){ .plan = &cycles, .group = 1 };
		counters->fds[1][0] = fake_counter(running_ns);
		counter_group = 1;
		run_again(1);
		counter_group = 0;
		close(counters->fds[1][0]);
		*counters = own;
		if (!workers[0].no_overlap)
			return workers[0].counters[COUNTER_CYCLES];
	}
	fail_msg("no whole window");
	return NAN;
}

static void test_multiplexed_counter(void **state)
{
	(void)state;
	rally(1);
	assert_true(counted(1000000) == 1000);
	assert_false(workers[0].multiplexed);
	assert_true(counted(250000) == 4000);
	assert_true(workers[0].multiplexed);
	assert_true(isnan(counted(0)));
	assert_true(workers[0].multiplexed);
}

#define WITH_FAKE(test) cmocka_unit_test_setup_teardown(test, open_fake, close_fake)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limits_of_a_step),
		WITH_FAKE(test_quiet_windows),
		WITH_FAKE(test_clock_steps),
		WITH_FAKE(test_rival_on_the_processor),
		WITH_FAKE(test_moved_worker),
		WITH_FAKE(test_stopped_process),
		WITH_FAKE(test_multiplexed_counter),
	};

	return cmocka_run_group_tests(tests, open_team, close_team);
}
