/*
 * The slots of percpu and sloppy at their limits: with few of them, and when threads come and go.
 *
 * SPDX-License-Identifier: MIT
 *
 * Built with a KREF_SLOTS_MAX of NR_OBJECTS + 1.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "kref/kref.h"

#define NR_OBJECTS 3

#if KREF_SLOTS_MAX != NR_OBJECTS + 1
#error "the tests below count on few slots"
#endif

static unsigned releases;

static void release(struct kref *kref)
{
	(void)kref;
	releases++;
}

/* Killed with references left, so that its slots do not add up to zero. */
static void use_and_kill(struct kref *kref, unsigned refs)
{
	for (unsigned i = 0; i < refs; i++)
		kref_get(kref);
	assert_int_equal(kref_read(kref), 1 + refs);
	releases = 0;
	kref_kill(kref, release);
	for (unsigned i = 0; i < refs; i++) {
		assert_int_equal(releases, 0);
		assert_int_equal(kref_put(kref, release), i + 1 == refs);
	}
	assert_int_equal(releases, 1);
}

static void a_killed_objects_slots_are_used_again(void **state)
{
	struct kref krefs[NR_OBJECTS];

	(void)state;
	for (unsigned round = 1; round <= 3; round++) {
		for (unsigned i = 0; i < NR_OBJECTS; i++)
			kref_init(&krefs[i]);
		for (unsigned i = 0; i < NR_OBJECTS; i++)
			use_and_kill(&krefs[i], round + i);
	}
}

/* In a child: the one object too many. What it says goes to stderr. */
static void exhaust(void)
{
	const struct rlimit no_core = { 0, 0 };
	struct kref krefs[NR_OBJECTS + 1];

	setrlimit(RLIMIT_CORE, &no_core);
	signal(SIGABRT, SIG_DFL);
	for (unsigned i = 0; i <= NR_OBJECTS; i++)
		kref_init(&krefs[i]);
}

static void one_object_too_many_aborts_and_says_so(void **state)
{
	char said[256] = "";
	int status, ends[2];
	pid_t child;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		exhaust();
		_exit(0);
	}
	close(ends[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(read(ends[0], said, sizeof(said) - 1) > 0);
	close(ends[0]);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	assert_string_equal(said, "kref: more than 3 objects with slots at a time\n");
}

/* What a thread is to do under its id, one after the other. */
struct visit {
	struct kref *kref;
	unsigned id;
	unsigned gets, puts;
};

static void *visit(void *argument)
{
	const struct visit *visit = (const struct visit *)argument;

	if (kref_thread_enter(visit->id))
		return NULL;
	for (unsigned i = 0; i < visit->gets; i++)
		kref_get(visit->kref);
	for (unsigned i = 0; i < visit->puts; i++)
		(void)kref_put(visit->kref, release);
	kref_thread_leave();
	return argument;
}

static void run_visit(struct visit visit_)
{
	pthread_t thread;
	void *done;

	assert_int_equal(pthread_create(&thread, NULL, visit, &visit_), 0);
	assert_int_equal(pthread_join(thread, &done), 0);
	assert_non_null(done);
}

/* An id is taken up again, and another puts what it took. The last one is after the kill. */
static void threads_leave_their_counts(void **state)
{
	struct kref kref;

	(void)state;
	kref_init(&kref);
	run_visit((struct visit){ &kref, 7, 5, 0 });
	assert_int_equal(kref_read(&kref), 6);
	run_visit((struct visit){ &kref, 7, 1, 2 });
	assert_int_equal(kref_read(&kref), 5);
	run_visit((struct visit){ &kref, 8, 0, 2 });
	assert_int_equal(kref_read(&kref), 3);
	releases = 0;
	kref_kill(&kref, release);
	assert_int_equal(kref_read(&kref), 2);
	run_visit((struct visit){ &kref, 8, 1, 2 });
	assert_int_equal(releases, 0);
	run_visit((struct visit){ &kref, 9, 0, 1 });
	assert_int_equal(releases, 1);
}

static unsigned nr_tables(void)
{
	unsigned nr = 0;

	for (const struct kref_slots_thread *thread = kref_slots_newest(); thread;
	     thread = thread->next)
		nr++;
	return nr;
}

static void an_id_has_one_table(void **state)
{
	unsigned before;

	(void)state;
	run_visit((struct visit){ .id = 20 });
	before = nr_tables();
	run_visit((struct visit){ .id = 20 });
	assert_int_equal(nr_tables(), before);
	run_visit((struct visit){ .id = 21 });
	assert_int_equal(nr_tables(), before + 1);
}

/* Two threads never share a line, however malloc lays the tables. */
static void tables_are_lines_apart(void **state)
{
	const uintptr_t line = 64;
	const struct kref_slots_thread *thread;

	(void)state;
	run_visit((struct visit){ .id = 10 });
	run_visit((struct visit){ .id = 11 });
	for (thread = kref_slots_newest(); thread; thread = thread->next) {
		const uintptr_t begin = (uintptr_t)thread, end = (uintptr_t)(thread + 1);

		assert_true((uintptr_t)thread->slots - begin >= line);
		assert_true(end - (uintptr_t)(thread->slots + KREF_SLOTS_MAX) >= line);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_killed_objects_slots_are_used_again),
		cmocka_unit_test(one_object_too_many_aborts_and_says_so),
		cmocka_unit_test(threads_leave_their_counts),
		cmocka_unit_test(an_id_has_one_table),
		cmocka_unit_test(tables_are_lines_apart),
	};
	int failed;

	if (kref_thread_enter(0))
		return 1;
	failed = cmocka_run_group_tests_name("slots of " STRATEGY_NAME, tests, NULL, NULL);
	kref_thread_leave();
	return failed;
}
