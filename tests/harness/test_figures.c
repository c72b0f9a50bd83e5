/*
 * Tests of what figures against threads are drawn from: boundaries, and numbers that have room.
 *
 * SPDX-License-Identifier: MIT
 */
#include "run_folder.h"

#include "harness/rounds.h"

static void rows_at(unsigned nr, const unsigned *threads)
{
	for (unsigned i = 0; i < nr; i++) {
		point("fast", "gcc", "candidate", threads[i], 0, 5);
		point("refcount", "gcc", "candidate", threads[i], 0, 10);
	}
	rows_end();
}

/* NULL: none is read. */
static const struct tally *read_tally;

/* Without gnuplot the script is written nevertheless. */
static char *script(const char *name)
{
	struct error err;
	bool forgotten;
	const int ret = figures_draw(dir, read_tally, "plots", FIGURES_SVG, &forgotten, &err);

	if (ret && ret != -ENOENT)
		fail_msg("%s", err.text);
	return file_get(name);
}

static void assert_script(const char *name, const char *wanted)
{
	char *text = script(name);

	if (!strstr(text, wanted))
		fail_msg("nowhere: \"%s\"\nin: %s", wanted, text);
}

static void boundaries_inside_have_lines(void **state)
{
	(void)state;
	file_put("meta.json", "{\"boundaries\":{\"compact\":[{\"n\":1,\"kind\":\"core\"},"
		 "{\"n\":8,\"kind\":\"L3\"},{\"n\":16,\"kind\":\"L3\"},{\"n\":64,\"kind\":\"package\"},"
		 "{\"n\":72,\"kind\":\"L3\"},{\"n\":128,\"kind\":\"L3\"}],"
		 "\"scatter\":[{\"n\":2,\"kind\":\"package\"}]}}");
	rows_at(5, (const unsigned[]){ 2, 8, 16, 64, 128 });
	/* Those between the least and the most threads; the first of each kind is named. */
	assert_script("plots/cost-getput-held.gp", "bounds = 4\n"
		      "array bound_x[bounds] = [8.5, 16.5, 64.5, 72.5]\n"
		      "array bound_kinds[bounds] = ['L3', 'L3', 'package', 'L3']\n"
		      "array bound_named[bounds] = [1, 0, 1, 0]\n");
	assert_script("plots/fairness-getput-held.gp", "bounds = 4\n");
}

/* The outermost have the room; of these as many names as go beside each other. */
static void names_keep_apart(void **state)
{
	(void)state;
	file_put("meta.json", "{\"boundaries\":{\"compact\":[{\"n\":28,\"kind\":\"L3\"},"
		 "{\"n\":32,\"kind\":\"package\"},{\"n\":34,\"kind\":\"package\"},"
		 "{\"n\":192,\"kind\":\"package\"},{\"n\":196,\"kind\":\"L3\"}]}}");
	rows_at(3, (const unsigned[]){ 1, 64, 256 });
	assert_script("plots/cost-getput-held.gp",
		      "array bound_named[bounds] = [0, 1, 0, 1, 0]\n");
}

static void runs_without_boundaries_are_drawn(void **state)
{
	(void)state;
	rows_at(3, (const unsigned[]){ 1, 2, 4 });
	assert_script("plots/cost-getput-held.gp", "bounds = 0\n");
	assert_null(strstr(file_get("plots/cost-getput-held.gp"), "bound_x"));
}

static void hostile_boundaries_are_left_out(void **state)
{
	(void)state;
	file_put("meta.json", "{\"boundaries\":{\"compact\":[7,null,[],{},{\"n\":2},"
		 "{\"n\":\"2\",\"kind\":\"L3\"},{\"n\":2.5,\"kind\":\"L3\"},{\"n\":-2,\"kind\":\"L3\"},"
		 "{\"n\":2,\"kind\":\"L3'; system('false') #\"},{\"n\":2,\"kind\":\"SMT\"},"
		 "{\"n\":9223372036854775807,\"kind\":\"L3\"},{\"n\":4294967298,\"kind\":\"L3\"},"
		 "{\"n\":3,\"kind\":\"node\"},{\"n\":3,\"kind\":\"node\"},{\"n\":2,\"kind\":\"L3\"}]}}");
	rows_at(3, (const unsigned[]){ 1, 2, 4 });
	assert_script("plots/cost-getput-held.gp", "bounds = 1\n"
		      "array bound_x[bounds] = [3.5]\n"
		      "array bound_kinds[bounds] = ['node']\n");
	assert_null(strstr(file_get("plots/cost-getput-held.gp"), "system"));
	file_put("meta.json", "{\"boundaries\":[{\"compact\":{\"n\":2,\"kind\":\"L3\"}}]}");
	assert_script("plots/cost-getput-held.gp", "bounds = 0\n");
	file_put("meta.json", "{\"boundaries\":{\"compact\":{\"n\":2,\"kind\":\"L3\"}}}");
	assert_script("plots/cost-getput-held.gp", "bounds = 0\n");
}

