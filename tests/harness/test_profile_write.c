/*
 * Tests of what a profile says: of cache lines, of differences, and that a page holds no foreign markup.
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

#include "harness/profile_lines.h"
#include "harness/profile_write.h"

#define ARENA 0x20ea08034000

/* Objects of 64 bytes behind a head of 128, each with a count first. */
static bool field(const struct params *params, size_t offset, char *text, size_t bytes)
{
	(void)params;
	if (offset < 128 || offset % 64 >= 4)
		return false;
	snprintf(text, bytes, "refcount (byte %zu of 4) of object %zu", offset % 64,
		 (offset - 128) / 64);
	return true;
}

static size_t arena_bytes(const struct params *params)
{
	(void)params;
	return 4096;
}

static const struct workload cell = { .bytes = arena_bytes, .field = field };

/* As perf 5.16 prints it on x86, shortened. */
static const char hitm[] =
	"=================================================\n"
	"           Shared Data Cache Line Table          \n"
	"=================================================\n"
	"      0      0x20ea08034080     0    1734  100.00%     2096     2092        4\n"
	"=================================================\n"
	"      Shared Cache Line Distribution Pareto      \n"
	"=================================================\n"
	"#\n"
	"#        ----- HITM -----  ------- Store Refs ------  --------- Data address ---------\n"
	"#   Num  RmtHitm  LclHitm   L1 Hit  L1 Miss      N/A              Offset  Node  PA cnt\n"
	"# .....  .......  .......  .......  .......  .......  ..................  ....  ......\n"
	"#\n"
	"  ----------------------------------------------------------------------\n"
	"      0        4     2092       10        0        0      0x20ea08034080\n"
	"  ----------------------------------------------------------------------\n"
	"          75.00%   50.00%    0.00%    0.00%    0.00%                 0x0     0       1  "
	"    0x55c8971ed3e9       863      1313  [.] getput_run  krefbench  refcount.h:68   0\n"
	"          25.00%   50.00%    0.00%    0.00%    0.00%                 0x8     0       1  "
	"    0x55c8971ed3f9       863      1313  [.] getput_run  krefbench  refcount.h:80   0\n"
	"           0.00%    0.00%  100.00%    0.00%    0.00%                 0x4     0       1  "
	"    0x55c8971ed3f9       863      1313  [.] getput_run  krefbench  refcount.h:80   0\n"
	"\n"
	"  ----------------------------------------------------------------------\n"
	"      1        0        7        0        0        0      0x7ffe08034000\n"
	"  ----------------------------------------------------------------------\n"
	"           0.00%  100.00%    0.00%    0.00%    0.00%                0x10     0       1  "
	"    0xffffffff81000000       863      1313  [k] futex_wait  [kernel.kallsyms]   0\n";

/* As perf 6.0 does on arm64. */
static const char peer[] =
	"        Shared Cache Line Distribution Pareto      \n"
	"#        ----- HITM -----    Snoop  ------- Store Refs ------  ----- Data address -----\n"
	"#   Num  RmtHitm  LclHitm     Peer   L1 Hit  L1 Miss  Any Lvl        Offset  Node  PA cnt\n"
	"    -------------------------------------------------------------------------------\n"
	"        0        0        0       99        0        0        0      0x20ea080340c0\n"
	"    -------------------------------------------------------------------------------\n"
	"             0.00%    0.00%   93.94%    0.00%    0.00%    0.00%                 0x0   N/A"
	"       0      0xaaaac17c3e88         0  [.] 0x0000000000003e88  krefbench[3e88]   0\n";

static int read_report(struct words *words, const char *text)
{
	const struct params params = { .workers = 2 };
	const struct lines_scene scene = { &cell, &params, ARENA };
	FILE *file = fmemopen((void *)text, strlen(text), "r");
	int error;

	assert_non_null(file);
	*words = (struct words){ .nr = 0 };
	error = lines_read(words, file, &scene);
	fclose(file);
	return error;
}

static void test_lines_are_told_by_field(void **state)
{
	struct words words;

	(void)state;
	assert_int_equal(read_report(&words, hitm), 0);
	assert_int_equal(words.nr, 3);
	assert_string_equal(words.lines[0], "refcount (byte 0 of 4) of object 0: 1049 of 2096 sampled "
			    "loads of its cache line (0x20ea08034080) that another core had to answer, "
			    "in getput_run.");
	assert_non_null(strstr(words.lines[1], "byte 136 of the objects' memory: 1047 of 2096"));
	assert_non_null(strstr(words.lines[2], "0x7ffe08034010, which is not in the objects' memory: 7 "
			       "of 7"));
	assert_non_null(strstr(words.lines[2], "in futex_wait"));
	words_free(&words);
}

