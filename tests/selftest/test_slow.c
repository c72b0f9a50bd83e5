/*
 * Tests that slow cells do as many ops as they claim, however they are cut into batches.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "tests/selftest/slow.h"
#include "workloads/registry.h"

/* Those that a window tries, one op at a time, and some that divide nothing. */
static const uint64_t batches[] = { 1, 1, 1, 2, 4, 8, 3, 7, 33, 99, 100, 101, 1999, 1, 5, 40 };
#define NR_BATCHES (sizeof(batches) / sizeof(*batches))
#define REPEATS 25

static uint64_t performed;

static uint64_t fake_run(struct worker *worker, uint64_t nr_ops)
{
	(void)worker;
	performed += nr_ops;
	return nr_ops;
}

static uint64_t failing_run(struct worker *worker, uint64_t nr_ops)
{
	(void)worker;
	return nr_ops / 2;
}

static void exact_after_each_batch(void **state)
{
	static const unsigned percents[] = { 1, 2, 5, 33 };

	(void)state;
	for (unsigned p = 0; p < sizeof(percents) / sizeof(*percents); p++) {
		uint64_t carry = 0, reported = 0;

		performed = 0;
		for (unsigned i = 0; i < REPEATS * NR_BATCHES; i++) {
			const uint64_t asked = batches[i % NR_BATCHES];

			assert_int_equal(slow_run(fake_run, percents[p], &carry, NULL, asked),
					 asked);
			reported += asked;
			assert_int_equal(performed, reported * (100 + percents[p]) / 100);
		}
	}
}

static void less_is_told(void **state)
{
	uint64_t carry = 0;

	(void)state;
	assert_int_equal(slow_run(failing_run, 2, &carry, NULL, 1000), 510);
}

/* An op on one of several objects draws one number: how many until the generator stands so. */
static uint64_t ops_between(uint64_t from, uint64_t to, uint64_t most)
{
	struct worker worker = { .random = from };
	uint64_t ops = 0;

	while (worker.random != to && ops <= most) {
		worker_random(&worker, 2);
		ops++;
	}
	return ops;
}

/* Ops that the cell has really done for REPEATS times all batches, in *reported. */
static uint64_t ops_done(const struct workload *cell, uint64_t *reported)
{
	const struct params params = { .workers = 1, .objects = 2, .poll_every = 1000 };
	const int stop = 0;
	struct worker worker = { .stop = &stop, .params = &params, .random = 1 };
	const size_t bytes = cell->bytes(&params) + WORKLOAD_ALIGN;

	worker.arena = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	assert_ptr_not_equal(worker.arena, MAP_FAILED);
	assert_int_equal(cell->setup(worker.arena, &params), 0);
	assert_int_equal(cell->enter(&worker), 0);
	*reported = 0;
	for (unsigned i = 0; i < REPEATS * NR_BATCHES; i++)
		*reported += cell->run(&worker, batches[i % NR_BATCHES]);
	cell->leave(&worker);
	assert_int_equal(cell->quiesce(worker.arena), 0);
	assert_int_equal(cell->verify(worker.arena, *reported), 0);
	munmap(worker.arena, bytes);
	return ops_between(1, worker.random, 2 * *reported);
}

/* Each cell is what its name says: the slow ones by so much, twins and the baseline by nothing. */
static void cells_do_what_they_claim(void **state)
{
	struct registry registry;
	unsigned slow = 0, twins = 0;

	(void)state;
	assert_int_equal(registry_open(&registry, NULL), 0);
	for (unsigned i = 0; i < registry.nr_cells; i++) {
		const struct workload *cell = registry.cells[i];
		unsigned percent = 0;
		uint64_t reported, done;

		if (!strcmp(cell->strategy, "empty"))
			continue;
		slow += sscanf(cell->strategy, "slow1%2u", &percent) == 1;
		twins += !strncmp(cell->strategy, "twin", 4);
		done = ops_done(cell, &reported);
		if (done != reported * (100 + percent) / 100)
			fail_msg("%s+%s reports %llu ops and did %llu", cell->name, cell->strategy,
				 (unsigned long long)reported, (unsigned long long)done);
	}
	assert_int_equal(slow, 5 * 3 * 2);
	assert_int_equal(twins, 5 * 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exact_after_each_batch),
		cmocka_unit_test(less_is_told),
		cmocka_unit_test(cells_do_what_they_claim),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
