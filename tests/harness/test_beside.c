/*
 * Tests of several runs side by side: labels, what they have in common, figures, pages, refusals.
 *
 * SPDX-License-Identifier: MIT
 */
#include <signal.h>
#include <sys/resource.h>

#include "run_folder.h"

#include "harness/beside_internal.h"

static struct beside *beside;
static struct error err;
static char paths[BESIDE_MOST][128];
static const char *dirs[BESIDE_MOST];
static size_t nr;

static int setup(void **state)
{
	(void)state;
	nr = 0;
	beside = NULL;
	strcpy(top, "/tmp/test_beside.XXXXXX");
	return mkdtemp(top) ? 0 : -1;
}

static int teardown(void **state)
{
	beside_free(beside);
	return folder_remove(state);
}

/* The next run's folder, empty but for meta.json; point() and ratio() go on with it. */
static void run_begin(const char *meta)
{
	snprintf(dir, sizeof(dir), "%s/it's run %zu", top, nr);
	strcpy(paths[nr], dir);
	dirs[nr] = paths[nr];
	nr++;
	assert_int_equal(mkdir(dir, 0777), 0);
	file_put("meta.json", meta);
	summary = csv_start("summary.csv", SUMMARY);
	ratios = csv_start("ratios.csv", RATIOS);
}

/* A baseline of 10 ns and two others at one thread, with verdicts; each is told which beats the other. */
static void run_of_three(const char *meta, double fast, double near)
{
	run_begin(meta);
	point("fast", "gcc", "candidate", 1, 0, fast);
	point("near", "gcc", "candidate", 1, 0, near);
	point("refcount", "gcc", "candidate", 1, 0, 10);
	point("none", "gcc", "floor", 1, 0, 0.3);
	point("refcount", "aa", "control", 1, 0, 10);
	ratio("fast@gcc", "refcount@gcc", 1, 0, fast / 10, "faster");
	ratio("near@gcc", "refcount@gcc", 1, 0, near / 10, "faster");
	ratio("near@gcc", "fast@gcc", 1, 0, near / fast, fabs(near / fast - 1) < 0.01 ? "tie" : near < fast ?
	      "faster" : "slower");
	rows_end();
}

static void load(void)
{
	assert_int_equal(beside_load(&beside, dirs, nr, &err), 0);
}

/* Writes the pages beside the runs; dir is then their folder. */
static void write_pages(void)
{
	snprintf(dir, sizeof(dir), "%s", top);
	assert_int_equal(beside_write(beside, dir, &err), 0);
}

static const char *line_of(void (*say)(struct words *, const struct beside *), size_t line)
{
	static char text[2048];
	struct words words = { 0 };

	say(&words, beside);
	*text = '\0';
	if (line < words.nr)
		snprintf(text, sizeof(text), "%s", words.lines[line]);
	words_free(&words);
	return text;
}

static void labels_are_short_and_unique(void **state)
{
	(void)state;
	run_of_three("{\"host\":\"one\",\"started_utc\":\"2026-11-23T08:00:00Z\"}", 5, 6);
	run_of_three("{\"host\":\"two\",\"started_utc\":\"2026-11-23T08:00:00Z\"}", 5, 6);
	run_of_three("{\"host\":\"two\",\"started_utc\":\"2026-11-24T08:00:00Z\"}", 5, 6);
	run_of_three("{\"host\":\"two\",\"started_utc\":\"2026-11-24T09:30:01Z\"}", 5, 6);
	run_of_three("{\"host\":\"two\",\"started_utc\":\"2026-11-24T09:30:01Z\"}", 5, 6);
	run_of_three("{\"host\":\"a-name-that-is-far-\u00fc-long\"}", 5, 6);
	run_of_three("{}", 5, 6);
	run_of_three("{\"host\":7}", 5, 6);
	load();
	assert_string_equal(beside->runs[0].label, "one");
	assert_string_equal(beside->runs[1].label, "two 2026-11-23");
	assert_string_equal(beside->runs[2].label, "two 2026-11-24 08:00:00");
	assert_string_equal(beside->runs[3].label, "two 2026-11-24 09:30:01");
	assert_string_equal(beside->runs[4].label, "two 2026-11-24 09:30:01 (2)");
	assert_string_equal(beside->runs[5].label, "a-name-that-is-far-");
	assert_string_not_equal(beside->runs[6].label, beside->runs[7].label);
}

