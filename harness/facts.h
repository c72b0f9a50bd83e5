/*
 * The facts of several runs' meta.json side by side, each one value a run, down to what holds no names.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_FACTS_H
#define HARNESS_FACTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* So many runs at most. */
#define FACTS_MOST 8

/* One fact: its path such as machine.cpu, and each run's value, NULL where it has none. */
struct fact {
	const char *path;
	const json_t *values[FACTS_MOST];
	size_t nr;
};

/*
 * Tells each fact below the top-level fields, in their order and then that of the files; what no run has
 * and what was measured of the clock, which differs between any two runs and says nothing, is left
 * out. nr is at most FACTS_MOST.
 */
void facts_walk(const json_t *const *metas, size_t nr, const char *const *fields, size_t nr_fields,
		void (*tell)(void *arg, const struct fact *fact), void *arg);

/* Whether it is not the same in all runs; null and none are the same. */
bool fact_differs(const struct fact *fact);

/* Control characters, which a terminal would obey, become question marks. */
void fact_text(const char *text, FILE *out);

/* A text as it is, an array as a line of words, the rest as JSON; "not told" for NULL and null. */
void fact_print(const json_t *value, FILE *out);

#endif
