/*
 * Tests of harness/folder.c: which folders a run may have, and which are made.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "harness/folder.h"
#include "tests/harness/scratch.h"

static struct error err;

static bool is_folder(const char *path)
{
	struct stat file;

	return !lstat(path, &file) && S_ISDIR(file.st_mode);
}

static void assert_says(int code, int wanted, const char *text)
{
	assert_int_equal(code, wanted);
	if (!strstr(err.text, text))
		fail_msg("\"%s\" does not say \"%s\"", err.text, text);
	assert_null(strchr(err.text, '\n'));
}

static void test_check_of_a_new_folder(void **state)
{
	(void)state;
	assert_int_equal(folder_check(scratch, NULL, &err), 0);
	assert_int_equal(folder_check(scratch, scratch, &err), 0);
	assert_int_equal(folder_check(scratch, scratch_path("new"), &err), 0);
	assert_int_equal(folder_check(scratch, scratch_path("new/"), &err), 0);
	assert_int_equal(folder_check(scratch, scratch_path("a/b/c/d"), &err), 0);
	assert_false(is_folder(scratch_path("new")));
	assert_false(is_folder(scratch_path("results")));
}

static void test_check_of_relative_paths(void **state)
{
	char here[4096];

	(void)state;
	assert_non_null(getcwd(here, sizeof(here)));
	assert_int_equal(chdir(scratch), 0);
	assert_int_equal(folder_check(scratch, "new", &err), 0);
	assert_int_equal(folder_check(scratch, "a/b", &err), 0);
	assert_int_equal(folder_check(scratch, "./a", &err), 0);
	assert_int_equal(folder_check(scratch, "x", &err), 0);
	scratch_write("file", "");
	assert_says(folder_check(scratch, "file", &err), -ENOTDIR, "\"file\"");
	assert_int_equal(chdir(here), 0);
}

static void test_check_refuses_a_run(void **state)
{
	(void)state;
	assert_int_equal(mkdir(scratch_path("old"), 0755), 0);
	assert_int_equal(folder_check(scratch, scratch_path("old"), &err), 0);
	scratch_write("old/samples.csv", "");
	assert_says(folder_check(scratch, scratch_path("old"), &err), -EEXIST, "/old");
	assert_says(folder_check(scratch, scratch_path("old"), &err), -EEXIST, "holds a run");
}

/* Nor may anything else be replaced. */
static void test_check_refuses_what_is_not_empty(void **state)
{
	static const char *const names[] = { "own/report.md", "own/.hidden", "own/plots" };

	(void)state;
	assert_int_equal(mkdir(scratch_path("own"), 0755), 0);
	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
		scratch_write(names[i], "precious");
		assert_says(folder_check(scratch, scratch_path("own"), &err), -ENOTEMPTY, "/own\" is not empty; give");
		assert_int_equal(unlink(scratch_path(names[i])), 0);
	}
	assert_int_equal(folder_check(scratch, scratch_path("own"), &err), 0);
	assert_int_equal(symlink("nowhere", scratch_path("own/meta.json")), 0);
	assert_says(folder_check(scratch, scratch_path("own"), &err), -ENOTEMPTY, "is not empty");
}

static void test_undo(void **state)
{
	(void)state;
	assert_int_equal(mkdir(scratch_path("made"), 0755), 0);
	scratch_write("made/samples.csv", "");
	folder_undo(scratch_path("made"), false);
	assert_true(is_folder(scratch_path("made")));
	assert_int_equal(folder_check(scratch, scratch_path("made"), &err), 0);
	folder_undo(scratch_path("made"), true);
	assert_false(is_folder(scratch_path("made")));
}

