/*
 * Tests of harness/resume*.c: a run that was killed is brought to where it was, or refused with its reason.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/harness/killed.h"

#include <math.h>

#include "harness/build_id.h"
#include "harness/machine.h"
#include "harness/meta.h"
#include "harness/results.h"
#include "harness/resume.h"
#include "harness/schedule_keep.h"
#include "tests/harness/topology.h"

enum { NR_ORDERS = 3 };

static const struct options options = { .launches = NR_LAUNCHES };
static struct place place;
static struct schedule schedule;
static struct orders orders;
static struct count_plan counting = { .nr = 1, .names = { "cycles" } };
static struct meta meta;
static struct cut cut;
static struct error err;
static json_t *written;		/* meta.json of the run */

/* The one of meta.c is not here. */
json_t *meta_utc_now(void)
{
	return json_string("now");
}

static void write_meta(void)
{
	assert_int_equal(json_dump_file(written, scratch_path("meta.json"), 0), 0);
}

static void open_run(void)
{
	assert_int_equal(schedule_open(&schedule, &killed_plan, &options, &err), 0);
	assert_int_equal(orders_open(&orders, scratch_path("program"), NR_GROUPS), 0);
	meta = (struct meta){
		.options = &options, .place = &place, .plan = &killed_plan, .schedule = &schedule,
		.counting = &counting, .nr_orders = NR_ORDERS, .host = "here",
	};
}

static void close_run(void)
{
	schedule_close(&schedule);
	orders_close(&orders);
	json_decref(meta.earlier);
	meta.earlier = NULL;
	cut_free(&cut);
	cut.whole = NULL;
}

static void write_programs(void)
{
	char name[16];

	scratch_write("program", "");
	for (unsigned i = 1; i <= NR_ORDERS; i++) {
		snprintf(name, sizeof(name), "program.%u", i);
		scratch_write(name, "");
		assert_int_equal(chmod(scratch_path(name), 0755), 0);
	}
}

static int begin(void **state)
{
	char id[BUILD_ID_TEXT_BYTES];

	if (scratch_open(state))
		return -1;
	killed_plant();
	killed_leave(nr_killed_writes, 0);
	write_programs();
	place_synthetic(&place, "package:1 core:2 pu:1");
	open_run();
	build_id_read(id);
	written = json_pack("{s:i, s:s, s:s, s:[s,s,s], s:i, s:s, s:i, s:i, s:f, s:o, s:{s:s, s:f, s:i}, s:{s:s}, s:[], s:[]}",
			    "format", RESULTS_FORMAT, "status", "running", "host", "here", "command", "./run.sh",
			    "--launches", "3", "seed", 77, "build_id", id, "link_orders", NR_ORDERS,
			    "launches_done", 2, "measuring_s", 2.5, "schedule", schedule_keep(&schedule),
			    "clock", "source", "tsc", "ticks_per_ns", 2.0, "max_offset_ns", 40,
			    "counters", "cycles", "none here", "resumed", "crashed");
	assert_non_null(written);
	machine_describe(written, &place);
	write_meta();
	return place_export(&place, scratch_path("topology.xml"), &err);
}

static int end(void **state)
{
	close_run();
	place_close(&place);
	json_decref(written);
	return scratch_close(state);
}

static int resume(void)
{
	err.text[0] = '\0';
	return resume_begin(scratch, &options, &meta, &schedule, &orders, &cut, &err);
}

static void test_facts(void **state)
{
	(void)state;
	killed_leave(nr_killed_writes - 3, 0);
	if (resume())
		fail_msg("%s", err.text);
	assert_int_equal(meta.facts.launches_done, 2);
	assert_int_equal(meta.facts.measuring_ns, 2500000000);
	assert_int_equal(meta.facts.measured_ns, cut.measured_ns);
	assert_string_equal(meta.facts.clock, "tsc");
	assert_true(meta.facts.ticks_per_ns == 2.0);
	assert_int_equal(meta.facts.max_offset_ns, 40);
	assert_string_equal(meta.facts.absent[0], "none here");
	assert_int_equal(json_array_size(json_object_get(meta.earlier, "resumed")), 1);
	assert_int_equal(cut.launch, 3);
	assert_int_equal(cut.nr_whole, 1);
}

