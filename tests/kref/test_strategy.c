/*
 * Holds one strategy to what its KREF_CAPS claim; compiled once for each.
 *
 * SPDX-License-Identifier: MIT
 *
 * KREF_STRATEGY_HEADER chooses the strategy, STRATEGY_NAME names it in the output. What a strategy
 * does not claim is not asked of it. Exits 77 where it cannot be compiled.
 */
#include <stdio.h>

#include "kref/kref.h"

#define EXIT_SKIP 77

#ifdef KREF_HOLE

int main(void)
{
	printf("%s: skipped: %s\n", STRATEGY_NAME, KREF_HOLE);
	return EXIT_SKIP;
}

#else

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/kref/strategy_cases.h"

#if !(KREF_CAPS & KREF_CAN_PUT_LOCKED) && defined(kref_put_mutex)
#error "a strategy without KREF_CAN_PUT_LOCKED must not offer kref_put_mutex"
#endif

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* The thread ids of the main thread and of the one that some tests start. */
#define MAIN_ID 0
#define OTHER_ID 1

/* What release met; the locks that the locked puts pass. */
static struct {
	unsigned releases;
	struct kref *kref;
	int lock_state;	/* what a trylock inside release gave */
} seen;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_spinlock_t spinlock;

static void release(struct kref *kref)
{
	seen.releases++;
	seen.kref = kref;
}

#if KREF_CAPS & KREF_CAN_PUT_LOCKED
static void release_mutex(struct kref *kref)
{
	release(kref);
	seen.lock_state = pthread_mutex_trylock(&mutex);
	pthread_mutex_unlock(&mutex);
}

static void release_lock(struct kref *kref)
{
	release(kref);
	seen.lock_state = pthread_spin_trylock(&spinlock);
	pthread_spin_unlock(&spinlock);
}
#endif

static int put(struct kref *kref)
{
#if KREF_CAPS & KREF_CAN_RETURN
	return kref_put(kref, release);
#else
	kref_put(kref, release);
	return NOTHING;
#endif
}

/* Whatever is still to be released is now: nobody polls and no epoch has to pass. */
static void settle(void)
{
	kref_thread_leave();
	kref_quiesce();
	assert_int_equal(kref_thread_enter(MAIN_ID), 0);
}

static int run_op(struct kref *kref, enum op op)
{
	switch (op) {
	case GET:
		kref_get(kref);
		return NOTHING;
#if KREF_CAPS & KREF_CAN_GET_UNLESS_ZERO
	case UNLESS_ZERO:
		return kref_get_unless_zero(kref) != 0;
#endif
#if KREF_CAPS & KREF_CAN_PUT_LOCKED
	case PUT_MUTEX:
		return kref_put_mutex(kref, release_mutex, &mutex);
	case PUT_LOCK:
		return kref_put_lock(kref, release_lock, &spinlock);
#endif
	case PUT:
		return put(kref);
	case KILL:
		kref_kill(kref, release);
		return NOTHING;
	case SETTLE:
		settle();
		return NOTHING;
	default:
		fail_msg("operation %d is not this strategy's", op);
		return NOTHING;
	}
}

static void assert_locks_free(void)
{
	assert_int_equal(pthread_mutex_trylock(&mutex), 0);
	pthread_mutex_unlock(&mutex);
	assert_int_equal(pthread_spin_trylock(&spinlock), 0);
	pthread_spin_unlock(&spinlock);
}

/* expected: how often it should have been released. A deferred release may still be to come. */
static void check_releases(const char *name, unsigned expected, bool settled)
{
	if (seen.releases == expected)
		return;
	if (seen.releases < expected && !settled && !(KREF_CAPS & KREF_CAN_RELEASE_IN_PUT))
		return;
	fail_msg("%s: released %u times, expected %u", name, seen.releases, expected);
}

static void check_step(const struct strategy_case *c, struct kref *kref, const struct step *step)
{
	const unsigned releases = seen.releases;
	const int result = run_op(kref, step->op);
	const unsigned count = kref_read(kref);

	/* A put that tells nothing is judged by what it released. */
	if (result != NOTHING && result != step->result)
		fail_msg("%s, step %td: result %d, expected %d", c->name, step - c->steps, result,
			 step->result);
	if (step->count == STUCK ? count < STUCK : count != step->count)
		fail_msg("%s, step %td: count %#x, expected %#x", c->name, step - c->steps, count,
			 step->count);
	if (seen.releases != releases) {
		assert_ptr_equal(seen.kref, kref);
		if (step->op == PUT_MUTEX || step->op == PUT_LOCK)
			assert_int_equal(seen.lock_state, EBUSY);
	}
	assert_locks_free();
}