static void test_check_refuses_a_file(void **state)
{
	(void)state;
	scratch_write("file", "precious");
	assert_says(folder_check(scratch, scratch_path("file"), &err), -ENOTDIR, "--out: ");
	assert_says(folder_check(scratch, scratch_path("file/sub"), &err), -ENOTDIR, "/file/sub");
	assert_says(folder_check(scratch, scratch_path("file/sub/sub"), &err), -ENOTDIR, "--out: ");
	assert_string_equal(scratch_read("file"), "precious");
}

static void test_check_refuses_without_rights(void **state)
{
	(void)state;
	if (!geteuid()) {
		print_message("root may write everywhere\n");
		skip();
	}
	assert_int_equal(mkdir(scratch_path("closed"), 0555), 0);
	assert_says(folder_check(scratch, scratch_path("closed"), &err), -EACCES, "/closed");
	assert_says(folder_check(scratch, scratch_path("closed/a/b"), &err), -EACCES, "--out: ");
	assert_says(folder_make(scratch, scratch_path("closed/a/b"), "h", &(char *){ NULL },
				&(char *){ NULL }, &err), -EACCES, "/closed/a/b");
}

/* Makes a folder; the caller frees both. */
static void make(const char *home, const char *chosen, const char *host, char **directory,
		 char **started)
{
	if (folder_make(home, chosen, host, directory, started, &err))
		fail_msg("%s", err.text);
	assert_true(is_folder(*directory));
}

static void test_makes_nested_folders(void **state)
{
	char *directory, *started, *wanted = scratch_path("a/b/c");

	(void)state;
	make(scratch, wanted, "host", &directory, &started);
	assert_string_equal(directory, wanted);
	free(directory);
	free(started);
	make(scratch, scratch_path("a/b/"), "host", &directory, &started);
	free(directory);
	free(started);
}

static void test_names_by_host_and_time(void **state)
{
	static const struct {
		const char *host, *plain;
	} hosts[] = {
		{ "host", "host" },
		{ "n-1.lab_2", "n-1.lab_2" },
		{ "../../etc", ".._.._etc" },
		{ "a b,\"c\"\n\t+%", "a_b__c_____" },
		{ "h\xc3\xb6st", "h__st" },
		{ "", "" },
		{ "0123456789012345678901234567890123456789012345678901234567890123456789",
		  "0123456789012345678901234567890123456789012345678901234567890123" },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		char *directory, *started, digits[32];
		const char *rest;
		unsigned n = 0;

		make(scratch, NULL, hosts[i].host, &directory, &started);
		assert_memory_equal(directory, scratch, strlen(scratch));
		rest = directory + strlen(scratch);
		assert_memory_equal(rest, "/results/", 9);
		rest += 9;
		assert_memory_equal(rest, hosts[i].plain, strlen(hosts[i].plain));
		rest += strlen(hosts[i].plain);
		/* The same moment as in meta.json: -20261122T101500Z and 2026-11-22T10:15:00Z. */
		for (const char *at = started; *at; at++)
			if (*at != '-' && *at != ':')
				digits[n++] = *at;
		digits[n] = '\0';
		assert_int_equal(*rest, '-');
		assert_string_equal(rest + 1, digits);
		assert_int_equal(strlen(started), 20);
		free(directory);
		free(started);
	}
}

/* Two runs that begin within a second do not share a folder. */
static void test_never_the_same_folder_twice(void **state)
{
	char *first, *second, *started[2];

	(void)state;
	make(scratch, NULL, "host", &first, &started[0]);
	make(scratch, NULL, "host", &second, &started[1]);
	assert_string_not_equal(first, second);
	assert_string_not_equal(started[0], started[1]);
	free(first);
	free(second);
	free(started[0]);
	free(started[1]);
}

static void assert_not_made(const char *name, int code)
{
	char *directory, *started;

	assert_says(folder_make(scratch, scratch_path(name), "host", &directory, &started, &err),
		    code, name);
	free(directory);
	free(started);
}

