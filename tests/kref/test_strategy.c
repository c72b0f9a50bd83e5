/*
 * Holds one strategy to what its KREF_CAPS claim; compiled once for each.
 *
 * SPDX-License-Identifier: MIT
 *
 * KREF_STRATEGY_HEADER chooses the strategy, STRATEGY_NAME names it in the output. What a strategy
 * does not claim is not asked of it: a case says what it needs and is left out where that is
 * missing.
 */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "kref/kref.h"

#if !(KREF_CAPS & KREF_CAN_PUT_LOCKED) && defined(kref_put_mutex)
#error "a strategy without KREF_CAN_PUT_LOCKED must not offer kref_put_mutex"
#endif

/* The decisions of exact.h are the strategy's; what only some strategies promise at the limits. */
#ifdef KREF_EXACT_H
#define EXACT true
#else
#define EXACT false
#endif

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* A count that has saturated, whatever value the strategy uses for it. */
#define STUCK 0x80000000u
/* What an operation without a result gives. */
#define NOTHING (-1)

enum op { END, GET, UNLESS_ZERO, PUT, PUT_MUTEX, PUT_LOCK };

struct step {
	enum op op;
	int result;
	unsigned count;	/* kref_read() after it */
};

struct strategy_case {
	const char *name;
	unsigned needs;	/* KREF_CAN_ bits */
	unsigned lacks;	/* bits whose absence the case is about */
	bool exact;	/* holds for exact counters only */
	struct kref kref;
	unsigned start;
	struct step steps[8];
	unsigned releases;
};

#define NEEDS_COUNT KREF_CAN_RELEASE
#define NEEDS_LOCKED (KREF_CAN_RELEASE | KREF_CAN_PUT_LOCKED)
#define NEEDS_LOOKUP (KREF_CAN_RELEASE | KREF_CAN_GET_UNLESS_ZERO)
#define START(n) .kref = KREF_INIT(n), .start = (n)

static struct strategy_case cases[] = {
	{ "the only reference", NEEDS_COUNT, START(1), .releases = 1,
	  .steps = { { PUT, 1, 0 } } },
	{ "get and put", NEEDS_COUNT, START(1), .releases = 1,
	  .steps = { { GET, NOTHING, 2 }, { GET, NOTHING, 3 }, { PUT, 0, 2 }, { PUT, 0, 1 },
		     { PUT, 1, 0 } } },
	{ "static start above one", NEEDS_COUNT, START(3), .releases = 1,
	  .steps = { { PUT, 0, 2 }, { PUT, 0, 1 }, { PUT, 1, 0 } } },
	{ "lookup of a held object", NEEDS_LOOKUP, START(1), .releases = 1,
	  .steps = { { UNLESS_ZERO, 1, 2 }, { PUT, 0, 1 }, { UNLESS_ZERO, 1, 2 }, { PUT, 0, 1 },
		     { PUT, 1, 0 } } },
	{ "lookup of a released object", NEEDS_LOOKUP, START(1), .releases = 1,
	  .steps = { { PUT, 1, 0 }, { UNLESS_ZERO, 0, 0 }, { UNLESS_ZERO, 0, 0 } } },
	{ "lookup at zero", NEEDS_LOOKUP, START(0), .releases = 0,
	  .steps = { { UNLESS_ZERO, 0, 0 } } },
	{ "put_mutex", NEEDS_LOCKED, START(2), .releases = 1,
	  .steps = { { PUT_MUTEX, 0, 1 }, { GET, NOTHING, 2 }, { PUT_MUTEX, 0, 1 },
		     { PUT_MUTEX, 1, 0 } } },
	{ "put_lock", NEEDS_LOCKED, START(2), .releases = 1,
	  .steps = { { PUT_LOCK, 0, 1 }, { GET, NOTHING, 2 }, { PUT_LOCK, 0, 1 },
		     { PUT_LOCK, 1, 0 } } },
	{ "counts nothing", KREF_CAN_RETURN | KREF_CAN_GET_UNLESS_ZERO | KREF_CAN_PUT_LOCKED,
	  KREF_CAN_RELEASE, START(2), .releases = 0,
	  .steps = { { GET, NOTHING, 2 }, { PUT, 0, 2 }, { PUT, 0, 2 }, { PUT, 0, 2 },
		     { UNLESS_ZERO, 1, 2 }, { PUT_MUTEX, 0, 2 }, { PUT_LOCK, 0, 2 } } },
	{ "a saturated count sticks", NEEDS_LOCKED | KREF_CAN_SATURATE, START(UINT_MAX),
	  .releases = 0,
	  .steps = { { GET, NOTHING, STUCK }, { GET, NOTHING, STUCK }, { UNLESS_ZERO, 1, STUCK },
		     { PUT, 0, STUCK }, { PUT_MUTEX, 0, STUCK }, { PUT_LOCK, 0, STUCK } } },
	{ "exact: up to UINT_MAX", NEEDS_COUNT, .exact = true, START(UINT_MAX - 2), .releases = 0,
	  .steps = { { GET, NOTHING, UINT_MAX - 1 }, { PUT, 0, UINT_MAX - 2 },
		     { UNLESS_ZERO, 1, UINT_MAX - 1 }, { GET, NOTHING, UINT_MAX },
		     { PUT, 0, UINT_MAX }, { UNLESS_ZERO, 1, UINT_MAX }, { PUT, 0, UINT_MAX } } },
	{ "exact: locked puts at UINT_MAX", NEEDS_LOCKED, .exact = true, START(UINT_MAX),
	  .releases = 0,
	  .steps = { { PUT_MUTEX, 0, UINT_MAX }, { PUT_LOCK, 0, UINT_MAX } } },
	{ "exact: nothing moves 0", NEEDS_LOCKED, .exact = true, START(0), .releases = 0,
	  .steps = { { GET, NOTHING, 0 }, { PUT, 0, 0 }, { PUT_MUTEX, 0, 0 }, { PUT_LOCK, 0, 0 },
		     { UNLESS_ZERO, 0, 0 } } },
};

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

