/*
 * What the files that make up struct beside share with each other only.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_BESIDE_INTERNAL_H
#define HARNESS_BESIDE_INTERNAL_H

#include "beside.h"
#include "report_internal.h"

struct beside_run {
	struct report report;
	char label[64];		/* short, no other run's */
	const char *variant;	/* the one that is shown, of several the baseline's */
};

struct beside_strategy {
	const char *name;
	enum result_kind kind;
	size_t nr_runs;		/* that have it */
	double ratio;		/* to the baseline at most threads, geometric mean; INFINITY: none */
};

/* What is the same but for threads, and for the nodes of the objects, which machines number themselves. */
struct beside_case {
	const struct result_key *key;
	char label[256];
	const struct result_series *series[BESIDE_MOST];	/* NULL: the run has none */
	size_t nr_runs;
	unsigned *threads;	/* of any run, ascending */
	size_t nr_threads;
	/* Those of the baseline's kind by ratio, then peers, then floors; no controls. */
	struct beside_strategy *strategies;
	size_t nr_strategies;
};

/* What a figure shows: times, or ratios to the baseline. */
struct beside_figure {
	const struct beside_case *at;
	bool ratios;
};

struct beside {
	struct beside_run runs[BESIDE_MOST];
	size_t nr;
	struct beside_case *cases;
	size_t nr_cases;
	struct figures figures;	/* of each case those that it has, in their order: times, ratios */
	struct beside_figure *plots;	/* one for each of figures */
	const char *drawn;	/* the folder whose figures may be shown; NULL: there is none */
};

/* One of the case's points, with its group; NULL: the run has none. */
struct beside_point {
	const struct result_group *group;
	const struct result_point *point;
};
struct beside_point beside_point(const struct beside *beside, const struct beside_case *at, size_t run,
				 const char *strategy, unsigned threads);

/*
 * Cuts the runs into cases. Returns 0 or -ENOMEM; cases_free()
 * afterwards in both cases.
 */
int cases_make(struct beside *beside);
void cases_free(struct beside *beside);

/* The case's finding in a run at one thread, or at the run's most; NULL: not measured. */
const struct finding *beside_finding(const struct beside *beside, const struct beside_case *at,
				     size_t run, bool contended);

/* Whether any run has a finding at one thread, or at more. */
bool beside_has(const struct beside *beside, bool contended);

/* The noise floor that the finding was held to, a fraction; NAN: there is none. */
double beside_floor(const struct finding *finding);

/* How many points there are, those of all runs, and those of this one alone. */
struct beside_count {
	size_t all, common;
	size_t of[BESIDE_MOST], alone[BESIDE_MOST];
};
struct beside_count beside_count(const struct beside *beside);

/* Plain sentences: of single runs what a reader must know first; where the runs agree; what compares. */
void words_beside_status(struct words *words, const struct beside *beside);
void words_beside_answer(struct words *words, const struct beside *beside);
void words_beside_limits(struct words *words, const struct beside *beside);

/*
 * Tells each fact of the runs' meta.json that differs, or is the same in all, with a text a run: short, of one
 * line.
 */
void beside_facts(const struct beside *beside, bool differ,
		  void (*tell)(void *arg, const char *name, char *const *texts, size_t nr), void *arg);

/* Which figures there are: 0 or -ENOMEM. */
int beside_figures(struct beside *beside);

int beside_html(FILE *out, const void *beside);
int beside_md(FILE *out, const void *beside);

#endif
