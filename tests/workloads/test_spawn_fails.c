/*
 * What a failed thread start or allocation leaves behind: nothing, and an error instead of a hang.
 *
 * SPDX-License-Identifier: MIT
 *
 * The error path of the document's example puts twice; here thread starts fail with EAGAIN after
 * some that succeed; and children that put before pthread_create returns. Then malloc runs dry
 * under a producer whose consumer waits, and under a queue. Links cells of the default strategy and
 * the fakes of fails.h.
 */
#include <unistd.h>

#include "bench.h"
#include "expect.h"
#include "fails.h"

/* Far more than a window that goes on takes; only a hang reaches it. */
#define LIMIT_S 60
#define SOME 5
/* Windows until those are used up: a slow machine does an op in each. */
#define MANY 100

extern const struct workload cell_handoff_spawn_refcount_test, cell_handoff_queue_refcount_test;
extern const struct workload cell_handoff_queue_extra_refcount_test, cell_queue_mutex_refcount_test;

/* One op after another without an engine: each op's account can be looked at. */
static void spawn_by_hand(bool use_malloc)
{
	const struct workload *cell = &cell_handoff_spawn_refcount_test;
	const struct params params = { .workers = 2, .objects = 1, .setting = SETTING_CHURN,
				       .use_malloc = use_malloc };
	static _Alignas(WORKLOAD_ALIGN) char arena[1 << 20];
	const int stop = 0, cpu = sched_getcpu();
	struct worker lender = { .cpu = cpu, .stop = &stop, .arena = arena, .params = &params,
				 .random = 1 };
	struct worker parent = { .index = 1, .role = 1, .partner = &lender, .cpu = cpu,
				 .stop = &stop, .arena = arena, .params = &params, .random = 1 };

	EXPECT(cell->bytes(&params) <= sizeof(arena));
	EXPECT(cell->setup(arena, &params) == 0);
	EXPECT(cell->enter(&parent) == 0);
	EXPECT(cell->run(&parent, SOME) == SOME && !parent.error);
	parent.error = 0;
	fails_child_first = true;
	EXPECT(cell->run(&parent, SOME) == SOME && !parent.error);
	fails_child_first = false;
	fails_threads_left = SOME;
	EXPECT(cell->run(&parent, 2 * SOME) == SOME);
	EXPECT(parent.error == -EAGAIN);
	fails_threads_left = 0;
	parent.error = 0;
	EXPECT(cell->run(&parent, SOME) == 0 && parent.error == -EAGAIN);
	fails_threads_left = -1;
	cell->leave(&parent);
	EXPECT(cell->quiesce(arena) == 0);
	EXPECT(cell->verify(arena, 3 * SOME) == 0);
	/* Not one op more or less, whatever failed. */
	EXPECT(cell->verify(arena, 3 * SOME + 1) == -EPROTO);
	EXPECT(cell->verify(arena, 3 * SOME - 1) == -EPROTO);
}

/* A window in which calls fail: tells so, and all that was made has been released. */
static void window_fails(struct bench *bench, const struct workload *cell, int *left, int error)
{
	struct params params = { .workers = 2, .objects = 1, .setting = SETTING_CHURN,
				 .use_malloc = true };
	struct error err = { "" };
	const int before = failures;
	int seen = 0;

	/* The arena is there and the workers are started before anything fails. */
	EXPECT(bench_window(bench, cell, &params, 1, &err) == 0);
	__atomic_store_n(left, SOME, __ATOMIC_RELAXED);
	bench->result.total_ops = 0;
	/* The engine's own allocation comes first. */
	for (unsigned i = 0; i < MANY && !seen; i++)
		seen = bench_window(bench, cell, &params, 1, &err);
	EXPECT(seen == error);
	__atomic_store_n(left, -1, __ATOMIC_RELAXED);
	EXPECT(cell->verify(bench->arena, bench->result.total_ops) == 0);
	EXPECT(bench_window(bench, cell, &params, 1, &err) == 0);
	if (failures != before)
		fprintf(stderr, "with %s: %s\n", cell->name, err.text);
}

int main(void)
{
	static struct bench bench;
	struct error err;

	alarm(LIMIT_S);
	spawn_by_hand(false);
	spawn_by_hand(true);
	if (bench_open(&bench, 50000, 1000000, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	window_fails(&bench, &cell_handoff_spawn_refcount_test, &fails_threads_left, -EAGAIN);
	window_fails(&bench, &cell_handoff_queue_refcount_test, &fails_allocs_left, -ENOMEM);
	window_fails(&bench, &cell_handoff_queue_extra_refcount_test, &fails_allocs_left, -ENOMEM);
	window_fails(&bench, &cell_queue_mutex_refcount_test, &fails_allocs_left, -ENOMEM);
	bench_close(&bench);
	return failures ? 1 : 0;
}
