/*
 * Tests of harness/mishap.c and stacks.c: what a process tells of itself before it dies.
 *
 * SPDX-License-Identifier: MIT
 *
 * Each case is a process of its own. Only that something is told is asserted, never how soon.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "tests/harness/scratch.h"

#include "harness/mishap.h"
#include "harness/stacks.h"

static char told[1 << 18];
static int told_to;

/* Runs the case with its mishaps told to a pipe, and reads them into told. Returns how it ended. */
static int end_of(void (*run)(void), uint64_t limit_ns, void (*disturb)(pid_t))
{
	size_t length = 0;
	int ends[2], status;
	ssize_t got;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		struct error err;

		close(ends[0]);
		told_to = ends[1];
		/* No core of what is to crash. */
		prctl(PR_SET_DUMPABLE, 0);
		if (mishap_open(ends[1], limit_ns, &err))
			_exit(99);
		run();
		mishap_close();
		_exit(0);
	}
	close(ends[1]);
	if (disturb)
		disturb(pid);
	while ((got = read(ends[0], told + length, sizeof(told) - 1 - length)) > 0)
		length += (size_t)got;
	told[length] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void assert_killed(int status, int signal)
{
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), signal);
}

static void assert_begins(const char *text)
{
	if (strncmp(told, text, strlen(text)) != 0)
		fail_msg("told '%s', expected '%s'", told, text);
}

static void test_limit(void **state)
{
	(void)state;
	/* 30 s, 100 windows and 0.1 s a thread: nobody who is merely slow gets there. */
	assert_true(mishap_limit_ns(30000000000, 0, 0) == 30000000000);
	assert_true(mishap_limit_ns(30000000000, 540000, 2) == 30000000000 + 54000000 + 200000000);
	/* A profile's. */
	assert_true(mishap_limit_ns(30000000000, 4000000000, 512) == 30000000000 + 68000000000 + 51200000000);
}

static __attribute__((noinline, no_sanitize("address", "undefined"))) void segv(void)
{
	volatile int *volatile nowhere = NULL;

	*nowhere = 1;	/* NOLINT(clang-analyzer-core.NullDereference): that is what it is for */
}

static __attribute__((noinline)) void crash_in_quiesce(void)
{
	mishap_begin(17, 1000, 1);
	mishap_stage(MISHAP_QUIESCE);
	segv();
}

static void test_crash(void **state)
{
	char line[32];

	(void)state;
	assert_killed(end_of(crash_in_quiesce, 0, NULL), SIGSEGV);
	snprintf(line, sizeof(line), "crash 17 %d %d\n", MISHAP_QUIESCE, SIGSEGV);
	assert_begins(line);
	assert_non_null(strstr(told, "\nstack worker 0, runs\n"));
}

static void crash_between_points(void)
{
	mishap_begin(17, 1000, 1);
	mishap_end();
	abort();
}

static void test_no_point(void **state)
{
	char line[32];

	(void)state;
	assert_killed(end_of(crash_between_points, 0, NULL), SIGABRT);
	snprintf(line, sizeof(line), "crash -1 %d %d\n", MISHAP_OUTSIDE, SIGABRT);
	assert_begins(line);
}

static __attribute__((noinline)) void leave(void)
{
	mishap_begin(17, 1000, 1);
	mishap_stage(MISHAP_QUIESCE);
	exit(0);
}

static void leave_between_points(void)
{
	mishap_begin(17, 1000, 1);
	mishap_end();
	exit(0);
}

/* By exit(3), which is no end that anybody may take for good. */
static void test_exit(void **state)
{
	char line[32];
	int status;

	(void)state;
	status = end_of(leave, 0, NULL);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EXIT_FAILURE);
	snprintf(line, sizeof(line), "exit 17 %d 0\n", MISHAP_QUIESCE);
	assert_begins(line);
	assert_non_null(strstr(told, "\nstack worker 0, runs\n"));
	status = end_of(leave_between_points, 0, NULL);
	assert_true(WIFEXITED(status));
	assert_string_equal(told, "");
}

static pthread_barrier_t all;

