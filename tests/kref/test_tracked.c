/*
 * What tracked tells of misuses and of what is still held: the places, the counts, and when it is silent.
 *
 * SPDX-License-Identifier: MIT
 *
 * Each scenario runs in a child that exits as a program does; what it says on stderr is compared
 * with every line number replaced by N. handoff.c has the numbers.
 */
#include <ctype.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "kref/kref.h"

#define HERE "tests/kref/test_tracked.c:N "
#define PAGE_BYTES 4096
#define NR_THREADS 4
/* More than the ledger has room for. */
#define NR_KREFS (KREF_LEDGER_MAX + 1000)

static void keep(struct kref *kref)
{
	(void)kref;
}

/* A page of its own that is gone: whoever touches it gets a signal. */
static void unmap(struct kref *kref)
{
	munmap(kref, PAGE_BYTES);
}

static struct kref *make_on_page(void)
{
	struct kref *kref = (struct kref *)mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE,
						MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (kref == MAP_FAILED)
		_exit(1);
	kref_init(kref);
	return kref;
}

static void make(struct kref *kref)
{
	kref_init(kref);
}

static void take(struct kref *kref)
{
	kref_get(kref);
}

static int drop(struct kref *kref)
{
	return kref_put(kref, keep);
}

static void *drop_in_thread(void *kref)
{
	kref_put((struct kref *)kref, unmap);
	return NULL;
}

static void expect(int condition)
{
	if (!condition) {
		fprintf(stderr, "not as expected\n");
		_exit(1);
	}
}

static void run_thread(void *(*function)(void *), void *argument)
{
	pthread_t thread;

	expect(!pthread_create(&thread, NULL, function, argument));
	pthread_join(thread, NULL);
}

/* --- the runner ----------------------------------------------------------------------------- */

/* What came from a pipe until its end, each line number as N. */
static void read_said(int fd, char *said, size_t size)
{
	FILE *stream = fdopen(fd, "r");
	size_t length = 0;
	int c;

	assert_non_null(stream);
	while ((c = getc(stream)) != EOF) {
		const int number = length && said[length - 1] == ':' && isdigit(c);

		while (number && isdigit(c))
			c = getc(stream);
		assert_true(length + 3 < size);
		if (number)
			said[length++] = 'N';
		said[length++] = (char)c;
	}
	said[length] = '\0';
	fclose(stream);
}

static void check_said(void (*scenario)(void), const char *expected)
{
	static char said[1 << 16];
	int ends[2], status;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		/* Not to the group's handler, which would go on with the next test. */
		signal(SIGSEGV, SIG_DFL);
		signal(SIGBUS, SIG_DFL);
		scenario();
		exit(0);
	}
	close(ends[1]);
	read_said(ends[0], said, sizeof(said));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_string_equal(said, expected);
	assert_int_equal(status, 0);
}

/* --- misuses ---------------------------------------------------------------------------------- */

#define LATE_GET(put) \
	"kref: a get after the last put (addition on 0; use-after-free)\n" \
	"  this get: " HERE "take\n" \
	"  last put: " HERE put "\n"
#define LATE_GET_TO_DO \
	"  to do: take the reference before the pointer is handed over, not after\n"
#define LATE_PUT \
	"kref: a put after the last put (underflow; use-after-free)\n" \
	"  this put: " HERE "drop\n" \
	"  last put: " HERE "drop\n"
#define LATE_PUT_TO_DO \
	"  to do: find the get that is missing, or the put that is one too many\n"

/* The document's BAD one. The put that goes with the late get is no other misuse. */
static void hand_over_without_get(void)
{
	struct kref *kref = make_on_page();

	run_thread(drop_in_thread, kref);
	take(kref);
	expect(!drop(kref));
	expect(!kref_get_unless_zero(kref));
	expect(kref_read(kref) == 0);
}

