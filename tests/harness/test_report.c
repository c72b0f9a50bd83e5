/*
 * Tests of the figures and of both pages of the report.
 *
 * SPDX-License-Identifier: MIT
 */
#include "run_folder.h"

static void hostile_names_are_text(void **state)
{
	struct error err;
	char *html;

	(void)state;
	file_put("meta.json", "{\"host\":\"<script>alert(1)</script>\",\"status\":7,"
		 "\"machine\":[\"'\\\"&\"],\"toolchain\":{\"a\":1},\"command\":[1,\"it's\"],"
		 "\"mitigations\":{\"<b>\":\"<i>\"},\"counters\":{\"cycles\":3}}");
	point("<img src=x onerror=alert(2)>", "g|c", "candidate", 1, 0, 5);
	point("refcount", "g|c", "candidate", 1, 0, 10);
	rows_end();
	assert_int_equal(report_write(dir, &err), 0);
	html = file_get("report.html");
	/* The page's own, at its end, is the only one. */
	assert_null(strstr(strstr(html, "<script") + 1, "<script"));
	assert_non_null(strstr(html, "<script>\n'use strict';"));
	assert_null(strstr(html, "<img"));
	assert_null(strstr(html, "<b>\""));
	assert_non_null(strstr(html, "&lt;script&gt;alert(1)&lt;/script&gt;"));
	assert_non_null(strstr(html, "&lt;img src=x"));
	assert_non_null(strstr(file_get("report.md"), "&lt;script&gt;"));
	assert_null(strstr(file_get("report.md"), "<img"));
}

static void partial_runs_and_holes_are_shown(void **state)
{
	struct error err;

	(void)state;
	file_put("meta.json", "{\"status\":\"partial\",\"status_reason\":\"stopped\","
		 "\"launches_planned\":12,\"launches_done\":5,\"quick\":true}");
	file_put("holes.csv", HOLES "getput,snzi,gcc,held,a reference carries its leaf\n");
	rows_usual("faster");
	assert_int_equal(report_write(dir, &err), 0);
	assert_non_null(strstr(file_get("report.html"), "This run is partial: stopped"));
	assert_non_null(strstr(file_get("report.html"), "5 of 12 launches"));
	assert_non_null(strstr(file_get("report.html"), "A quick run"));
	assert_non_null(strstr(file_get("report.html"), "a reference carries its leaf"));
	assert_non_null(strstr(file_get("report.html"), "Figures are missing"));
	assert_non_null(strstr(file_get("report.md"), "> This run is partial: stopped"));
	assert_non_null(strstr(file_get("report.md"), "a reference carries its leaf"));
}

/* Cells of a reason together, strategies of the same cells together, the commonest reason first. */
static void holes_stand_by_reason(void **state)
{
	struct error err;
	const char *md, *html;

	(void)state;
	file_put("holes.csv", HOLES "getput,snzi,gcc,held,seldom|<b>\nqueue,a,gcc,held,often\n"
		 "queue,a,gcc,churn,often\nqueue,b,gcc,held,often\nqueue,b,gcc,churn,often\n"
		 "queue,c,gcc,held,often\n");
	rows_usual("faster");
	assert_int_equal(report_write(dir, &err), 0);
	md = file_get("report.md");
	assert_non_null(strstr(md, "- often\n  - a, b: queue held, queue churn\n  - c: queue held\n"
			       "- seldom\\|&lt;b&gt;\n  - snzi: getput held\n"));
	html = file_get("report.html");
	assert_non_null(strstr(html, "often <span class=soft>(5)</span></summary>\n<ul>\n<li>a, b: queue "
			       "held, queue churn\n<li>c: queue held\n</ul>"));
	assert_non_null(strstr(html, "seldom|&lt;b&gt; <span"));
}

/* A row of cells has as many as its head: GitHub takes no other for a table. */
static void tables_of_markdown_are_whole(void **state)
{
	struct error err;
	unsigned cells = 0, rows = 0;
	char *at, *line;

	(void)state;
	file_put("meta.json", "{\"host\":\"a|b\",\"kernel\":\"x|y\",\"command\":[\"./run.sh\",\"--filter\","
		 "\"getput|queue*_[x]\"]}");
	point("we|ird", "gcc", "candidate", 1, 0, 1);
	point("refcount", "gcc", "candidate", 2, 0, 70);
	rows_usual("faster");
	assert_int_equal(report_write(dir, &err), 0);
	at = file_get("report.md");
	assert_non_null(strstr(at, "\n    ./run.sh --filter 'getput|queue*_[x]'\n"));
	assert_true(strlen(at) < 65536);
	while ((line = strsep(&at, "\n"))) {
		unsigned bars = 0;

		for (const char *c = line; *line == '|' && *c; c++)
			bars += *c == '|' && (c == line || c[-1] != '\\');
		assert_true(!cells || !bars || bars == cells);
		cells = bars;
		rows += bars > 0;
	}
	assert_true(rows > 5);
}