/* The order of each launch that is to come, of a run that nobody killed; as its descriptor's place. */
static void unbroken_order(unsigned launch, char path[32])
{
	const bool all[NR_GROUPS] = { true, true };
	const char *order = "";

	close_run();
	open_run();
	for (unsigned i = 1; i <= launch; i++)
		order = orders_next(&orders, "program", all);
	snprintf(path, 32, "%s", order);
}

/* Wherever it is killed, also where a launch was whole that meta.json does not tell of. */
static void test_orders_are_those_of_an_unbroken_run(void **state)
{
	const bool all[NR_GROUPS] = { true, true };
	char wanted[32];

	(void)state;
	for (unsigned writes = 2; writes <= nr_killed_writes; writes++) {
		const unsigned told = writes <= 2 ? 0 : killed_writes[writes - 1].launch - 1;
		const unsigned whole = writes == 2 ? 0 : writes < nr_killed_writes ?
				       killed_writes[writes].launch - 1 : NR_LAUNCHES;

		unbroken_order(whole + 1, wanted);
		close_run();
		open_run();
		killed_leave(writes, 0);
		json_object_set_new(written, "launches_done", json_integer(told));
		write_meta();
		if (resume())
			fail_msg("%u writes: %s", writes, err.text);
		assert_int_equal(meta.facts.launches_done, whole);
		/* The descriptors are the same ones: those of the run before are closed. */
		assert_string_equal(orders_next(&orders, "program", all), wanted);
	}
}

/* A refusal that says so in a line, and touches nothing. */
static void assert_refused(int code, const char *text)
{
	const long samples = killed_size(SAMPLES);
	int ret;

	close_run();
	open_run();
	ret = resume();
	if (ret != code || !strstr(err.text, text) || strchr(err.text, '\n'))
		fail_msg("%d \"%s\", not %d \"%s\"", ret, err.text, code, text);
	assert_int_equal(killed_size(SAMPLES), samples);
}

/* With another value of meta.json, NULL for none; then with its own again. */
static void assert_refused_with(const char *name, json_t *value, int code, const char *text)
{
	json_t *before = json_deep_copy(json_object_get(written, name));

	if (value)
		json_object_set_new(written, name, value);
	else
		json_object_del(written, name);
	write_meta();
	assert_refused(code, text);
	json_object_set_new(written, name, before);
	write_meta();
}

static void test_another_program_or_machine(void **state)
{
	(void)state;
	assert_refused_with("build_id", json_string("00ff"), -EXDEV, "build id 00ff");
	assert_refused_with("build_id", NULL, -EXDEV, "build id unknown");
	assert_refused_with("build_id", json_integer(1), -EXDEV, "build id unknown");
	assert_refused_with("link_orders", json_integer(96), -EXDEV, "linked in 96 orders, here are 3");
	assert_refused_with("link_orders", NULL, -EXDEV, "orders");
	assert_refused_with("host", json_string("there"), -EXDEV, "its host");
	assert_refused_with("host", NULL, -EXDEV, "its host");
	assert_refused_with("kernel", json_string("0.01"), -EXDEV, "its kernel");
	/* What to put back is told: the other side of ab, whose name may be another commit's now; the header, of none. */
	json_object_set_new(written, "commit", json_string("00aa"));
	json_object_set_new(written, "toolchain", json_pack("[{s:s}, {s:s}]", "variant", "gcc",
							    "commit", "0123456789abcdef"));
	assert_refused_with("build_id", json_string("00ff"), -EXDEV, "let --rev name 0123456789ab and give");
	json_object_set_new(written, "strategy_header", json_string("/a/wide.h"));
	assert_refused_with("build_id", json_string("00ff"), -EXDEV, "restore /a/wide.h");
}

