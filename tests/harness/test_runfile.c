/*
 * Tests of harness/runfile.c: what is opened in a folder that anybody may have filled.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
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

static void test_reading_what_is_own(void **state)
{
	FILE *file;
	int error;

	(void)state;
	scratch_write("own", "text");
	file = runfile_open_own(scratch_path("own"), &error, &err);
	assert_non_null(file);
	assert_int_equal(error, 0);
	fclose(file);
	assert_int_equal(symlink("own", scratch_path("to_own")), 0);
	file = runfile_open_own(scratch_path("to_own"), &error, &err);
	refused(file, error, "to_own: is a link");
	assert_null(runfile_open_own(scratch_path("nothing"), &error, &err));
	assert_int_equal(error, -ENOENT);
	if (geteuid())
		return;
	assert_int_equal(chown(scratch_path("own"), 65534, 65534), 0);
	assert_null(runfile_open_own(scratch_path("own"), &error, &err));
	assert_int_equal(error, -EPERM);
}

static void test_appending(void **state)
{
	FILE *file;
	int error;

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		file = runfile_append(scratch_path("longer"), &error, &err);
		assert_non_null(file);
		fputs("text", file);
		assert_int_equal(runfile_close(file), 0);
	}
	assert_string_equal(scratch_read("longer"), "texttext");
	assert_int_equal(symlink("longer", scratch_path("to_longer")), 0);
	file = runfile_append(scratch_path("to_longer"), &error, &err);
	refused(file, error, "to_longer: is a link");
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

static int put_text(FILE *file, const void *text)
{
	fputs(text, file);
	return strcmp(text, "refuse") ? 0 : -ENOSPC;
}

static void test_replacing(void **state)
{
	(void)state;
	for (unsigned synced = 0; synced < 2; synced++) {
		scratch_write("page", "old");
		assert_int_equal(runfile_replace(scratch_path("page"), put_text, "refuse", synced, &err),
				 -ENOSPC);
		assert_non_null(strstr(err.text, "page: No space left"));
		assert_string_equal(scratch_read("page"), "old");
		assert_int_not_equal(access(scratch_path("page.new"), F_OK), 0);
		assert_int_equal(runfile_replace(scratch_path("page"), put_text, "new", synced, &err), 0);
		assert_string_equal(scratch_read("page"), "new");
		assert_int_not_equal(access(scratch_path("page.new"), F_OK), 0);
	}
	scratch_write("aim", "kept");
	assert_int_equal(symlink("aim", scratch_path("to_aim")), 0);
	assert_int_equal(runfile_replace(scratch_path("to_aim"), put_text, "new", true, &err), -EBADMSG);
	assert_int_equal(symlink("aim", scratch_path("fresh.new")), 0);
	assert_int_equal(runfile_replace(scratch_path("fresh"), put_text, "new", true, &err), -EBADMSG);
	assert_string_equal(scratch_read("aim"), "kept");
	assert_int_equal(runfile_replace(scratch_path("no/page"), put_text, "new", false, &err), -ENOENT);
}

/* What a full disk does at the end: all was written, and none of it is there. */
static void test_replacing_without_room(void **state)
{
	const struct rlimit none = { 0, RLIM_INFINITY };
	struct rlimit before;
	int error;

	(void)state;
	scratch_write("page", "old");
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	error = runfile_replace(scratch_path("page"), put_text, "new", false, &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(error, -EFBIG);
	assert_string_equal(scratch_read("page"), "old");
	assert_int_not_equal(access(scratch_path("page.new"), F_OK), 0);
}

/* Nothing else is left of the cause by then. */
static void test_closing_what_was_lost(void **state)
{
	const struct rlimit few = { 3000, RLIM_INFINITY };
	struct rlimit before;
	int error, lost;
	FILE *file;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_IGN);
	file = runfile_create(scratch_path("large"), &error, &err);
	assert_non_null(file);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &few), 0);
	for (unsigned i = 0; i < 1000; i++)
		fputs("0123456789", file);
	lost = runfile_close(file);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(lost, -EFBIG);
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
	assert_int_equal(error_set(&err, EBADMSG, "a\n%s\177 caf\xc3\xa9 \xc2\x9b" "2J\xc2\xa0", "\033[31m"),
			 -EBADMSG);
	assert_string_equal(err.text, "a??[31m? caf\xc3\xa9 ??2J\xc2\xa0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reading),
		cmocka_unit_test(test_reading_what_is_own),
		cmocka_unit_test(test_appending),
		cmocka_unit_test(test_writing),
		cmocka_unit_test(test_replacing),
		cmocka_unit_test(test_replacing_without_room),
		cmocka_unit_test(test_closing_what_was_lost),
		cmocka_unit_test(test_folders),
		cmocka_unit_test(test_a_line_has_no_control_characters),
	};

	return cmocka_run_group_tests(tests, scratch_open, scratch_close);
}