/* The command of a run, as the report tells it. */
static void assert_command(const char *meta, const char *command)
{
	struct error err;
	char *line;

	file_put("meta.json", meta);
	assert_int_equal(report_write(dir, &err), 0);
	if (asprintf(&line, "\n    %s\n", command) < 0)
		fail();
	if (!strstr(file_get("report.md"), line))
		fail_msg("the report does not say %s", command);
	free(line);
}

/* Quoted for a shell, with the seed, and without the folder that holds the run already. */
static void a_command_repeats_the_run(void **state)
{
	(void)state;
	rows_usual("faster");
	assert_command("{\"command\":[\"./run.sh\",\"--quick\"],\"seed\":9223372036854775807}",
		       "./run.sh --seed 9223372036854775807 --quick");
	assert_command("{\"command\":[\"./run.sh\",\"--quick\",\"--seed\",\"7\"],\"seed\":7}",
		       "./run.sh --quick --seed 7");
	assert_command("{\"command\":[\"./run.sh\",\"--seed=7\",\"--quick\"],\"seed\":7}",
		       "./run.sh --seed=7 --quick");
	assert_command("{\"command\":[\"./run.sh\",\"--out\",\"a 'b'\",\"--quick\",\"--ou=c\",\"--objects\",\"2\"],"
		       "\"seed\":7}", "./run.sh --seed 7 --quick --objects 2");
	assert_command("{\"command\":[\"evil\",\"ab\",\"--cflags\",\"-O3 -DX=1\",\"--\"],\"seed\":7}",
		       "./run.sh ab --seed 7 --cflags '-O3 -DX=1' --");
	assert_command("{\"command\":[\"./run.sh\",\"--filter\",\"it's $(x) `y` \\\\. !1 *\\u00e9\",\"\"],"
		       "\"seed\":7,\"strategy_header\":\"/a/b.h\"}",
		       "STRATEGY=/a/b.h ./run.sh --seed 7 --filter 'it'\\''s $(x) `y` \\. !1 *\u00e9' ''");
	assert_command("{\"command\":[\"x\"],\"strategy_header\":\"a b;\"}", "STRATEGY='a b;' ./run.sh");
}

/* What three launches give is no interval of 95 percent. */
static void extremes_are_called_so(void **state)
{
	struct error err;

	(void)state;
	rows_usual("faster");
	assert_int_equal(report_write(dir, &err), 0);
	assert_non_null(strstr(file_get("report.html"), "<button type=button>95% interval</button>"));
	summary = csv_start("summary.csv", SUMMARY);
	fprintf(summary, "getput,refcount,gcc,compact,1,1,,3,9,5,4,6,9,1,,,,,,,held,0,padded,candidate,"
		",,,,0,,,,,\n");
	fclose(summary);
	assert_int_equal(report_write(dir, &err), 0);
	assert_non_null(strstr(file_get("report.html"), "<button type=button>extremes of 3 launches<"));
	assert_null(strstr(file_get("report.html"), "type=button>95%"));
	assert_non_null(strstr(file_get("report.md"), "in brackets the extremes of 3 launches"));
}

/* Each head of a table is a button that says how it sorts; a cell has its number. */
static void heads_sort(void **state)
{
	struct error err;
	const char *html;

	(void)state;
	rows_usual("faster");
	assert_int_equal(report_write(dir, &err), 0);
	html = file_get("report.html");
	assert_non_null(strstr(html, "<th aria-sort=none><button type=button>strategy</button><th class=n "
			       "aria-sort=none><button type=button>ns/op</button>"));
	assert_non_null(strstr(html, "<tr><th>refcount<td class=n data-v=10>10.0<td class=n "
			       "data-v=9.9>9.90 to 10.1"));
}

