/*
 * Tests of harness/options.c: command lines that are taken, and what the refused ones are told.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/options.h"

#define MAX_WORDS 32

static struct error err;

/* Parses a line of words parted by blanks; '' is an empty word. */
static int parse(struct options *options, const char *line)
{
	static char text[1024];
	char *words[MAX_WORDS + 2] = { (char *)"krefbench" };
	int n = 1;

	snprintf(text, sizeof(text), "%s", line);
	for (char *word = strtok(text, " "); word && n <= MAX_WORDS; word = strtok(NULL, " "))
		words[n++] = strcmp(word, "''") != 0 ? word : (char *)"";
	memset(&err, 0, sizeof(err));
	memset(options, 0xff, sizeof(*options));
	return options_parse(options, n, words, &err);
}

static void good(struct options *options, const char *line)
{
	if (parse(options, line))
		fail_msg("\"%s\" refused: %s", line, err.text);
}

/* meta.json tells them in the order in which they were typed. */
static void test_words_stay(void **state)
{
	char *words[] = { (char *)"krefbench", (char *)"report", (char *)"--quick", (char *)"x", NULL };
	struct options options;

	(void)state;
	options_parse(&options, 4, words, &err);
	assert_string_equal(words[1], "report");
	assert_string_equal(words[2], "--quick");
	assert_string_equal(words[3], "x");
}

static void test_counters(void **state)
{
	struct options options;

	(void)state;
	good(&options, "");
	assert_int_equal(options.nr_counters, 0);
	good(&options, "--counters x --counters rfo_hitm,spr::OCR:DEMAND_RFO_L3_HIT:c=1,page-faults");
	assert_int_equal(options.nr_counters, 3);
	assert_string_equal(options.counters[0], "rfo_hitm");
	assert_string_equal(options.counters[1], "spr::OCR:DEMAND_RFO_L3_HIT:c=1");
	assert_string_equal(options.counters[2], "page-faults");
	good(&options, "--counters a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p");
	assert_int_equal(options.nr_counters, 16);
}

static void test_defaults(void **state)
{
	struct options options;

	(void)state;
	good(&options, "");
	assert_int_equal(options.command, COMMAND_MEASURE);
	assert_false(options.quick || options.use_malloc || options.seed_given);
	assert_null(options.filter);
	assert_null(options.directory);
	assert_int_equal(options.threads.nr + options.objects.nr + options.work_ns.nr, 0);
	assert_true(options.placements[PLACE_COMPACT]);
	assert_false(options.placements[PLACE_SCATTER] || options.placements[PLACE_ONE_PER_CORE]);
	assert_false(options.placement_given);
	assert_int_equal(options.nr_cpus, 0);
	assert_null(options.topology);
	assert_int_equal(options.launches, 0);
	assert_true(options.precision == 0.01);
	assert_int_equal(options.budget_s, 0);
	assert_int_equal(options.launch, 0);
}

static void assert_values(const struct option_values *list, unsigned nr, const unsigned *values)
{
	assert_int_equal(list->nr, nr);
	for (unsigned i = 0; i < nr; i++)
		assert_int_equal(list->values[i], values[i]);
}

static void test_each_option(void **state)
{
	struct options options;

	(void)state;
	good(&options, "--filter get.*put --threads 4,1,2 --objects=16 --work 0,100 --replace 0,10 "
	     "--variant clang,gcc "
	     "--layout padded,packed --placement "
	     "one-per-core,scatter --node 3 --alloc malloc --launches 20 --budget 10m --seed 7 --out d/e "
	     "--quick");
	assert_int_equal(options.command, COMMAND_MEASURE);
	assert_string_equal(options.filter, "get.*put");
	assert_values(&options.threads, 3, (const unsigned[]){ 4, 1, 2 });
	assert_values(&options.objects, 1, (const unsigned[]){ 16 });
	assert_values(&options.work_ns, 2, (const unsigned[]){ 0, 100 });
	assert_values(&options.replace, 2, (const unsigned[]){ 0, 10 });
	assert_true(options.packed && options.padded);
	assert_int_equal(options.nr_variants, 2);
	assert_int_equal(options.variants[0], VARIANT_CLANG);
	assert_int_equal(options.variants[1], VARIANT_GCC);
	assert_false(options.placements[PLACE_COMPACT]);
	assert_true(options.placements[PLACE_SCATTER] && options.placements[PLACE_ONE_PER_CORE]);
	assert_true(options.use_malloc && options.quick && options.seed_given);
	assert_int_equal(options.home.policy, HOME_NODE);
	assert_int_equal(options.home.node, 3);
	assert_int_equal(options.launches, 20);
	assert_int_equal(options.budget_s, 600);
	assert_int_equal(options.seed, 7);
	assert_string_equal(options.directory, "d/e");
	assert_int_equal(options.launch, 0);
}

