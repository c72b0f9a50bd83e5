/*
 * Google Benchmark through a C interface: it runs the points of a launch and reports a run.
 *
 * SPDX-License-Identifier: MIT
 *
 * Only its registry, console and JSON are used. Its threads, its counters and its repetitions are
 * not: they would measure something else than the window does.
 */
#ifndef HARNESS_GBENCH_H
#define HARNESS_GBENCH_H

#ifdef __cplusplus
extern "C" {
#endif

/* One launch's value of a point, or the median over launches. */
struct gbench_row {
	const char *name;
	unsigned threads;
	unsigned repetition, repetitions;	/* repetition from 0 */
	double ns_per_op;
};

/*
 * Measures one point: writes *ns_per_op and returns 0, or returns non-zero: the point and all later
 * ones are then skipped.
 */
typedef int (*gbench_measure)(void *context, unsigned point, double *ns_per_op);

/* Registers points 0 to nr - 1 by name and runs each once, in order. Returns 0, or -ENOMEM. */
int gbench_run(const char *const *names, unsigned nr, gbench_measure measure, void *context);

/* Adds a line to the context that gbench_write() writes. */
void gbench_context(const char *key, const char *value);

/* Writes rows in the library's JSON; those of one point stand together. Returns 0 or -errno. */
int gbench_write(const char *path, const struct gbench_row *rows, unsigned nr);

/* Prints rows as the library's console table, on stdout or, where that has something else to say, on stderr. */
void gbench_print(const struct gbench_row *rows, unsigned nr, int on_stderr);

#ifdef __cplusplus
}
#endif

#endif