static void a_get_after_the_hand_over_is_told_with_both_places(void **state)
{
	(void)state;
	check_said(hand_over_without_get,
		   LATE_GET("drop_in_thread")
		   "  until then:\n"
		   "    1 kref_init: " HERE "make_on_page\n"
		   "    1 kref_put: " HERE "drop_in_thread\n"
		   LATE_GET_TO_DO);
}

static void hand_over_after_get(void)
{
	struct kref *kref = make_on_page();

	take(kref);
	run_thread(drop_in_thread, kref);
	expect(kref_put(kref, unmap));
}

static void the_right_hand_over_is_silent(void **state)
{
	(void)state;
	check_said(hand_over_after_get, "");
}

static void put_one_too_many(void)
{
	static struct kref kref;

	make(&kref);
	take(&kref);
	expect(!drop(&kref) && drop(&kref) && !drop(&kref));
}

static void a_put_too_many_is_told(void **state)
{
	(void)state;
	check_said(put_one_too_many,
		   LATE_PUT
		   "  until then:\n"
		   "    1 kref_init: " HERE "make\n"
		   "    1 kref_get: " HERE "take\n"
		   "    2 kref_put: " HERE "drop\n"
		   LATE_PUT_TO_DO);
}

/* Many krefs and many times, but two pairs of places. */
static void misuse_often(void)
{
	static struct kref krefs[100];

	for (unsigned i = 0; i < 100; i++) {
		make(&krefs[i]);
		drop(&krefs[i]);
		for (unsigned j = 0; j < 100; j++)
			drop(&krefs[i]);
		take(&krefs[i]);
	}
}

static void a_pair_of_places_is_told_once(void **state)
{
	(void)state;
	check_said(misuse_often,
		   LATE_PUT
		   "  until then:\n"
		   "    1 kref_init: " HERE "make\n"
		   "    1 kref_put: " HERE "drop\n"
		   LATE_PUT_TO_DO
		   LATE_GET("drop")
		   "  until then:\n"
		   "    1 kref_init: " HERE "make\n"
		   "    1 kref_put: " HERE "drop\n"
		   LATE_GET_TO_DO);
}

static unsigned told;

static void note_report(enum kref_report kind, struct kref *kref)
{
	(void)kref;
	told += kind == KREF_REPORT_UNDERFLOW;
}

static void misuse_with_hook(void)
{
	static struct kref kref;

	kref_set_report_hook(note_report);
	make(&kref);
	for (unsigned i = 0; i < 6; i++)
		drop(&kref);
	expect(told == 5);
}

static void a_hook_gets_each_misuse(void **state)
{
	(void)state;
	check_said(misuse_with_hook, "");
}

static void release_locked(struct kref *kref)
{
	(void)kref;
}

static void misuse_by_locked_put(void)
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	static struct kref kref;

	make(&kref);
	expect(kref_put_mutex(&kref, release_locked, &mutex));
	take(&kref);
}

static void a_locked_put_has_its_place(void **state)
{
	(void)state;
	check_said(misuse_by_locked_put,
		   LATE_GET("misuse_by_locked_put")
		   "  until then:\n"
		   "    1 kref_init: " HERE "make\n"
		   "    1 kref_put: " HERE "misuse_by_locked_put\n"
		   LATE_GET_TO_DO);
}

static void misuse_by_pointers(void)
{
	void (*const init)(struct kref *) = kref_init;
	void (*const get)(struct kref *) = kref_get;
	static struct kref kref;

	init(&kref);
	drop(&kref);
	get(&kref);
}

static void a_pointers_place_is_not_known(void **state)
{
	(void)state;
	check_said(misuse_by_pointers,
		   "kref: a get after the last put (addition on 0; use-after-free)\n"
		   "  this get: place not known\n"
		   "  last put: " HERE "drop\n"
		   "  until then:\n"
		   "    1 by a pointer: place not known\n"
		   "    1 kref_put: " HERE "drop\n"
		   LATE_GET_TO_DO);
}

/* --- what is held at exit ----------------------------------------------------------------------- */

static void make_elsewhere(struct kref *kref)
{
	kref_init(kref);
}