static void captions_tell_what_is_drawn(void **state)
{
	struct error err;

	(void)state;
	rows_at(3, (const unsigned[]){ 1, 2, 4 });
	script("plots/cost-getput-held.gp");
	assert_int_equal(report_write(dir, &err), 0);
	assert_null(strstr(file_get("report.html"), "boundaries"));
	file_put("meta.json", "{\"boundaries\":{\"compact\":[{\"n\":2,\"kind\":\"L3\"}]}}");
	assert_int_equal(report_write(dir, &err), 0);
	assert_non_null(strstr(file_get("report.html"), "placement&#39;s boundaries"));
	file_put("meta.json", "{\"boundaries\":{\"compact\":[{\"n\":4,\"kind\":\"L3\"}]}}");
	assert_int_equal(report_write(dir, &err), 0);
	assert_null(strstr(file_get("report.html"), "boundaries"));
}

/* The entry of a variable; NULL: it is not there. */
static const char *entry_of(char **entries, const char *name)
{
	const size_t length = strlen(name);

	for (; *entries; entries++)
		if (!strncmp(*entries, name, length) && (*entries)[length] == '=')
			return *entries + length + 1;
	return NULL;
}

/* gnuplot runs in a folder that may be a stranger's: what is looked up from there is not looked up. */
static void programs_of_the_folder_are_out_of_reach(void **state)
{
	static const struct {
		const char *name, *value, *kept;
	} cases[] = {
		{ "PATH", ":/a/bin:.::b:/c:", "/a/bin:/c" }, { "PATH", "/a/bin:/c", "/a/bin:/c" },
		{ "PATH", "", NULL }, { "PATH", ".", NULL },
		{ "LD_LIBRARY_PATH", ":/opt/x/lib", "/opt/x/lib" }, { "LD_LIBRARY_PATH", "/a;b;", "/a" },
		{ "LD_LIBRARY_PATH", "$ORIGIN", NULL }, { "LD_PRELOAD", "./a.so /b.so:c.so", "/b.so" },
		{ "LD_AUDIT", "a.so:/b.so", "/b.so" }, { "GCONV_PATH", ".", NULL },
		{ "GNUTERM", "x11", NULL }, { "LC_ALL", "de_DE", "C" }, { "FIGURES_OTHER", ":.", ":." },
	};
	const char *path = getenv("PATH");
	char *before = path ? strdup(path) : NULL, **entries;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *kept;

		setenv(cases[i].name, cases[i].value, 1);
		entries = figures_environment();
		unsetenv(cases[i].name);
		assert_non_null(entries);
		kept = entry_of(entries, cases[i].name);
		if (kept && cases[i].kept)
			assert_string_equal(kept, cases[i].kept);
		else
			assert_true(!kept && !cases[i].kept);
		figures_environment_free(entries);
	}
	if (before)
		setenv("PATH", before, 1);
	free(before);
}

static void panel_rows(const char *workload, unsigned threads, double ratio)
{
	fprintf(summary, "%s,refcount,gcc,compact,%u,1,,12,9,10,9,11,1,1,,,,,,,held,0,padded,candidate,"
		",,,,0,,,,,\n%s,fast,gcc,compact,%u,1,,12,9,5,4,6,1,1,,,,,,,held,0,padded,candidate,"
		",,,,0,,,,,\n", workload, threads, workload, threads);
	fprintf(ratios, "%s,compact,%u,1,,fast@gcc,refcount@gcc,12,%g,%g,%g,faster,held,0,padded,0.01,"
		"median,,0\n", workload, threads, ratio, ratio * 0.9, ratio * 1.1);
}