static void test_lines_that_peers_answered(void **state)
{
	struct words words;

	(void)state;
	assert_int_equal(read_report(&words, peer), 0);
	assert_int_equal(words.nr, 1);
	assert_non_null(strstr(words.lines[0], "refcount (byte 0 of 4) of object 1: 93 of 99 "));
	words_free(&words);
}

static void test_nothing_moved(void **state)
{
	struct words words;

	(void)state;
	assert_int_equal(read_report(&words, "     Shared Cache Line Distribution Pareto\n#\n"), 0);
	assert_int_equal(words.nr, 1);
	assert_non_null(strstr(words.lines[0], "No cache line was seen to move"));
	words_free(&words);
	assert_int_equal(read_report(&words, "failed to open c2c.data\n"), -EBADMSG);
	words_free(&words);
}

static struct profile_instruction evil = { .text = (char *)"lock <b>", .atomic = true };

/* Of one sample, in code with names that would be markup. */
static void make(struct profile *profile, double ns, unsigned line)
{
	struct spot *spot = calloc(1, sizeof(*spot));

	assert_non_null(spot);
	*profile = (struct profile){ .told = { .ns_per_op = ns, .user_ns = 1, .interval_ns = 1 } };
	strcpy(profile->name, "getput/<script>@gcc");
	strcpy(profile->event.name, "cpu-clock");
	strcpy(profile->event.why, "no <pmu>");
	*spot = (struct spot){
		.symbol = strdup("f<i>"), .object = strdup("/lib/<x>.so"), .weight = 1, .samples = 1,
		.at = &evil, .instruction = &evil, .category = SPLIT_ATOMIC,
		.frames = calloc(1, sizeof(struct profile_frame)), .nr_frames = 1,
	};
	assert_non_null(spot->frames);
	*spot->frames = (struct profile_frame){ strdup("f<i>"), strdup("kref/<b>.h"), line };
	profile->spots = (struct spots){ spot, 1, 1, 1, 0 };
	assert_int_equal(profile_sum(profile), 0);
}

static char *page_of(const struct profile_page *page, bool html)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	if (html)
		assert_int_equal(profile_html(out, page), 0);
	else
		profile_text(out, page);
	fclose(out);
	return text;
}

static void test_pages(void **state)
{
	struct profile a, b;
	struct profile_page page = {
		.profiles = { &a, &b }, .nr = 2, .host = "<host>", .started_utc = "2026",
		.command = "./run.sh profile '<img>'",
	};
	char *html, *text;

	(void)state;
	make(&a, 40, 7);
	make(&b, 90, 8);
	words_add(&page.lines[0], "moved: <u>");
	html = page_of(&page, true);
	text = page_of(&page, false);
	for (const char *const *tag = (const char *const[]){ "<script", "<b>.h", "<i>", "<x>", "<pmu>",
							      "<host>", "<img>", "<u>", "lock <",
							      NULL }; *tag; tag++)
		if (strstr(html, *tag))
			fail_msg("%s is markup in the page", *tag);
	assert_non_null(strstr(html, "lock &lt;b&gt;"));
	assert_non_null(strstr(html, "kref/&lt;b&gt;.h:7"));
	assert_non_null(strstr(html, "The one that takes most is lock &lt;b&gt;, kref/&lt;b&gt;.h:7: "
			       "100.0%, 40.0 ns/op of 40.0 ns/op."));
	assert_non_null(strstr(text, "B takes +50 ns/op, 2.25 times A's time"));
	assert_non_null(strstr(text, "    40.0     90.0      +50  the atomic instructions"));
	assert_non_null(strstr(text, "    40.0        0      -40  kref/<b>.h:7"));
	assert_non_null(strstr(text, "       0     90.0      +90  kref/<b>.h:8"));
	/* The larger change stands first. */
	assert_true(strstr(text, "kref/<b>.h:8\n") > text);
	assert_true(strstr(text, "+90  kref") < strstr(text, "-40  kref"));
	free(html);
	free(text);
	words_free(&page.lines[0]);
	profile_free(&a);
	profile_free(&b);
}

static void test_precise_samples_are_not_moved(void **state)
{
	struct words words = { 0 };
	struct profile profile;

	(void)state;
	make(&profile, 40, 7);
	profile.event.precise = true;
	profile_words_method(&words, &profile);
	for (size_t i = 0; i < words.nr; i++) {
		assert_null(strstr(words.lines[i], "after the one that waits"));
		assert_null(strstr(words.lines[i], "threads that an op starts"));
	}
	assert_non_null(strstr(words.lines[words.nr - 1], "Samples are precise"));
	words_free(&words);
	profile_free(&profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_are_told_by_field),
		cmocka_unit_test(test_lines_that_peers_answered),
		cmocka_unit_test(test_nothing_moved),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_precise_samples_are_not_moved),
	};

	return cmocka_run_group_tests_name("profile_write", tests, NULL, NULL);
}