static void precision_is_told(void **state)
{
	struct error err;

	(void)state;
	file_put("meta.json", "{\"precision\":0.05}");
	/* Of an aid nobody needs to know it. */
	point("finder", "gcc", "aid", 1, 0, 40);
	fprintf(ratios, "getput,compact,1,1,,finder@gcc,refcount@gcc,12,4,3,5,slower,held,0,padded,0.01,"
		"median,0.001,0\n");
	rows_usual("faster");
	assert_int_equal(report_write(dir, &err), 0);
	assert_non_null(strstr(file_get("report.md"), "known within +-5%"));
	file_put("meta.json", "{\"precision\":0.001}");
	assert_int_equal(report_write(dir, &err), 0);
	assert_non_null(strstr(file_get("report.md"), "Not within +-0.1% when the launches ended: 1 of 1 "
			       "groups"));
	assert_null(strstr(file_get("report.md"), "known within"));
	file_put("meta.json", "{\"precision\":null}");
	assert_int_equal(report_write(dir, &err), 0);
	assert_non_null(strstr(file_get("report.md"), "As many launches as were asked for"));
}

/* However near its ends are. */
static void one_launch_has_no_precision(void **state)
{
	struct error err;

	(void)state;
	ratio_launches = 1;
	file_put("meta.json", "{\"precision\":0.05}");
	rows_usual("faster");
	ratio_launches = 12;
	assert_int_equal(report_write(dir, &err), 0);
	assert_non_null(strstr(file_get("report.md"), "Not within +-5% when the launches ended: 1 of 1 "
			       "groups"));
	assert_non_null(strstr(file_get("report.md"), "(not known, "));
}

/* A samples.csv cut short after its run had ended. */
static void missing_rows_are_told(void **state)
{
	struct error err;

	(void)state;
	rows_usual("faster");
	file_put("meta.json", "{\"status\":\"complete\",\"launches_planned\":93,\"launches_done\":93,"
		 "\"group_launches_planned\":24}");
	assert_int_equal(report_write(dir, &err), 0);
	assert_non_null(strstr(file_get("report.html"), "Rows are missing: meta.json tells of 24 "
			       "launches of a group, samples.csv holds 12."));
	/* Groups take turns: none has as many launches as the run. */
	file_put("meta.json", "{\"status\":\"complete\",\"launches_planned\":93,\"launches_done\":93,"
		 "\"group_launches_planned\":12}");
	assert_int_equal(report_write(dir, &err), 0);
	assert_null(strstr(file_get("report.html"), "Rows are missing"));
}

static void nothing_measured_is_no_error(void **state)
{
	struct error err;

	(void)state;
	file_put("meta.json", "{}");
	rows_end();
	assert_int_equal(report_write(dir, &err), 0);
	assert_non_null(strstr(file_get("report.html"), "Nothing was measured."));
}

/* What matters with its remedy; what the table of the machine tells anyhow is not told again. */
static void environment_is_told(void **state)
{
	struct error err;
	const char *md;

	(void)state;
	file_put("meta.json", "{\"governor\":\"sluggish\",\"machine\":{\"smt\":true},"
		 "\"environment\":["
		 "{\"name\":\"governor\",\"value\":\"sluggish on 2 of 2\",\"mark\":\"matters\","
		 "\"effect\":\"it <changes>\",\"remedy\":\"set a|b\"},"
		 "{\"name\":\"SMT\",\"value\":\"off\",\"mark\":\"good\",\"effect\":\"quiet\"},"
		 "{\"name\":\"mitigations\",\"value\":\"1 on: xyzzy\",\"mark\":\"matters\","
		 "\"effect\":\"calls cost\",\"remedy\":null},"
		 "{\"name\":\"turbo\",\"mark\":\"unknown\"},{\"name\":\"steal\",\"mark\":\"unknown\"},"
		 "7,{\"mark\":{}},{\"mark\":\"matters\"}]}");
	rows_usual("faster");
	assert_int_equal(report_write(dir, &err), 0);
	md = file_get("report.md");
	assert_non_null(strstr(md, "- governor, sluggish on 2 of 2: it &lt;changes&gt;. "
			       "Remedy: set a\\|b\n"));
	assert_non_null(strstr(md, "- mitigations, 1 on: calls cost.\n"));
	assert_non_null(strstr(md, "- Nothing could be read here of: turbo, steal.\n"));
	assert_null(strstr(md, "frequency governor"));
	assert_null(strstr(md, "xyzzy"));
	assert_null(strstr(md, "quiet"));
	assert_non_null(strstr(md, "| SMT | true |"));
	md = file_get("report.html");
	assert_non_null(strstr(md, "governor, sluggish on 2 of 2: it &lt;changes&gt;."));
	assert_non_null(strstr(md, "Nothing could be read here of: turbo, steal."));
}