static void start_case(struct strategy_case *c)
{
#ifndef KREF_INIT
	kref_init(&c->kref);
	for (unsigned i = 1; i < c->start; i++)
		kref_get(&c->kref);
#endif
	assert_int_equal(kref_read(&c->kref), c->start);
	seen.releases = 0;
}

static void run_case(struct strategy_case *c)
{
	unsigned expected = 0;

	start_case(c);
	for (const struct step *step = c->steps; step->op != END; step++) {
		check_step(c, &c->kref, step);
		if (step->result == 1 && step->op != UNLESS_ZERO)
			expected++;
		check_releases(c->name, expected, step->op == SETTLE);
	}
	settle();
	check_releases(c->name, expected, true);
}

static void holds_its_cases(void **state)
{
	unsigned run = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct strategy_case *c = &cases[i];

		if ((HAVE & c->needs) != c->needs || KREF_CAPS & c->lacks)
			continue;
		run_case(c);
		run++;
	}
	assert_true(run > 0);
}

/* kref_init() is for fresh memory, whatever is in it. */
static void init_gives_one_reference(void **state)
{
	struct kref kref;

	(void)state;
	memset(&kref, 0xff, sizeof(kref));
	kref_init(&kref);
	assert_int_equal(kref_read(&kref), 1);
	seen.releases = 0;
	kref_kill(&kref, release);
	settle();
	assert_int_equal(seen.releases, KREF_CAPS & KREF_CAN_RELEASE ? 1 : 0);
}

#if KREF_CAPS & KREF_CAN_SATURATE && !defined(KREF_STRATEGIES_FLAGS_H)
/* Where a get on 0 goes differs (refused, or saturated); that it never frees does not. */
static void nothing_frees_after_a_get_on_zero(void **state)
{
	struct kref kref;

	(void)state;
	kref_init(&kref);
	assert_int_equal(put(&kref), 1);
	seen.releases = 0;
	kref_get(&kref);
	assert_int_equal(put(&kref), 0);
	assert_int_equal(put(&kref), 0);
	assert_int_equal(seen.releases, 0);
}
#endif

#if defined(KREF_HAS_POLL) && KREF_CAPS & KREF_CAN_RELEASE
/* What is deferred comes by polls alone, however long nobody leaves. */
static void polls_release(void **state)
{
	const time_t limit = time(NULL) + 20;
	struct kref kref;

	(void)state;
	kref_init(&kref);
	kref_get(&kref);
	seen.releases = 0;
	kref_kill(&kref, release);
	kref_put(&kref, release);
	while (!seen.releases && time(NULL) < limit) {
		kref_thread_poll();
		sched_yield();
	}
	assert_int_equal(seen.releases, 1);
	settle();
	assert_int_equal(seen.releases, 1);
}
#endif

#if KREF_CAPS & KREF_CAN_RELEASE && KREF_CAPS & KREF_CAN_HAND_OVER
static void *make_and_leave(void *kref)
{
	if (kref_thread_enter(OTHER_ID))
		return NULL;
	kref_init((struct kref *)kref);
	kref_get((struct kref *)kref);
	kref_kill((struct kref *)kref, release);
	kref_thread_leave();
	return kref;
}

/* The reference that is left was handed over, and its put strands nothing with a thread gone. */
static void outlives_the_thread_that_made_it(void **state)
{
	struct kref kref;
	pthread_t thread;
	void *made;

	(void)state;
	seen.releases = 0;
	assert_int_equal(pthread_create(&thread, NULL, make_and_leave, &kref), 0);
	assert_int_equal(pthread_join(thread, &made), 0);
	assert_non_null(made);
	assert_int_equal(seen.releases, 0);
	assert_int_equal(kref_read(&kref), 1);
	put(&kref);
	settle();
	assert_int_equal(seen.releases, 1);
}
#endif

#if KREF_CAPS & KREF_CAN_PUT_LOCKED
/* With the lock held here, a put that took it would hang. */
static void only_the_last_put_takes_the_lock(void **state)
{
	struct kref kref;

	(void)state;
	kref_init(&kref);
	kref_get(&kref);
	kref_get(&kref);
	pthread_mutex_lock(&mutex);
	assert_int_equal(kref_put_mutex(&kref, release_mutex, &mutex), 0);
	pthread_mutex_unlock(&mutex);
	pthread_spin_lock(&spinlock);
	assert_int_equal(kref_put_lock(&kref, release_lock, &spinlock), 0);
	pthread_spin_unlock(&spinlock);
	assert_locks_free();
}
#endif

#if KREF_CAPS & KREF_CAN_PUT_LOCKED && KREF_CAPS & KREF_CAN_SHARE
static void *put_mutex_once(void *kref)
{
	int released;

	if (kref_thread_enter(OTHER_ID))
		return kref;
	released = kref_put_mutex((struct kref *)kref, release_mutex, &mutex);
	kref_thread_leave();
	return released ? kref : NULL;
}