static void check_step(const struct strategy_case *c, struct kref *kref, const struct step *step)
{
	unsigned releases = seen.releases;
	int result = run_op(kref, step->op);
	unsigned count = kref_read(kref);
	bool locked = step->op == PUT_MUTEX || step->op == PUT_LOCK;

	/* A put that tells nothing is judged by what it released. */
	if (result != step->result && !(result == NOTHING && step->op == PUT))
		fail_msg("%s, step %td: result %d, expected %d", c->name, step - c->steps, result,
			 step->result);
	if (step->count == STUCK ? count < STUCK : count != step->count)
		fail_msg("%s, step %td: count %#x, expected %#x", c->name, step - c->steps, count,
			 step->count);
	if (seen.releases != releases) {
		assert_ptr_equal(seen.kref, kref);
		if (locked)
			assert_int_equal(seen.lock_state, EBUSY);
	}
	assert_locks_free();
}

static void run_case(struct strategy_case *c)
{
	seen.releases = 0;
	assert_int_equal(kref_read(&c->kref), c->start);
	for (const struct step *step = c->steps; step->op != END; step++)
		check_step(c, &c->kref, step);
	if (seen.releases != c->releases)
		fail_msg("%s: released %u times, expected %u", c->name, seen.releases, c->releases);
}

static void holds_its_cases(void **state)
{
	unsigned run = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct strategy_case *c = &cases[i];

		if ((KREF_CAPS & c->needs) != c->needs || KREF_CAPS & c->lacks ||
		    (c->exact && !EXACT))
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
	put(&kref);
	assert_int_equal(seen.releases, KREF_CAPS & KREF_CAN_RELEASE ? 1 : 0);
}

#if KREF_CAPS & KREF_CAN_SATURATE
/* Where a get on 0 goes differs (refused, or saturated); that it never frees does not. */
static void nothing_frees_after_a_get_on_zero(void **state)
{
	struct kref kref = KREF_INIT(0);

	(void)state;
	seen.releases = 0;
	kref_get(&kref);
	assert_int_equal(put(&kref), 0);
	assert_int_equal(put(&kref), 0);
	assert_int_equal(seen.releases, 0);
}
#endif

#if KREF_CAPS & KREF_CAN_PUT_LOCKED
/* With the lock held here, a put that took it would hang. */
static void only_the_last_put_takes_the_lock(void **state)
{
	struct kref kref = KREF_INIT(3);

	(void)state;
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
	return (void *)(intptr_t)kref_put_mutex((struct kref *)kref, release_mutex, &mutex);
}

/*
 * The lock is taken before the count reaches zero: while a lookup holds it, the last put waits and
 * the count stays one. The lookup's get then makes that put not the last.
 */
static void a_lookup_under_the_lock_never_meets_zero(void **state)
{
	/* Long enough for the other thread to stand at the lock; too short only tests less. */
	const struct timespec settle = { .tv_nsec = 20 * 1000 * 1000 };
	struct kref kref = KREF_INIT(1);
	pthread_t thread;
	void *released;

	(void)state;
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
static void a_get_at_the_limit_aborts(void **state)
{
	static struct kref kref = KREF_INIT(LONG_MAX);
	const struct rlimit no_core = { 0, 0 };
	int status;
	pid_t child;

	(void)state;
	assert_int_equal(kref_get_unless_zero(&kref), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		setrlimit(RLIMIT_CORE, &no_core);
		signal(SIGABRT, SIG_DFL);
		kref_get(&kref);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
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
#if KREF_CAPS & KREF_CAN_SATURATE
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
#endif
	};

	/* The misuse below is meant; what is reported of it is test_refcount's. */
#ifdef KREF_REPORT_H
	kref_set_report_hook(ignore_report);
#endif
	/* A lock taken where none should be hangs: end by signal instead. */
	alarm(30);
	if (pthread_spin_init(&spinlock, PTHREAD_PROCESS_PRIVATE))
		return 1;
	return cmocka_run_group_tests_name("strategy " STRATEGY_NAME, tests, NULL, NULL);
}