static void put_samples(void)
{
	static const char *const flags[] = {
		"steal", "steal+switched", "switched+oversubscribed", "oversubscribed", "migrated",
		"clock-step+migrated", "",
	};
	FILE *samples = csv_start("samples.csv", "launch,round,position,workload,strategy,variant,kind,"
				  "deferred,setting,placement,threads,objects,node,work_ns,layout,"
				  "replace_permille,window_ns,batch_ops,ops,mops,ns_per_op,fairness,"
				  "ticks,counted_ops,cycles,instructions,cache_misses,switches,"
				  "migrations,retries,failed,total_ops,reclaim_ns,delays,delay_ns,"
				  "garbage_objects,garbage_bytes,kref_bytes,thread_bytes,flags\n");

	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		fprintf(samples, "1,%zu,1,getput,fast,gcc,candidate,0,held,compact+scatter,1,1,,0,padded,0,"
			"500000,9,9,1,,,9,,,,,,,,,,,,,,,,,%s\n", i + 1, flags[i]);
	assert_int_equal(fclose(samples), 0);
}

static void disturbed_windows_are_told(void **state)
{
	static const char *const says[] = {
		"Steal: 2 of 7 windows ",
		("in 2 of 7 windows a worker was taken from its processor against its will, "
		 "1 of them with more threads than processors."),
		"in 2 of 7 windows a worker was seen", "in 1 of 7 windows the measuring clock",
	};
	char path[256];
	struct error err;

	(void)state;
	rows_usual("faster");
	put_samples();
	/* A run that did not look. */
	assert_int_equal(report_write(dir, &err), 0);
	assert_null(strstr(file_get("report.md"), " of 7 windows"));
	file_put("meta.json", "{\"environment\":[]}");
	assert_int_equal(report_write(dir, &err), 0);
	for (size_t i = 0; i < sizeof(says) / sizeof(*says); i++) {
		assert_non_null(strstr(file_get("report.md"), says[i]));
		assert_non_null(strstr(file_get("report.html"), says[i]));
	}
	snprintf(path, sizeof(path), "%s/samples.csv", dir);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(report_write(dir, &err), 0);
	assert_null(strstr(file_get("report.md"), " of 7 windows"));
}

/* A run of two strategies at two thread counts; more: the columns behind each row. */
static void put_counted(const char *columns, const char *const *more)
{
	static const char head[] = SUMMARY;
	char header[sizeof(head) + 128];

	snprintf(header, sizeof(header), "%.*s%s\n", (int)strlen(head) - 1, head, columns);
	assert_int_equal(fclose(summary), 0);
	summary = csv_start("summary.csv", header);
	for (unsigned i = 0; i < 4; i++)
		fprintf(summary, "getput,%s,gcc,compact,%u,1,,12,99,5,4,6,9,1,,,,%s,,,held,0,padded,"
			"candidate,,,,,0,,,,,%s\n", i % 2 ? "fast" : "refcount", 1 + i / 2,
			*more[i] ? "" : "0.25", more[i]);
	rows_end();
}

static bool is_planned(enum figure_kind kind)
{
	struct results results;
	struct figures figures;
	struct error err;
	bool found = false;

	assert_int_equal(results_load(&results, dir, &err), 0);
	assert_int_equal(figures_plan(&figures, &results), 0);
	for (size_t i = 0; i < figures.nr; i++)
		found |= figures.figures[i].kind == kind;
	figures_free(&figures);
	results_free(&results);
	return found;
}

