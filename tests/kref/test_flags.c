/*
 * Holds the strategy flags to what the processor's flags let it see, and to what they do not.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>

#include "kref/kref.h"

#ifdef KREF_HOLE

int main(void)
{
	printf("flags: skipped: %s\n", KREF_HOLE);
	return 77;
}

#else

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/kref/edges.h"

#define MAX 0x7fffffffu
#define SAT 0xc0000000u
#define BAD 0x80000000u

static const struct edge edges[] = {
	{ "get", 1, GET, false, 2, 2, SILENT },
	{ "the last good get", MAX - 1, GET, false, MAX, MAX, SILENT },
	{ "the first bad get", MAX, GET, false, SAT, SAT, SATURATED },
	{ "get of the first bad", BAD, GET, false, SAT, SAT, SATURATED },
	{ "get of a saturated one", SAT, GET, false, SAT, SAT, SATURATED },
	{ "not detected: get on 0", 0, GET, false, 1, 1, SILENT },
	{ "not detected: get on UINT_MAX", UINT32_MAX, GET, false, 0, 0, SILENT },

	{ "put", 2, PUT, false, 1, 1, SILENT },
	{ "the last put", 1, PUT, true, 0, 0, SILENT },
	{ "put at the edge", MAX, PUT, false, MAX - 1, MAX - 1, SILENT },
	{ "put on 0", 0, PUT, false, SAT, SAT, UNDERFLOW },
	{ "put of the first bad", BAD, PUT, false, SAT, SAT, UNDERFLOW },
	{ "put of a saturated one", SAT, PUT, false, SAT, SAT, UNDERFLOW },
	{ "put of UINT_MAX", UINT32_MAX, PUT, false, SAT, SAT, UNDERFLOW },

	{ "lookup", 1, UNLESS_ZERO, true, 2, 2, SILENT },
	{ "lookup on 0", 0, UNLESS_ZERO, false, 0, 0, SILENT },
	{ "the last good lookup", MAX - 1, UNLESS_ZERO, true, MAX, MAX, SILENT },
	{ "the first bad lookup", MAX, UNLESS_ZERO, true, SAT, SAT, SATURATED },
	{ "lookup of the first bad", BAD, UNLESS_ZERO, true, SAT, SAT, SATURATED },
	{ "lookup of a saturated one", SAT, UNLESS_ZERO, true, SAT, SAT, SATURATED },
	{ "a lookup that would wrap to 0", UINT32_MAX, UNLESS_ZERO, true, SAT, SAT, SATURATED },

	{ "locked put of the last", 1, NOT_ONE, false, 1, 1, SILENT },
	{ "locked put of others", 2, NOT_ONE, true, 1, 1, SILENT },
	{ "locked put at the edge", MAX, NOT_ONE, true, MAX - 1, MAX - 1, SILENT },
	{ "locked put on 0", 0, NOT_ONE, true, 0, 0, UNDERFLOW },
	{ "locked put of the first bad", BAD, NOT_ONE, true, BAD, BAD, SILENT },
	{ "locked put of a saturated one", SAT, NOT_ONE, true, SAT, SAT, SILENT },
};

static void edge_set(struct kref *kref, unsigned long long stored)
{
	atomic_store_explicit(&kref->refs, stored, memory_order_relaxed);
}

static unsigned long long edge_stored(struct kref *kref)
{
	return atomic_load_explicit(&kref->refs, memory_order_relaxed);
}

static void holds_its_edges(void **state)
{
	(void)state;
	edges_check(edges, sizeof(edges) / sizeof(edges[0]));
}

/* In a page that cannot be written until a put has tried to. */
static struct kref *guarded;
static size_t page_bytes;
static unsigned written, written_before_put;

static void let_the_put_go_on(int signal)
{
	(void)signal;
	written_before_put = written;
	(void)mprotect(guarded, page_bytes, PROT_READ | PROT_WRITE);
}

/* Its holder's last write; a compiler that may move the second one over the put drops the first. */
static void what_comes_before_a_put_is_written_before_it(void **state)
{
	const struct sigaction action = { .sa_handler = let_the_put_go_on };
	struct sigaction before;
	bool zero;

	(void)state;
	page_bytes = (size_t)sysconf(_SC_PAGESIZE);
	guarded = mmap(NULL, page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		       0);
	assert_true(guarded != MAP_FAILED);
	kref_init(guarded);
	assert_int_equal(sigaction(SIGSEGV, &action, &before), 0);
	assert_int_equal(mprotect(guarded, page_bytes, PROT_READ), 0);
	written = 1;
	(void)kref_flags_dec(guarded, &zero);
	written = 2;
	assert_int_equal(sigaction(SIGSEGV, &before, NULL), 0);
	assert_true(zero);
	assert_int_equal(written_before_put, 1);
	assert_int_equal(munmap(guarded, page_bytes), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_its_edges),
		cmocka_unit_test(what_comes_before_a_put_is_written_before_it),
	};

	return cmocka_run_group_tests_name("flags", tests, NULL, NULL);
}

#endif