static void test_hostile_meta(void **state)
{
	static const double times[] = { -1, 1e9, 1e300 };

	(void)state;
	assert_refused_with("launches_done", NULL, -EBADMSG, "launches_done");
	assert_refused_with("launches_done", json_integer(-1), -EBADMSG, "launches_done");
	assert_refused_with("launches_done", json_integer(4), -EBADMSG, "launches_done");
	assert_refused_with("launches_done", json_integer(INT64_MAX), -EBADMSG, "launches_done");
	assert_refused_with("launches_done", json_string("1"), -EBADMSG, "launches_done");
	for (unsigned i = 0; i < sizeof(times) / sizeof(*times); i++)
		assert_refused_with("measuring_s", json_real(times[i]), -EBADMSG, "measuring_s");
	assert_refused_with("measuring_s", NULL, -EBADMSG, "measuring_s");
	assert_refused_with("measuring_s", json_string("2"), -EBADMSG, "measuring_s");
	assert_refused_with("schedule", json_array(), -EBADMSG, "does not tell how to go on");
	assert_refused_with("schedule", json_object(), -EBADMSG, "schedule");
	assert_refused_with("seed", json_integer(-1), -EBADMSG, "does not tell how to go on");
	assert_refused_with("seed", NULL, -EBADMSG, "does not tell how to go on");
	assert_refused_with("status", json_string("done"), -EBADMSG, "does not tell how to go on");
	assert_refused_with("status", json_string("void"), -EBADMSG, "is void");
	assert_refused_with("format", json_integer(RESULTS_FORMAT + 1), -EBADMSG, "another format");
	assert_refused_with("command", json_string("./run.sh"), -EBADMSG, "does not tell how to go on");
	assert_refused_with("command", json_array(), -EBADMSG, "does not tell how to go on");
	assert_refused_with("command", json_pack("[s,i]", "./run.sh", 7), -EBADMSG, "does not tell");
	/* run.sh would ask again, and again. */
	assert_refused_with("command", json_pack("[s,s,s]", "./run.sh", "--resume", "x"), -EBADMSG,
			    "does not tell");
	/* What only tells is passed on, whatever it is. */
	json_object_set_new(written, "clock", json_pack("{s:i, s:s, s:i}", "source", 7, "ticks_per_ns", "x",
						       "max_offset_ns", -5));
	json_object_set_new(written, "counters", json_array());
	json_object_set_new(written, "resumed", json_integer(7));
	write_meta();
	close_run();
	open_run();
	assert_int_equal(resume(), 0);
	assert_int_equal(json_array_size(json_object_get(meta.earlier, "resumed")), 1);
}

static int load(void)
{
	json_t *loaded;
	int ret;

	err.text[0] = '\0';
	ret = resume_load(&loaded, scratch, &err);
	json_decref(loaded);
	return ret;
}

static void test_which_runs_can_go_on(void **state)
{
	(void)state;
	assert_int_equal(load(), 0);
	json_object_set_new(written, "status", json_string("partial"));
	write_meta();
	assert_int_equal(load(), 0);
	/* It was killed before it had its report, or has all. */
	json_object_set_new(written, "status", json_string("complete"));
	write_meta();
	assert_int_equal(load(), 0);
	scratch_write("report.md", "");
	assert_int_equal(load(), -EALREADY);
	assert_non_null(strstr(err.text, "./run.sh report /tmp/"));
	/* Killed between two of its first files. */
	assert_int_equal(unlink(scratch_path("meta.json")), 0);
	assert_int_equal(load(), -ENOENT);
	assert_non_null(strstr(err.text, "meta.json"));
	scratch_write("samples.csv", "");
	assert_int_equal(load(), -ENOENT);
	assert_non_null(strstr(err.text, "remove the folder and begin again"));
}

