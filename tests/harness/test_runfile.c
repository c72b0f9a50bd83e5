/*
 * Tests of harness/runfile.c: what is opened in a folder that anybody may have filled.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <unistd.h>

#include "harness/runfile.h"
#include "tests/harness/scratch.h"

static struct error err;

static void refused(FILE *file, int error, const char *text)
{
	assert_null(file);
	assert_int_equal(error, -EBADMSG);
	assert_non_null(strstr(err.text, text));
}

static void test_reading(void **state)
{
	FILE *file;
	int error;

	(void)state;
	scratch_write("file", "text");
	assert_int_equal(symlink("file", scratch_path("link")), 0);
	file = runfile_open(scratch_path("link"), &error, &err);
	assert_non_null(file);
	assert_int_equal(error, 0);
	assert_int_equal(fgetc(file), 't');
	fclose(file);
	assert_null(runfile_open(scratch_path("nothing"), &error, &err));
	assert_int_equal(error, -ENOENT);
	assert_int_equal(mkfifo(scratch_path("pipe"), 0600), 0);
	alarm(10);	/* to wait for a writer would be forever */
	file = runfile_open(scratch_path("pipe"), &error, &err);
	alarm(0);
	refused(file, error, "pipe: is no file");
	file = runfile_open(scratch, &error, &err);
	refused(file, error, "is no file");
}

static void test_writing(void **state)
{
	FILE *file;
	int error;

	(void)state;
	scratch_write("kept", "kept");
	assert_int_equal(link(scratch_path("kept"), scratch_path("name")), 0);
	file = runfile_create(scratch_path("name"), &error, &err);
	assert_non_null(file);
	fputs("new", file);
	fclose(file);
	assert_string_equal(scratch_read("kept"), "kept");
	assert_string_equal(scratch_read("name"), "new");
	assert_int_equal(symlink("kept", scratch_path("to_kept")), 0);
	file = runfile_create(scratch_path("to_kept"), &error, &err);
	refused(file, error, "to_kept: is a link");
	assert_int_equal(symlink("not_there", scratch_path("to_nothing")), 0);
	file = runfile_create(scratch_path("to_nothing"), &error, &err);
	refused(file, error, "to_nothing: is a link");
	assert_int_not_equal(access(scratch_path("not_there"), F_OK), 0);
	file = runfile_create(scratch, &error, &err);
	refused(file, error, "is no file");
}

static void test_folders(void **state)
{
	(void)state;
	assert_int_equal(runfile_folder(scratch_path("plots"), &err), 0);
	assert_int_equal(runfile_folder(scratch_path("plots"), &err), 0);
	assert_int_equal(symlink("plots", scratch_path("other")), 0);
	assert_int_equal(runfile_folder(scratch_path("other"), &err), -EBADMSG);
	assert_int_equal(runfile_folder(scratch_path("a/b"), &err), -ENOENT);
}

static void test_a_line_has_no_control_characters(void **state)
{
	(void)state;
	assert_int_equal(error_set(&err, EBADMSG, "a\n%s\177 caf\xc3\xa9", "\033[31m"), -EBADMSG);
	assert_string_equal(err.text, "a??[31m? caf\xc3\xa9");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reading),
		cmocka_unit_test(test_writing),
		cmocka_unit_test(test_folders),
		cmocka_unit_test(test_a_line_has_no_control_characters),
	};

	return cmocka_run_group_tests(tests, scratch_open, scratch_close);
}
