/*
 * Tests of harness/cut.c: wherever a run was killed, all whole rounds are kept and nothing else is.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/harness/killed.h"

#include "harness/cut.h"

static const struct options options = { .launches = NR_LAUNCHES };
static struct schedule schedule;
static struct cut cut;
static struct error err;

static int begin(void **state)
{
	cut = (struct cut){ .group = -1 };
	killed_plant();
	return scratch_open(state) || schedule_open(&schedule, &killed_plan, &options, &err);
}

static int end(void **state)
{
	cut_free(&cut);
	schedule_close(&schedule);
	return scratch_close(state);
}

static int make(unsigned done)
{
	cut_free(&cut);
	err.text[0] = '\0';
	return cut_make(&cut, &schedule, scratch, done, NR_LAUNCHES, &err);
}

/* The first write of a launch; behind the last: how many there are. */
static unsigned write_of(unsigned launch)
{
	unsigned i = 0;

	while (i < nr_killed_writes && killed_writes[i].launch < launch)
		i++;
	return i;
}

/* Kept of that launch are the writes up to there; of which group it has some rounds, and how many. */
static void assert_cut_is(unsigned done, unsigned writes)
{
	const struct killed_write *write;
	unsigned nr_whole = 0, kept = 0, rounds = 0;

	for (unsigned i = 0; i < writes; i++) {
		write = &killed_writes[i];
		rounds += write->round > 0;
		if (write->launch != done + 1)
			continue;
		nr_whole += write->file == LATENCY;
		kept = write->file == LATENCY ? 0 : write->round;
	}
	assert_int_equal(cut.launch, done + 1);
	assert_int_equal(cut.nr_rounds, rounds);
	assert_int_equal(cut.measured_ns, rounds * NR_CELLS * 500000ull);
	assert_int_equal(cut.nr_whole, nr_whole);
	for (unsigned g = 0; g < NR_GROUPS; g++)
		assert_int_equal(cut.whole[g], g < nr_whole);
	assert_int_equal(cut.group, kept ? (int)nr_whole : -1);
	assert_int_equal(cut.kept, kept);
	assert_int_equal(cut.planned, kept ? NR_ROUNDS : 0);
	assert_int_equal(killed_size(SAMPLES), killed_bytes(SAMPLES, writes));
	assert_int_equal(killed_size(LATENCY), killed_bytes(LATENCY, writes));
}

/* In each launch, in and after each write. */
static void test_wherever_it_was_killed(void **state)
{
	(void)state;
	for (unsigned done = 0; done < NR_LAUNCHES; done++)
		for (unsigned writes = done ? write_of(done + 1) : 0; writes < write_of(done + 2); writes++) {
			const size_t bytes = strlen(killed_writes[writes].text);

			/* Each cut is synced: not behind each byte, but each of a few near the ends. */
			for (size_t torn = 0; torn < bytes; torn += torn < 2 || torn + 14 > bytes ? 1 : 11) {
				killed_leave(writes, torn);
				if (make(done))
					fail_msg("%u writes and %zu bytes: %s", writes, torn, err.text);
				assert_cut_is(done, writes);
				assert_int_equal(cut.dropped_bytes, torn);
			}
		}
}

/* As after the last launch, of which only meta.json has yet to tell; and after one before it. */
static void test_launch_that_nobody_told_of(void **state)
{
	(void)state;
	for (unsigned done = 0; done < NR_LAUNCHES; done++) {
		killed_leave(write_of(done + 2), 0);
		assert_int_equal(make(done), 0);
		assert_cut_is(done, write_of(done + 2));
		assert_int_equal(cut.nr_groups, NR_GROUPS);
	}
	assert_int_equal(make(NR_LAUNCHES), 0);
	assert_int_equal(cut.nr_groups, 0);
	assert_int_equal(cut.group, -1);
	assert_int_equal(cut.dropped_bytes, 0);
}

static void test_no_files(void **state)
{
	(void)state;
	assert_int_equal(make(0), 0);
	assert_int_equal(cut.nr_rounds, 0);
	assert_int_equal(make(1), -EBADMSG);
	assert_int_equal(killed_size(SAMPLES), -1);
}

/* Nothing is cut where the answer is this. */
static void assert_refused(unsigned done, int code, const char *text)
{
	const long samples = killed_size(SAMPLES), latency = killed_size(LATENCY);
	const int ret = make(done);

	if (ret != code || !strstr(err.text, text) || strchr(err.text, '\n'))
		fail_msg("%d \"%s\", not %d \"%s\"", ret, err.text, code, text);
	assert_int_equal(killed_size(SAMPLES), samples);
	assert_int_equal(killed_size(LATENCY), latency);
}

/* A launch that meta.json tells to be whole is, or somebody has to look. */
static void test_whole_launch_that_lacks_rows(void **state)
{
	(void)state;
	for (unsigned writes = 0; writes < write_of(3); writes++) {
		killed_leave(writes, strlen(killed_writes[writes].text) / 2);
		assert_refused(2, -EBADMSG, "tells of 2 launches");
	}
	killed_leave(write_of(3), 0);
	assert_int_equal(make(2), 0);
	assert_refused(4, -EBADMSG, "launches_done");
}

