/*
 * Tests of harness/profile_spots.c and profile_told.c, on texts that perf and a sampled process wrote.
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

/* Of perf 6.1: two workers, 26148 and 26149, and another thread. */
static const char script[] =
	"26148 57065.124000000:     500250 \n"
	"\t          121635 queue_run+0x135 (/home/me/a (b)/build/krefbench)\n"
	"\t      1040000000 [unknown] ([unknown])\n"
	"\n"
	"26148 57065.125241425:     500250 \n"
	"\t          121635 queue_run+0x135 (/home/me/a (b)/build/krefbench)\n"
	"\n"
	" 9149 57065.125500000:     500250 \n"
	"\tffffffff816c1369 futex_wait_setup+0x49 ([kernel.kallsyms])\n"
	"\tffffffff821ecc51 do_syscall_64+0x71 ([kernel.kallsyms])\n"
	"\t           8b2ac __GI___lll_lock_wait+0x2c (/usr/lib/x86_64-linux-gnu/libc.so.6)\n"
	"\t               0 [unknown] ([unknown])\n"
	"\n"
	"26148 57065.125900000:     250125 \n"
	"\t          121635 queue_run+0x135 (/home/me/a (b)/build/krefbench)\n"
	"\n"
	"30000 57065.126000000:     500250 \n"
	"\tffffffffc0001000 [unknown] ([unknown])\n"
	"\t          104a7b std::function<void (int)>::operator()(int) const+0x1b (/lib/x.so)\n"
	"\n"
	"26148 57065.127000000:     500250 \n"
	"\t          121635 queue_run+0x135 (/home/me/a (b)/build/krefbench)\n"
	"\n";

static const pid_t workers[] = { 26148, 9149 };

/* What came first and last lies outside. */
static const struct spots_window window = { 57065125000000, 57065127000000, workers, 2 };

static int read_text(struct spots *spots, const char *text)
{
	FILE *file = fmemopen((void *)text, strlen(text), "r");
	int error;

	assert_non_null(file);
	*spots = (struct spots){ .nr = 0 };
	error = spots_read(spots, file, &window);
	fclose(file);
	return error;
}

static void test_samples_inside_the_window_count(void **state)
{
	struct spots spots;

	(void)state;
	assert_int_equal(read_text(&spots, script), 0);
	assert_int_equal(spots.nr, 3);
	assert_int_equal(spots.samples, 3);
	assert_true(spots.weight == 500250 + 500250 + 250125);
	assert_true(spots.beside == 500250);
	assert_int_equal(spots.spots[0].samples, 2);
	assert_true(spots.spots[0].weight == 750375);
	assert_string_equal(spots.spots[0].symbol, "queue_run");
	assert_string_equal(spots.spots[0].object, "/home/me/a (b)/build/krefbench");
	assert_int_equal(spots.spots[0].address, 0x121635);
	assert_int_equal(spots.spots[0].into, 0x135);
	assert_null(spots.spots[0].kernel);
	spots_free(&spots);
}

static void test_a_sample_in_the_kernel_is_of_its_caller(void **state)
{
	struct spots spots;

	(void)state;
	assert_int_equal(read_text(&spots, script), 0);
	assert_string_equal(spots.spots[1].kernel, "futex_wait_setup do_syscall_64");
	assert_string_equal(spots.spots[1].symbol, "__GI___lll_lock_wait");
	assert_int_equal(spots.spots[1].address, 0x8b2ac);
	/* Its symbols are hidden: the address tells. Of no worker. */
	assert_string_equal(spots.spots[2].kernel, "unknown");
	assert_string_equal(spots.spots[2].symbol, "std::function<void (int)>::operator()(int) const");
	assert_int_equal(spots.spots[2].samples, 0);
	spots_free(&spots);
}

static void test_the_last_sample_needs_no_empty_line(void **state)
{
	struct spots spots;

	(void)state;
	assert_int_equal(read_text(&spots, "26148 57065.126000000:     500250 \n"
					   "\t  aaaac17c25ac getput_run+0x8c (/root/krefbench)\n"), 0);
	assert_int_equal(spots.samples, 1);
	assert_int_equal(spots.spots[0].address, 0xaaaac17c25ac);
	spots_free(&spots);
}

static void test_other_texts_are_refused(void **state)
{
	static const char *const texts[] = {
		"perf: command not found\n", "\t 121635 queue_run+0x135 (/krefbench)\n",
		"26148 57065.126:  500250 \n", "26148 57065.126000000:  1 \n\tqueue_run\n",
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct spots spots;

		if (read_text(&spots, texts[i]) != -EBADMSG)
			fail_msg("%s", texts[i]);
		spots_free(&spots);
	}
}

static void tell(struct profile_told *told, const char *line)
{
	assert_int_equal(profile_told_read(told, line), 0);
}

static void test_what_the_process_tells(void **state)
{
	struct profile_told told = { .ns_per_op = NAN };

	(void)state;
	tell(&told, "text 555555560000 20000 10000 11000 /a b/krefbench\n");
	tell(&told, "worker 0 26148\n");
	tell(&told, "worker 1 9149\n");
	tell(&told, "arena 7f0000001000\n");
	tell(&told, "interval 100 4100\n");
	tell(&told, "busy 0 1000 200 4000\n");
	tell(&told, "busy 1 2000 300 4001\n");
	tell(&told, "ready 0 50\n");
	tell(&told, "something else\n");
	assert_true(isnan(told.ns_per_op));
	tell(&told, "op 41.75\n");
	assert_int_equal(told.nr_workers, 2);
	assert_int_equal(told.workers[1], 9149);
	assert_int_equal(told.arena, 0x7f0000001000);
	assert_int_equal(told.end_ns, 4100);
	assert_true(told.user_ns == 3000 && told.kernel_ns == 500 && told.interval_ns == 8001);
	assert_true(told.ready_ns == 50 && !told.no_ready);
	assert_true(told.ns_per_op == 41.75);
	tell(&told, "ready-unknown 1\n");
	assert_true(told.no_ready);
	tell(&told, "error no memory\n");
	assert_string_equal(told.error, "no memory");
	profile_told_free(&told);
}

static void test_addresses_of_both_kinds(void **state)
{
	struct profile_told told = { .ns_per_op = NAN };
	struct spot spot = { .object = "/a b/krefbench" };
	struct profile_text *text;
	uint64_t address;

	(void)state;
	tell(&told, "text 555555560000 20000 10000 11000 /a b/krefbench\n");
	spot.address = 0x555555560123;
	assert_true(profile_address(&told, &spot, &text, &address));
	assert_int_equal(address, 0x11123);
	/* An offset in the file. */
	spot.address = 0x10123;
	assert_true(profile_address(&told, &spot, &text, &address));
	assert_int_equal(address, 0x11123);
	spot.address = 0x40000;
	assert_false(profile_address(&told, &spot, &text, &address));
	spot.address = 0x10123;
	spot.object = "/lib/libc.so.6";
	assert_false(profile_address(&told, &spot, &text, &address));
	profile_told_free(&told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples_inside_the_window_count),
		cmocka_unit_test(test_a_sample_in_the_kernel_is_of_its_caller),
		cmocka_unit_test(test_the_last_sample_needs_no_empty_line),
		cmocka_unit_test(test_other_texts_are_refused),
		cmocka_unit_test(test_what_the_process_tells),
		cmocka_unit_test(test_addresses_of_both_kinds),
	};

	return cmocka_run_group_tests_name("profile_spots", tests, NULL, NULL);
}