static void leak(void)
{
	static struct kref here, there[2], done;

	make(&here);
	for (unsigned i = 0; i < 2; i++) {
		make_elsewhere(&there[i]);
		take(&there[i]);
		take(&there[i]);
		drop(&there[i]);
	}
	make(&done);
	drop(&done);
}

static void what_is_held_is_told_by_place(void **state)
{
	(void)state;
	check_said(leak,
		   "kref: still held at exit: 5 references of 3 krefs\n"
		   "  4 references of 2 krefs\n"
		   "    2 kref_init: " HERE "make_elsewhere\n"
		   "    4 kref_get: " HERE "take\n"
		   "    2 kref_put: " HERE "drop\n"
		   "  1 reference of 1 kref\n"
		   "    1 kref_init: " HERE "make\n"
		   "  to do: each lacks a put, unless it is to live as long as the program\n");
}

/* A record holds while the memory does not. */
static void lose(void)
{
	unmap(make_on_page());
}

static void lost_memory_is_not_touched_at_exit(void **state)
{
	(void)state;
	check_said(lose,
		   "kref: still held at exit: 1 reference of 1 kref\n"
		   "  1 reference of 1 kref\n"
		   "    1 kref_init: " HERE "make_on_page\n"
		   "  to do: each lacks a put, unless it is to live as long as the program\n");
}

static struct kref held_until_exit;

static void drop_at_exit(void)
{
	drop(&held_until_exit);
}

static void hold_until_exit(void)
{
	/* Before the ledger is used, so that this would be after what the first use registered. */
	expect(!atexit(drop_at_exit));
	make(&held_until_exit);
}

static void what_is_put_at_exit_is_not_held(void **state)
{
	(void)state;
	check_said(hold_until_exit, "");
}

static void hold_static(void)
{
	static struct kref kref = KREF_INIT(2);

	take(&kref);
	drop(&kref);
	drop(&kref);
}

static void an_initialiser_counts(void **state)
{
	(void)state;
	check_said(hold_static,
		   "kref: still held at exit: 1 reference of 1 kref\n"
		   "  1 reference of 1 kref\n"
		   "    2 KREF_INIT\n"
		   "    1 kref_get: " HERE "take\n"
		   "    2 kref_put: " HERE "drop\n"
		   "  to do: each lacks a put, unless it is to live as long as the program\n");
}

/* --- the ledger ------------------------------------------------------------------------------------ */

static void use_address_again(void)
{
	static struct kref kref;

	for (unsigned i = 0; i < 3; i++) {
		make(&kref);
		take(&kref);
		expect(kref_read(&kref) == 2);
		expect(!drop(&kref) && drop(&kref));
	}
	for (unsigned i = 0; i < 3; i++) {
		kref = (struct kref)KREF_INIT(1);
		expect(kref_read(&kref) == 1);
		take(&kref);
		expect(!drop(&kref) && drop(&kref));
		expect(kref_read(&kref) == 0);
	}
}

static void an_address_begins_anew(void **state)
{
	const struct kref fresh = KREF_INIT(1);

	(void)state;
	if (!kref_tracked_is_new(&fresh)) {
		fprintf(stderr, "an initialiser is not seen here: no process_vm_readv()\n");
		return;
	}
	check_said(use_address_again, "");
}

static struct kref krefs[NR_KREFS];

static void hold_too_many(void)
{
	for (unsigned i = 0; i < NR_KREFS; i++)
		make(&krefs[i]);
	for (unsigned i = 0; i < NR_KREFS; i++) {
		take(&krefs[i]);
		expect(kref_read(&krefs[i]) == 2);
		expect(!drop(&krefs[i]) && drop(&krefs[i]));
	}
}

static void a_full_ledger_says_so_and_counts_on(void **state)
{
	(void)state;
	check_said(hold_too_many,
		   "kref: no room in the ledger: some krefs are not tracked "
		   "(KREF_LEDGER_MAX is 65536)\n");
}

