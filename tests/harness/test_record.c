/*
 * Tests of harness/record.c: rows as the reader's dictionary has them, whole rounds or nothing.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <fcntl.h>
#include <math.h>

#include "harness/count_plan.h"
#include "harness/record.h"
#include "tests/harness/scratch.h"

#define COLUMNS 48
#define WORKERS 4
/* After the flags. */
#define TAIL ",2,206,246,286,326,366\n"

static const char header[] =
	"launch,round,position,round_windows,rounds,workload,strategy,variant,kind,deferred,setting,"
	"placement,threads,objects,node,work_ns,layout,replace_permille,window_ns,batch_ops,ops,mops,ns_per_op,"
	"fairness,ticks,"
	"counted_ops,cycles,instructions,cache_misses,switches,migrations,retries,failed,"
	"total_ops,reclaim_ns,delays,delay_ns,garbage_objects,garbage_bytes,kref_bytes,"
	"thread_bytes,flags,counter_group,moved_local,moved_remote,rfo_hitm,stall_cycles,page-faults";

static const struct workload cells[] = {
	{ .name = "swap", .strategy = "atomic", .variant = "gcc", .settings = 3,
	  .hole = { NULL, "never frees" }, .kref_bytes = 16, .slot_bytes = 8, .thread_bytes = 100 },
	{ .name = "swap", .strategy = "none", .variant = "gcc", .kind = CELL_FLOOR, .settings = 1,
	  .hole = { NULL, "not asked" } },
	{ .name = "swap", .strategy = "refcount", .variant = "aa", .kind = CELL_CONTROL,
	  .settings = 3, .hole = { "one", "other" } },
};
static const struct workload *entries[] = { &cells[0], &cells[1], &cells[2] };
static struct count_plan counting;
static struct group group;
static struct window_worker workers[WORKERS];
static struct window_result result;
static struct record_window window;
static struct record record;
static struct error err;

/* A window of 4 workers in 2 pairs, all of whose counters are there, one of them a user's. */
static int prepare(void **state)
{
	count_plan_init(&counting);
	counting.names[counting.nr++] = "page-faults";
	group = (struct group){
		.workload = "swap", .setting = SETTING_CHURN, .placements = "compact+scatter",
		.threads = WORKERS, .objects = 16, .work_ns = 30, .cells = entries, .nr_cells = 3,
	};
	for (unsigned i = 0; i < WORKERS; i++) {
		workers[i] = (struct window_worker){
			.counts = i % 2, .ops = 100 + i, .ticks = 1000 + i, .total_ops = 200 + i,
			.counted_ops = 110 + i,
		};
		for (unsigned c = 0; c < COUNTERS_MAX; c++)
			workers[i].counters[c] = c == COUNTER_MIGRATIONS ? 0 : 10 * c + i;
	}
	result = (struct window_result){
		.workers = workers, .window_ns = 500000, .batch_ops = 1000, .retries = 5, .failed = 6,
		.total_ops = 404, .has_reclaim = true, .reclaim_ns = 77, .has_garbage = true,
		.garbage = { .objects = 12, .bytes = 1536, .delays = 3, .delay_ns = 900 },
	};
	window = (struct record_window){
		.launch = 2, .round = 7, .position = 3, .round_windows = 9, .rounds = 64, .group = &group, .cell = &cells[0],
		.node = "1", .mops = 2, .fairness = 0.5, .counter_group = 2,
	};
	return scratch_open(state);
}

static void add(unsigned point)
{
	window.point = point;
	window.cell = entries[point];
	assert_int_equal(record_add(&record, &window, &result, &err), 0);
}

/* The rows that one round of one window leaves, without the header. */
static const char *row(void)
{
	const char *text;

	assert_int_equal(record_open(&record, scratch, &counting, &err), 0);
	add(0);
	assert_int_equal(record_round(&record, false, &err), 0);
	assert_int_equal(record_close(&record, &err), 0);
	text = scratch_read("samples.csv");
	assert_memory_equal(text, header, strlen(header));
	assert_int_equal(text[strlen(header)], '\n');
	unlink(scratch_path("samples.csv"));
	return text + strlen(header) + 1;
}

/* One line of as many fields as the header has; no field is what no reader could take. */
static void check_lines(const char *text)
{
	unsigned fields = 1;

	assert_null(strstr(text, "nan"));
	assert_null(strstr(text, "inf,"));
	assert_null(strstr(text, ",-"));
	for (; *text; text++) {
		fields += *text == ',';
		if (*text == '\n') {
			assert_int_equal(fields, COLUMNS);
			fields = 1;
		}
	}
	assert_int_equal(fields, 1);	/* the last line has an end */
}

static void test_all_columns(void **state)
{
	const char *text = row();

	(void)state;
	check_lines(text);
	assert_string_equal(text, "2,7,3,9,64,swap,atomic,gcc,candidate,0,churn,compact+scatter,4,16,1,30,"
			    "padded,0,500000,1000,204,2,2000,0.5,4006,224,6,46,86,126,0,5,6,404,77,"
			    "3,900,12,1536,48,100," TAIL);
	check_lines(row());
}