/*
 * The lock is taken before the count reaches zero: while a lookup holds it, the last put waits and
 * the count stays one. The lookup's get then makes that put not the last.
 */
static void a_lookup_under_the_lock_never_meets_zero(void **state)
{
	/* Long enough for the other thread to stand at the lock; too short only tests less. */
	const struct timespec settle = { .tv_nsec = 20 * 1000 * 1000 };
	struct kref kref;
	pthread_t thread;
	void *released;

	(void)state;
	kref_init(&kref);
	seen.releases = 0;
	pthread_mutex_lock(&mutex);
	assert_int_equal(pthread_create(&thread, NULL, put_mutex_once, &kref), 0);
	nanosleep(&settle, NULL);
	assert_int_equal(kref_read(&kref), 1);
	kref_get(&kref);
	pthread_mutex_unlock(&mutex);
	assert_int_equal(pthread_join(thread, &released), 0);
	assert_null(released);
	assert_int_equal(seen.releases, 0);
	assert_int_equal(kref_read(&kref), 1);
	assert_locks_free();
}
#endif

#ifdef _URCU_REF_H
static void put_once(struct kref *kref)
{
	kref_put(kref, release);
}

/* In a child. */
static void assert_aborts(void (*misuse)(struct kref *kref), struct kref *kref)
{
	const struct rlimit no_core = { 0, 0 };
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		setrlimit(RLIMIT_CORE, &no_core);
		signal(SIGABRT, SIG_DFL);
		misuse(kref);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void a_get_at_the_limit_aborts(void **state)
{
	struct kref kref = KREF_INIT(LONG_MAX);

	(void)state;
	assert_int_equal(kref_get_unless_zero(&kref), 0);
	assert_aborts(kref_get, &kref);
}

static void a_put_below_zero_aborts(void **state)
{
	struct kref kref = KREF_INIT(0);

	(void)state;
	assert_aborts(put_once, &kref);
}
#endif

#ifdef KREF_STRATEGIES_BIASED_H
static void the_owners_count_wraps(void **state)
{
	struct kref kref;

	(void)state;
	kref_init(&kref);
	atomic_store_explicit(&kref.biased, UINT_MAX, memory_order_relaxed);
	seen.releases = 0;
	kref_get(&kref);
	assert_int_equal(kref_read(&kref), 0);
	put(&kref);
	assert_true(kref_read(&kref) == UINT_MAX);
	assert_int_equal(seen.releases, 0);
}
#endif

#ifdef KREF_REPORT_H
static void ignore_report(enum kref_report kind, struct kref *kref)
{
	(void)kind;
	(void)kref;
}
#endif

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_its_cases),
		cmocka_unit_test(init_gives_one_reference),
#if defined(KREF_HAS_POLL) && KREF_CAPS & KREF_CAN_RELEASE
		cmocka_unit_test(polls_release),
#endif
#if KREF_CAPS & KREF_CAN_RELEASE && KREF_CAPS & KREF_CAN_HAND_OVER
		cmocka_unit_test(outlives_the_thread_that_made_it),
#endif
#if KREF_CAPS & KREF_CAN_SATURATE && !defined(KREF_STRATEGIES_FLAGS_H)
		cmocka_unit_test(nothing_frees_after_a_get_on_zero),
#endif
#if KREF_CAPS & KREF_CAN_PUT_LOCKED
		cmocka_unit_test(only_the_last_put_takes_the_lock),
#endif
#if KREF_CAPS & KREF_CAN_PUT_LOCKED && KREF_CAPS & KREF_CAN_SHARE
		cmocka_unit_test(a_lookup_under_the_lock_never_meets_zero),
#endif
#ifdef _URCU_REF_H
		cmocka_unit_test(a_get_at_the_limit_aborts),
		cmocka_unit_test(a_put_below_zero_aborts),
#endif
#ifdef KREF_STRATEGIES_BIASED_H
		cmocka_unit_test(the_owners_count_wraps),
#endif
	};
	int failed;

	/* The misuse below is meant; what is reported of it has tests of its own. */
#ifdef KREF_REPORT_H
	kref_set_report_hook(ignore_report);
#endif
	/* A lock taken where none should be hangs: end by signal instead. */
	alarm(30);
	if (pthread_spin_init(&spinlock, PTHREAD_PROCESS_PRIVATE))
		return 1;
	if (kref_thread_enter(MAIN_ID))
		return 1;
	failed = cmocka_run_group_tests_name("strategy " STRATEGY_NAME, tests, NULL, NULL);
	kref_thread_leave();
	kref_quiesce();
	return failed;
}

#endif