static void test_make_refuses_a_file(void **state)
{
	(void)state;
	scratch_write("file", "");
	assert_not_made("file", -ENOTDIR);
	assert_not_made("file/sub", -ENOTDIR);
	assert_int_equal(symlink("nowhere", scratch_path("link")), 0);
	assert_not_made("link", -ENOENT);
}

/* Relative where the working folder is home: the last line of a run can be used as it is. */
static void test_relative_at_home(void **state)
{
	char *directory, *started, here[4096];

	(void)state;
	assert_non_null(getcwd(here, sizeof(here)));
	assert_int_equal(chdir(scratch), 0);
	make(scratch, NULL, "host", &directory, &started);
	assert_memory_equal(directory, "results/host-", 13);
	assert_int_equal(folder_latest(scratch, NULL, directory, &err), 0);
	assert_int_equal(chdir(here), 0);
	free(directory);
	free(started);
}

static void assert_latest(const char *name)
{
	char target[256] = "";

	assert_true(readlink(scratch_path("results/latest"), target, sizeof(target) - 1) > 0);
	assert_string_equal(target, name);
}

static void test_latest(void **state)
{
	(void)state;
	assert_int_equal(mkdir(scratch_path("results"), 0755), 0);
	assert_int_equal(folder_latest(scratch, NULL, scratch_path("results/one"), &err), 0);
	assert_latest("one");
	assert_int_equal(folder_latest(scratch, NULL, "results/two", &err), 0);
	assert_latest("two");
	/* A folder that the user chose is not among the results. */
	assert_int_equal(folder_latest(scratch, "three", "three", &err), 0);
	assert_latest("two");
}

static void test_latest_in_the_way(void **state)
{
	(void)state;
	assert_int_equal(mkdir(scratch_path("results"), 0755), 0);
	assert_int_equal(mkdir(scratch_path("results/latest"), 0755), 0);
	scratch_write("results/latest/precious", "");
	assert_true(folder_latest(scratch, NULL, "results/one", &err) < 0);
	assert_non_null(strstr(err.text, "results/latest"));
	assert_int_equal(access(scratch_path("results/latest/precious"), F_OK), 0);
	/* Nothing else is left behind. */
	assert_int_equal(unlink(scratch_path("results/latest/precious")), 0);
	assert_int_equal(rmdir(scratch_path("results/latest")), 0);
	assert_int_equal(rmdir(scratch_path("results")), 0);
}

/* What folder_lock() hands out. */
static int held;

