/*
 * The registry of the self-test: the baseline with its controls, its twins, and slow ones.
 *
 * SPDX-License-Identifier: MIT
 *
 * cells.h is generated: CELL(entry, percent) for each. Where percent is not 0 the entry's run is
 * wrapped, which costs one call a batch.
 */
#include "workloads/registry.h"

#include "slow.h"

#define CELL(cell, percent)							\
	extern const struct workload cell;					\
	static uint64_t cell##_slow(struct worker *worker, uint64_t nr_ops)	\
	{									\
		static _Thread_local uint64_t carry;				\
										\
		return slow_run(cell.run, percent, &carry, worker, nr_ops);	\
	}
#include "cells.h"
#undef CELL

static const struct {
	const struct workload *cell;
	unsigned percent;
	uint64_t (*slow)(struct worker *worker, uint64_t nr_ops);
} compiled[] = {
#define CELL(cell, percent) { &cell, percent, cell##_slow },
#include "cells.h"
};

#define NR_CELLS (sizeof(compiled) / sizeof(*compiled))

static struct workload entries[NR_CELLS];
static const struct workload *cells[NR_CELLS];

int registry_open(struct registry *registry, const char *const *variants)
{
	(void)variants;
	for (unsigned i = 0; i < NR_CELLS; i++) {
		entries[i] = *compiled[i].cell;
		if (compiled[i].percent)
			entries[i].run = compiled[i].slow;
		cells[i] = &entries[i];
	}
	registry->cells = cells;
	registry->nr_cells = NR_CELLS;
	return 0;
}
