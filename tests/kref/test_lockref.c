/*
 * Holds the strategy lockref to its edges, to its lock and to the tries before it takes it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

/* Compare-exchanges that are to fail as if another had been faster, and what the last one wrote. */
static unsigned to_fail;
static unsigned long long last_written;

#undef atomic_compare_exchange_weak_explicit
#define atomic_compare_exchange_weak_explicit(object, expected, desired, success, failure)	\
	(to_fail ? to_fail--, false :								\
	 (last_written = (desired),								\
	  atomic_compare_exchange_strong_explicit(object, expected, last_written, success,	\
						  failure)))

#include "tests/kref/edges.h"

#define LOCKED 1ull
#define DEAD REFS(-128)
/* A free lock and this many references. */
#define REFS(n) ((unsigned long long)(unsigned)(n) << 32)
#define MAX 0x7fffffffu
#define BAD 0x80000000u

static const struct edge edges[] = {
	{ "get", REFS(1), GET, false, REFS(2), 2, SILENT },
	{ "the last good get", REFS(MAX - 1), GET, false, REFS(MAX), MAX, SILENT },
	{ "not detected: a get too many", REFS(MAX), GET, false, REFS(BAD), 0, SILENT },
	{ "not detected: get on 0", REFS(0), GET, false, REFS(1), 1, SILENT },
	{ "not detected: get of a dead one", DEAD, GET, false, REFS(-127), 0, SILENT },
	{ "a get that wraps leaves the lock alone", REFS(-1), GET, false, REFS(0), 0, SILENT },

	{ "put", REFS(2), PUT, false, REFS(1), 1, SILENT },
	{ "the last put", REFS(1), PUT, true, DEAD, 0, SILENT },
	{ "put at the edge", REFS(MAX), PUT, false, REFS(MAX - 1), MAX - 1, SILENT },
	{ "put on 0", REFS(0), PUT, false, REFS(0), 0, SILENT },
	{ "put of the first bad", REFS(BAD), PUT, false, REFS(BAD), 0, SILENT },
	{ "put of a dead one", DEAD, PUT, false, DEAD, 0, SILENT },

	{ "lookup", REFS(1), UNLESS_ZERO, true, REFS(2), 2, SILENT },
	{ "the last good lookup", REFS(MAX - 1), UNLESS_ZERO, true, REFS(MAX), MAX, SILENT },
	{ "lookup on 0", REFS(0), UNLESS_ZERO, false, REFS(0), 0, SILENT },
	{ "lookup of the first bad", REFS(BAD), UNLESS_ZERO, false, REFS(BAD), 0, SILENT },
	{ "lookup of a dead one", DEAD, UNLESS_ZERO, false, DEAD, 0, SILENT },

	{ "locked put of the last", REFS(1), NOT_ONE, false, REFS(1), 1, SILENT },
	{ "locked put of others", REFS(2), NOT_ONE, true, REFS(1), 1, SILENT },
	{ "locked put on 0", REFS(0), NOT_ONE, true, REFS(0), 0, SILENT },
	{ "locked put of a dead one", DEAD, NOT_ONE, true, DEAD, 0, SILENT },
};

static void edge_set(struct kref *kref, unsigned long long stored)
{
	atomic_store_explicit(&kref->word, stored, memory_order_relaxed);
}

static unsigned long long edge_stored(struct kref *kref)
{
	return atomic_load_explicit(&kref->word, memory_order_relaxed);
}

static void holds_its_edges(void **state)
{
	(void)state;
	edges_check(edges, sizeof(edges) / sizeof(edges[0]));
}

/* Under the lock an operation decides the same. */
static void holds_its_edges_after_all_tries(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
		to_fail = 100;
		edge_check(&edges[i]);
		to_fail = 0;
	}
}

static void takes_the_lock_after_100_failures(void **state)
{
	static const enum edge_op ops[] = { GET, UNLESS_ZERO, PUT, NOT_ONE };
	struct kref kref;

	(void)state;
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		edge_set(&kref, REFS(5));
		to_fail = 99;
		edge_run(&kref, ops[i]);
		assert_true(last_written == REFS(ops[i] == GET || ops[i] == UNLESS_ZERO ? 6 : 4));

		edge_set(&kref, REFS(5));
		to_fail = 100;
		edge_run(&kref, ops[i]);
		assert_true(last_written == (REFS(5) | LOCKED));
		assert_true(edge_stored(&kref) ==
			    REFS(ops[i] == GET || ops[i] == UNLESS_ZERO ? 6 : 4));
	}
}

/* What another thread did while this one held the lock. */
struct waiter {
	struct kref kref;
	enum edge_op op;
	bool result;
};

static void *waiter_run(void *argument)
{
	struct waiter *waiter = (struct waiter *)argument;

	waiter->result = edge_run(&waiter->kref, waiter->op);
	return NULL;
}

/* Whoever finds the lock held waits, and then goes by what its holder left. */
static void nobody_passes_a_holder_of_the_lock(void **state)
{
	static const struct {
		enum edge_op op;
		unsigned long long held, left;
		bool result;
		unsigned long long end;
	} cases[] = {
		{ GET, REFS(1), REFS(2), false, REFS(3) },
		{ UNLESS_ZERO, REFS(1), REFS(2), true, REFS(3) },
		{ UNLESS_ZERO, REFS(1), DEAD, false, DEAD },
		{ PUT, REFS(2), REFS(3), false, REFS(2) },
		{ PUT, REFS(2), REFS(1), true, DEAD },
		{ NOT_ONE, REFS(2), REFS(1), false, REFS(1) },
		{ NOT_ONE, REFS(1), REFS(2), true, REFS(1) },
	};
	/* Long enough for the other thread to come to the lock; too short only tests less. */
	const struct timespec settle = { .tv_nsec = 10 * 1000 * 1000 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct waiter waiter = { .op = cases[i].op };
		pthread_t thread;

		edge_set(&waiter.kref, cases[i].held | LOCKED);
		assert_int_equal(pthread_create(&thread, NULL, waiter_run, &waiter), 0);
		nanosleep(&settle, NULL);
		assert_true(edge_stored(&waiter.kref) == (cases[i].held | LOCKED));
		kref_lockref_unlock(&waiter.kref, cases[i].left);
		assert_int_equal(pthread_join(thread, NULL), 0);
		assert_int_equal(waiter.result, cases[i].result);
		assert_true(edge_stored(&waiter.kref) == cases[i].end);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_its_edges),
		cmocka_unit_test(holds_its_edges_after_all_tries),
		cmocka_unit_test(takes_the_lock_after_100_failures),
		cmocka_unit_test(nobody_passes_a_holder_of_the_lock),
	};

	return cmocka_run_group_tests_name("lockref", tests, NULL, NULL);
}
