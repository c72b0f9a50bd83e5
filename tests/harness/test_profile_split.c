/*
 * Tests of harness/profile_frames.c, profile_split.c and profile_sum.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/profile_read.h"

#define MOST 8

/* What frames_read handed over. */
struct received {
	uint64_t addresses[MOST];
	struct profile_frame *frames[MOST];
	unsigned nr_frames[MOST], nr;
};

static int receive(void *context, uint64_t address, struct profile_frame *frames, unsigned nr)
{
	struct received *received = context;

	received->addresses[received->nr] = address;
	received->frames[received->nr] = frames;
	received->nr_frames[received->nr++] = nr;
	return 0;
}

static void test_inlined_frames(void **state)
{
	static const char text[] =
		"0x0000000000121635\n"
		"kref_refcount_sub_and_test\n"
		"/home/me/kref/workloads/../kref/./strategies/refcount.h:80 (discriminator 2)\n"
		"put_entry(entry*)\n"
		"/home/me/kref/workloads/queue_rcu.h:48\n"
		"0x000000000000002a\n"
		"??\n"
		"??:0\n"
		"0x000000000000002b\n"
		"__lll_lock_wait\n"
		"./nptl/./nptl/lowlevellock.c:?\n";
	struct received received = { .nr = 0 };
	FILE *file = fmemopen((void *)text, strlen(text), "r");

	(void)state;
	assert_int_equal(frames_read(file, "/home/me/kref", receive, &received), 0);
	fclose(file);
	assert_int_equal(received.nr, 3);
	assert_int_equal(received.addresses[0], 0x121635);
	assert_int_equal(received.nr_frames[0], 2);
	assert_string_equal(received.frames[0][0].function, "kref_refcount_sub_and_test");
	assert_string_equal(received.frames[0][0].file, "kref/strategies/refcount.h");
	assert_int_equal(received.frames[0][0].line, 80);
	assert_string_equal(received.frames[0][1].file, "workloads/queue_rcu.h");
	assert_string_equal(received.frames[1][0].function, "");
	assert_string_equal(received.frames[1][0].file, "");
	assert_int_equal(received.frames[1][0].line, 0);
	assert_string_equal(received.frames[2][0].file, "nptl/nptl/lowlevellock.c");
	for (unsigned i = 0; i < received.nr; i++)
		frames_free(received.frames[i], received.nr_frames[i]);
}

static struct profile_instruction locked = { .text = "lock xadd %eax,(%rbx)", .atomic = true };
static struct profile_instruction plain = { .text = "test %eax,%eax" };

/* Of a sample whose innermost frame is this, in a loop of a workload. */
static enum profile_category of(const char *function, const char *file,
				const struct profile_instruction *instruction)
{
	struct profile_frame frames[] = {
		{ (char *)function, (char *)file, 1 },
		{ (char *)"queue_run", (char *)"workloads/queue.h", 2 },
	};
	const struct spot spot = {
		.symbol = (char *)"queue_run", .object = (char *)"/a/krefbench",
		.instruction = instruction, .frames = frames, .nr_frames = 2,
	};

	return split_of(&spot);
}

static enum profile_category in_library(const char *symbol, const char *object,
					const struct profile_instruction *instruction)
{
	struct profile_frame frame = { (char *)"", (char *)"", 0 };
	const struct spot spot = {
		.symbol = (char *)symbol, .object = (char *)object, .instruction = instruction,
		.frames = &frame, .nr_frames = 1,
	};

	return split_of(&spot);
}

static enum profile_category in_kernel(const char *symbol, const char *kernel)
{
	const struct spot spot = {
		.symbol = (char *)symbol, .object = (char *)"/lib/libc.so.6", .kernel = (char *)kernel,
	};

	return split_of(&spot);
}

static void test_rules_of_inlined_code(void **state)
{
	(void)state;
	assert_int_equal(of("kref_refcount_add", "kref/strategies/refcount.h", &locked), SPLIT_ATOMIC);
	assert_int_equal(of("kref_refcount_add", "kref/strategies/refcount.h", &plain), SPLIT_COUNT);
	assert_int_equal(of("kref_get", "/elsewhere/kref/strategies/wide.h", NULL), SPLIT_COUNT);
	assert_int_equal(of("queue_get_entry", "workloads/queue.h", &plain), SPLIT_WORKLOAD);
	assert_int_equal(of("queue_get_entry", "workloads/queue.h", &locked), SPLIT_ATOMIC);
	/* A lock's atomic instruction is the lock's. */
	assert_int_equal(of("kref_count_lock", "kref/strategies/spinlock.h", &locked), SPLIT_LOCK);
	assert_int_equal(of("kref_lockref_lock", "kref/strategies/lockref.h", &locked), SPLIT_LOCK);
	assert_int_equal(of("pool_free", "workloads/pool.h", &locked), SPLIT_MEMORY);
	assert_int_equal(of("window_loop", "harness/window_member.c", &plain), SPLIT_HARNESS);
}

static void test_rules_of_rcu(void **state)
{
	(void)state;
	assert_int_equal(of("_urcu_memb_read_lock", "/usr/include/urcu/static/urcu-memb.h", &plain),
			 SPLIT_RCU);
	assert_int_equal(of("kref_rcu_read_lock", "kref/rcu.h", &plain), SPLIT_RCU);
	assert_int_equal(of("ck_hp_set_fence", "/usr/include/ck_hp.h", &locked), SPLIT_RCU);
	/* Its lists are of who walks them, and rcuref is no RCU. */
	assert_int_equal(of("cds_list_del", "/usr/include/urcu/list.h", &plain), SPLIT_WORKLOAD);
	assert_int_equal(of("kref_rcuref_put", "kref/strategies/rcuref.h", &plain), SPLIT_COUNT);
	assert_int_equal(in_library("urcu_memb_synchronize_rcu", "/usr/lib/liburcu-memb.so.8.0.0",
				    &locked), SPLIT_RCU);
	assert_int_equal(in_library("", "/usr/lib/liburcu-memb.so.8.0.0", NULL), SPLIT_RCU);
}