static void points_in_common_are_counted(void **state)
{
	struct beside_count count;

	(void)state;
	run_of_three("{\"host\":\"a\"}", 5, 6);
	run_begin("{\"host\":\"b\"}");
	point("fast", "clang", "candidate", 1, 0, 2);
	point("refcount", "clang", "candidate", 1, 0, 4);
	point("refcount", "clang", "candidate", 4, 0, 9);
	point("refcount", "aa", "control", 4, 0, 9);
	rows_end();
	run_begin("{\"host\":\"c\"}");
	point("refcount", "gcc", "candidate", 1, 0, 4);
	rows_end();
	load();
	/* Strategies are the same though their tool chains differ. */
	assert_int_equal(beside->nr_cases, 1);
	count = beside_count(beside);
	assert_int_equal(count.all, 5);
	assert_int_equal(count.common, 1);
	assert_int_equal(count.of[0], 4);
	assert_int_equal(count.alone[0], 2);
	assert_int_equal(count.of[1], 3);
	assert_int_equal(count.alone[1], 1);
}

static void agreement_is_of_the_best(void **state)
{
	(void)state;
	run_of_three("{\"host\":\"a\"}", 5, 6);
	run_of_three("{\"host\":\"b\"}", 7, 6);
	load();
	assert_non_null(strstr(line_of(words_beside_answer, 0), "agree in 0 of 1 workload that"));
	assert_non_null(strstr(line_of(words_beside_answer, 0), "They differ in getput, held."));
	beside_free(beside);
	/* What ties with the fastest is as good. */
	run_of_three("{\"host\":\"c\"}", 5, 5.01);
	nr = 2;
	dirs[0] = paths[1];
	dirs[1] = paths[2];
	load();
	assert_non_null(strstr(line_of(words_beside_answer, 0), "agree in 1 of 1 workload that"));
	assert_non_null(strstr(line_of(words_beside_answer, 0), "near in 1."));
	/* No run has more than one thread. */
	assert_string_equal(line_of(words_beside_answer, 1), "");
}

static void each_run_has_its_floor_and_verdict(void **state)
{
	const char *html;

	(void)state;
	run_of_three("{\"host\":\"a\"}", 5, 6);
	run_of_three("{\"host\":\"b\"}", 7, 6);
	load();
	write_pages();
	html = file_get("report.html");
	assert_non_null(strstr(html, "<tr><th>a<td data-at=\"1 thread\" data-v=0.5><b>fast</b> <small>5.00 ns/op; "
			       "<span class=\"faster\">50.0% less time than refcount"));
	assert_non_null(strstr(html, "<tr><th>b<td data-at=\"1 thread\" data-v=0.6><b>near</b> <small>6.00 ns/op"));
	assert_non_null(strstr(html, "data-at=\"noise floor\" data-v=0.01>1%"));
	assert_non_null(strstr(html, "Nothing here judges one run against another"));
	assert_null(strstr(html, "its most threads</button>"));
	assert_non_null(strstr(html, "none (floor)"));
	assert_non_null(strstr(html, "Figures are missing"));
	assert_non_null(strstr(file_get("report.md"), "**fast**, 5.00 ns/op; 50.0% less time than refcount "
			       "(49.8% to 50.2%); noise floor 1% |"));
}