static void counters_are_shown_where_there_are_any(void **state)
{
	static const char *const some[] = { ",,,", ",0.5,,", ",0.75,0.5,", ",,,7" };
	static const char *const none[] = { ",,,", ",,,", ",,,", ",,," };
	struct results results;
	struct error err;

	(void)state;
	put_counted(",moved_local_per_op,moved_remote_per_op,cpu-clock_per_op", some);
	assert_int_equal(report_write(dir, &err), 0);
	assert_non_null(strstr(file_get("report.html"), "<button type=button>moved local/op</button><th class=n "
			       "aria-sort=none><button type=button>moved remote/op</button><th class=n "
			       "aria-sort=none><button type=button>cpu-clock/op</button>"));
	assert_true(is_planned(FIGURE_MOVED));
	assert_false(is_planned(FIGURE_MISSES));
	assert_int_equal(results_load(&results, dir, &err), 0);
	assert_int_equal(results.nr_counters, 3);
	assert_string_equal(results.counters[2], "cpu-clock");
	for (size_t i = 0; i < results.nr_points; i++) {
		const struct result_point *point = &results.points[i];
		const bool fast = !strcmp(point->strategy, "fast");

		/* The sum of what is there. */
		if (point->key.threads == 1)
			assert_true(fast ? point->moved_per_op == 0.5 : isnan(point->moved_per_op));
		else
			assert_true(fast ? isnan(point->moved_per_op) : point->moved_per_op == 1.25);
		assert_true(isnan(point->counters[2]) || point->counters[2] == 7);
	}
	results_free(&results);
	summary = csv_start("summary.csv", "");
	ratios = csv_start("ratios.csv", RATIOS);
	put_counted(",moved_local_per_op,moved_remote_per_op,cpu-clock_per_op", none);
	assert_int_equal(report_write(dir, &err), 0);
	assert_null(strstr(file_get("report.html"), "moved"));
	assert_null(strstr(file_get("report.html"), "cache misses"));
	assert_false(is_planned(FIGURE_MOVED));
	/* Misses in all rows, no further column at all. */
	summary = csv_start("summary.csv", "");
	ratios = csv_start("ratios.csv", RATIOS);
	put_counted("", (const char *const[]){ "", "", "", "" });
	assert_int_equal(report_write(dir, &err), 0);
	assert_non_null(strstr(file_get("report.html"), "cache misses/op"));
	assert_true(is_planned(FIGURE_MISSES));
}

static void absent_counters_are_told_with_their_cause(void **state)
{
	struct error err;
	const char *md;

	(void)state;
	file_put("meta.json", "{\"counters\":{\"cycles\":null,\"a\":\"no <PMU>\",\"rfo_hitm\":null,"
		 "\"b\":\"other\",\"c\":\"no <PMU>\",\"d\":7,\"page-faults\":null},"
		 "\"counter_events\":{\"rfo_hitm\":\"spr::OCR\",\"page-faults\":\"page-faults\"},"
		 "\"counters_user_mode\":true}");
	rows_usual("faster");
	assert_int_equal(report_write(dir, &err), 0);
	md = file_get("report.md");
	assert_non_null(strstr(md, "| counters | cycles, rfo_hitm (spr::OCR), page-faults |\n"));
	assert_non_null(strstr(md, "| no counter of a, c | no &lt;PMU&gt; |\n"));
	assert_non_null(strstr(md, "| no counter of b | other |\n"));
	assert_non_null(strstr(md, "| no counter of d | no reason given |\n"));
	assert_null(strstr(strstr(md, "counter of a, c") + 1, "counter of a, c"));
	assert_non_null(strstr(md, "| hardware counters | of user mode only"));
	file_put("meta.json", "{\"counters\":{\"cycles\":\"none\"},\"counters_user_mode\":true}");
	assert_int_equal(report_write(dir, &err), 0);
	assert_null(strstr(file_get("report.md"), "user mode"));
}

/* Of 2000 samples 99.9 percent is not told; what does nothing is the harness. */
static void latencies_are_told_where_there_are_any(void **state)
{
	static const char *const says[] = {
		"19.0 to 19.0 ns (stamps", "goes on by 0.500 ns", "in 1 of 2 windows",
	};
	struct error err;

	(void)state;
	rows_usual("faster");
	assert_int_equal(report_write(dir, &err), 0);
	assert_null(strstr(file_get("report.html"), "single ops"));
	assert_null(strstr(file_get("report.md"), "single ops"));
	file_put("latency.csv", LATENCY
		 SAMPLED("fast", "1", "2000,950,0.5,19:99,40:1700 60:250 400:30 944:20,steal")
		 SAMPLED("refcount", "1", "10,50,0.5,19:99,50:10,"));
	assert_int_equal(report_write(dir, &err), 0);
	for (size_t i = 0; i < sizeof(says) / sizeof(*says); i++) {
		assert_non_null(strstr(file_get("report.md"), says[i]));
		assert_non_null(strstr(file_get("report.html"), says[i]));
	}
	/* Without a figure too: no gnuplot was there. */
	assert_non_null(strstr(file_get("report.html"), "<th>fast<td class=n data-v=40>40.0"
			       "<td class=n data-v=60>60.0<td class=n data-v=403.5>404<td>"
			       "<td class=n data-v=950>950<td class=n data-v=19>19.0"
			       "<td class=n data-v=2000>2000<td class=n data-v=1>1\n"));
}