/* The one from 1 thread on and the one of 8 only, which has the lower ratio; what is lower yet is cut. */
static void panels_share_their_axes(void **state)
{
	static const char *const names[] = { "plots/versus-a-held.gp", "plots/versus-b-held.gp" };
	char axes[2][512];

	(void)state;
	panel_rows("a", 1, 0.5);
	panel_rows("a", 8, 0.4);
	panel_rows("b", 8, 0.001);
	rows_end();
	for (size_t i = 0; i < 2; i++) {
		const char *text = script(names[i]), *x = strstr(text, "x_low = ");
		const char *y = strstr(text, "y_low = ");

		assert_non_null(strstr(text, "panel = 1\n"));
		snprintf(axes[i], sizeof(axes[i]), "%.*s %.*s", (int)strcspn(x, "\n"), x,
			 (int)strcspn(y, "\n"), y);
	}
	assert_string_equal(axes[0], axes[1]);
	assert_non_null(strstr(axes[0], "x_last = 8"));
	assert_true(strtod(strstr(axes[0], "y_low = ") + 8, NULL) > 0.03);
	assert_non_null(strstr(file_get("plots/versus-b-held.dat"), "\n8 0.001 0.0009 0.0011 12\n"));
}

/* It has no place among ratios to the baseline, which has none beside itself. */
static void a_floor_alone_is_no_figure_of_ratios(void **state)
{
	struct results results;
	struct figures figures;
	struct error err;

	(void)state;
	for (unsigned threads = 1; threads <= 2; threads++) {
		point("none", "gcc", "floor", threads, 0, 0.3);
		point("refcount", "gcc", "candidate", threads, 0, 10);
		ratio("none@gcc", "refcount@gcc", threads, 0, 0.03, "");
	}
	rows_end();
	assert_int_equal(results_load(&results, dir, &err), 0);
	assert_int_equal(figures_plan(&figures, &results), 0);
	assert_true(figures.nr > 0);
	for (size_t i = 0; i < figures.nr; i++)
		assert_int_not_equal(figures.figures[i].kind, FIGURE_VERSUS);
	figures_free(&figures);
	results_free(&results);
}

/* As a damaged file may tell; a log axis has no place for it. */
static void an_interval_that_ends_at_zero_is_not_drawn(void **state)
{
	(void)state;
	for (unsigned threads = 1; threads <= 2; threads++) {
		point("fast", "gcc", "candidate", threads, 0, 5);
		point("refcount", "gcc", "candidate", threads, 0, 10);
		fprintf(ratios, "getput,compact,%u,1,,fast@gcc,refcount@gcc,12,0.5,0.4,0,faster,held,0,padded,0.01,"
			"median,,0\n", threads);
	}
	rows_end();
	script("plots/versus-getput-held.gp");
	assert_non_null(strstr(file_get("plots/versus-getput-held.dat"), "\n1 0.5 0.4 0.5 12\n"));
}

/* The two launches of fast, as medians of their rounds; of refcount there is none. */
static void launches_stand_behind_medians(void **state)
{
	FILE *samples = csv_start("samples.csv", "launch,round,position,workload,strategy,variant,kind,"
				  "deferred,setting,placement,threads,objects,node,work_ns,layout,"
				  "replace_permille,window_ns,batch_ops,ops,mops,ns_per_op,fairness,"
				  "ticks,counted_ops,cycles,instructions,cache_misses,switches,"
				  "migrations,retries,failed,total_ops,reclaim_ns,delays,delay_ns,"
				  "garbage_objects,garbage_bytes,kref_bytes,thread_bytes,flags\n");
	static const double ns[2][3] = { { 4, 5, 9 }, { 6, 7, 7.5 } };
	struct tally tally = { 0 };
	struct samples reader;
	struct error err;
	char path[256];

	(void)state;
	for (unsigned i = 0; i < 6; i++)
		fprintf(samples, "%u,%u,1,getput,fast,gcc,candidate,0,held,scatter+compact,2,1,,0,padded,0,"
			"500000,9,9,%g,%g,1,9,,,,,,,,,,,,,,,,,\n", 1 + i / 3, 1 + i % 3,
			2000 / ns[i / 3][i % 3], ns[i / 3][i % 3]);
	fclose(samples);
	rows_at(2, (const unsigned[]){ 1, 2 });
	snprintf(path, sizeof(path), "%s/samples.csv", dir);
	assert_int_equal(samples_open(&reader, path, &err), 0);
	assert_int_equal(rounds_read(&reader, &tally, &err), 0);
	samples_close(&reader);
	read_tally = &tally;
	assert_script("plots/cost-getput-held.gp", "launches = 2\n");
	assert_non_null(strstr(file_get("plots/cost-getput-held.dat"), "# launches of fast\n2 5\n2 7\n\n\n"
			       "# launches of refcount\n? ?\n"));
	assert_script("plots/throughput-getput-held.gp", "launches = 0\n");
	read_tally = NULL;
	tally_free(&tally);
}