static void *crash_in_worker(void *index)
{
	mishap_worker_begin(*(unsigned *)index);
	pthread_barrier_wait(&all);
	mishap_wait(false);
	segv();
	return NULL;
}

#define PIPE_BYTES 65536

/* All at once, as threads of the same code do; and the pipe is full, so that all come to telling it. */
static void crash_in_all(void)
{
	static const char full[PIPE_BYTES];

	static unsigned indices[4] = { 1, 2, 3, 4 };
	pthread_t threads[4];

	mishap_begin(2, 1000, 4);
	mishap_stage(MISHAP_OPS);
	pthread_barrier_init(&all, NULL, 4);
	if (write(told_to, full, sizeof(full)) != sizeof(full))
		_exit(98);
	for (unsigned i = 0; i < 4; i++)
		if (pthread_create(&threads[i], NULL, crash_in_worker, &indices[i]))
			_exit(98);
	for (;;)
		pause();
}

static void read_later(pid_t pid)
{
	(void)pid;
	usleep(300000);
}

static void test_one_tells(void **state)
{
	const char *stack;

	(void)state;
	assert_killed(end_of(crash_in_all, 0, read_later), SIGSEGV);
	memmove(told, told + PIPE_BYTES, sizeof(told) - PIPE_BYTES);
	assert_begins("crash 2 ");
	stack = strstr(told, "stack worker ");
	assert_non_null(stack);
	assert_null(strstr(stack + 1, "stack "));
	assert_null(strstr(stack, "worker 0"));
}

static __attribute__((noinline)) int overflow(unsigned depth)
{
	volatile char page[65536];

	page[depth % sizeof(page)] = 1;
	return depth ? overflow(depth - 1) + page[depth % sizeof(page)] : 0;
}

static void overflow_in_setup(void)
{
	mishap_begin(3, 1000, 1);
	overflow(1 << 20);
}

static void test_own_stack(void **state)
{
	(void)state;
	assert_killed(end_of(overflow_in_setup, 0, NULL), SIGSEGV);
	assert_begins("crash 3 ");
}

static void wait_in_ops(void)
{
	mishap_begin(1, 1000, 1);
	mishap_stage(MISHAP_OPS);
	for (;;)
		pause();
}

static void send_segv(pid_t pid)
{
	usleep(200000);
	kill(pid, SIGSEGV);
}

static void test_from_outside(void **state)
{
	(void)state;
	assert_killed(end_of(wait_in_ops, 0, send_segv), SIGSEGV);
	assert_string_equal(told, "");
}

static void *wait_as_worker(void *begun)
{
	mishap_worker_begin(1);
	atomic_store((atomic_bool *)begun, true);
	for (;;)
		pause();
	return NULL;
}

static void hang_in_ops(void)
{
	static atomic_bool begun;
	pthread_t thread;

	if (pthread_create(&thread, NULL, wait_as_worker, &begun))
		_exit(98);
	while (!atomic_load(&begun))
		usleep(1000);
	mishap_begin(5, 1000, 1);
	mishap_stage(MISHAP_OPS);
	mishap_wait(false);
	for (volatile bool forever = true; forever;)
		;
}

static void test_hang(void **state)
{
	char line[32];
	int status;

	(void)state;
	status = end_of(hang_in_ops, 100000000, NULL);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EXIT_FAILURE);
	/* 0.1 s, and 0.1 for the thread. */
	snprintf(line, sizeof(line), "hang 5 %d 200\n", MISHAP_OPS);
	assert_begins(line);
	assert_non_null(strstr(told, "\nstack worker 0, runs\n"));
	assert_non_null(strstr(told, "\nstack worker 1, waits\n"));
}

static void wait_between_points(void)
{
	mishap_begin(5, 1000, 0);
	mishap_end();
	for (unsigned i = 0; i < 100; i++)
		usleep(10000);
}

static void test_no_hang_between(void **state)
{
	(void)state;
	assert_int_equal(end_of(wait_between_points, 100000000, NULL), 0);
	assert_string_equal(told, "");
}

