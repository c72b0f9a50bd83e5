/*
 * The peers of getput: what their verification refuses, and that shared_ptr counts with atomics.
 *
 * SPDX-License-Identifier: MIT
 *
 * test_cells runs them; here the calls are out of order on purpose.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "workloads/registry.h"

#include "expect.h"

static const struct params params = { .workers = 1, .objects = 2, .poll_every = 37 };

/* Each object is released once, and not before its owner gives it back. */
static void verifies(const struct workload *cell, void *arena)
{
	const int stop = 0;
	struct worker worker = { .stop = &stop, .arena = arena, .params = &params, .random = 1 };

	EXPECT(cell->setup(arena, &params) == 0);
	EXPECT(cell->enter(&worker) == 0);
	EXPECT(cell->run(&worker, 100) == 100);
	EXPECT(worker.retries == 0);
	cell->leave(&worker);
	EXPECT(cell->verify(arena, 100) == -EPROTO);
	EXPECT(cell->quiesce(arena) == 0);
	EXPECT(cell->verify(arena, 100) == 0);
	/* The owner's reference was gone already. */
	EXPECT(cell->quiesce(arena) == 0);
	EXPECT(cell->verify(arena, 100) == -EPROTO);
}

static void *stay(void *argument)
{
	pause();
	return argument;
}

int main(void)
{
	static _Alignas(WORKLOAD_ALIGN) char arena[1 << 12];
	struct registry registry;
	unsigned peers = 0;
	pthread_t thread;

	if (registry_open(&registry, NULL))
		return 1;
	/* libstdc++ would do without atomics. */
	for (unsigned i = 0; i < registry.nr_cells; i++)
		if (!strcmp(registry.cells[i]->strategy, "shared_ptr") &&
		    !registry.cells[i]->hole[SETTING_HELD])
			EXPECT(registry.cells[i]->setup(arena, &params) == -ENOTSUP);
	EXPECT(!pthread_create(&thread, NULL, stay, NULL));
	for (unsigned i = 0; i < registry.nr_cells; i++) {
		const struct workload *cell = registry.cells[i];

		if (cell->kind != CELL_PEER || cell->hole[SETTING_HELD])
			continue;
		EXPECT(cell->bytes(&params) <= sizeof(arena));
		verifies(cell, arena);
		peers++;
	}
	EXPECT(peers > 0);
	return failures ? 1 : 0;
}
