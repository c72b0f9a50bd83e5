/*
 * Tests of harness/cputime.c: processors' lines of /proc/stat, found, summed and refused.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>

#include "harness/cputime.h"
#include "tests/harness/scratch.h"

static struct cputime_file file;
static struct cputime sum;

/* Reads the sums of what stands in the file now. */
static int read_text(const char *text, const int *cpus, unsigned n)
{
	int error;

	scratch_write("stat", text);
	assert_int_equal(cputime_open(&file, scratch_path("stat")), 0);
	error = cputime_read(&file, cpus, n, &sum);
	cputime_close(&file);
	return error;
}

#define TEXT "cpu  1 1 1 1 1 1 1 1 1 1\n"		\
	"cpu0 10 20 30 400 50 60 70 8 9 9\n"		\
	"cpu1 1 2 3 40 5 6 7 80 0 0\n"			\
	"cpu10 1000 0 0 0 0 0 0 3000 0 0\n"		\
	"intr 5 6\ncpufoo 1\n"

static void test_sums(void **state)
{
	static const int one[] = { 1 }, two[] = { 10, 0 }, twice[] = { 1, 1 };

	(void)state;
	assert_int_equal(read_text(TEXT, NULL, 0), 0);
	assert_int_equal(sum.cpus, 3);
	assert_int_equal(sum.steal, 3088);
	assert_int_equal(sum.total, 648 + 144 + 4000);
	assert_int_equal(sum.busy, 190 + 19 + 1000);
	assert_int_equal(read_text(TEXT, one, 1), 0);
	assert_int_equal(sum.steal, 80);
	assert_int_equal(sum.busy, 19);
	assert_int_equal(read_text(TEXT, two, 2), 0);
	assert_int_equal(sum.steal, 3008);
	/* More workers than processors. */
	assert_int_equal(read_text(TEXT, twice, 2), 0);
	assert_int_equal(sum.steal, 160);
	/* No end to the last line. */
	assert_int_equal(read_text("cpu0 1 2 3 4 5 6 7 8", NULL, 0), -EBADMSG);
	assert_int_equal(read_text("cpu0 1 2 3 4 5 6 7 8\n", NULL, 0), 0);
}

static void test_refused(void **state)
{
	static const int gone[] = { 0, 2 };

	(void)state;
	assert_int_equal(cputime_open(&file, scratch_path("nowhere")), -ENOENT);
	assert_int_equal(file.fd, -1);
	cputime_close(&file);
	assert_int_equal(read_text("", NULL, 0), -ENOENT);
	assert_int_equal(read_text("cpu  1 2 3 4 5 6 7 8\nintr 1\n", NULL, 0), -ENOENT);
	assert_int_equal(read_text(TEXT, gone, 2), -ENOENT);
	assert_int_equal(read_text("cpu0 1 2 3 4\n", NULL, 0), -EBADMSG);
	assert_int_equal(read_text("cpu0 1 2 3 4 5 6 7\ncpu1 1 2 3 4 5 6 7 8\n", NULL, 0), -EBADMSG);
	assert_int_equal(read_text("cpu0 1 2 3 4 5 6 7 -8\n", NULL, 0), -EBADMSG);
	assert_int_equal(read_text("cpu0 1 2 3 4 5 6 7 99999999999999999999\n", NULL, 0), -EBADMSG);
	assert_int_equal(read_text("cpu0 1 2 3 4 5 6 7 8x\n", NULL, 0), -EBADMSG);
}

/* Lines beyond the first 4096 bytes, and a file that grows while it is open. */
static void test_many_processors(void **state)
{
	const int last[] = { 499 };
	char text[32768] = "cpu  0 0 0 0 0 0 0 0\n";

	(void)state;
	scratch_write("stat", TEXT);
	assert_int_equal(cputime_open(&file, scratch_path("stat")), 0);
	for (unsigned i = 0; i < 500; i++)
		sprintf(text + strlen(text), "cpu%u 1 0 0 0 0 0 0 %u 0 0\n", i, i);
	strcat(text, "intr 1\n");
	scratch_write("stat", text);
	assert_int_equal(cputime_read(&file, NULL, 0, &sum), 0);
	assert_int_equal(sum.cpus, 500);
	assert_int_equal(sum.steal, 499 * 250);
	assert_int_equal(cputime_read(&file, last, 1, &sum), 0);
	assert_int_equal(sum.steal, 499);
	scratch_write("stat", TEXT);
	assert_int_equal(cputime_read(&file, last, 1, &sum), -ENOENT);
	cputime_close(&file);
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_open, scratch_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(test_sums),
		IN_SCRATCH(test_refused),
		IN_SCRATCH(test_many_processors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