static void test_rules_of_libraries_and_the_kernel(void **state)
{
	(void)state;
	assert_int_equal(in_library("pthread_mutex_lock@@GLIBC_2.2.5", "/lib/libc.so.6", &locked),
			 SPLIT_LOCK);
	assert_int_equal(in_library("__GI___pthread_mutex_unlock_usercnt", "/lib/libc.so.6", &plain),
			 SPLIT_LOCK);
	assert_int_equal(in_library("malloc", "/lib/libc.so.6", &plain), SPLIT_MEMORY);
	assert_int_equal(in_library("cfree@GLIBC_2.2.5", "/lib/libc.so.6", &plain), SPLIT_MEMORY);
	assert_int_equal(in_library("_int_free", "/lib/libc.so.6", &plain), SPLIT_MEMORY);
	assert_int_equal(in_library("g_atomic_rc_box_acquire", "/lib/libglib-2.0.so.0", &locked),
			 SPLIT_ATOMIC);
	assert_int_equal(in_library("__vdso_clock_gettime", "[vdso]", NULL), SPLIT_HARNESS);
	assert_int_equal(in_library("qsort", "/lib/libc.so.6", &plain), SPLIT_UNKNOWN);
	assert_int_equal(in_kernel("__GI___lll_lock_wait", "futex_wait_setup do_futex"), SPLIT_LOCK);
	assert_int_equal(in_kernel("", "_raw_spin_lock futex_wait_setup do_syscall_64"), SPLIT_LOCK);
	/* liburcu waits by a futex, too. */
	assert_int_equal(in_kernel("syscall", "futex_wait_setup do_futex"), SPLIT_RCU);
	assert_int_equal(in_kernel("", "smp_call membarrier_private_expedited"), SPLIT_RCU);
	assert_int_equal(in_kernel("getput_run", "handle_softirqs irq_exit_rcu"), SPLIT_KERNEL);
	assert_int_equal(in_kernel("__pthread_clockjoin_ex", "futex_wait do_futex"), SPLIT_WORKLOAD);
	assert_int_equal(in_kernel("__futex_abstimed_wait_common", "futex_wait"), SPLIT_WORKLOAD);
	assert_int_equal(in_kernel("__clone3", "copy_process kernel_clone"), SPLIT_WORKLOAD);
}

static void test_shares(void **state)
{
	struct spot spots[] = {
		{ .symbol = (char *)"f", .object = (char *)"o", .at = &plain, .instruction = &locked,
		  .weight = 60, .samples = 6, .category = SPLIT_ATOMIC },
		{ .symbol = (char *)"f", .object = (char *)"o", .at = &locked, .instruction = &locked,
		  .weight = 20, .samples = 2, .category = SPLIT_ATOMIC },
		{ .symbol = (char *)"g", .object = (char *)"o", .kernel = (char *)"schedule irq",
		  .weight = 20, .samples = 2, .beside = 50, .category = SPLIT_KERNEL },
	};
	struct profile profile = {
		.spots = { spots, 3, 10, 100, 50 },
		.told = { .user_ns = 600, .kernel_ns = 200, .interval_ns = 1000, .ready_ns = 150 },
	};

	(void)state;
	assert_int_equal(profile_sum(&profile), 0);
	assert_float_equal(profile.on, 0.8, 1e-9);
	assert_float_equal(profile.shares[SPLIT_ATOMIC], 0.64, 1e-9);
	assert_float_equal(profile.shares[SPLIT_KERNEL], 0.16, 1e-9);
	assert_float_equal(profile.shares[SPLIT_PREEMPTED], 0.15, 1e-9);
	assert_float_equal(profile.shares[SPLIT_ASLEEP], 0.05, 1e-9);
	assert_float_equal(profile.beside, 0.4, 1e-9);
	assert_int_equal(profile.nr_instructions, 2);
	assert_ptr_equal(profile.instructions[0].spot, &spots[0]);
	assert_float_equal(profile.instructions[0].share, 0.64, 1e-9);
	assert_float_equal(profile.instructions[0].late, 0.48, 1e-9);
	assert_int_equal(profile.instructions[0].samples, 8);
	free(profile.instructions);
	free(profile.lines);
	/* The kernel's time comes from its own account where it is not sampled. */
	profile.event.user_only = true;
	memset(profile.shares, 0, sizeof(profile.shares));
	memset(profile.beside_shares, 0, sizeof(profile.beside_shares));
	profile.spots.nr = 2;
	profile.spots.weight = 80;
	assert_int_equal(profile_sum(&profile), 0);
	assert_float_equal(profile.shares[SPLIT_ATOMIC], 0.6, 1e-9);
	assert_float_equal(profile.shares[SPLIT_KERNEL], 0.2, 1e-9);
	free(profile.instructions);
	free(profile.lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inlined_frames),
		cmocka_unit_test(test_rules_of_inlined_code),
		cmocka_unit_test(test_rules_of_rcu),
		cmocka_unit_test(test_rules_of_libraries_and_the_kernel),
		cmocka_unit_test(test_shares),
	};

	return cmocka_run_group_tests_name("profile_split", tests, NULL, NULL);
}