static void what_a_run_lacks_is_a_gap(void **state)
{
	const char *data;

	(void)state;
	run_of_three("{\"host\":\"a\"}", 5, 6);
	run_begin("{\"host\":\"b\"}");
	for (unsigned threads = 1; threads <= 4; threads *= 2) {
		point("refcount", "gcc", "candidate", threads, 0, 10 * threads);
		if (threads != 2)
			point("wide", "gcc", "candidate", threads, 0, 3);
	}
	rows_end();
	load();
	snprintf(dir, sizeof(dir), "%s", top);
	assert_int_equal(beside_draw(beside, top, "plots", &err), 0);
	data = file_get("plots/01-getput__held-ns.dat");
	assert_non_null(strstr(data, "# wide on a\n? ? ? ?\n\n\n# wide on b\n1 3 2.97 3.03\n2 ? ? ?\n4 3 2.97 3.03\n"));
	assert_non_null(strstr(file_get("plots/01-getput__held-ns.gp"), "'wide (1 of 2)'"));
	assert_non_null(strstr(file_get("plots/01-getput__held-ns.svg"), "</svg>"));
	write_pages();
	assert_null(strstr(file_get("report.html"), "Figures are missing"));
	assert_non_null(strstr(file_get("report.html"), "<tr><th>a<td><td><td>\n<tr><th>b<td class=n data-v=3>"));
}

/* With room for so many bytes in each file. */
static void draw_fails(const char *scripts, rlim_t bytes, const char *says)
{
	struct rlimit before, little;
	int error;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	little = (struct rlimit){ bytes, before.rlim_max };
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
	error = beside_draw(beside, top, scripts, &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_not_equal(error, 0);
	assert_non_null(strstr(err.text, says));
}

/* And the pages are there without them. */
static void figures_that_fail_tell_the_cause(void **state)
{
	const char *set = getenv("PATH");
	char *path = strdup(set ? set : "");

	(void)state;
	run_of_three("{\"host\":\"a\"}", 5, 6);
	run_of_three("{\"host\":\"b\"}", 5, 6);
	load();
	assert_int_equal(setenv("PATH", top, 1), 0);
	draw_fails("plots", 1 << 20, "gnuplot is not installed");
	assert_int_equal(setenv("PATH", path, 1), 0);
	free(path);
	snprintf(dir, sizeof(dir), "%s", top);
	file_put("style.gp", "");
	file_put("beside.gp", "");
	draw_fails(top, 100, "01-getput__held-ns.dat: File too large");
	write_pages();
	assert_non_null(strstr(file_get("report.html"), "Figures are missing"));
}

/* Without a baseline there are times, and nothing to compare them with. */
static void no_baseline_has_no_ratios(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		run_begin("{\"host\":\"a\"}");
		point("fast", "gcc", "candidate", 1, 0, 5);
		rows_end();
	}
	load();
	assert_int_equal(beside->figures.nr, 1);
	assert_string_equal(beside->figures.figures[0].name, "01-getput__held-ns");
	write_pages();
	assert_non_null(strstr(file_get("report.html"), "refcount was not measured"));
}

static void many_strategies_leave_the_baseline(void **state)
{
	char name[16];

	(void)state;
	run_begin("{\"host\":\"a\"}");
	for (int i = 0; i < 30; i++) {
		snprintf(name, sizeof(name), "s%02d", i);
		point(name, "gcc", "candidate", 1, 0, i + 1);
	}
	point("refcount", "gcc", "candidate", 1, 0, 100);
	rows_end();
	run_of_three("{\"host\":\"b\"}", 5, 6);
	load();
	assert_non_null(strstr(beside->figures.figures[0].caption, " 15 slower ones"));
	snprintf(dir, sizeof(dir), "%s", top);
	assert_int_equal(beside_draw(beside, top, "plots", &err), 0);
	assert_non_null(strstr(file_get("plots/01-getput__held-ns.gp"), "'s16 (1 of 2)', 'refcount']"));
}

/* Fastest first, then floors, though they take less. */
static void strategies_have_an_order(void **state)
{
	(void)state;
	run_of_three("{\"host\":\"a\"}", 5, 6);
	run_of_three("{\"host\":\"b\"}", 7, 4);
	load();
	assert_int_equal(beside->cases[0].nr_strategies, 4);
	assert_string_equal(beside->cases[0].strategies[0].name, "near");
	assert_string_equal(beside->cases[0].strategies[1].name, "fast");
	assert_string_equal(beside->cases[0].strategies[2].name, "refcount");
	assert_string_equal(beside->cases[0].strategies[3].name, "none");
	write_pages();
	/* Of times, and of the ratios to it there are none. */
	assert_non_null(strstr(file_get("report.html"), "colspan=2>refcount\n"));
	assert_null(strstr(strstr(file_get("report.html"), "colspan=2>refcount\n") + 1, "colspan=2>refcount\n"));
}

