/*
 * Tests of harness/orders.c: which program a launch is.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/orders.h"

static char dir[64], program[128];

static char *order_path(unsigned order)
{
	static char path[160];

	snprintf(path, sizeof(path), "%s.%u", program, order);
	return path;
}

static void write_marked(const char *path, unsigned number, const char *mark, char objects)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fprintf(file, "%u\n%s%.39s%c\n", number, mark, "0123456789abcdef0123456789abcdef0123456789", objects);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0755), 0);
}

static void write_program(const char *path, unsigned number)
{
	write_marked(path, number, ORDERS_MARK, 'a');
}

static int begin(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/test_orders.XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(program, sizeof(program), "%s/program", dir);
	write_program(program, 100);
	for (unsigned order = 1; order <= 3; order++)
		write_program(order_path(order), order);
	return 0;
}

static int end(void **state)
{
	(void)state;
	for (unsigned order = 1; order <= ORDERS_MOST + 1; order++)
		unlink(order_path(order));
	unlink(program);
	return rmdir(dir);
}

/* The number written in what the launch of these groups executes. */
static unsigned next(struct orders *orders, bool first, bool second)
{
	const bool active[] = { first, second };
	FILE *file = fopen(orders_next(orders, program, active), "r");
	unsigned number;

	assert_non_null(file);
	assert_int_equal(fscanf(file, "%u", &number), 1);
	fclose(file);
	return number;
}

static void test_launches_take_turns(void **state)
{
	struct orders orders;

	(void)state;
	assert_int_equal(orders_open(&orders, program, 2), 0);
	assert_int_equal(orders.nr, 3);
	for (unsigned launch = 1; launch <= 7; launch++)
		assert_int_equal(next(&orders, true, true), (launch - 1) % 3 + 1);
	orders_close(&orders);
	assert_int_equal(orders.nr, 0);
}

/* A group that others have left behind still meets those that it has not. */
static void test_each_group_meets_all(void **state)
{
	struct orders orders;

	(void)state;
	assert_int_equal(orders_open(&orders, program, 2), 0);
	assert_int_equal(next(&orders, true, true), 1);
	assert_int_equal(next(&orders, true, false), 2);
	assert_int_equal(next(&orders, true, false), 3);
	assert_int_equal(next(&orders, false, true), 2);
	assert_int_equal(next(&orders, false, true), 3);
	/* Both have met each once. */
	assert_int_equal(next(&orders, true, false), 1);
	assert_int_equal(next(&orders, true, true), 2);
	orders_close(&orders);
}

/* A build during a run removes them and puts others there. */
static void test_held_through_a_build(void **state)
{
	struct orders orders;

	(void)state;
	assert_int_equal(orders_open(&orders, program, 2), 0);
	unlink(order_path(2));
	write_program(order_path(2), 50);
	assert_int_equal(next(&orders, true, true), 1);
	assert_int_equal(next(&orders, true, true), 2);
	orders_close(&orders);
}

static void test_ends_at_the_first_missing(void **state)
{
	struct orders orders;

	(void)state;
	unlink(order_path(2));
	assert_int_equal(orders_open(&orders, program, 2), 0);
	assert_int_equal(orders.nr, 1);
	orders_close(&orders);
	unlink(order_path(1));
	assert_int_equal(orders_open(&orders, program, 2), 0);
	assert_int_equal(orders.nr, 0);
	assert_int_equal(next(&orders, true, true), 100);
	orders_close(&orders);
}

/* A make that was interrupted leaves old ones, and new ones beside an old program. */
static void test_others_are_left_out(void **state)
{
	struct orders orders;

	(void)state;
	write_marked(order_path(2), 2, ORDERS_MARK, 'b');
	assert_int_equal(orders_open(&orders, program, 2), 0);
	assert_int_equal(orders.nr, 2);
	assert_int_equal(orders.nr_foreign, 1);
	for (unsigned launch = 0; launch < 4; launch++)
		assert_int_equal(next(&orders, true, true), launch % 2 ? 3 : 1);
	orders_close(&orders);
	write_marked(program, 100, ORDERS_MARK, 'c');
	assert_int_equal(orders_open(&orders, program, 2), 0);
	assert_int_equal(orders.nr, 0);
	assert_int_equal(orders.nr_foreign, 3);
	assert_int_equal(next(&orders, true, true), 100);
	orders_close(&orders);
}

static void test_without_marks(void **state)
{
	struct orders orders;

	(void)state;
	write_marked(order_path(1), 1, "", 'a');
	assert_int_equal(orders_open(&orders, program, 2), 0);
	assert_int_equal(orders.nr_foreign, 1);
	orders_close(&orders);
	write_marked(program, 100, "", 'a');
	assert_int_equal(orders_open(&orders, program, 2), 0);
	assert_int_equal(orders.nr, 0);
	assert_int_equal(orders.nr_foreign, 3);
	orders_close(&orders);
	/* Shorter than a mark. */
	assert_int_equal(truncate(order_path(1), 3), 0);
	assert_int_equal(orders_open(&orders, program, 2), 0);
	assert_int_equal(orders.nr, 0);
	orders_close(&orders);
}

static void test_most(void **state)
{
	struct orders orders;

	(void)state;
	for (unsigned order = 1; order <= ORDERS_MOST + 1; order++)
		write_program(order_path(order), 0);
	assert_int_equal(orders_open(&orders, program, 2), 0);
	assert_int_equal(orders.nr, ORDERS_MOST);
	orders_close(&orders);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_launches_take_turns, begin, end),
		cmocka_unit_test_setup_teardown(test_each_group_meets_all, begin, end),
		cmocka_unit_test_setup_teardown(test_held_through_a_build, begin, end),
		cmocka_unit_test_setup_teardown(test_ends_at_the_first_missing, begin, end),
		cmocka_unit_test_setup_teardown(test_others_are_left_out, begin, end),
		cmocka_unit_test_setup_teardown(test_without_marks, begin, end),
		cmocka_unit_test_setup_teardown(test_most, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