static void test_commands(void **state)
{
	struct options options;

	(void)state;
	good(&options, "--list");
	assert_int_equal(options.command, COMMAND_LIST);
	good(&options, "plan");
	assert_int_equal(options.command, COMMAND_PLAN);
	good(&options, "--threads 4 plan --topology m.xml --placement same-l3");
	assert_int_equal(options.command, COMMAND_PLAN);
	assert_string_equal(options.topology, "m.xml");
	assert_true(options.placements[PLACE_SAME_L3]);
	good(&options, "doctor");
	assert_int_equal(options.command, COMMAND_DOCTOR);
	good(&options, "report results/latest");
	assert_int_equal(options.command, COMMAND_REPORT);
	assert_string_equal(options.directory, "results/latest");
	good(&options, "report a b c --out d");
	assert_int_equal(options.command, COMMAND_BESIDE);
	assert_int_equal(options.nr_runs, 3);
	assert_string_equal(options.runs[0], "a");
	assert_string_equal(options.runs[2], "c");
	assert_string_equal(options.directory, "d");
	good(&options, "compare results/a results/b");
	assert_int_equal(options.command, COMMAND_COMPARE);
	assert_string_equal(options.directory, "results/a");
	assert_string_equal(options.other, "results/b");
	assert_true(isnan(options.fail_above));
	good(&options, "compare a b --fail-above 3%");
	assert_true(options.fail_above == 0.03);
	good(&options, "--fail-above=0.5% compare a b");
	assert_true(options.fail_above == 0.005);
}

static void test_list_of_processors(void **state)
{
	static const unsigned wanted[] = { 12, 4, 8, 9, 10, 11, 0 };
	struct options options;

	(void)state;
	good(&options, "--placement 12,4,8-11,0");
	assert_int_equal(options.nr_cpus, 7);
	assert_memory_equal(options.cpus, wanted, sizeof(wanted));
	for (unsigned p = 0; p < NR_PLACEMENTS; p++)
		assert_int_equal(options.placements[p], p == PLACE_LIST);
	assert_true(options.placement_given);
	good(&options, "--placement 3-3");
	assert_int_equal(options.nr_cpus, 1);
	good(&options, "--placement 0-4095");
	assert_int_equal(options.nr_cpus, 4096);
	/* The last one counts. */
	good(&options, "--placement 0,1 --placement e-cores,p-cores");
	assert_int_equal(options.nr_cpus, 0);
	assert_false(options.placements[PLACE_LIST]);
	assert_true(options.placements[PLACE_P_CORES] && options.placements[PLACE_E_CORES]);
	good(&options, "--placement 0,1 --placement 2");
	assert_int_equal(options.nr_cpus, 1);
}

/* Later ones win: a launch is started with the run's own words and some more. */
static void test_later_options_win(void **state)
{
	struct options options;

	(void)state;
	good(&options, "--out a --seed 1 --threads 1,2 --launches 5 --out b --seed 2 --threads 4");
	assert_string_equal(options.directory, "b");
	assert_int_equal(options.seed, 2);
	assert_values(&options.threads, 1, (const unsigned[]){ 4 });
	good(&options, "--alloc malloc --alloc pool --placement scatter --placement compact --node 3 "
	     "--node remote");
	assert_int_equal(options.home.policy, HOME_REMOTE);
	assert_false(options.use_malloc);
	assert_false(options.placements[PLACE_SCATTER]);
	assert_true(options.placements[PLACE_COMPACT]);
}

