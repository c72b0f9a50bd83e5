/*
 * Holds the strategy rcuref to its zones, to its slow paths and to the reader section of its put.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>

/* For another processor there may be none. */
#if !__has_include(<urcu/urcu-memb.h>)

int main(void)
{
	printf("rcuref: skipped: no liburcu here\n");
	return 77;
}

#else

#include <urcu/urcu-memb.h>

/* The reader sections of the strategy. */
static unsigned sections, depth;
static void section_begin(void);
static void section_end(void);
#define urcu_memb_read_lock() (urcu_memb_read_lock(), section_begin())
#define urcu_memb_read_unlock() (section_end(), urcu_memb_read_unlock())

#include "tests/kref/edges.h"

#define MAXREF 0x7fffffffu
#define SAT 0xa0000000u
#define RELEASED 0xc0000000u
#define DEAD 0xe0000000u
#define NOREF 0xffffffffu
#define SAT_READS (SAT + 1)

static const struct edge edges[] = {
	{ "get", 0, GET, false, 1, 2, SILENT },
	{ "the last good get", MAXREF - 1, GET, false, MAXREF, MAXREF + 1, SILENT },
	{ "the first bad get", MAXREF, GET, false, SAT, SAT_READS, SATURATED },
	{ "get of a saturated one", SAT, GET, false, SAT, SAT_READS, SATURATED },
	{ "get at the end of the zone", RELEASED - 2, GET, false, SAT, SAT_READS, SATURATED },
	{ "get into the dead zone", RELEASED - 1, GET, false, DEAD, 0, ON_ZERO },
	{ "get of a dead one", DEAD, GET, false, DEAD, 0, ON_ZERO },
	{ "get at the end of the dead zone", NOREF - 1, GET, false, DEAD, 0, ON_ZERO },
	{ "not detected: get on none", NOREF, GET, false, 0, 1, SILENT },

	{ "put", 1, PUT, false, 0, 1, SILENT },
	{ "the last put", 0, PUT, true, DEAD, 0, SILENT },
	{ "put at the edge", MAXREF, PUT, false, MAXREF - 1, MAXREF, SILENT },
	{ "not detected: put of the first bad", MAXREF + 1, PUT, false, MAXREF, MAXREF + 1,
	  SILENT },
	{ "put of the second bad", MAXREF + 2, PUT, false, SAT, SAT_READS, SILENT },
	{ "put of a saturated one", SAT, PUT, false, SAT, SAT_READS, SILENT },
	{ "put back into the zone", RELEASED, PUT, false, SAT, SAT_READS, SILENT },
	{ "put of the second released", RELEASED + 1, PUT, false, DEAD, 0, UNDERFLOW },
	{ "put of a dead one", DEAD, PUT, false, DEAD, 0, UNDERFLOW },
	{ "put of none", NOREF, PUT, false, DEAD, 0, UNDERFLOW },

	{ "lookup", 0, UNLESS_ZERO, true, 1, 2, SILENT },
	{ "lookup before it is dead", NOREF, UNLESS_ZERO, true, 0, 1, SILENT },
	{ "the last good lookup", MAXREF - 1, UNLESS_ZERO, true, MAXREF, MAXREF + 1, SILENT },
	{ "the first bad lookup", MAXREF, UNLESS_ZERO, true, SAT, SAT_READS, SATURATED },
	{ "lookup of a saturated one", SAT, UNLESS_ZERO, true, SAT, SAT_READS, SATURATED },
	{ "lookup at the end of the zone", RELEASED - 2, UNLESS_ZERO, true, SAT, SAT_READS,
	  SATURATED },
	{ "lookup into the dead zone", RELEASED - 1, UNLESS_ZERO, false, DEAD, 0, SILENT },
	{ "lookup of a dead one", DEAD, UNLESS_ZERO, false, DEAD, 0, SILENT },
	{ "lookup at the end of the dead zone", NOREF - 1, UNLESS_ZERO, false, DEAD, 0, SILENT },
};

static void edge_set(struct kref *kref, unsigned long long stored)
{
	atomic_store_explicit(&kref->refs, stored, memory_order_relaxed);
}

static unsigned long long edge_stored(struct kref *kref)
{
	return atomic_load_explicit(&kref->refs, memory_order_relaxed);
}

static void holds_its_edges(void **state)
{
	(void)state;
	edges_check(edges, sizeof(edges) / sizeof(edges[0]));
}

/*
 * What others made of the count between a put's subtraction to NOREF and its slow path. Only who
 * finds NOREF releases.
 */
static void a_put_that_lost_does_not_release(void **state)
{
	static const struct {
		unsigned found, end;
		bool last;
	} cases[] = {
		{ NOREF, DEAD, true },
		{ 0, 0, false },	/* revived */
		{ 3, 3, false },	/* and shared */
		{ DEAD, DEAD, false },	/* and put again by who revived it */
	};
	struct kref kref;

	(void)state;
	kref_set_report_hook(note_report);
	told.count = 0;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		edge_set(&kref, cases[i].found);
		assert_int_equal(kref_rcuref_put_slow(&kref, NOREF), cases[i].last);
		assert_int_equal(edge_stored(&kref), cases[i].end);
	}
	assert_int_equal(told.count, 0);
	kref_set_report_hook(NULL);
}

/* The value of its own operation counts, whatever the counter holds by now. */
static void slow_paths_read_no_second_value(void **state)
{
	struct kref kref;

	(void)state;
	kref_set_report_hook(note_report);
	edge_set(&kref, 5);
	assert_false(kref_rcuref_get_slow(&kref, DEAD + 1));
	assert_int_equal(edge_stored(&kref), DEAD);
	edge_set(&kref, DEAD);
	assert_true(kref_rcuref_get_slow(&kref, MAXREF + 1));
	assert_int_equal(edge_stored(&kref), SAT);
	edge_set(&kref, NOREF);
	assert_false(kref_rcuref_put_slow(&kref, SAT - 1));
	assert_int_equal(edge_stored(&kref), SAT);
	edge_set(&kref, NOREF);
	assert_false(kref_rcuref_put_slow(&kref, DEAD - 1));
	assert_int_equal(edge_stored(&kref), DEAD);
	kref_set_report_hook(NULL);
}

static struct kref watched;
static unsigned at_begin, at_end, depth_in_release;

static void section_begin(void)
{
	sections++;
	depth++;
	at_begin = edge_stored(&watched);
}

static void section_end(void)
{
	depth--;
	at_end = edge_stored(&watched);
}

static void note_depth(struct kref *kref)
{
	(void)kref;
	depth_in_release = depth;
}

/* Its subtraction and its slow path; not its release, which may wait for a grace period. */
static void a_put_stands_in_a_reader_section(void **state)
{
	(void)state;
	kref_init(&watched);
	kref_get(&watched);
	sections = 0;
	kref_put(&watched, note_depth);
	assert_int_equal(sections, 1);
	assert_int_equal(at_begin, 1);
	assert_int_equal(at_end, 0);

	depth_in_release = 1;
	kref_put(&watched, note_depth);
	assert_int_equal(sections, 2);
	assert_int_equal(at_begin, 0);
	assert_int_equal(at_end, DEAD);
	assert_int_equal(depth_in_release, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_its_edges),
		cmocka_unit_test(a_put_that_lost_does_not_release),
		cmocka_unit_test(slow_paths_read_no_second_value),
		cmocka_unit_test(a_put_stands_in_a_reader_section),
	};
	int failed;

	if (kref_thread_enter(0))
		return 1;
	failed = cmocka_run_group_tests_name("rcuref", tests, NULL, NULL);
	kref_thread_leave();
	return failed;
}

#endif