static void test_kinds(void **state)
{
	static const char *const names[] = {
		[CELL_CANDIDATE] = ",gcc,candidate,", [CELL_FLOOR] = ",gcc,floor,",
		[CELL_PEER] = ",gcc,peer,", [CELL_AID] = ",gcc,aid,",
		[CELL_CONTROL] = ",gcc,control,",
	};

	(void)state;
	for (unsigned kind = 0; kind < sizeof(names) / sizeof(*names); kind++) {
		struct workload cell = cells[0];

		cell.kind = kind;
		entries[0] = &cell;
		assert_non_null(strstr(row(), names[kind]));
	}
	entries[0] = &cells[0];
}

static void test_absent_figures_are_empty(void **state)
{
	const char *text;

	(void)state;
	workers[2].counters[COUNTER_CYCLES] = NAN;	/* one is enough */
	workers[0].counters[COUNTER_MIGRATIONS] = NAN;
	workers[3].counters[COUNTER_MOVED_REMOTE] = NAN;
	window.node = "";
	window.fairness = NAN;
	window.mops = 0;
	result.has_reclaim = false;
	result.has_garbage = false;
	group.packed = true;
	group.replace = 10;
	text = row();
	check_lines(text);
	assert_non_null(strstr(text, ",16,,30,packed,10,500000,1000,204,0,,,4006,224,,46,86,126,,5,6,404,,"
				     ",,,,48,100,,2,206,,286,326,366\n"));
	for (unsigned i = 0; i < WORKERS; i++)
		for (unsigned c = 0; c < COUNTERS_MAX; c++)
			workers[i].counters[c] = NAN;
	window.counter_group = 0;
	text = row();
	check_lines(text);
	assert_non_null(strstr(text, ",4006,224,,,,,,5,6,"));
	assert_non_null(strstr(text, ",48,100,,,,,,,\n"));
}

static void assert_flags(const char *flags)
{
	const char *text = row();

	check_lines(text);
	text += strlen(text) - strlen(TAIL) - strlen(flags);
	assert_memory_equal(text - 1, ",", 1);
	assert_memory_equal(text, flags, strlen(flags));
	assert_string_equal(text + strlen(flags), TAIL);
}

static void test_flags(void **state)
{
	(void)state;
	assert_flags("");
	workers[0].no_overlap = true;
	assert_flags("short-overlap");
	workers[1].ops = 0;
	assert_flags("short-overlap+starved");
	/* Whoever did nothing for want of an interval is flagged for that alone. */
	workers[1].no_overlap = true;
	workers[2].ops = 0;	/* helps only */
	assert_flags("short-overlap");
	workers[0].no_overlap = workers[1].no_overlap = false;
	workers[1].ops = 1;
	group.oversubscribed = window.shared_reclaim = workers[3].multiplexed = true;
	assert_flags("oversubscribed+shared-reclaim+multiplexed");
	workers[2].migrated = true;
	assert_flags("oversubscribed+shared-reclaim+multiplexed+migrated");
	workers[0].switched = result.clock_step = true;
	assert_flags("oversubscribed+shared-reclaim+multiplexed+migrated+switched+clock-step");
}

/* Of the round that met it all rows, after what they are flagged with already; no other. */
static void test_steal(void **state)
{
	const char *text;

	(void)state;
	assert_int_equal(record_open(&record, scratch, &counting, &err), 0);
	for (unsigned round = 1; round <= 3; round++) {
		window.round = round;
		workers[1].switched = false;
		add(0);
		workers[1].switched = true;
		add(2);
		assert_int_equal(record_round(&record, round == 2, &err), 0);
	}
	assert_int_equal(record_close(&record, &err), 0);
	text = scratch_read("samples.csv");
	check_lines(text);
	for (unsigned round = 1; round <= 3; round++) {
		static const char *const ends[] = { ",", ",steal", ",switched", ",switched+steal" };

		for (unsigned row = 0; row < 2; row++) {
			const char *end = ends[2 * row + (round == 2)];

			text = strchr(text, '\n') + 1;
			assert_int_equal(text[2] - '0', round);
			assert_memory_equal(strchr(text, '\n') + 1 - strlen(TAIL) - strlen(end), end,
					    strlen(end));
		}
	}
}

static void test_big_numbers_are_whole(void **state)
{
	(void)state;
	workers[1].ops = workers[3].ops = 6000000000000000000ull;
	workers[0].counters[COUNTER_CYCLES] = 123456789012345;
	result.batch_ops = UINT64_MAX;
	assert_non_null(strstr(row(), ",18446744073709551615,12000000000000000000,2,2000,"));
	assert_non_null(strstr(row(), ",123456789012351,46,"));
}

/* The order of the rows in the file, as the first letters of their strategies. */
static const char *order(void)
{
	static char letters[64];
	const char *text = scratch_read("samples.csv");
	unsigned n = 0;

	assert_memory_equal(text, header, strlen(header));
	assert_null(strstr(text + 1, "launch,round"));
	check_lines(text);
	while ((text = strstr(text, ",swap,")) != NULL) {
		text += strlen(",swap,");
		letters[n++] = *text;
	}
	letters[n] = '\0';
	return letters;
}

