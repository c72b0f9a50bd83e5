/*
 * A run's folder for tests, with rows as a test asks for them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_HARNESS_RUN_FOLDER_H
#define TESTS_HARNESS_RUN_FOLDER_H

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/figures_internal.h"
#include "harness/findings.h"
#include "harness/report_internal.h"

#define SUMMARY                                                                                 \
	"workload,strategy,variant,placement,threads,objects,node,launches,windows,ns_per_op,"  \
	"ns_per_op_lo,ns_per_op_hi,mops,fairness,ticks_per_op,cycles_per_op,"                   \
	"instructions_per_op,cache_misses_per_op,retries_per_op,flags,setting,work_ns,layout,"  \
	"kind,failed_per_op,reclaim_ns_per_op,switches_per_op,migrations_per_op,"               \
	"replace_permille,kref_bytes,thread_bytes,reclaim_delay_ns,garbage_objects,"            \
	"garbage_bytes\n"
#define RATIOS                                                                                  \
	"workload,placement,threads,objects,node,a,b,launches,ratio,ratio_lo,ratio_hi,verdict," \
	"setting,work_ns,layout,floor,judged,p_holm,replace_permille\n"
#define HOLES "workload,strategy,variant,setting,reason\n"
#define LATENCY                                                                                 \
	"launch,workload,strategy,variant,kind,deferred,setting,placement,threads,objects,node,work_ns," \
	"layout,replace_permille,window_ns,gap_ops,samples,max_ns,clock_ns,stamps,ops,flags\n"
/* rest: samples to flags. */
#define SAMPLED(strategy, threads, rest)                                                        \
	"1,getput," strategy ",gcc,candidate,0,held,compact," threads ",1,,0,padded,0,750000,30," rest "\n"
#define META "{\"host\":\"here\",\"status\":\"complete\",\"machine\":{\"pus\":2}}"

/* The folder's name holds what a shell or a URL would stumble over. */
static char top[64], dir[128];
static FILE *summary, *ratios;

static inline void file_put(const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static inline char *file_get(const char *name)
{
	static char text[1 << 20];
	char path[256];
	FILE *file;
	size_t got;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "r");
	assert_non_null(file);
	got = fread(text, 1, sizeof(text) - 1, file);
	text[got] = '\0';
	fclose(file);
	return text;
}

static inline FILE *csv_start(const char *name, const char *header)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(header, file);
	return file;
}

static inline int folder_create(void **state)
{
	(void)state;
	strcpy(top, "/tmp/test_report.XXXXXX");
	if (!mkdtemp(top))
		return -1;
	snprintf(dir, sizeof(dir), "%s/it's a \"run\"", top);
	if (mkdir(dir, 0777))
		return -1;
	file_put("meta.json", META);
	file_put("holes.csv", HOLES);
	summary = csv_start("summary.csv", SUMMARY);
	ratios = csv_start("ratios.csv", RATIOS);
	return 0;
}

static inline int folder_remove(void **state)
{
	char command[160];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", top);	/* top is mkdtemp's: plain */
	return system(command);
}

static inline void point(const char *strategy, const char *variant, const char *kind, unsigned threads,
		  double work, double ns)
{
	fprintf(summary, "getput,%s,%s,compact,%u,1,,12,99,%g,%g,%g,%g,0.9,,,,,,,held,%g,padded,%s"
		",,,,,0,,,,,\n", strategy, variant, threads, ns, ns * 0.99, ns * 1.01,
		1000 * threads / ns, work, kind);
}

/* Behind the ratios. */
static unsigned ratio_launches = 12;

static inline void ratio(const char *a, const char *b, unsigned threads, double work, double value,
		  const char *verdict)
{
	fprintf(ratios, "getput,compact,%u,1,,%s,%s,%u,%g,%g,%g,%s,held,%g,padded,0.01,median,,0\n",
		threads, a, b, ratio_launches, value, value * 0.995, value * 1.005, verdict, work);
}

static inline void rows_end(void)
{
	assert_int_equal(fclose(summary), 0);
	assert_int_equal(fclose(ratios), 0);
}

/* Three candidates and a floor at one thread: fast 5 ns, near 5.02 ns, refcount 10 ns. */
static inline void rows_usual(const char *fast_verdict)
{
	point("none", "gcc", "floor", 1, 0, 0.3);
	point("near", "gcc", "candidate", 1, 0, 5.02);
	point("fast", "gcc", "candidate", 1, 0, 5);
	point("refcount", "gcc", "candidate", 1, 0, 10);
	point("refcount", "aa", "control", 1, 0, 10.01);
	point("empty", "gcc", "control", 1, 0, 30);
	ratio("refcount@gcc", "fast@gcc", 1, 0, 2, !strcmp(fast_verdict, "faster") ? "slower" : "");
	ratio("near@gcc", "refcount@gcc", 1, 0, 0.502, fast_verdict);
	ratio("near@gcc", "fast@gcc", 1, 0, 1.004, "");
	ratio("refcount@aa", "refcount@gcc", 1, 0, 1.001, "");
	rows_end();
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_create, folder_remove)

#endif
