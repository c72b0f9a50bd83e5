/*
 * Holds the default strategy to the kernel's refcount_t: saturation, its edges and its reports.
 *
 * SPDX-License-Identifier: MIT
 *
 * The rows marked kernel are the cases of the kernel's own self-test
 * (drivers/misc/lkdtm/refcount.c).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "kref/kref.h"
#include "tests/kref/refcount_other.h"
#include "tests/kref/told.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#define MAX KREF_REFCOUNT_MAX
#define SAT KREF_REFCOUNT_SATURATED
#define BAD 0x80000000u

enum op { END, ADD, ADD_NOT_ZERO, DEC, SUB_AND_TEST, DEC_NOT_ONE, GET, UNLESS_ZERO, DEC_AND_TEST };

struct step {
	enum op op;
	unsigned n;		/* of ADD, ADD_NOT_ZERO and SUB_AND_TEST */
	bool result;		/* false where the operation has none */
	unsigned count;		/* after it */
	enum kref_report report;
};

struct refcount_case {
	const char *name;
	unsigned start;
	struct step steps[7];
};

static const struct refcount_case cases[] = {
	{ "kernel: inc overflow", MAX - 1,
	  { { DEC, 1, false, MAX - 2, SILENT }, { GET, 1, false, MAX - 1, SILENT },
	    { GET, 1, false, MAX, SILENT }, { GET, 1, false, SAT, SATURATED } } },
	{ "kernel: add overflow", MAX - 1,
	  { { DEC, 1, false, MAX - 2, SILENT }, { DEC, 1, false, MAX - 3, SILENT },
	    { DEC, 1, false, MAX - 4, SILENT }, { DEC, 1, false, MAX - 5, SILENT },
	    { ADD, 4, false, MAX - 1, SILENT }, { ADD, 4, false, SAT, SATURATED } } },
	{ "kernel: inc_not_zero overflow", MAX, { { UNLESS_ZERO, 1, true, SAT, SATURATED } } },
	{ "kernel: add_not_zero overflow", MAX, { { ADD_NOT_ZERO, 6, true, SAT, SATURATED } } },
	{ "kernel: dec to zero", 2,
	  { { DEC, 1, false, 1, SILENT }, { DEC, 1, false, SAT, HIT_ZERO } } },
	{ "kernel: dec negative", 0, { { DEC, 1, false, SAT, HIT_ZERO } } },
	{ "kernel: dec_and_test negative", 0, { { DEC_AND_TEST, 1, false, SAT, UNDERFLOW } } },
	{ "kernel: sub_and_test negative", 3, { { SUB_AND_TEST, 5, false, SAT, UNDERFLOW } } },
	{ "kernel: inc_not_zero on zero, inc", 0,
	  { { UNLESS_ZERO, 1, false, 0, SILENT }, { GET, 1, false, SAT, ON_ZERO } } },
	{ "kernel: add_not_zero on zero, add", 0,
	  { { ADD_NOT_ZERO, 3, false, 0, SILENT }, { ADD, 3, false, SAT, ON_ZERO } } },
	{ "kernel: inc saturated", SAT, { { GET, 1, false, SAT, SATURATED } } },
	{ "kernel: dec saturated", SAT, { { DEC, 1, false, SAT, HIT_ZERO } } },
	{ "kernel: add saturated", SAT, { { ADD, 8, false, SAT, SATURATED } } },
	{ "kernel: inc_not_zero saturated", SAT, { { UNLESS_ZERO, 1, true, SAT, SATURATED } } },
	{ "kernel: add_not_zero saturated", SAT, { { ADD_NOT_ZERO, 7, true, SAT, SATURATED } } },
	{ "kernel: dec_and_test saturated", SAT, { { DEC_AND_TEST, 1, false, SAT, UNDERFLOW } } },
	{ "kernel: sub_and_test saturated", SAT, { { SUB_AND_TEST, 8, false, SAT, UNDERFLOW } } },

	{ "an ordinary life", 1,
	  { { GET, 1, false, 2, SILENT }, { UNLESS_ZERO, 1, true, 3, SILENT },
	    { DEC_AND_TEST, 1, false, 2, SILENT }, { SUB_AND_TEST, 2, true, 0, SILENT } } },
	{ "the last good get", MAX - 1,
	  { { GET, 1, false, MAX, SILENT }, { DEC_AND_TEST, 1, false, MAX - 1, SILENT } } },
	{ "the first bad get", MAX, { { GET, 1, false, SAT, SATURATED } } },
	{ "the last good lookup", MAX - 1, { { UNLESS_ZERO, 1, true, MAX, SILENT } } },
	{ "add up to the edge", 1, { { ADD, MAX - 1, false, MAX, SILENT } } },
	{ "add over the edge", 1, { { ADD, MAX, false, SAT, SATURATED } } },
	{ "add_not_zero up to the edge", MAX - 7, { { ADD_NOT_ZERO, 7, true, MAX, SILENT } } },
	{ "add_not_zero over the edge", MAX - 6, { { ADD_NOT_ZERO, 7, true, SAT, SATURATED } } },
	{ "a get that would wrap to 0", UINT32_MAX, { { GET, 1, false, SAT, SATURATED } } },
	{ "an add that would wrap to good", UINT32_MAX, { { ADD, 9, false, SAT, SATURATED } } },
	{ "a lookup that would wrap to 0", UINT32_MAX,
	  { { UNLESS_ZERO, 1, true, SAT, SATURATED } } },
	{ "lookup of the first bad", BAD, { { UNLESS_ZERO, 1, true, SAT, SATURATED } } },
	{ "give back all at once", MAX, { { SUB_AND_TEST, MAX, true, 0, SILENT } } },
	{ "give back all but one", 5,
	  { { SUB_AND_TEST, 4, false, 1, SILENT }, { DEC_AND_TEST, 1, true, 0, SILENT } } },
	{ "give back one too many", 5, { { SUB_AND_TEST, 6, false, SAT, UNDERFLOW } } },
	{ "a sub that would make a bad count good", BAD,
	  { { SUB_AND_TEST, 9, false, SAT, UNDERFLOW } } },
	{ "dec of the only one", 1, { { DEC, 1, false, SAT, HIT_ZERO } } },
	{ "dec at the edge", MAX, { { DEC, 1, false, MAX - 1, SILENT } } },
	{ "dec_and_test of the first bad", BAD,
	  { { DEC_AND_TEST, 1, false, SAT, UNDERFLOW } } },
	{ "dec of the first bad", BAD, { { DEC, 1, false, SAT, HIT_ZERO } } },
	{ "dec_not_one of the last", 1, { { DEC_NOT_ONE, 1, false, 1, SILENT } } },
	{ "dec_not_one of others", 2, { { DEC_NOT_ONE, 1, true, 1, SILENT } } },
	{ "dec_not_one at the edge", MAX, { { DEC_NOT_ONE, 1, true, MAX - 1, SILENT } } },
	{ "dec_not_one at zero", 0, { { DEC_NOT_ONE, 1, true, 0, UNDERFLOW } } },
	{ "dec_not_one saturated", SAT, { { DEC_NOT_ONE, 1, true, SAT, SILENT } } },
	{ "dec_not_one of the first bad", BAD, { { DEC_NOT_ONE, 1, true, BAD, SILENT } } },
};