static void nothing_better_than_the_baseline_is_told(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		run_begin("{\"host\":\"a\"}");
		point("fast", "gcc", "candidate", 1, 0, 9.99);
		point("refcount", "gcc", "candidate", 1, 0, 10);
		ratio("fast@gcc", "refcount@gcc", 1, 0, 0.999, "tie");
		rows_end();
	}
	load();
	assert_non_null(strstr(line_of(words_beside_answer, 0), "refcount in 1."));
}

static void a_run_that_ended_early_is_told(void **state)
{
	(void)state;
	run_of_three("{\"host\":\"a\",\"status\":\"complete\"}", 5, 6);
	run_begin("{\"host\":\"b\",\"status\":\"partial\",\"status_reason\":\"stopped\"}");
	point("fast", "gcc", "candidate", 1, 0, 5);
	rows_end();
	load();
	assert_non_null(strstr(line_of(words_beside_status, 0), "b: This run is partial: stopped."));
	assert_non_null(strstr(line_of(words_beside_status, 0), " Too few launches for verdicts"));
	assert_string_equal(line_of(words_beside_status, 1), "");
}

/* A sweep's other amounts of work are no cases; a run with work only is one of its own. */
static void cases_are_what_can_be_compared(void **state)
{
	(void)state;
	run_begin("{\"host\":\"a\"}");
	for (int i = 0; i < 3; i++)
		point("refcount", "gcc", "candidate", 2, 100 * i, 10);
	rows_end();
	run_begin("{\"host\":\"b\"}");
	point("refcount", "gcc", "candidate", 2, 100, 10);
	rows_end();
	load();
	assert_int_equal(beside->nr_cases, 2);
	assert_string_equal(beside->cases[1].label, "getput, held, 100 ns of work");
	assert_string_equal(beside->cases[0].label, "getput, held, 0 ns of work");
	assert_non_null(strstr(line_of(words_beside_status, 2), "no workload in common"));
}

/* Machines number their nodes themselves; of a run that has several only the first is shown. */
static void nodes_are_no_difference(void **state)
{
	(void)state;
	run_of_three("{\"host\":\"a\"}", 5, 6);
	run_begin("{\"host\":\"b\"}");
	for (int node = 1; node < 3; node++)
		fprintf(summary, "getput,refcount,gcc,compact,1,1,%d,12,99,%d,1,99,1,1,,,,,,,held,0,padded,candidate"
			",,,,,0,,,,,\n", node, 30 * node);
	rows_end();
	load();
	assert_int_equal(beside->nr_cases, 1);
	assert_int_equal(beside->cases[0].nr_runs, 2);
	assert_float_equal(beside_point(beside, &beside->cases[0], 1, "refcount", 1).point->ns_per_op, 30, 1e-9);
}

static void facts_are_parted(void **state)
{
	const char *html, *same;

	(void)state;
	run_of_three("{\"host\":\"a\",\"kernel\":\"6.1\",\"governor\":null,\"machine\":{\"cpu\":\"X\",\"pus\":8},"
		     "\"environment\":[{\"name\":\"turbo\",\"value\":\"on\"},{\"name\":\"SMT\",\"value\":\"off\"}]}", 5, 6);
	run_of_three("{\"host\":\"b\",\"kernel\":\"6.1\",\"machine\":{\"cpu\":\"Y\",\"pus\":8},"
		     "\"environment\":[{\"name\":\"SMT\",\"value\":\"off\"},{\"name\":\"turbo\",\"value\":\"off\"}],"
		     "\"mitigations\":{\"meltdown\":\"PTI\"}}", 5, 6);
	load();
	write_pages();
	html = file_get("report.html");
	same = strstr(html, "What is the same");
	assert_non_null(same);
	assert_in_range(strstr(html, "<tr><th>machine.cpu<td>X<td>Y\n") - html, 1, same - html);
	assert_in_range(strstr(html, "<tr><th>environment.turbo<td>on<td>off\n") - html, 1, same - html);
	assert_in_range(strstr(html, "<tr><th>mitigations.meltdown<td>not told<td>PTI\n") - html, 1, same - html);
	assert_non_null(strstr(same, "<tr><th>kernel<td>6.1\n"));
	assert_non_null(strstr(same, "<tr><th>machine.pus<td>8\n"));
	assert_non_null(strstr(same, "<tr><th>environment.SMT<td>off\n"));
	assert_null(strstr(html, "<th>governor"));
	assert_null(strstr(same, "machine.cpu"));
	assert_true(strstr(html, "<th>kernel") > same);
	/* Of both runs, told once. */
	assert_null(strstr(strstr(same, "machine.pus") + 1, "machine.pus"));
}