/* It says what is compiled, and by which command. */
static void test_of_another_user(void **state)
{
	(void)state;
	if (geteuid()) {
		print_message("only root can give a file away\n");
		skip();
	}
	assert_int_equal(chown(scratch_path("meta.json"), 65534, 65534), 0);
	assert_int_equal(load(), -EPERM);
	assert_non_null(strstr(err.text, "another user's"));
}

/* Nor does the folder say whose file it is that a link names. */
static void test_of_a_link(void **state)
{
	(void)state;
	assert_int_equal(rename(scratch_path("meta.json"), scratch_path("elsewhere.json")), 0);
	assert_int_equal(symlink("elsewhere.json", scratch_path("meta.json")), 0);
	assert_int_equal(load(), -EBADMSG);
	assert_non_null(strstr(err.text, "meta.json: is a link"));
}

/* What an unbroken run keeps: the medians of all launches, by its own plan. */
static void test_values(void **state)
{
	const unsigned n = killed_plan.nr_points;
	double values[NR_LAUNCHES * NR_GROUPS * NR_CELLS];

	(void)state;
	for (unsigned i = 0; i < NR_LAUNCHES * n; i++)
		values[i] = NAN;
	killed_leave(nr_killed_writes - 3, 0);
	assert_int_equal(resume_values(scratch, &schedule, values, &err), 0);
	for (unsigned launch = 1; launch <= NR_LAUNCHES; launch++)
		for (unsigned group = 0; group < NR_GROUPS; group++)
			for (unsigned cell = 0; cell < NR_CELLS; cell++) {
				const double value = values[(launch - 1) * n + group * NR_CELLS + cell];

				if (launch == NR_LAUNCHES && group == NR_GROUPS - 1)
					assert_true(isnan(value));
				else
					assert_true(fabs(value - (killed_ns(launch, group, 1, cell) +
								  killed_ns(launch, group, 2, cell)) / 2) < 1e-9);
			}
	killed_leave(0, 0);
	assert_true(resume_values(scratch, &schedule, values, &err) < 0);
	assert_non_null(strstr(err.text, "samples.csv"));
}

static void test_other_words(void **state)
{
	char *same[] = { "program", "--launches", "3", NULL }, *fewer[] = { "program", "--launches", NULL };
	char *others[] = { "program", "--launches", "4", NULL };
	struct options typed = { .resumed = scratch };

	(void)state;
	assert_int_equal(resume_options(&typed, same, &err), 0);
	assert_int_equal(typed.seed, 77);
	assert_int_equal(resume_options(&typed, fewer, &err), -EINVAL);
	assert_int_equal(resume_options(&typed, others, &err), -EINVAL);
	assert_non_null(strstr(err.text, "other options"));
	/* Words of a command that measures nothing, or measures something else. */
	typed.command = COMMAND_PLAN;
	assert_int_equal(resume_options(&typed, same, &err), -EBADMSG);
	typed.command = COMMAND_PROFILE;
	assert_int_equal(resume_options(&typed, same, &err), -EBADMSG);
	/* Those that harness/ab.sh appended are not the user's. */
	typed.command = COMMAND_AB;
	assert_int_equal(resume_options(&typed, (char *[]){ "program", "--launches", "3", "--variant", "gcc,b",
							     NULL }, &err), 0);
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(test_facts),
		IN_SCRATCH(test_orders_are_those_of_an_unbroken_run),
		IN_SCRATCH(test_another_program_or_machine),
		IN_SCRATCH(test_hostile_meta),
		IN_SCRATCH(test_which_runs_can_go_on),
		IN_SCRATCH(test_of_another_user),
		IN_SCRATCH(test_of_a_link),
		IN_SCRATCH(test_values),
		IN_SCRATCH(test_other_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