static bool run_op(struct kref *kref, const struct step *step)
{
	switch (step->op) {
	case END:
		break;
	case ADD:
		kref_refcount_add(kref, step->n);
		break;
	case ADD_NOT_ZERO:
		return kref_refcount_add_not_zero(kref, step->n);
	case DEC:
		kref_refcount_dec(kref);
		break;
	case SUB_AND_TEST:
		return kref_refcount_sub_and_test(kref, step->n);
	case DEC_NOT_ONE:
		return kref_dec_not_one(kref);
	case GET:
		kref_get(kref);
		break;
	case UNLESS_ZERO:
		return kref_get_unless_zero(kref);
	case DEC_AND_TEST:
		return kref_dec_and_test(kref);
	}
	return false;
}

static void check_step(const struct refcount_case *c, struct kref *kref, const struct step *step)
{
	unsigned reports = step->report == SILENT ? 0 : 1;
	bool result;

	told.count = 0;
	result = run_op(kref, step);
	if (result != step->result)
		fail_msg("%s, step %td: result %d", c->name, step - c->steps, result);
	if (kref_read(kref) != step->count)
		fail_msg("%s, step %td: count %#x, expected %#x", c->name, step - c->steps,
			 kref_read(kref), step->count);
	if (told.count != reports)
		fail_msg("%s, step %td: %u reports, expected %u", c->name, step - c->steps,
			 told.count, reports);
	if (reports && (told.kind != step->report || told.kref != kref))
		fail_msg("%s, step %td: report %d of %p, expected %d of %p", c->name,
			 step - c->steps, told.kind, (void *)told.kref, step->report, (void *)kref);
}