static void damaged_files_are_refused(void **state)
{
	static const struct {
		const char *name, *text;
	} cases[] = {
		{ "meta.json", "{\"host\":" }, { "meta.json", "[]" }, { "meta.json", "" },
		{ "summary.csv", "workload,strategy\ngetput,cas\n" },
		{ "summary.csv", SUMMARY "getput,cas\n" },
		{ "summary.csv", SUMMARY
		  "getput,cas,gcc,compact,x,1,,1,1,5,5,5,1,1,,,,,,,held,0,padded,candidate,,,,\n" },
		{ "summary.csv", SUMMARY "getput,cas,gcc,compact,0,1,,1,1,5,5,5,1,1,,,,,,,held,0,padded,"
		  "candidate,,,,,0,,,,,\n" },
		{ "summary.csv", SUMMARY "getput,cas,gcc,compact,1,1,,1,1,1e300,5,5,1,1,,,,,,,held,0,padded,"
		  "candidate,,,,,0,,,,,\n" },
		{ "ratios.csv", RATIOS "getput,compact,1\n" },
		{ "holes.csv", "workload\ngetput\n" },
		{ "latency.csv", LATENCY SAMPLED("fast", "1", "9,20,0.5,19:9,20:8,") },
	};
	struct error err;
	size_t i;

	(void)state;
	rows_usual("faster");
	file_put("latency.csv", LATENCY);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *before = strdup(file_get(cases[i].name));

		err.text[0] = '\0';
		file_put(cases[i].name, cases[i].text);
		assert_int_equal(report_write(dir, &err), -EBADMSG);
		assert_non_null(strstr(err.text, cases[i].name));
		file_put(cases[i].name, before);
		free(before);
	}
	assert_int_equal(report_write(dir, &err), 0);
}

static void foreign_svg_is_refused(void **state)
{
	static const char *const bad[] = {
		"<svg><script>alert(1)</script></svg>", "<svg onload='alert(1)'></svg>",
		"<svg onload ='alert(1)'></svg>", "<svg><use href='http://x/#a'/></svg>",
		"<svg><g style='fill: url(http://x)'/></svg>", "<svg><image href='#a'/></svg>",
		"<svg><g", "<svg><!-- ", "<svg><g a=b></g></svg>", "no svg at all",
		"<svg></svg><title a=\"b\"><rect x=\"</title><script>alert(1)</script>\"/>",
		"<svg><title a=\"b\"><rect x=\"</title><script>alert(1)</script>\"/></svg>",
		"<svg><title a='b'>c</title></svg>", "<svg><desc a='b'/></svg>", "<svg></title></svg>",
		"<svg><titles>a</titles></svg>", "<svg></svg><rect/>", "<svg></svg>a", "<svg/>", "<svg><g/>",
		"<svg><svg></svg></svg>", "<svg><g a='<b'/></svg>", "<svg><g a='b>'/></svg>",
		"<svg a='>'></svg>", "<svgs></svg>",
	};
	char path[256], *page;
	size_t i, length;
	FILE *out;

	(void)state;
	rows_end();
	snprintf(path, sizeof(path), "%s/a.svg", dir);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		file_put("a.svg", bad[i]);
		out = open_memstream(&page, &length);
		assert_int_equal(report_svg(out, path, &(struct svg_words){ 1, "a", "b" }), -EBADMSG);
		fclose(out);
		assert_int_equal(length, 0);
		free(page);
	}
	file_put("a.svg", "<?xml version='1'?><svg viewBox=\"0 0 1 1\"><title>Gnuplot</title>"
		 "<g id='a' fill = 'url(#b)'><use xlink:href='#c' color='rgb(  0, 114,  18)'/></g>"
		 "<g stroke='red'>\n</g><path d='M1.25,3.999\n\tL10.50,7'/></svg>\n\n");
	out = open_memstream(&page, &length);
	assert_int_equal(report_svg(out, path, &(struct svg_words){ 7, "a<b", "c&d" }), 0);
	fclose(out);
	assert_string_equal(page, "<svg role=\"img\" aria-labelledby=\"f7-title f7-desc\" "
			    "viewBox=\"0 0 1 1\"><title id=\"f7-title\">a&lt;b</title>"
			    "<desc id=\"f7-desc\">c&amp;d</desc>"
			    "<g id='f7-a' fill='url(#f7-b)'><use xlink:href='#f7-c' color='#007212'/></g>"
			    "<path d='M1.2,3.9 L10.5,7'/></svg>");
	free(page);
}

