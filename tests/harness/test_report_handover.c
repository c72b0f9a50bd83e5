/*
 * Tests of what a report says of hand-overs that did not stay what they were.
 *
 * SPDX-License-Identifier: MIT
 */
#include "run_folder.h"

static const char *page;

static void reported(const char *virtualisation, const char *again)
{
	char meta[1024];
	struct error err;

	snprintf(meta, sizeof(meta), "{\"status\":\"complete\",\"machine\":{\"pus\":2,\"virtualisation\":\"%s\"},"
		 "\"handover\":{\"cores\":2,\"chosen\":2,\"ns\":{\"core\":60},\"again\":%s}}", virtualisation, again);
	file_put("meta.json", meta);
	rows_usual("faster");
	assert_int_equal(report_write(dir, &err), 0);
	page = file_get("report.html");
}

static bool says(const char *text)
{
	return strstr(page, text);
}

static void two_distances_are_told(void **state)
{
	(void)state;
	reported("virtual machine", "{\"core\":[42,43,200,41,201,44,43,199]}");
	assert_true(says("a cache line took 42 ns to another core before some launches and 200 ns before "
			 "others, as where a hypervisor moves virtual processors."));
	assert_true(says("Pin them on the host"));
	assert_true(says("before each of 8 launches, to another core"));
	assert_true(says("42 to 200 ns, median 43.5 ns"));
	assert_non_null(strstr(file_get("report.md"), "> The machine changed during the run"));
}

static void on_a_machine_of_its_own_too(void **state)
{
	(void)state;
	reported("none seen", "{\"SMT\":[9,9,9,9,9,9],\"package\":[100,100,300,300,300,100]}");
	assert_true(says("100 ns to another package before some launches and 300 ns before others. "));
	assert_true(says("doctor may tell why"));
	assert_false(says("hypervisor"));
	assert_true(says("9 to 9 ns, median 9 ns"));
}

/* One launch may be off, and one not measured. */
static void what_stays_is_no_warning(void **state)
{
	(void)state;
	reported("virtual machine", "{\"core\":[42,43,200,null,41,45,44,43]}");
	assert_false(says("The machine changed"));
	assert_true(says("before each of 7 launches, to another core"));
}

static void few_launches_tell_nothing(void **state)
{
	(void)state;
	reported("virtual machine", "{\"core\":[42,200,43,201,44]}");
	assert_false(says("The machine changed"));
	assert_false(says("before each of"));
}

static void nonsense_is_passed_over(void **state)
{
	(void)state;
	reported("virtual machine", "{\"core\":{\"a\":[1]},\"<b>\":[\"1\",2,[3],4,5,6,7,800,900,1e308,-5]}");
	assert_true(says("before each of 7 launches, &lt;b&gt;"));
	assert_true(says("took 4 ns &lt;b&gt; before some launches and 800 ns before others"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(two_distances_are_told),
		IN_FOLDER(on_a_machine_of_its_own_too),
		IN_FOLDER(what_stays_is_no_warning),
		IN_FOLDER(few_launches_tell_nothing),
		IN_FOLDER(nonsense_is_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