/* A process that has locked the scratch folder, and that keeps it until it is killed. */
static pid_t holder(void)
{
	int ends[2];
	char locked;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		locked = !folder_lock(scratch, false, &held, &err);
		if (write(ends[1], &locked, 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(ends[0], &locked, 1), 1);
	close(ends[0]);
	close(ends[1]);
	assert_true(locked);
	return pid;
}

static void end_holder(pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* Another process has it until that ends, however it does. */
static void test_lock_of_two(void **state)
{
	pid_t pid;

	(void)state;
	scratch_write("samples.csv", "rows");
	pid = holder();
	assert_says(folder_lock(scratch, false, &held, &err), -EBUSY, "--resume: ");
	assert_says(folder_lock(scratch, false, &held, &err), -EBUSY, "still running");
	end_holder(pid);
	pid = holder();
	end_holder(pid);
	assert_int_equal(folder_lock(scratch, false, &held, &err), 0);
	assert_string_equal(scratch_read("samples.csv"), "rows");
}

/* What a run leaves behind when it is killed: a launch, which has the lock and ends a moment later. */
static void test_lock_outlives_its_run(void **state)
{
	int ends[2];
	pid_t run, launch;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	run = fork();
	assert_true(run >= 0);
	if (!run) {
		launch = folder_lock(scratch, true, &held, &err) ? -1 : fork();
		if (!launch) {
			pause();
			_exit(0);
		}
		if (write(ends[1], &launch, sizeof(launch)) == sizeof(launch))
			pause();
		_exit(1);
	}
	assert_int_equal(read(ends[0], &launch, sizeof(launch)), sizeof(launch));
	close(ends[0]);
	close(ends[1]);
	assert_true(launch > 0);
	end_holder(run);
	assert_says(folder_lock(scratch, false, &held, &err), -EBUSY, "still running");
	/* Waited for it is, too. */
	run = fork();
	assert_true(run >= 0);
	if (!run) {
		usleep(300000);
		_exit(kill(launch, SIGKILL) != 0);
	}
	assert_int_equal(folder_lock(scratch, false, &held, &err), 0);
	assert_int_equal(waitpid(run, NULL, 0), run);
}

static void test_lock_of_a_new_run(void **state)
{
	(void)state;
	assert_int_equal(folder_lock(scratch, true, &held, &err), 0);
	assert_string_equal(scratch_read("samples.csv"), "");
	assert_says(folder_lock(scratch, true, &held, &err), -EEXIST, "holds a run already");
	assert_says(folder_lock(scratch_path("none"), false, &held, &err), -ENOENT, "/none/samples.csv");
}

/* Nothing outside the folder is locked, and no pipe is waited for. */
static void test_lock_of_no_file(void **state)
{
	(void)state;
	scratch_write("precious", "");
	assert_int_equal(symlink("precious", scratch_path("samples.csv")), 0);
	assert_says(folder_lock(scratch, false, &held, &err), -ELOOP, "samples.csv");
	assert_int_equal(unlink(scratch_path("samples.csv")), 0);
	assert_int_equal(mkfifo(scratch_path("samples.csv"), 0644), 0);
	assert_says(folder_lock(scratch, false, &held, &err), -ENXIO, "samples.csv");
	assert_int_equal(unlink(scratch_path("samples.csv")), 0);
	assert_int_equal(mkdir(scratch_path("samples.csv"), 0755), 0);
	assert_says(folder_lock(scratch, false, &held, &err), -EISDIR, "samples.csv");
}

static void test_lock_without_rights(void **state)
{
	(void)state;
	if (!geteuid()) {
		print_message("root may write everywhere\n");
		skip();
	}
	scratch_write("samples.csv", "");
	assert_int_equal(chmod(scratch_path("samples.csv"), 0444), 0);
	assert_says(folder_lock(scratch, false, &held, &err), -EACCES, "samples.csv");
}

static void test_home_is_above_the_program(void **state)
{
	char *home = folder_home(), *program = realpath("/proc/self/exe", NULL);

	(void)state;
	assert_non_null(home);
	assert_memory_equal(home, program, strlen(home));
	program += strlen(home);
	assert_int_equal(*program == '/' || !*home, 1);
	free(program - strlen(home));
	free(home);
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_open, scratch_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(test_check_of_a_new_folder),
		IN_SCRATCH(test_check_of_relative_paths),
		IN_SCRATCH(test_check_refuses_a_run),
		IN_SCRATCH(test_check_refuses_what_is_not_empty),
		IN_SCRATCH(test_undo),
		IN_SCRATCH(test_check_refuses_a_file),
		IN_SCRATCH(test_check_refuses_without_rights),
		IN_SCRATCH(test_makes_nested_folders),
		IN_SCRATCH(test_names_by_host_and_time),
		IN_SCRATCH(test_never_the_same_folder_twice),
		IN_SCRATCH(test_make_refuses_a_file),
		IN_SCRATCH(test_relative_at_home),
		IN_SCRATCH(test_latest),
		IN_SCRATCH(test_latest_in_the_way),
		IN_SCRATCH(test_lock_of_two),
		IN_SCRATCH(test_lock_outlives_its_run),
		IN_SCRATCH(test_lock_of_a_new_run),
		IN_SCRATCH(test_lock_of_no_file),
		IN_SCRATCH(test_lock_without_rights),
		cmocka_unit_test(test_home_is_above_the_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