static void names_keep_apart(void **state)
{
	double at[] = { 0.5, 0.5, 0.5, 0.95, 1.0, 0.0 };

	(void)state;
	axis_spread(at, 6, 0.1);
	assert_true(at[5] >= 0.05 - 1e-9);
	assert_float_equal(at[0] + at[1] + at[2], 1.5, 1e-9);
	assert_true(fabs(at[0] - at[1]) >= 0.1 - 1e-9 && fabs(at[1] - at[2]) >= 0.1 - 1e-9);
	assert_true(at[4] - at[3] >= 0.1 - 1e-9 && at[4] <= 0.95 + 1e-9);
}

static void numbers_have_three_digits(void **state)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = {
		{ 0, "0" }, { 7.384, "7.38" }, { 9.996, "10.0" }, { 0.01234, "0.0123" },
		{ 123456, "123000" }, { 999.6, "1000" }, { -1.5, "-1.50" }, { 1e-6, "1.00e-06" },
		{ NAN, "-" },
	};
	char text[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(words_number(cases[i].value, text, sizeof(text)),
				    cases[i].text);
}

/* One that cannot be taken away may be anybody's, and so may others. */
static void older_figures_are_not_shown(void **state)
{
	static const char older[] = "<svg><text>older</text></svg>";
	char path[256];
	struct error err;
	bool forgotten = true;

	(void)state;
	rows_usual("faster");
	snprintf(path, sizeof(path), "%s/plots", dir);
	assert_int_equal(mkdir(path, 0777), 0);
	file_put("plots/cost-getput-held.svg", older);
	assert_int_equal(report_write(dir, &err), 0);
	assert_non_null(strstr(file_get("report.html"), ">older<"));
	snprintf(path, sizeof(path), "%s/plots/uncontended-getput-held.png", dir);
	assert_int_equal(mkdir(path, 0777), 0);
	assert_int_equal(figures_draw(dir, NULL, "plots", FIGURES_SVG, &forgotten, &err), -EISDIR);
	assert_non_null(strstr(err.text, "uncontended-getput-held.png"));
	assert_false(forgotten);
	file_put("plots/cost-getput-held.svg", older);
	assert_int_equal(report_write_bare(dir, &err), 0);
	assert_null(strstr(file_get("report.html"), ">older<"));
	assert_null(strstr(file_get("report.html"), "plots/"));
	assert_null(strstr(file_get("report.md"), "plots/"));
	assert_int_equal(rmdir(path), 0);
	/* Without the project's scripts, before anything is drawn. */
	assert_int_equal(figures_draw(dir, NULL, "nowhere", FIGURES_SVG, &forgotten, &err), -ENOENT);
	assert_true(forgotten);
	assert_int_equal(report_write(dir, &err), 0);
	assert_null(strstr(file_get("report.html"), ">older<"));
}