static void hostile_names_are_text(void **state)
{
	const char *text;

	(void)state;
	for (int i = 0; i < 2; i++) {
		run_begin(i ? "{\"host\":\"x'\\\"\\n|y\",\"machine\":{\"cpu\":\"<img src=x>\"}}" :
			  "{\"host\":\"<script>a()</script>\",\"kernel\":\"a|b\",\"status\":\"<b>\"}");
		point("<img src=x>", "g|c", "candidate", 1, 0, 5);
		point("refcount", "g|c", "candidate", 1, 0, 10);
		rows_end();
	}
	load();
	snprintf(dir, sizeof(dir), "%s", top);
	assert_int_equal(beside_draw(beside, top, "plots", &err), 0);
	write_pages();
	text = file_get("report.html");
	assert_null(strstr(strstr(text, "<script") + 1, "<script"));
	assert_null(strstr(text, "<img"));
	assert_non_null(strstr(text, "<th>&lt;script&gt;a()&lt;/script&gt;<td"));
	text = file_get("report.md");
	assert_null(strstr(text, "<img"));
	assert_null(strstr(text, "<script"));
	assert_non_null(strstr(text, "a\\|b"));
}

static void refused(const char *says)
{
	assert_true(beside_load(&beside, dirs, nr, &err) < 0);
	assert_null(beside);
	assert_non_null(strstr(err.text, says));
	assert_null(strchr(err.text, '\n'));
}

static void what_is_no_run_is_refused(void **state)
{
	char link[160];

	(void)state;
	run_of_three("{\"host\":\"a\"}", 5, 6);
	run_of_three("{\"format\":2}", 5, 6);
	refused("of another format");
	file_put("meta.json", "{\"status\":\"void\"}");
	refused("is void");
	file_put("meta.json", "{");
	refused("meta.json:1");
	dirs[1] = "/nonexistent";
	refused("is no folder of a run");
	snprintf(dir, sizeof(dir), "%s", top);
	file_put("file", "");
	snprintf(link, sizeof(link), "%s/file", top);
	dirs[1] = link;
	refused("is no folder of a run");
	snprintf(link, sizeof(link), "%s/link", top);
	assert_int_equal(symlink(paths[0], link), 0);
	refused("link\" is given twice");
	/* A run that was killed before its end has no summary. */
	snprintf(dir, sizeof(dir), "%s", paths[1]);
	file_put("meta.json", META);
	snprintf(link, sizeof(link), "%s/summary.csv", dir);
	assert_int_equal(unlink(link), 0);
	dirs[1] = paths[1];
	refused("./run.sh report");
}

#define SIDE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SIDE(labels_are_short_and_unique),
		SIDE(points_in_common_are_counted),
		SIDE(agreement_is_of_the_best),
		SIDE(each_run_has_its_floor_and_verdict),
		SIDE(what_a_run_lacks_is_a_gap),
		SIDE(figures_that_fail_tell_the_cause),
		SIDE(no_baseline_has_no_ratios),
		SIDE(many_strategies_leave_the_baseline),
		SIDE(strategies_have_an_order),
		SIDE(nothing_better_than_the_baseline_is_told),
		SIDE(a_run_that_ended_early_is_told),
		SIDE(cases_are_what_can_be_compared),
		SIDE(nodes_are_no_difference),
		SIDE(facts_are_parted),
		SIDE(hostile_names_are_text),
		SIDE(what_is_no_run_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