static void test_numbers(void **state)
{
	struct options options;

	(void)state;
	good(&options, "--quick");
	assert_int_equal(options.launches, 3);
	good(&options, "--launches 7 --quick");
	assert_int_equal(options.launches, 7);
	good(&options, "--seed 9223372036854775807");
	assert_true(options.seed == INT64_MAX);
	good(&options, "--seed 0");
	assert_true(options.seed_given && options.seed == 0);
	good(&options, "--threads 4096 --objects 65536 --work 1000000 --launches 1000");
	assert_values(&options.threads, 1, (const unsigned[]){ 4096 });
	good(&options, "--precision 0.5%");
	assert_true(options.precision == 0.005);
	good(&options, "--precision 2");
	assert_true(options.precision == 0.02);
	good(&options, "--budget 90");
	assert_int_equal(options.budget_s, 90);
	good(&options, "--budget 90s");
	assert_int_equal(options.budget_s, 90);
	good(&options, "--budget 168h");
	assert_int_equal(options.budget_s, 604800);
}

static const struct {
	const char *line, *option, *accepted;
} refused[] = {
	{ "--thread-count 4", "--thread-count", "--help lists the options" },
	{ "--quick --nonsense=4", "--nonsense=4", "--help lists the options" },
	{ "-x", "-x", "--help lists the options" },
	{ "--quick -abc", "-a", "--help lists the options" },
	{ "--seed 4 -x --list", "-x", "--help lists the options" },
	{ "--quick=3", "--quick=3", "takes no value" },
	{ "--list=all", "--list=all", "takes no value" },
	{ "--l", "--l", "--help lists the options" },	/* ambiguous */
	{ "--threads", "--threads", "needs a value" },
	{ "--quick --filter", "--filter", "needs a value" },
	{ "--out", "--out", "needs a value" },
	{ "--threads --quick", "--threads", "list such as 1,2,4" },
	{ "--threads 0", "--threads", "from 1 to 4096" },
	{ "--threads -1", "--threads", "from 1 to 4096" },
	{ "--threads +1", "--threads", "from 1 to 4096" },
	{ "--threads 4097", "--threads", "from 1 to 4096" },
	{ "--threads 1,,2", "--threads", "list such as 1,2,4" },
	{ "--threads ,1", "--threads", "list such as 1,2,4" },
	{ "--threads 1,2,", "--threads", "list such as 1,2,4" },
	{ "--threads ''", "--threads", "list such as 1,2,4" },
	{ "--threads 1;2", "--threads", "list such as 1,2,4" },
	{ "--threads two", "--threads", "list such as 1,2,4" },
	{ "--threads 0x10", "--threads", "list such as 1,2,4" },
	{ "--threads 1.5", "--threads", "list such as 1,2,4" },
	{ "--threads 1,2,1", "--threads", "names 1 twice" },
	{ "--threads 4294967297", "--threads", "from 1 to 4096" },
	{ "--threads 18446744073709551617", "--threads", "from 1 to 4096" },
	{ "--objects 0", "--objects", "from 1 to 65536" },
	{ "--objects 65537", "--objects", "from 1 to 65536" },
	{ "--work 1000001", "--work", "from 0 to 1000000" },
	{ "--replace 1001", "--replace", "from 0 to 1000" },
	{ "--variant gcc,tcc", "--variant", "\"tcc\" is none of gcc, clang" },
	{ "--variant gcc,gcc", "--variant", "gcc twice" },
	{ "--variant gcc,", "--variant", "\"\" is none of" },
#ifndef __aarch64__
	{ "--variant lse", "--variant", "lse: is for arm64 only" },
#endif
	{ "--layout tight", "--layout", "none of padded, packed" },
	{ "--layout packed,", "--layout", "none of padded, packed" },
	{ "--work 0x10", "--work", "list such as 1,2,4" },
	{ "--work 5,0,5", "--work", "names 5 twice" },
	{ "--placement ''", "--placement", "compact, scatter, one-per-core" },
	{ "--placement dense", "--placement", "compact, scatter, one-per-core" },
	{ "--placement compact,", "--placement", "compact, scatter, one-per-core" },
	{ "--placement compact,,scatter", "--placement", "compact, scatter, one-per-core" },
	{ "--placement compac", "--placement", "compact, scatter, one-per-core" },
	{ "--placement compact+scatter", "--placement", "compact, scatter, one-per-core" },
	{ "--placement scatter,compact,scatter", "--placement", "names scatter twice" },
	{ "--placement cpus", "--placement", "e-cores, and no list of processors" },
	{ "--placement compact,0", "--placement", "\"0\": a list of processors takes no names" },
	{ "--placement 0,compact", "--placement", "with which no names go" },
	{ "--placement 0,", "--placement", "list such as 0,4,8-11" },
	{ "--placement 0,,1", "--placement", "list such as 0,4,8-11" },
	{ "--placement 4-", "--placement", "list such as 0,4,8-11" },
	{ "--placement 4-2", "--placement", "list such as 0,4,8-11" },
	{ "--placement 4-6-8", "--placement", "list such as 0,4,8-11" },
	{ "--placement 0x1", "--placement", "list such as 0,4,8-11" },
	{ "--placement 99999999999", "--placement", "list such as 0,4,8-11" },
	{ "--placement 1,0-2", "--placement", "names processor 1 twice" },
	{ "--placement 0-4096", "--placement", "more than 4096 processors" },
	{ "--placement 0-4095,5000", "--placement", "more than 4096 processors" },
	{ "--topology a.xml", "--topology", "is an option of plan" },
	{ "ab --topology a.xml", "--topology", "is an option of plan" },
	{ "report a --topology a.xml", "--topology", "is an option of plan" },
	{ "plan --topology ''", "--topology", "is empty" },
	{ "plan a.xml", "plan", "takes options only" },
	{ "plan --list", "plan", "takes no --list" },
	{ "plan --fail-above 3%", "--fail-above", "compare A B" },
	{ "--counters ''", "--counters", "not a list of names" },
	{ "--counters a,,b", "--counters", "not a list of names" },
	{ "--counters a,", "--counters", "not a list of names" },
	{ "--counters a;b", "--counters", "not a list of names" },
	{ "--counters \"a\"", "--counters", "not a list of names" },
	{ "--counters a,b,a", "--counters", "names a twice" },
	{ "--counters a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q", "--counters", "more than 16 names" },
	{ "--counters xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
	  "--counters", "not a list of names" },
	{ "--alloc ''", "--alloc", "neither pool nor malloc" },
	{ "--node near", "--node", "none of local, remote, interleave" },
	{ "--node -1", "--node", "none of local, remote, interleave" },
	{ "--node 1024", "--node", "none of local, remote, interleave" },
	{ "--node 1,0", "--node", "none of local, remote, interleave" },
	{ "--alloc mallocs", "--alloc", "neither pool nor malloc" },
	{ "--launches 0", "--launches", "from 1 to 1000" },
	{ "--launches 1001", "--launches", "from 1 to 1000" },
	{ "--launches 3,4", "--launches", "from 1 to 1000" },
	{ "--launches -3", "--launches", "from 1 to 1000" },
	{ "--precision 0", "--precision", "from 0.01% to 50%" },
	{ "--precision 51%", "--precision", "from 0.01% to 50%" },
	{ "--precision -1%", "--precision", "from 0.01% to 50%" },
	{ "--precision 1%%", "--precision", "from 0.01% to 50%" },
	{ "--precision nan", "--precision", "from 0.01% to 50%" },
	{ "--precision ''", "--precision", "from 0.01% to 50%" },
	{ "--precision 1% --launches 12", "--precision", "goes on until" },
	{ "--precision 1% --quick", "--precision", "goes on until" },
	{ "--budget 0", "--budget", "such as 90s, 10m or 2h" },
	{ "--budget 10d", "--budget", "such as 90s, 10m or 2h" },
	{ "--budget 1h30m", "--budget", "such as 90s, 10m or 2h" },
	{ "--budget m", "--budget", "such as 90s, 10m or 2h" },
	{ "--budget -5m", "--budget", "such as 90s, 10m or 2h" },
	{ "--budget 169h", "--budget", "at most 168h" },
	{ "--budget 604801", "--budget", "at most 168h" },
	{ "--budget 5124095576030432h", "--budget", "at most 168h" },
	{ "--seed seven", "--seed", "from 0 to 9223372036854775807" },
	{ "--seed 18446744073709551616", "--seed", "from 0 to 9223372036854775807" },
	{ "--seed -1", "--seed", "from 0 to 9223372036854775807" },
	{ "--seed 1.0", "--seed", "from 0 to 9223372036854775807" },
	{ "--filter ''", "--filter", "is empty" },
	{ "--out ''", "--out", "is empty" },
	{ "--launch 0", "--launch", "from 1 to 1000" },
	{ "report", "report", "takes one folder" },
	{ "report a ''", "report", "takes one folder" },
	{ "report a --out b", "report", "and no options; or several, and --out" },
	{ "report a b --quick", "report", "no option but --out" },
	{ "report 1 2 3 4 5 6 7 8 9", "report", "at most 8 runs, here are 9" },
	{ "compare a b --out c", "compare", "no option but --fail-above" },
	{ "doctor --out c", "doctor", "takes nothing else" },
	{ "report ''", "report", "takes one folder" },
	{ "compare", "compare", "takes two folders" },
	{ "compare a", "compare", "takes two folders" },
	{ "compare a b c", "compare", "takes two folders" },
	{ "compare a ''", "compare", "takes two folders" },
	{ "compare a b --quick", "compare", "no option but --fail-above" },
	{ "compare a b --fail-above", "--fail-above", "needs a value" },
	{ "compare a b --fail-above %", "--fail-above", "from 0% to 1000%" },
	{ "compare a b --fail-above ''", "--fail-above", "from 0% to 1000%" },
	{ "compare a b --fail-above -3%", "--fail-above", "from 0% to 1000%" },
	{ "compare a b --fail-above nan%", "--fail-above", "from 0% to 1000%" },
	{ "compare a b --fail-above 1.2.3%", "--fail-above", "from 0% to 1000%" },
	{ "compare a b --fail-above 3%%", "--fail-above", "from 0% to 1000%" },
	{ "compare a b --fail-above 1001%", "--fail-above", "from 0% to 1000%" },
	{ "--fail-above 3%", "--fail-above", "compare A B" },
	{ "report a --fail-above 3%", "--fail-above", "compare A B" },
	{ "measure", "measure", "accepted: report DIR" },
	{ "doctor who", "doctor", "takes nothing else" },
	{ "--quick doctor", "doctor", "takes nothing else" },
	{ "doctors", "doctors", "compare A B, ab, plan, doctor" },
	{ "results/latest", "results/latest", "accepted: report DIR" },
	{ "--quick reports a", "reports", "accepted: report DIR" },
	{ "''", "\"\"", "accepted: report DIR" },
};