static void assert_damage(unsigned in, const char *what, unsigned done, int code, const char *text)
{
	char *at = strstr(killed_writes[in].text, what);

	assert_non_null(at);
	*at = '\r';
	killed_leave(nr_killed_writes, 0);
	assert_refused(done, code, text);
	killed_plant();
}

static void test_damage_in_a_whole_launch(void **state)
{
	(void)state;
	assert_damage(write_of(2), "cas", 2, -EBADMSG, "samples.csv:");
	assert_damage(write_of(2) + 2, "cas", 2, -EBADMSG, "latency.csv:");
}

/* In the open one it is where the file ends. */
static void test_damage_in_the_open_launch(void **state)
{
	const unsigned round = write_of(3) + 3;

	(void)state;
	assert_int_equal(killed_writes[round].round, 1);
	*strstr(killed_writes[round].text, "cas") = '\r';
	killed_leave(round + 2, 0);
	assert_int_equal(make(2), 0);
	killed_plant();
	assert_cut_is(2, round);
}

/* A block of zeros, for rows that were not on the disk. */
static void test_zeros_after_a_loss_of_power(void **state)
{
	const unsigned round = write_of(3) + 1;
	static const char zeros[4096];
	FILE *file;

	(void)state;
	killed_leave(round, 10);
	file = fopen(scratch_path("samples.csv"), "a");
	assert_non_null(file);
	assert_int_equal(fwrite(zeros, sizeof(zeros), 1, file), 1);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(make(2), 0);
	assert_cut_is(2, round);
	assert_int_equal(cut.dropped_bytes, sizeof(zeros) + 10);
}

/* The launch as the disk has it where its pages got there in another order. */
static void assert_open_launch_is_dropped(unsigned lost, unsigned nr)
{
	for (unsigned i = 0; i < nr; i++)
		killed_writes[lost + i].text[0] = '\0';
	killed_leave(nr_killed_writes, 0);
	killed_plant();
	assert_int_equal(make(2), 0);
	assert_cut_is(2, write_of(3));
}

static void test_what_a_loss_of_power_took_in_the_middle(void **state)
{
	const unsigned first = write_of(3);

	(void)state;
	assert_int_equal(killed_writes[first + 2].file, LATENCY);
	/* The first group's last round; all its rounds; its samples of single ops, but not the next group's. */
	assert_open_launch_is_dropped(first + 1, 1);
	assert_open_launch_is_dropped(first, 2);
	assert_open_launch_is_dropped(first + 2, 1);
	assert_open_launch_is_dropped(first, 3);
	/* A round alone, with nothing behind its group: its single ops would be sampled twice. */
	nr_killed_writes = first + 3;
	killed_writes[first + 1].text[0] = '\0';
	killed_leave(nr_killed_writes, 0);
	killed_plant();
	assert_int_equal(make(2), 0);
	assert_cut_is(2, first);
}

/* One text for the other in a write of the last launch, to its end or not. */
static void assert_foreign(unsigned in, const char *from, const char *to)
{
	struct killed_write *write = &killed_writes[write_of(3) + in];
	char changed[sizeof(write->text)];
	const char *at = strstr(write->text, from);

	assert_non_null(at);
	snprintf(changed, sizeof(changed), "%.*s%s%s", (int)(at - write->text), write->text, to,
		 at + strlen(from));
	strcpy(write->text, changed);
	killed_leave(nr_killed_writes, 0);
	assert_refused(2, -EINVAL, ".csv:");
	killed_plant();
}

static void test_rows_of_another_plan(void **state)
{
	(void)state;
	assert_foreign(0, "3,1,1,3,2,one,", "3,1,1,3,2,three,");
	assert_foreign(0, "3,1,1,3,2,", "4,1,1,3,2,");
	assert_foreign(0, "3,1,1,3,2,", "0,1,1,3,2,");
	assert_foreign(0, "3,1,1,3,2,", "2,1,1,3,2,");
	assert_foreign(0, "3,1,1,3,2,", "3,2,1,3,2,");
	assert_foreign(0, "3,1,1,3,2,", "3,1,1,2,2,");
	assert_foreign(0, "3,1,1,3,2,", "3,1,1,0,2,");
	assert_foreign(0, "3,1,1,3,2,", "3,1,1,3,0,");
	assert_foreign(1, "3,2,1,3,2,", "3,2,1,3,1,");
	/* More than group.c has room for. */
	assert_foreign(0, "3,1,1,3,2,", "3,1,1,3,65,");
	assert_foreign(0, "3,1,1,3,2,", "3,1,1,3,18446744073709551615,");
	assert_foreign(0, ",500000,", ",1e19,");
	assert_foreign(0, "gcc,candidate,0,held,compact,1,", "gcc,candidate,0,held,compact,2,");
	assert_foreign(2, "3,one,", "3,three,");
	assert_foreign(2, "3,one,", "4,one,");
	assert_foreign(5, "3,two,", "3,one,");
	/* A line that went away with its end: the round has too few windows. */
	killed_writes[write_of(3)].text[strcspn(killed_writes[write_of(3)].text, "\n") + 1] = '\0';
	killed_leave(nr_killed_writes, 0);
	assert_refused(2, -EINVAL, "too few windows");
}

