/*
 * Homes on a made-up machine of four nodes: 0 and 1 near, 2 far, 3 without memory.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>
#include <numa.h>
#include <numaif.h>

#include "harness/home.h"

/* The machine, and what was asked of it last. */
static struct {
	int available, nodes;
	unsigned long allowed;
	int mbind_errno, move_errno;
	bool refuse_bind;
	int mode;
	unsigned long mask;
	int told[4];		/* of the first pages; the others are not there */
} fake;

static int fake_reset(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	fake.nodes = 3;
	fake.allowed = 7;
	for (unsigned i = 0; i < 4; i++)
		fake.told[i] = -ENOENT;
	return 0;
}

/* NOLINTBEGIN: the linker's names */
int __wrap_numa_available(void)
{
	return fake.available;
}

int __wrap_numa_num_configured_nodes(void)
{
	return fake.nodes;
}

int __wrap_numa_max_node(void)
{
	return 3;
}

int __wrap_numa_node_of_cpu(int cpu)
{
	return cpu < 0 ? -1 : cpu / 2;
}

int __wrap_numa_distance(int from, int to)
{
	static const int distances[3][3] = { { 10, 12, 32 }, { 12, 10, 32 }, { 32, 31, 10 } };

	return from < 3 && to < 3 ? distances[from][to] : 255;
}

static struct bitmask *mask_new(void)
{
	struct bitmask *mask = calloc(1, sizeof(*mask));

	assert_non_null(mask);
	mask->size = 64;
	mask->maskp = calloc(1, sizeof(*mask->maskp));
	assert_non_null(mask->maskp);
	return mask;
}

struct bitmask *__wrap_numa_get_mems_allowed(void)
{
	struct bitmask *mask = mask_new();

	*mask->maskp = fake.allowed;
	return mask;
}

struct bitmask *__wrap_numa_allocate_nodemask(void)
{
	return mask_new();
}

long __wrap_mbind(void *memory, unsigned long bytes, int mode, const unsigned long *mask,
		  unsigned long nr_bits, unsigned flags)
{
	(void)flags;
	assert_int_equal((uintptr_t)memory % (uintptr_t)sysconf(_SC_PAGESIZE), 0);
	assert_true(bytes > 0 && nr_bits >= 4);
	fake.mode = mode;
	fake.mask = *mask;
	errno = fake.refuse_bind && mode == MPOL_BIND ? ENOMEM : fake.mbind_errno;
	return errno ? -1 : 0;
}

long __wrap_move_pages(int pid, unsigned long nr, void **pages, const int *nodes, int *status, int flags)
{
	(void)flags;
	assert_int_equal(pid, 0);
	assert_null(nodes);	/* asks, moves nothing */
	for (unsigned long i = 0; i < nr; i++) {
		assert_non_null(pages[i]);
		status[i] = nr == 1 ? 0 : i < 4 ? fake.told[i] : -ENOENT;
	}
	errno = fake.move_errno;
	return fake.move_errno ? -1 : 0;
}
/* NOLINTEND */

