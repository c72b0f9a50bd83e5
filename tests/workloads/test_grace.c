/*
 * The lookups under RCU: memory that a lookup looks at is not reused before it is done.
 *
 * SPDX-License-Identifier: MIT
 *
 * Runs the RCU cells with the strategy broken/slow.h, some of whose lookups sleep longer than a
 * grace period takes. A missing reader section or grace period shows without a sanitizer.
 */
#include <stdatomic.h>

#include "bench.h"

#define WINDOW_NS 100000000
#define GUARD_NS 50000
/* Windows until an object has died under a sleeping lookup: without that nothing is proven. */
#define MAX_WINDOWS 1000

atomic_uint slow_died, slow_reused;

extern const struct workload cell_queue_rcu_slow_test, cell_queue_rcu_qsbr_slow_test;
extern const struct workload cell_queue_rcu_sync_slow_test;

static int check(struct bench *bench, const struct workload *cell)
{
	struct params params = { .workers = 2, .objects = 1, .setting = SETTING_CHURN,
				 .poll_every = 37 };
	struct error err;

	atomic_store(&slow_died, 0);
	atomic_store(&slow_reused, 0);
	for (unsigned i = 1; i <= MAX_WINDOWS && atomic_load(&slow_died) < 2; i++) {
		if (bench_window(bench, cell, &params, i, &err)) {
			fprintf(stderr, "%s: %s\n", cell->name, err.text);
			return 1;
		}
		if (atomic_load(&slow_reused)) {
			fprintf(stderr, "%s: reused under a lookup\n", cell->name);
			return 1;
		}
	}
	if (!atomic_load(&slow_died)) {
		fprintf(stderr, "%s: no object died under a lookup\n", cell->name);
		return 1;
	}
	return 0;
}

int main(void)
{
	static struct bench bench;
	struct error err;
	int failed;

	if (bench_open(&bench, GUARD_NS, WINDOW_NS, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	failed = check(&bench, &cell_queue_rcu_slow_test);
	failed |= check(&bench, &cell_queue_rcu_qsbr_slow_test);
	failed |= check(&bench, &cell_queue_rcu_sync_slow_test);
	bench_close(&bench);
	return failed;
}
