/*
 * A run planted by a test: writes samples.csv into a folder of its own, reads the summary back.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_HARNESS_PLANTED_H
#define TESTS_HARNESS_PLANTED_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/csv.h"
#include "harness/summarise.h"

static char dir[64];
static FILE *samples;
/* Of samples.csv, after flags. */
static const char *more_columns = "";
/* That rounds tell of; 0: they do not. */
static unsigned round_windows;

static inline char *file_path(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static inline int folder_create(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/test_summarise.XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static inline int folder_remove(void **state)
{
	(void)state;
	unlink(file_path("samples.csv"));
	unlink(file_path("summary.csv"));
	unlink(file_path("ratios.csv"));
	return rmdir(dir);	/* fails where anything else was left behind */
}

/* One window; what is left out gets a plain value in put(). */
struct row {
	unsigned launch, round;
	const char *strategy, *variant, *kind, *workload, *placement, *counters, *memory, *flags;
	const char *mops;
	const char *more;		/* after the flags, where more_columns has any */
	double ns, window_ns, fairness;
	unsigned threads, deferred;
};

/* From counted_ops to reclaim_ns, in the order of the file. */
#define NO_COUNTERS	",,,,,,,,,"
/* From delays to thread_bytes. */
#define NO_MEMORY	",,,,,"

static inline const char *or(const char *text, const char *otherwise)
{
	return text ? text : otherwise;
}

static inline void put(struct row row)
{
	unsigned threads = row.threads ? row.threads : 2;
	char mops[32], ns[32];

	snprintf(mops, sizeof(mops), "%.12g", 1000 * threads / row.ns);
	snprintf(ns, sizeof(ns), "%.12g", row.ns);
	fprintf(samples, "%u,%u,1,%u,%s,%s,%s,%s,%u,held,%s,%u,1,,0,padded,0,%.12g,100,1000,%s,%s,"
		"%.12g,40000,%s,%s,%s%s%s\n", row.launch, row.round, round_windows,
		or(row.workload, "getput"), row.strategy, or(row.variant, "gcc"),
		or(row.kind, "candidate"), row.deferred, or(row.placement, "compact"), threads, row.window_ns ? row.window_ns : 300000,
		or(row.mops, mops), row.mops ? "" : ns, row.fairness ? row.fairness : 1,
		or(row.counters, NO_COUNTERS), or(row.memory, NO_MEMORY), or(row.flags, ""),
		*more_columns ? "," : "", or(row.more, ""));
}

#define PUT(...) put((struct row){ __VA_ARGS__ })

static inline void samples_begin(void)
{
	samples = fopen(file_path("samples.csv"), "w");
	assert_non_null(samples);
	fprintf(samples, "launch,round,position,round_windows,workload,strategy,variant,kind,"
	      "deferred,setting,placement,threads,objects,node,work_ns,layout,replace_permille,window_ns,batch_ops,ops,mops,"
	      "ns_per_op,fairness,"
	      "ticks,counted_ops,cycles,instructions,cache_misses,switches,migrations,retries,"
	      "failed,total_ops,reclaim_ns,delays,delay_ns,garbage_objects,garbage_bytes,"
	      "kref_bytes,thread_bytes,flags%s%s\n", *more_columns ? "," : "", more_columns);
}

static inline void samples_end(void)
{
	assert_int_equal(fclose(samples), 0);
}

static inline void samples_summarise(void)
{
	struct tally tally = { 0 };
	struct error err = { "" };

	samples_end();
	if (summarise(dir, NULL, &tally, &err))
		fail_msg("%s", err.text);
	tally_free(&tally);
}

static inline void refused(int code, const char *says)
{
	struct tally tally = { 0 };
	struct error err = { "" };
	int ret;

	samples_end();
	ret = summarise(dir, NULL, &tally, &err);
	tally_free(&tally);
	if (ret != -code || !strstr(err.text, says) || strchr(err.text, '\n'))
		fail_msg("%d '%s', expected '%s'", ret, err.text, says);
}

/* The baseline and its A/A control: in turn a fraction above and below from launch to launch. */
static inline void put_baseline(unsigned launch, unsigned round, double ns, double aa)
{
	PUT(.launch = launch, .round = round, .strategy = "refcount", .ns = ns);
	PUT(.launch = launch, .round = round, .strategy = "refcount", .variant = "aa",
	    .kind = "control", .ns = ns * (launch % 2 ? 1 + aa : 1 - aa));
}

static inline void put_candidate(unsigned launch, unsigned round, const char *name, double ns)
{
	PUT(.launch = launch, .round = round, .strategy = name, .ns = ns);
}

/* All the asked fields of the one row that has these values, into a static text. */
static inline const char *field(const char *name, const char *column, const char *key_1,
				const char *value_1, const char *key_2, const char *value_2)
{
	static char found[128];
	struct error err = { "" };
	struct csv csv;
	int rows = 0;

	assert_int_equal(csv_open(&csv, file_path(name), &err), 0);
	while (csv_next(&csv, &err) == 1) {
		if (strcmp(csv_text(&csv, csv_column(&csv, key_1, &err)), value_1) ||
		    strcmp(csv_text(&csv, csv_column(&csv, key_2, &err)), value_2))
			continue;
		snprintf(found, sizeof(found), "%s",
			 csv_text(&csv, csv_column(&csv, column, &err)));
		rows++;
	}
	csv_close(&csv);
	if (rows != 1)
		fail_msg("%d rows with %s, %s in %s", rows, value_1, value_2, name);
	return found;
}

static inline const char *of_point(const char *strategy, const char *variant, const char *column)
{
	return field("summary.csv", column, "strategy", strategy, "variant", variant);
}

static inline const char *of_pair(const char *a, const char *b, const char *column)
{
	return field("ratios.csv", column, "a", a, "b", b);
}

static inline const char *of_base(const char *a, const char *column)
{
	return of_pair(a, "refcount@gcc", column);
}

static inline unsigned rows_in(const char *name)
{
	struct error err = { "" };
	struct csv csv;
	unsigned rows = 0;

	assert_int_equal(csv_open(&csv, file_path(name), &err), 0);
	while (csv_next(&csv, &err) == 1)
		rows++;
	csv_close(&csv);
	return rows;
}

#endif
