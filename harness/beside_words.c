/*
 * What several runs say together, in plain sentences.
 *
 * SPDX-License-Identifier: MIT
 */
#include "beside_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct finding *beside_finding(const struct beside *beside, const struct beside_case *at,
				     size_t run, bool contended)
{
	const struct finding *finding = !at->series[run] ? NULL :
		report_finding(&beside->runs[run].report, at->series[run], contended);

	return finding && finding->fastest ? finding : NULL;
}

bool beside_has(const struct beside *beside, bool contended)
{
	for (size_t i = 0; i < beside->nr_cases * beside->nr; i++)
		if (beside_finding(beside, &beside->cases[i / beside->nr], i % beside->nr, contended))
			return true;
	return false;
}

double beside_floor(const struct finding *finding)
{
	return finding->versus.found ? finding->versus.floor : findings_floor(finding->group, NULL);
}

static void text_add(char *buf, size_t size, const char *separator, const char *text)
{
	const size_t used = strlen(buf);

	snprintf(buf + used, size - used, "%s%s", used ? separator : "", text);
}

void words_beside_status(struct words *words, const struct beside *beside)
{
	size_t shared = 0;

	for (size_t i = 0; i < beside->nr; i++) {
		const struct beside_run *run = &beside->runs[i];
		struct words own = { 0 };

		char line[1024] = "";

		words_status(&own, &run->report);
		if (run->report.results.nr_points && report_unjudged(&run->report))
			words_add(&own, "Too few launches for verdicts: there are medians only.");
		for (size_t j = 0; j < own.nr; j++)
			text_add(line, sizeof(line), " ", own.lines[j]);
		if (own.nr)
			words_add(words, "%s: %s", run->label, line);
		words->failed |= own.failed;
		words_free(&own);
	}
	for (size_t i = 0; i < beside->nr_cases; i++)
		shared += beside->cases[i].nr_runs > 1;
	if (!shared)
		words_add(words, "These runs have no workload in common.");
}

/* Whether a strategy of that name is the finding's fastest or ties with it. */
static bool is_best(const struct finding *finding, const char *name)
{
	for (size_t i = 0; i < finding->nr_ties; i++)
		if (!strcmp(finding->ties[i]->strategy, name))
			return true;
	return !strcmp(finding->fastest->strategy, name);
}

/* How many runs measured the case so. */
static size_t nr_findings(const struct beside *beside, const struct beside_case *at, bool contended)
{
	size_t nr = 0;

	for (size_t run = 0; run < beside->nr; run++)
		nr += beside_finding(beside, at, run, contended) != NULL;
	return nr;
}

static bool is_best_of_all(const struct beside *beside, const struct beside_case *at, bool contended,
			   const char *name)
{
	for (size_t run = 0; run < beside->nr; run++) {
		const struct finding *finding = beside_finding(beside, at, run, contended);

		if (finding && !is_best(finding, name))
			return false;
	}
	return true;
}

/*
 * The strategy that is among the best in each run that has the case; NULL: there is none. The baseline before
 * others: that nothing beats it says more.
 */
static const char *best_of_all(const struct beside *beside, const struct beside_case *at, bool contended)
{
	if (is_best_of_all(beside, at, contended, RESULTS_BASELINE))
		return RESULTS_BASELINE;
	for (size_t i = 0; i < at->nr_strategies; i++)
		if (is_best_of_all(beside, at, contended, at->strategies[i].name))
			return at->strategies[i].name;
	return NULL;
}

struct tally_of_best {
	const char *name;
	size_t nr;
};

static int tally_compare(const void *left, const void *right)
{
	const struct tally_of_best *a = left, *b = right;

	return a->nr != b->nr ? (a->nr < b->nr ? 1 : -1) : strcmp(a->name, b->name);
}

static void add_best(struct tally_of_best *tally, size_t *nr, const char *name)
{
	size_t at = 0;

	while (at < *nr && strcmp(tally[at].name, name) != 0)
		at++;
	*nr += at == *nr;
	tally[at].name = name;
	tally[at].nr++;
}

/* So many workloads in which they differ are named: all stand in the table. */
#define MOST_NAMED 6

static void agreement(struct words *words, const struct beside *beside, bool contended)
{
	struct tally_of_best *tally = calloc(beside->nr_cases + 1, sizeof(*tally));
	size_t nr = 0, shared = 0, agreed = 0;
	char best[512] = "", apart[1024] = "", one[128];

	for (size_t i = 0; tally && i < beside->nr_cases; i++) {
		const struct beside_case *at = &beside->cases[i];
		const char *name;

		if (nr_findings(beside, at, contended) < 2)
			continue;
		name = best_of_all(beside, at, contended);
		agreed += name != NULL;
		if (name)
			add_best(tally, &nr, name);
		else if (shared - agreed < MOST_NAMED)
			text_add(apart, sizeof(apart), "; ", at->label);
		shared++;
	}
	if (nr)
		qsort(tally, nr, sizeof(*tally), tally_compare);
	for (size_t i = 0; i < nr; i++) {
		snprintf(one, sizeof(one), "%.60s in %zu", tally[i].name, tally[i].nr);
		text_add(best, sizeof(best), ", ", one);
	}
	if (shared - agreed > MOST_NAMED) {
		snprintf(one, sizeof(one), "%zu more", shared - agreed - MOST_NAMED);
		text_add(apart, sizeof(apart), " and ", one);
	}
	if (shared)
		words_add(words, "At %s the machines agree in %zu of %zu workload%s that two or more "
			  "have%s%s.%s%s%s", contended ? "the most threads of each" : "1 thread",
			  agreed, shared, shared == 1 ? "" : "s",
			  nr ? ": one strategy is fastest on each, or ties with the fastest, " : "",
			  best, *apart ? " They differ in " : "", apart, *apart ? "." : "");
	words->failed |= !tally;
	free(tally);
}

void words_beside_answer(struct words *words, const struct beside *beside)
{
	agreement(words, beside, false);
	agreement(words, beside, true);
}

static void count_words(struct words *words, const struct beside *beside)
{
	const struct beside_count count = beside_count(beside);

	words_add(words, "Of %zu points, a strategy in a workload at a number of threads each, %zu are in all "
		  "%zu runs; how many each run has stands below, under what differs. What a run has not is a "
		  "gap.", count.all, count.common, beside->nr);
}

void words_beside_limits(struct words *words, const struct beside *beside)
{
	words_add(words, "Nothing here judges one run against another: their times are not paired, and a "
		  "lower one may be the machine, its clock or its day. What compares are ratios to "
		  RESULTS_BASELINE ", each taken inside its own run. Verdicts are that run's own, held to "
		  "its own noise floor: " RESULTS_BASELINE " against itself (A/A).");
	count_words(words, beside);
	for (size_t i = 0; i < beside->nr; i++)
		if (beside->runs[i].report.results.nr_variants > 1)
			words_add(words, "%s was built with several tool chains: figures and their tables "
				  "show its %s.", beside->runs[i].label, beside->runs[i].variant);
	words_add(words, "What is left to each run's own report: amounts of work between two ops, single ops, "
		  "fairness, counters.");
}