/* It goes on with the time that it had: of what passed meanwhile it sees one expiration. */
static void be_stopped(void)
{
	mishap_begin(5, 1000, 0);
	raise(SIGSTOP);
	usleep(1000);
	mishap_end();
}

static void go_on_later(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	assert_true(WIFSTOPPED(status));
	usleep(1500000);
	kill(pid, SIGCONT);
}

static void test_stopped(void **state)
{
	(void)state;
	assert_int_equal(end_of(be_stopped, 1000000000, go_on_later), 0);
	assert_string_equal(told, "");
}

static const char some_stacks[] =
	"stack worker 0, waits\n"
	"build/program(main+0x12) [0x5555]\n"
	"stack worker 1, runs\n"
	"/lib/libc.so.6(pthread_mutex_lock+0x113) [0x7f00]\n"
	"build/program(+0x1111) [0x5555]\n"
	"stack worker 2, runs\n"
	"build/program(lost+0x20) [0x5555]\n"
	"/usr/lib/libx.so.1(+0x2d6ef) [0x7f01]\n"
	"[0x7ffe0000]\n"
	"stack thread 4711, runs\n";

static void test_stacks(void **state)
{
	const struct stacks stacks = { some_stacks, "build/program", "/nonexistent" };
	struct stacks_told top;
	char path[128], text[1024] = "";
	struct error err;
	FILE *file;

	(void)state;
	assert_int_equal(stacks_append(&stacks, scratch, "what it was", &top, &err), 0);
	/* That is in the program's own code, where the one before waits for a lock. */
	assert_string_equal(top.function, "lost");
	assert_string_equal(top.top, "    lost\n    ? +0x2d6ef (libx.so.1)\n    ? +0x7ffe0000\n");
	snprintf(path, sizeof(path), "%s/stacks.txt", scratch);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	fclose(file);
	assert_string_equal(text, "what it was\n"
			    "worker 0, waits\n    main\n"
			    "worker 1, runs\n    pthread_mutex_lock (libc.so.6)\n    ? +0x1111\n"
			    "worker 2, runs\n    lost\n    ? +0x2d6ef (libx.so.1)\n    ? +0x7ffe0000\n"
			    "thread 4711, runs\n\n");
	assert_int_equal(stacks_append(&stacks, "/nonexistent", "", &top, &err), -ENOENT);
	/* A copy of a run, that goes on, may come from anybody. */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("precious", path), 0);
	assert_int_equal(stacks_append(&stacks, scratch, "", &top, &err), -EBADMSG);
	assert_non_null(strstr(err.text, "stacks.txt: is a link"));
	assert_int_not_equal(access(scratch_path("precious"), F_OK), 0);
	assert_int_equal(unlink(path), 0);
	assert_string_equal(top.function, "lost");
}

/* As a crash tells it, the names found by addr2line. */
static void test_named(void **state)
{
	struct stacks stacks = { .program = "/proc/self/exe" };
	char called[256], program[32], *text;
	struct stacks_told top;
	struct error err;

	(void)state;
	assert_killed(end_of(crash_in_quiesce, 0, NULL), SIGSEGV);
	text = strchr(told, '\n') + 1;
	assert_int_equal(sscanf(strchr(text, '\n') + 1, "%255[^(](", called), 1);
	snprintf(program, sizeof(program), "/proc/%d/exe", (int)getpid());
	stacks = (struct stacks){ text, called, program };
	assert_int_equal(stacks_append(&stacks, scratch, "", &top, &err), 0);
	if (!*top.function && system("command -v addr2line >/dev/null"))
		skip();
	assert_string_equal(top.function, "segv");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_crash),
		cmocka_unit_test(test_no_point),
		cmocka_unit_test(test_exit),
		cmocka_unit_test(test_one_tells),
		cmocka_unit_test(test_own_stack),
		cmocka_unit_test(test_from_outside),
		cmocka_unit_test(test_hang),
		cmocka_unit_test(test_no_hang_between),
		cmocka_unit_test(test_stopped),
		cmocka_unit_test(test_stacks),
		cmocka_unit_test(test_named),
	};

	return cmocka_run_group_tests(tests, scratch_open, scratch_close);
}