static void saturates_as_the_kernel_does(void **state)
{
	(void)state;
	kref_set_report_hook(note_report);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct kref kref = KREF_INIT(0);

		atomic_store_explicit(&kref.refs, cases[i].start, memory_order_relaxed);
		for (const struct step *step = cases[i].steps; step->op != END; step++)
			check_step(&cases[i], &kref, step);
	}
	kref_set_report_hook(NULL);
}

static void every_misuse_reaches_the_hook(void **state)
{
	struct kref kref = KREF_INIT(0);

	(void)state;
	kref_set_report_hook(note_report);
	told.count = 0;
	for (unsigned i = 1; i <= 3; i++) {
		kref_get(&kref);
		assert_int_equal(told.count, i);
	}
	kref_set_report_hook(NULL);
}

static void the_hook_is_one_per_program(void **state)
{
	struct kref kref = KREF_INIT(1);

	(void)state;
	kref_set_report_hook(note_report);
	told.count = 0;
	refcount_other_misuse(&kref, KREF_REPORT_UNDERFLOW);
	assert_int_equal(told.count, 1);
	kref_set_report_hook(NULL);

	refcount_other_set_hook(note_report);
	kref_get(&kref);
	assert_int_equal(told.count, 2);
	refcount_other_set_hook(NULL);
}

/* stderr of the process goes to a file between these two. */
struct capture {
	FILE *file;
	int saved_fd;
};

static void capture_start(struct capture *capture)
{
	capture->file = tmpfile();
	assert_non_null(capture->file);
	fflush(stderr);
	capture->saved_fd = dup(STDERR_FILENO);
	assert_true(capture->saved_fd >= 0);
	assert_int_equal(dup2(fileno(capture->file), STDERR_FILENO), STDERR_FILENO);
}

static void capture_end(struct capture *capture, char *text, size_t size)
{
	size_t length;

	fflush(stderr);
	assert_int_equal(dup2(capture->saved_fd, STDERR_FILENO), STDERR_FILENO);
	close(capture->saved_fd);
	rewind(capture->file);
	length = fread(text, 1, size - 1, capture->file);
	text[length] = '\0';
	fclose(capture->file);
}

/* Every kind from both files of the program, twice over. */
static void misuse_all(void)
{
	struct kref here = KREF_INIT(0);
	struct kref there = KREF_INIT(0);

	kref_get(&here);
	kref_get(&here);
	atomic_store_explicit(&here.refs, 0, memory_order_relaxed);
	(void)kref_dec_and_test(&here);
	kref_refcount_dec(&here);
	for (int kind = 0; kind < KREF_REPORT_KINDS; kind++)
		refcount_other_misuse(&there, (enum kref_report)kind);
}

static void prints_each_kind_once(void **state)
{
	struct capture capture;
	char text[1024];

	(void)state;
	kref_set_report_hook(note_report);
	capture_start(&capture);
	misuse_all();
	capture_end(&capture, text, sizeof(text));
	assert_string_equal(text, "");

	kref_set_report_hook(NULL);
	capture_start(&capture);
	misuse_all();
	misuse_all();
	capture_end(&capture, text, sizeof(text));
	assert_string_equal(text, "kref: addition on 0; use-after-free\n"
				  "kref: saturated; leaking memory\n"
				  "kref: underflow; use-after-free\n"
				  "kref: decrement hit 0; leaking memory\n");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(saturates_as_the_kernel_does),
		cmocka_unit_test(every_misuse_reaches_the_hook),
		cmocka_unit_test(the_hook_is_one_per_program),
		cmocka_unit_test(prints_each_kind_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
