/*
 * A run that does more ops than it reports: slower than the cell's own by a known share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_SELFTEST_SLOW_H
#define TESTS_SELFTEST_SLOW_H

#include "workloads/workload.h"

/*
 * As run(worker, nr_ops), but does percent of nr_ops more. *carry, in hundredths of an op and 0 at
 * first, keeps what a batch cannot do of a part of an op for the next: however short the batches,
 * all of them together are right to within one op. A carry belongs to one thread.
 */
static inline uint64_t slow_run(uint64_t (*run)(struct worker *worker, uint64_t nr_ops),
				unsigned percent, uint64_t *carry, struct worker *worker,
				uint64_t nr_ops)
{
	const uint64_t more = nr_ops * percent + *carry;
	const uint64_t done = run(worker, nr_ops + more / 100);

	*carry = more % 100;
	/* Fewer than asked for only where the window fails. */
	return done < nr_ops ? done : nr_ops;
}

#endif