static void test_refusals(void **state)
{
	struct options options;

	(void)state;
	for (unsigned i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		const char *line = refused[i].line, *accepted = refused[i].accepted;

		if (parse(&options, line) != -EINVAL)
			fail_msg("\"%s\" is taken", line);
		if (!strstr(err.text, refused[i].option) || !strstr(err.text, accepted))
			fail_msg("\"%s\": \"%s\" does not say \"%s\" and \"%s\"", line, err.text,
				 refused[i].option, accepted);
		assert_null(strchr(err.text, '\n'));
		assert_null(strstr(err.text, "krefbench"));
	}
}

/* 64 values are taken, 65 not. */
static void test_too_many_values(void **state)
{
	struct options options;
	char line[512] = "--threads 1";

	(void)state;
	for (unsigned i = 2; i <= OPTIONS_MAX_VALUES; i++)
		snprintf(line + strlen(line), sizeof(line) - strlen(line), ",%u", i);
	good(&options, line);
	assert_int_equal(options.threads.nr, OPTIONS_MAX_VALUES);
	strcat(line, ",100");
	assert_int_equal(parse(&options, line), -EINVAL);
	assert_non_null(strstr(err.text, "--threads: more than 64 values"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_stay),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_counters),
		cmocka_unit_test(test_each_option),
		cmocka_unit_test(test_list_of_processors),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_later_options_win),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_too_many_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