/* Needs gnuplot; the program that runs the tests stands in the repository's top. */
static void figures_are_drawn(void **state)
{
	struct error err;
	bool forgotten;

	(void)state;
	file_put("meta.json", "{\"host\":\"`touch x` $(touch x) 'q' @x \\\\\"}");
	file_put("handover.csv", "cpu_a,cpu_b,step,ns,ns_lo,ns_hi\n0,64,SMT,9,8,10\n"
		 "0,1,it's,61.2,60,63\n1,65,SMT,,,\n");
	file_put("floors.csv", "placement,threads,ns_per_op\ncompact,2,122.4\n");
	file_put("latency.csv", LATENCY SAMPLED("it's `touch x`", "1", "99,20,0.5,19:99,20:99,")
		 SAMPLED("refcount", "2", "99,1000000,0.5,19:99,20:98 999424:1,"));
	point("it's `touch x`", "gcc", "candidate", 1, 0, 7);
	point("refcount", "gcc", "candidate", 2, 0, 70);
	rows_usual("faster");
	if (system("command -v gnuplot > /dev/null 2>&1"))
		skip();
	err.text[0] = '\0';
	if (figures_draw(dir, NULL, "plots", FIGURES_SVG | FIGURES_PDF, &forgotten, &err))
		fail_msg("%s", err.text);
	assert_non_null(strstr(file_get("plots/cost-getput-held.svg"), "it&apos;s `touch x`") ?:
			strstr(file_get("plots/cost-getput-held.svg"), "it's `touch x`"));
	assert_non_null(strstr(file_get("plots/uncontended-getput-held.pdf"), "%PDF"));
	assert_non_null(strstr(file_get("plots/cost-getput-held.svg"), ">handover<"));
	assert_non_null(strstr(file_get("plots/handover.dat"), "\n9 61.2\n61.2 ?\n"));
	assert_non_null(strstr(file_get("plots/handover.svg"), ">61.2<"));
	assert_non_null(strstr(file_get("plots/latency-getput-held.svg"), "it&apos;s `touch x`") ?:
			strstr(file_get("plots/latency-getput-held.svg"), "it's `touch x`"));
	assert_non_null(strstr(file_get("plots/latency-getput-held.svg"), "10%"));
	assert_int_equal(report_write(dir, &err), 0);
	assert_non_null(strstr(file_get("report.html"), "role=\"img\""));
	assert_null(strstr(file_get("report.html"), "Figures are missing"));
}

/* Threads that choose among several objects seldom meet at one. */
static void floor_is_of_one_object(void **state)
{
	struct result_group group;
	struct results results;
	struct error err;

	(void)state;
	file_put("floors.csv", "placement,threads,ns_per_op\ncompact,2,122.4\n");
	point("refcount", "gcc", "candidate", 2, 0, 70);
	rows_usual("faster");
	assert_int_equal(results_load(&results, dir, &err), 0);
	group = results.groups[results.nr_groups - 1];
	assert_int_equal(group.key.threads, 2);
	assert_float_equal(results_floor(&results, &group), 122.4, 1e-9);
	group.key.objects = 16;
	assert_true(isnan(results_floor(&results, &group)));
	group.key.objects = 1;
	group.key.threads = 1;
	assert_true(isnan(results_floor(&results, &group)));
	results_free(&results);
}

static void no_gnuplot_is_told(void **state)
{
	const char *before = getenv("PATH");
	char *path = strdup(before ? before : "");
	struct error err;
	bool forgotten;

	(void)state;
	rows_usual("faster");
	setenv("PATH", "/nonexistent", 1);
	assert_int_equal(figures_draw(dir, NULL, "plots", FIGURES_SVG, &forgotten, &err), -ENOENT);
	setenv("PATH", path, 1);
	free(path);
	assert_non_null(strstr(err.text, "gnuplot"));
	assert_int_equal(report_write(dir, &err), 0);
	assert_non_null(strstr(file_get("report.html"), "Figures are missing"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(hostile_names_are_text),
		IN_FOLDER(partial_runs_and_holes_are_shown),
		IN_FOLDER(holes_stand_by_reason),
		IN_FOLDER(tables_of_markdown_are_whole),
		IN_FOLDER(a_command_repeats_the_run),
		IN_FOLDER(extremes_are_called_so),
		IN_FOLDER(heads_sort),
		IN_FOLDER(precision_is_told),
		IN_FOLDER(one_launch_has_no_precision),
		IN_FOLDER(missing_rows_are_told),
		IN_FOLDER(nothing_measured_is_no_error),
		IN_FOLDER(environment_is_told),
		IN_FOLDER(disturbed_windows_are_told),
		IN_FOLDER(counters_are_shown_where_there_are_any),
		IN_FOLDER(absent_counters_are_told_with_their_cause),
		IN_FOLDER(latencies_are_told_where_there_are_any),
		IN_FOLDER(damaged_files_are_refused),
		IN_FOLDER(foreign_svg_is_refused),
		IN_FOLDER(older_figures_are_not_shown),
		cmocka_unit_test(names_keep_apart),
		cmocka_unit_test(numbers_have_three_digits),
		IN_FOLDER(figures_are_drawn),
		IN_FOLDER(floor_is_of_one_object),
		IN_FOLDER(no_gnuplot_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