/* 16 pages. */
static void *memory_map(void)
{
	void *memory = mmap(NULL, (size_t)sysconf(_SC_PAGESIZE) * 16, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_true(memory != MAP_FAILED);
	return memory;
}

static int set(enum home_policy policy, unsigned node, int cpu)
{
	const struct home home = { .policy = policy, .node = node };
	const size_t bytes = (size_t)sysconf(_SC_PAGESIZE) * 16;
	void *memory = memory_map();
	struct error err;
	int error = home_set(&home, memory, bytes, cpu, &err);

	munmap(memory, bytes);
	return error;
}

static void test_policies(void **state)
{
	(void)state;
	assert_int_equal(set(HOME_LOCAL, 0, 2), 0);
	assert_int_equal(fake.mode, MPOL_PREFERRED);
	assert_int_equal(fake.mask, 1 << 1);
	assert_int_equal(set(HOME_REMOTE, 0, 2), 0);
	assert_int_equal(fake.mode, MPOL_BIND);
	assert_int_equal(fake.mask, 1 << 2);
	assert_int_equal(set(HOME_NODE, 2, 0), 0);
	assert_int_equal(fake.mode, MPOL_BIND);
	assert_int_equal(fake.mask, 1 << 2);
	assert_int_equal(set(HOME_INTERLEAVE, 0, 0), 0);
	assert_int_equal(fake.mode, MPOL_INTERLEAVE);
	assert_int_equal(fake.mask, 7);
	/* The farthest is not allowed: the other one. */
	fake.allowed = 3;
	assert_int_equal(set(HOME_REMOTE, 0, 0), 0);
	assert_int_equal(fake.mask, 1 << 1);
}

/* A process that goes on with a launch homes the rest of its groups: where the others would be, too. */
static void test_of_the_group_alone(void **state)
{
	static const enum home_policy policies[] = { HOME_LOCAL, HOME_REMOTE, HOME_INTERLEAVE };
	unsigned long masks[3][6];

	(void)state;
	for (unsigned i = 0; i < 3 * 6; i++) {
		assert_int_equal(set(policies[i / 6], 0, (int)(i % 6)), 0);
		masks[i / 6][i % 6] = fake.mask;
	}
	/* Each after all others, and again. */
	for (unsigned i = 2 * 3 * 6; i--;) {
		const unsigned of = i % 18;

		assert_int_equal(set(policies[of / 6], 0, (int)(of % 6)), 0);
		assert_int_equal(fake.mask, masks[of / 6][of % 6]);
	}
}

static void test_refused_by_the_kernel(void **state)
{
	(void)state;
	assert_int_equal(set(HOME_LOCAL, 0, -1), -EIO);
	fake.refuse_bind = true;
	assert_int_equal(set(HOME_NODE, 1, 0), -ENOMEM);
	assert_int_equal(set(HOME_LOCAL, 0, 0), 0);
}

static void assert_absent(const char *says)
{
	char buffer[128], text[64] = "?";
	const char *absent = home_absent(buffer, sizeof(buffer));
	void *memory = memory_map();

	assert_non_null(absent);
	if (!strstr(absent, says))
		fail_msg("\"%s\" is not in \"%s\"", says, absent);
	fake.mask = 0;
	if (!fake.mbind_errno)
		assert_int_equal(set(HOME_NODE, 1, 0), 0);
	home_read(memory, 4096, text, sizeof(text));
	assert_string_equal(text, "");
	munmap(memory, (size_t)sysconf(_SC_PAGESIZE) * 16);
}

static void test_absent(void **state)
{
	char buffer[128];

	assert_null(home_absent(buffer, sizeof(buffer)));
	fake.available = -1;
	assert_absent("no NUMA");
	fake_reset(state);
	fake.nodes = 1;
	assert_absent("one NUMA node");
	assert_int_equal(fake.mask, 0);
	fake_reset(state);
	fake.allowed = 2;
	assert_absent("one NUMA node only");
	fake_reset(state);
	fake.mbind_errno = EPERM;
	assert_absent("mbind is not possible here: Operation not permitted");
	fake_reset(state);
	fake.move_errno = ENOSYS;
	assert_absent("move_pages is not possible here");
}

static void assert_reads(const char *expected)
{
	const size_t bytes = (size_t)sysconf(_SC_PAGESIZE) * 16;
	void *memory = memory_map();
	char text[64];

	home_read(memory, bytes, text, sizeof(text));
	assert_string_equal(text, expected);
	munmap(memory, bytes);
}

static void test_read_back(void **state)
{
	(void)state;
	assert_reads("");
	fake.told[0] = 1;
	assert_reads("1");
	fake.told[1] = 1;
	fake.told[3] = 0;
	assert_reads("0+1");
	fake.told[0] = -EFAULT;
	fake.told[1] = 3;
	assert_reads("0+3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_policies, fake_reset),
		cmocka_unit_test_setup(test_of_the_group_alone, fake_reset),
		cmocka_unit_test_setup(test_refused_by_the_kernel, fake_reset),
		cmocka_unit_test_setup(test_absent, fake_reset),
		cmocka_unit_test_setup(test_read_back, fake_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
