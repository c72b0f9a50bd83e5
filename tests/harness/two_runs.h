/*
 * Two runs planted by a test, with known changes from one to the other, and how they compare.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_HARNESS_TWO_RUNS_H
#define TESTS_HARNESS_TWO_RUNS_H

#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include "harness/compare.h"
#include "planted.h"

#define META "{\"host\":\"here\",\"status\":\"complete\",\"commit\":\"abc\",\"machine\":{\"pus\":2}}"

static const char *const workloads[] = { "getput", "queue", "handoff", "lookup" };
/* The first four where nothing else is planted. */
static const char *const strategies[] = {
	"atomic", "cas", "mutex", "biased", "plain", "flags", "snzi", "lockref", "sloppy",
};

#define NR(array) (sizeof(array) / sizeof(*(array)))

/* What is planted; all factors of 0 are 1. */
struct plant {
	unsigned launches, groups, strategies;	/* 0: 12, 4, 4 */
	double whole, queue, cas;		/* of everything, of a group, of a point of getput */
	double drift;				/* from launch to launch, of everything */
	double scatter;				/* of each point, the same in all launches */
	unsigned cas_from;			/* the first launch whose cas changed */
	bool no_control;
};

static char top[64];

static inline int top_create(void **state)
{
	char path[128];

	(void)state;
	strcpy(top, "/tmp/test_compare.XXXXXX");
	if (!mkdtemp(top))
		return -1;
	for (const char *name = "ab"; *name; name++) {
		snprintf(path, sizeof(path), "%s/%c", top, *name);
		if (mkdir(path, 0777))
			return -1;
	}
	return 0;
}

static inline int top_remove(void **state)
{
	(void)state;
	for (const char *name = "ab"; *name; name++) {
		snprintf(dir, sizeof(dir), "%.32s/%c", top, *name);
		unlink(file_path("samples.csv"));
		unlink(file_path("meta.json"));
		rmdir(dir);
	}
	return rmdir(top);
}

/* Reproducible numbers (xorshift64, Marsaglia 2003), and from them about normal ones. */
static uint64_t random_state = 88172645463325252u;

static inline double random_normal(void)
{
	double sum = -6;

	for (int i = 0; i < 12; i++) {
		random_state ^= random_state << 13;
		random_state ^= random_state >> 7;
		random_state ^= random_state << 17;
		sum += (double)(random_state >> 11) * 0x1p-53;
	}
	return sum;
}

static inline void run_begin(const char *name, const char *meta)
{
	FILE *file;

	snprintf(dir, sizeof(dir), "%.32s/%s", top, name);
	file = fopen(file_path("meta.json"), "w");
	assert_non_null(file);
	fputs(meta, file);
	assert_int_equal(fclose(file), 0);
	samples_begin();
}

static inline double or_one(double factor)
{
	return factor ? factor : 1;
}

/* The noise of a point in a launch: 1 percent, and now and then much more, as real ones have. */
static inline double noise(void)
{
	return exp(0.01 * random_normal() + (random_state % 20 == 0 ? 0.1 : 0));
}

static inline void plant_group(const struct plant *plant, unsigned launch, const char *workload, double ns)
{
	const unsigned nr = plant->strategies ? plant->strategies : 4;

	PUT(launch, 1, "refcount", .workload = workload, .ns = ns * noise());
	if (!plant->no_control)
		PUT(launch, 1, "refcount", .variant = "aa", .kind = "control",
		    .workload = workload, .ns = ns * noise());
	for (unsigned s = 0; s < nr; s++) {
		const bool cas = !strcmp(strategies[s], "cas") && !strcmp(workload, "getput") &&
				 launch >= plant->cas_from;

		PUT(launch, 1, strategies[s], .workload = workload,
		    .ns = ns * (2 + s) * noise() * (cas ? or_one(plant->cas) : 1) *
			  (1 + plant->scatter * ((int)(s + (unsigned)*workload) % 3 - 1)));
	}
}

/* Drift remembers: a launch has four fifths of that of the one before. */
static inline void plant_launches(const struct plant *plant)
{
	const unsigned groups = plant->groups ? plant->groups : NR(workloads);
	double drift = plant->drift * random_normal(), ns;

	for (unsigned launch = 1; launch <= (plant->launches ? plant->launches : 12); launch++) {
		for (unsigned g = 0; g < groups; g++) {
			ns = 10 * (g + 1) * or_one(plant->whole) * exp(drift);
			if (g == 1)
				ns *= or_one(plant->queue);
			plant_group(plant, launch, workloads[g], ns);
		}
		drift = 0.8 * drift + 0.6 * plant->drift * random_normal();
	}
}

static inline void plant_run(const char *name, struct plant plant)
{
	run_begin(name, META);
	plant_launches(&plant);
	samples_end();
}

static inline void compared(struct compare *compare)
{
	static char a[80], b[80];
	struct error err = { "" };

	snprintf(a, sizeof(a), "%s/a", top);
	snprintf(b, sizeof(b), "%s/b", top);
	if (compare_runs(compare, a, b, &err))
		fail_msg("%s", err.text);
}

static inline const struct compare_row *row_find(const struct compare *compare, const char *workload,
					  const char *strategy)
{
	for (size_t i = 0; i < compare->nr_rows; i++) {
		const struct compare_row *row = &compare->rows[i];

		if (!strcmp(row->group->key[SAMPLES_WORKLOAD], workload) &&
		    (strategy ? row->point && !strcmp(row->point->strategy, strategy) &&
				strcmp(row->point->variant, "aa") : !row->point))
			return row;
	}
	fail_msg("no row %s %s", workload, strategy ? strategy : "");
	return NULL;
}

static inline void assert_change(double shift, double expected)
{
	if (!(fabs(expm1(shift) - expected) < 0.02))
		fail_msg("%g, expected %g", expm1(shift), expected);
}

/* What is printed, and whether it is above the limit. No line is too long, none has a NaN. */
static inline char *printed(const struct compare *compare, double limit, int above)
{
	static char *text;
	size_t size;
	FILE *out;

	free(text);
	text = NULL;
	out = open_memstream(&text, &size);
	assert_non_null(out);
	assert_int_equal(compare_print(compare, limit, out), above);
	assert_int_equal(fclose(out), 0);
	assert_null(strstr(text, "nan"));
	assert_null(strstr(text, "inf"));
	assert_null(strstr(text, "-0.0%"));
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		if (strcspn(line, "\n") > 100 && !strstr(line, "FAILED"))
			fail_msg("too long: %s", line);
	return text;
}

static inline void assert_says(const struct compare *compare, double limit, int above, const char *says)
{
	const char *text = printed(compare, limit, above);

	if (!strstr(text, says))
		fail_msg("\"%s\" is not in: %s", says, text);
}

#define PLANTED(test) cmocka_unit_test_setup_teardown(test, top_create, top_remove)

#endif