/* A header that is whole was never ours: no kill leaves it, and what follows is not ours to cut. */
static void test_other_files(void **state)
{
	(void)state;
	for (unsigned file = 0; file < NR_FILES; file++) {
		strcpy(killed_writes[file].text, "a,b\n1,2\n");
		killed_leave(write_of(1), 0);
		assert_refused(0, -EINVAL, killed_files[file]);
		killed_plant();
	}
}

/* Damage in one of the files does not make the other ours. */
static void test_damage_beside_another_file(void **state)
{
	const unsigned round = write_of(3) + 1;

	(void)state;
	*strstr(killed_writes[round].text, "cas") = '\r';
	strcpy(killed_writes[LATENCY].text, "a,b\n1,2\n");
	killed_leave(round + 2, 0);
	assert_refused(2, -EINVAL, killed_files[LATENCY]);
	killed_plant();
}

/* Cut is a file of the folder, never what a link leads to. */
static void test_links(void **state)
{
	(void)state;
	for (unsigned file = 0; file < NR_FILES; file++) {
		char *path = scratch_path(killed_files[file]);

		killed_leave(write_of(1), 0);
		scratch_write("precious", "no header, and no end of a line");
		assert_int_equal(unlink(path), 0);
		assert_int_equal(symlink("precious", path), 0);
		assert_int_equal(make(0), -ELOOP);
		assert_string_equal(scratch_read("precious"), "no header, and no end of a line");
		assert_int_equal(unlink(path), 0);
	}
}

/* A pipe, whose writer would be waited for for ever. */
static void test_pipes(void **state)
{
	(void)state;
	for (unsigned file = 0; file < NR_FILES; file++) {
		char *path = scratch_path(killed_files[file]);

		killed_leave(write_of(1), 0);
		assert_int_equal(unlink(path), 0);
		assert_int_equal(mkfifo(path, 0600), 0);
		assert_int_equal(make(0), -EINVAL);
		assert_non_null(strstr(err.text, "is no file"));
		assert_int_equal(unlink(path), 0);
	}
}

/* Groups that are precise enough have no rows in the launches of the second block. */
static void test_launches_of_another_block(void **state)
{
	static const struct options two = { .launches = 2 };

	(void)state;
	schedule_close(&schedule);
	assert_int_equal(schedule_open(&schedule, &killed_plan, &two, &err), 0);
	for (unsigned i = 0; i < killed_plan.nr_points; i++)
		schedule.points[i].measured = i < NR_CELLS;
	schedule.launches++;
	assert_int_equal(schedule_block_add(&schedule, 1), 0);
	killed_leave(write_of(3) + 3, 0);
	assert_int_equal(make(2), 0);
	assert_cut_is(2, write_of(3) + 3);
	assert_int_equal(cut.nr_groups, 1);
	assert_int_equal(make(3), 0);
	killed_leave(nr_killed_writes, 0);
	assert_refused(3, -EINVAL, "is no row of this run's plan");
}

/* It crashed after its rounds of launch 2, when its single ops were sampled; the others' are to be sampled still. */
static void test_single_ops_of_what_did_not_crash(void **state)
{
	const unsigned sampled = write_of(2) + NR_ROUNDS;

	(void)state;
	schedule_leave_out(&schedule, 2, 2);
	killed_leave(sampled, 0);
	assert_int_equal(make(1), 0);
	assert_cut_is(1, sampled);
	strchr(killed_writes[sampled].text, '\n')[1] = '\0';
	killed_leave(sampled + 1, 0);
	assert_int_equal(make(1), 0);
	assert_cut_is(1, sampled + 1);
	killed_plant();
	killed_leave(sampled + 1, 0);
	assert_refused(1, -EINVAL, "more rows than points");
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(test_wherever_it_was_killed),
		IN_SCRATCH(test_launch_that_nobody_told_of),
		IN_SCRATCH(test_no_files),
		IN_SCRATCH(test_whole_launch_that_lacks_rows),
		IN_SCRATCH(test_damage_in_a_whole_launch),
		IN_SCRATCH(test_damage_in_the_open_launch),
		IN_SCRATCH(test_zeros_after_a_loss_of_power),
		IN_SCRATCH(test_what_a_loss_of_power_took_in_the_middle),
		IN_SCRATCH(test_rows_of_another_plan),
		IN_SCRATCH(test_other_files),
		IN_SCRATCH(test_damage_beside_another_file),
		IN_SCRATCH(test_links),
		IN_SCRATCH(test_pipes),
		IN_SCRATCH(test_launches_of_another_block),
		IN_SCRATCH(test_single_ops_of_what_did_not_crash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