/* As the plan has the points, whatever order they were measured in. */
static void test_rows_in_the_plan_order(void **state)
{
	static const unsigned shuffled[][3] = { { 2, 0, 1 }, { 1, 2, 0 }, { 0, 1, 2 } };

	(void)state;
	assert_int_equal(record_open(&record, scratch, &counting, &err), 0);
	for (unsigned i = 0; i < 3; i++) {
		for (unsigned j = 0; j < 3; j++)
			add(shuffled[i][j]);
		assert_int_equal(record_round(&record, false, &err), 0);
	}
	assert_string_equal(order(), "anranranr");
	/* A smaller group after a larger one. */
	group.nr_cells = 1;
	add(0);
	assert_int_equal(record_round(&record, false, &err), 0);
	group.nr_cells = 3;
	add(2);
	assert_int_equal(record_round(&record, false, &err), 0);
	assert_int_equal(record_close(&record, &err), 0);
	assert_string_equal(order(), "anranranrar");
	assert_non_null(strstr(scratch_read("samples.csv"), ",none,gcc,floor,"));
	assert_non_null(strstr(scratch_read("samples.csv"), ",refcount,aa,control,"));
}

static void test_whole_rounds_or_nothing(void **state)
{
	(void)state;
	assert_int_equal(record_open(&record, scratch, &counting, &err), 0);
	add(0);
	add(2);
	assert_string_equal(order(), "");
	record_drop(&record);
	assert_int_equal(record_round(&record, false, &err), 0);
	assert_string_equal(order(), "");
	add(1);
	assert_int_equal(record_round(&record, false, &err), 0);
	assert_string_equal(order(), "n");
	add(0);
	assert_int_equal(record_close(&record, &err), 0);
	assert_string_equal(order(), "n");
}

static void test_appends_without_a_second_header(void **state)
{
	(void)state;
	for (unsigned launch = 0; launch < 3; launch++) {
		assert_int_equal(record_open(&record, scratch, &counting, &err), 0);
		add(0);
		add(1);
		assert_int_equal(record_round(&record, false, &err), 0);
		assert_int_equal(record_close(&record, &err), 0);
	}
	assert_string_equal(order(), "ananan");
}

static void assert_says(int code, const char *text)
{
	assert_true(code < 0);
	assert_non_null(strstr(err.text, text));
	assert_non_null(strstr(err.text, strerror(-code)));
	assert_null(strchr(err.text, '\n'));
}

static void test_what_cannot_be_written(void **state)
{
	const struct registry registry = { entries, 3 };

	(void)state;
	assert_says(record_open(&record, scratch_path("none"), &counting, &err), "/none/samples.csv");
	assert_says(record_holes(scratch_path("none"), &registry, &err), "/none/holes.csv");
	assert_int_equal(mkdir(scratch_path("samples.csv"), 0755), 0);
	assert_says(record_open(&record, scratch, &counting, &err), "/samples.csv");
	assert_int_equal(rmdir(scratch_path("samples.csv")), 0);
	/* A full disk, at once and later. */
	assert_int_equal(symlink("/dev/full", scratch_path("samples.csv")), 0);
	assert_says(record_open(&record, scratch, &counting, &err), "/samples.csv");
	assert_int_equal(unlink(scratch_path("samples.csv")), 0);
	assert_int_equal(record_open(&record, scratch, &counting, &err), 0);
	assert_int_equal(dup2(open("/dev/full", O_WRONLY), record.fd), record.fd);
	add(0);
	assert_says(record_round(&record, false, &err), "samples.csv");
	close(record.fd);
	free(record.rows);
	assert_int_equal(chmod(scratch, 0555), 0);
	if (geteuid())
		assert_says(record_open(&record, scratch, &counting, &err), "/samples.csv");
	assert_int_equal(chmod(scratch, 0755), 0);
}

static void test_holes(void **state)
{
	const struct registry registry = { entries, 3 };

	(void)state;
	assert_int_equal(record_holes(scratch, &registry, &err), 0);
	assert_string_equal(scratch_read("holes.csv"),
			    "workload,strategy,variant,setting,reason\n"
			    "swap,atomic,gcc,churn,never frees\n"
			    "swap,refcount,aa,held,one\n"
			    "swap,refcount,aa,churn,other\n");
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, prepare, scratch_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(test_all_columns),
		IN_SCRATCH(test_kinds),
		IN_SCRATCH(test_absent_figures_are_empty),
		IN_SCRATCH(test_flags),
		IN_SCRATCH(test_steal),
		IN_SCRATCH(test_big_numbers_are_whole),
		IN_SCRATCH(test_rows_in_the_plan_order),
		IN_SCRATCH(test_whole_rounds_or_nothing),
		IN_SCRATCH(test_appends_without_a_second_header),
		IN_SCRATCH(test_what_cannot_be_written),
		IN_SCRATCH(test_holes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