/* The oldest record that is over makes room; the newest stay, and those of krefs in use. */
static void end_too_many(void)
{
	static struct kref held;

	make(&held);
	drop(&held);
	make(&held);
	for (unsigned i = 0; i < NR_KREFS; i++) {
		make(&krefs[i]);
		drop(&krefs[i]);
	}
	expect(drop(&held) && !drop(&held));
	take(&krefs[NR_KREFS - 1]);
	take(&krefs[0]);
}

static void what_ended_makes_room(void **state)
{
	(void)state;
	check_said(end_too_many,
		   LATE_PUT
		   "  until then:\n"
		   "    1 kref_init: " HERE "make\n"
		   "    1 kref_put: " HERE "drop\n"
		   LATE_PUT_TO_DO
		   LATE_GET("drop")
		   "  until then:\n"
		   "    1 kref_init: " HERE "make\n"
		   "    1 kref_put: " HERE "drop\n"
		   LATE_GET_TO_DO
		   "kref: a get after the last put (addition on 0; use-after-free)\n"
		   "  this get: " HERE "take\n"
		   "  last put: place not known\n"
		   LATE_GET_TO_DO);
}

/* --- many threads ------------------------------------------------------------------------------------ */

static struct kref shared = KREF_INIT(1), ended;

/* Of each thread one reference of the shared one is left, and a kref of its own; all misuse. */
static void *hammer(void *own)
{
	for (unsigned i = 0; i < 5000; i++) {
		struct kref *kref = (struct kref *)own;

		make(kref);
		take(&shared);
		take(kref);
		drop(kref);
		drop(&shared);
		drop(kref);
		drop(&ended);
	}
	take(&shared);
	make((struct kref *)own);
	return NULL;
}

static void use_many_threads(void)
{
	static struct kref own[NR_THREADS];
	pthread_t threads[NR_THREADS];

	make(&ended);
	drop(&ended);
	for (unsigned i = 0; i < NR_THREADS; i++)
		expect(!pthread_create(&threads[i], NULL, hammer, &own[i]));
	for (unsigned i = 0; i < NR_THREADS; i++)
		pthread_join(threads[i], NULL);
	expect(kref_read(&shared) == 1 + NR_THREADS);
}

static void many_threads_are_counted_exactly(void **state)
{
	(void)state;
	check_said(use_many_threads,
		   LATE_PUT
		   "  until then:\n"
		   "    1 kref_init: " HERE "make\n"
		   "    1 kref_put: " HERE "drop\n"
		   LATE_PUT_TO_DO
		   "kref: still held at exit: 9 references of 5 krefs\n"
		   "  5 references of 1 kref\n"
		   "    1 KREF_INIT\n"
		   "    20004 kref_get: " HERE "take\n"
		   "    20000 kref_put: " HERE "drop\n"
		   "  4 references of 4 krefs\n"
		   "    4 kref_init: " HERE "make\n"
		   "  to do: each lacks a put, unless it is to live as long as the program\n");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_get_after_the_hand_over_is_told_with_both_places),
		cmocka_unit_test(the_right_hand_over_is_silent),
		cmocka_unit_test(a_put_too_many_is_told),
		cmocka_unit_test(a_pair_of_places_is_told_once),
		cmocka_unit_test(a_hook_gets_each_misuse),
		cmocka_unit_test(a_locked_put_has_its_place),
		cmocka_unit_test(a_pointers_place_is_not_known),
		cmocka_unit_test(what_is_held_is_told_by_place),
		cmocka_unit_test(lost_memory_is_not_touched_at_exit),
		cmocka_unit_test(what_is_put_at_exit_is_not_held),
		cmocka_unit_test(an_initialiser_counts),
		cmocka_unit_test(an_address_begins_anew),
		cmocka_unit_test(a_full_ledger_says_so_and_counts_on),
		cmocka_unit_test(what_ended_makes_room),
		cmocka_unit_test(many_threads_are_counted_exactly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