/* Every count has a tick; the ends and powers of two come before the others. */
static void numbers_keep_apart(void **state)
{
	(void)state;
	rows_at(11, (const unsigned[]){ 1, 2, 4, 8, 16, 24, 60, 64, 120, 124, 128 });
	assert_script("plots/cost-getput-held.gp", "x_ticks = \"'1' 1, '2' 2, '4' 4, '8' 8, '16' 16, "
		      "'24' 24, '' 60, '64' 64, '' 120, '' 124, '128' 128\"\n");
}

/* At each step the share that takes longer; the last one goes on to the slowest. */
static void latencies_are_shares_that_take_longer(void **state)
{
	(void)state;
	file_put("latency.csv", LATENCY
		 SAMPLED("fast", "2", "1000,950,0.5,19:100,40:900 60:90 944:10,")
		 SAMPLED("refcount", "2", "100,50,0.5,19:100,50:100,")
		 SAMPLED("fast", "1", "100,30,0.5,18:100,30:100,"));
	rows_at(2, (const unsigned[]){ 1, 2 });
	assert_script("plots/latency-getput-held.dat",
		      "# fast, 1 thread\n30 1\n30 1\n\n\n"
		      "# fast, most threads\n40 1\n41 0.1\n61 0.01\n950 0.01\n\n\n"
		      "# refcount, 1 thread\n? ?\n\n\n"
		      "# refcount, most threads\n50 1\n50 1\n");
	assert_script("plots/latency-getput-held.gp", "array names[n] = ['fast', 'refcount']\n"
		      "array few[n] = [1, 0]\narray most[n] = [1, 1]\n"
		      "array x_ticks[2] = [1e2, 1e3]\narray x_names[2] = ['100', '1k']\n"
		      "array y_ticks[4] = [1e0, 1e-1, 1e-2, 1e-3]\n");
	assert_script("plots/latency-getput-held.gp", "most_name = 'thick: 2 threads'\nreference = 2;");
}

/* gnuplot takes a doubled apostrophe at the beginning for an empty text, and writes ]]> into SVGs. */
static void names_stay_in_their_quotes(void **state)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(out);
	figure_put_quoted(out, "''a'b\n`c`]]>");
	fclose(out);
	assert_string_equal(text, "\"''\" . 'a''b `c`]] >'");
	free(text);
}

static void without_latencies_there_is_no_figure(void **state)
{
	struct results results;
	struct figures figures;
	struct error err;

	(void)state;
	rows_at(2, (const unsigned[]){ 1, 2 });
	assert_int_equal(results_load(&results, dir, &err), 0);
	assert_int_equal(figures_plan(&figures, &results), 0);
	for (size_t i = 0; i < figures.nr; i++)
		assert_int_not_equal(figures.figures[i].kind, FIGURE_LATENCY);
	figures_free(&figures);
	results_free(&results);
}

/* Of the longest, wherever on the axis: else the axis's name is pushed off the picture. */
static void ticks_have_room(void **state)
{
	(void)state;
	point("fast", "gcc", "candidate", 1, 0, 0.004);
	point("refcount", "gcc", "candidate", 1, 0, 10);
	point("fast", "gcc", "candidate", 2, 0, 0.004);
	point("refcount", "gcc", "candidate", 2, 0, 12);
	rows_end();
	assert_script("plots/cost-getput-held.gp", "'0.005' 0.005, ");
	assert_script("plots/cost-getput-held.gp", "left_px = 83;");
	assert_script("plots/throughput-getput-held.gp", "'100000' 100000");
	assert_script("plots/throughput-getput-held.gp", "left_px = 92;");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(programs_of_the_folder_are_out_of_reach),
		IN_FOLDER(boundaries_inside_have_lines),
		IN_FOLDER(names_keep_apart),
		IN_FOLDER(runs_without_boundaries_are_drawn),
		IN_FOLDER(hostile_boundaries_are_left_out),
		IN_FOLDER(names_stay_in_their_quotes),
		IN_FOLDER(captions_tell_what_is_drawn),
		IN_FOLDER(numbers_keep_apart),
		IN_FOLDER(panels_share_their_axes),
		IN_FOLDER(a_floor_alone_is_no_figure_of_ratios),
		IN_FOLDER(an_interval_that_ends_at_zero_is_not_drawn),
		IN_FOLDER(launches_stand_behind_medians),
		IN_FOLDER(ticks_have_room),
		IN_FOLDER(latencies_are_shares_that_take_longer),
		IN_FOLDER(without_latencies_there_is_no_figure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
