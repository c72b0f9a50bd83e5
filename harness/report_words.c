/*
 * What was found, in words: the headline's cells, what to use when, and from how much work on it
 * stops to matter.
 *
 * SPDX-License-Identifier: MIT
 */
#include "report_internal.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "figures_internal.h"

void words_add(struct words *words, const char *format, ...)
{
	char **grown = realloc(words->lines, (words->nr + 1) * sizeof(*grown));
	va_list args;

	if (grown) {
		words->lines = grown;
		va_start(args, format);
		if (vasprintf(&grown[words->nr], format, args) >= 0) {
			words->nr++;
			grown = NULL;
		}
		va_end(args);
	}
	words->failed |= grown || !words->lines;
}

void words_free(struct words *words)
{
	while (words->nr)
		free(words->lines[--words->nr]);
	free(words->lines);
	words->lines = NULL;
}

char *words_number(double value, char *buf, size_t size)
{
	if (value == 0)
		snprintf(buf, size, "0");
	else if (isfinite(value) && fabs(value) < 0.001)
		snprintf(buf, size, "%.2e", value);
	else
		figure_number(value, buf, size);
	return buf;
}

char *words_time(double ns, char *buf, size_t size)
{
	bool big = ns >= 10000;
	char number[32];

	snprintf(buf, size, "%s %s/op", words_number(big ? ns / 1000 : ns, number, sizeof(number)),
		 big ? "us" : "ns");
	return buf;
}

/* Below this ratio "less time" reads better in percent, above it "times". */
#define TIMES_FROM 2.0

char *words_versus(const struct versus *versus, char *buf, size_t size)
{
	bool less = versus->ratio < 1, times = versus->ratio >= TIMES_FROM;
	bool interval = !isnan(versus->lo) && !isnan(versus->hi);
	double scale = times ? 1 : less ? -100 : 100, zero = times ? 0 : 1;
	char middle[32], low[32], high[32];
	const char *unit = times ? "" : "%";

	if (!versus->found || isnan(versus->ratio)) {
		snprintf(buf, size, "-");
		return buf;
	}
	words_number(scale * (versus->ratio - zero), middle, sizeof(middle));
	words_number(scale * ((less ? versus->hi : versus->lo) - zero), low, sizeof(low));
	words_number(scale * ((less ? versus->lo : versus->hi) - zero), high, sizeof(high));
	snprintf(buf, size, times ? "%s%s times " RESULTS_BASELINE "'s time%s%s%s%s%s%s%s" :
		 less ? "%s%s less time than " RESULTS_BASELINE "%s%s%s%s%s%s%s" :
			"%s%s more time than " RESULTS_BASELINE "%s%s%s%s%s%s%s",
		 middle, unit, interval ? " (" : "", interval ? low : "", interval ? unit : "",
		 interval ? " to " : "", interval ? high : "", interval ? unit : "",
		 interval ? ")" : "");
	return buf;
}

const struct finding *report_finding(const struct report *report,
				     const struct result_series *series, bool contended)
{
	const struct result_group *group = &series->groups[contended ? series->nr - 1 : 0];

	if (contended ? group->key.threads < 2 : group->key.threads != 1)
		return NULL;
	return &report->findings[group - report->results.groups];
}

bool report_is_main(const struct report *report, const struct result_series *series)
{
	const struct result_key *key = &series->groups->key;
	const struct result_series *before;

	if (series->extra_work)
		return false;
	for (before = report->results.series; before < series; before++)
		if (before->groups->key.workload == key->workload &&
		    before->groups->key.setting == key->setting)
			return false;
	return true;
}

bool report_unjudged(const struct report *report)
{
	size_t i;

	for (i = 0; i < report->results.nr_groups; i++)
		if (report->findings[i].judged)
			return false;
	return true;
}

static void text_append(char *buf, size_t size, const char *text)
{
	size_t used = strlen(buf);

	snprintf(buf + used, size - used, "%s", text);
}

void report_headline(const struct report *report, const struct finding *finding,
		     struct headline *headline)
{
	const struct result_point *fastest = finding ? finding->fastest : NULL;
	char ns[32];
	size_t i;

	memset(headline, 0, sizeof(*headline));
	if (!fastest)
		return;
	text_append(headline->who, sizeof(headline->who), finding->nr_ties ? "tie: " : "");
	text_append(headline->who, sizeof(headline->who),
		    results_cell_name(&report->results, fastest));
	for (i = 0; i < finding->nr_ties; i++) {
		text_append(headline->who, sizeof(headline->who), ", ");
		text_append(headline->who, sizeof(headline->who),
			    results_cell_name(&report->results, finding->ties[i]));
	}
	words_time(fastest->ns_per_op, headline->time, sizeof(headline->time));
	if (!finding->baseline)
		snprintf(headline->against, sizeof(headline->against),
			 RESULTS_BASELINE " was not measured");
	else if (!finding->judged && finding->baseline == fastest)
		snprintf(headline->against, sizeof(headline->against),
			 "medians only; the baseline itself");
	else if (!finding->judged)
		snprintf(headline->against, sizeof(headline->against), "medians only; "
			 RESULTS_BASELINE " %s",
			 words_time(finding->baseline->ns_per_op, ns, sizeof(ns)));
	else if (finding->baseline == fastest)
		snprintf(headline->against, sizeof(headline->against), "the baseline itself");
	else if (finding_among_best(finding, finding->baseline))
		snprintf(headline->against, sizeof(headline->against),
			 "no difference from " RESULTS_BASELINE " beyond the noise");
	else
		words_versus(&finding->versus, headline->against, sizeof(headline->against));
}

/* How often a strategy is among the fastest of the headline's groups. */
struct tally {
	const char *name;
	unsigned best;
};

static size_t tally_find(struct tally *tallies, size_t *nr, const char *name)
{
	size_t i;

	for (i = 0; i < *nr; i++)
		if (tallies[i].name == name)
			return i;
	tallies[*nr] = (struct tally){ .name = name };
	return (*nr)++;
}

static int tally_compare(const void *left, const void *right)
{
	const struct tally *a = left, *b = right;

	return a->best == b->best ? strcmp(a->name, b->name)
				  : (a->best < b->best) - (a->best > b->best);
}

/* Counts each strategy once a group, whichever of its variants is among the best. */
static size_t tally_make(const struct report *report, bool contended, struct tally *tallies,
			 unsigned *total)
{
	size_t i, j, k, nr = 0;

	*total = 0;
	for (i = 0; i < report->results.nr_series; i++) {
		const struct result_series *series = &report->results.series[i];
		const struct finding *finding = report_finding(report, series, contended);
		bool seen[256] = { false };

		if (!report_is_main(report, series) || !finding || !finding->fastest ||
		    !finding->judged)
			continue;
		(*total)++;
		for (j = 0; j < finding->group->nr_points && nr < 255; j++) {
			const struct result_point *point = &finding->group->points[j];

			if (!finding_among_best(finding, point))
				continue;
			k = tally_find(tallies, &nr, point->strategy);
			tallies[k].best += !seen[k];
			seen[k] = true;
		}
	}
	qsort(tallies, nr, sizeof(*tallies), tally_compare);
	return nr;
}

static void advise(struct words *words, const struct report *report, bool contended)
{
	struct tally tallies[256];
	char most[64], best[256] = "", others[512] = "", one[128];
	unsigned total, base = 0;
	size_t i, nr = tally_make(report, contended, tallies, &total);

	if (!nr)
		return;
	snprintf(most, sizeof(most),
		 contended ? "%u threads on one count" : "1 thread, no contention",
		 report->most_threads);
	for (i = 0; i < nr; i++) {
		bool top = tallies[i].best == tallies[0].best;

		if (!strcmp(tallies[i].name, RESULTS_BASELINE)) {
			base = tallies[i].best;
			if (!top)
				continue;
		}
		if (!top && i > 3)
			continue;
		snprintf(one, sizeof(one), top ? "%s%.80s" : "%s%.80s in %u",
			 *(top ? best : others) ? (top ? " or " : ", ") : "", tallies[i].name,
			 tallies[i].best);
		text_append(top ? best : others, top ? sizeof(best) : sizeof(others), one);
	}
	snprintf(one, sizeof(one), base ? "in %u" : "in none", base);
	words_add(words, "%s: take %s, fastest or tied for it in %u of %u workloads%s%s%s%s.", most,
		  best, tallies[0].best, total, *others ? "; " : "", others,
		  base == tallies[0].best ? "" : "; " RESULTS_BASELINE " ",
		  base == tallies[0].best ? "" : one);
}

void words_advice(struct words *words, const struct report *report)
{
	double pus = results_meta_number(&report->results, "machine", "pus");

	if (report_unjudged(report))
		words_add(words,
			  "No verdict is possible: too few launches were measured. The names below "
			  "have the lowest median, which another run may not repeat; intervals are "
			  "the extremes.");
	advise(words, report, false);
	advise(words, report, true);
	if (pus == 2 || report->most_threads <= 2)
		words_add(words,
			  "%s show no scaling: nothing here tells what more of them would do.",
			  pus == 2 ? "This machine has 2 processors, and two processors"
				   : "Two threads");
	else
		words_add(words, "Nothing is claimed beyond %u threads, the most measured.",
			  report->most_threads);
	words_add(words,
		  "Only time is compared. What a strategy checks, promises and needs stands in its "
		  "header.");
}

/* One sweep of one variant. */
static void sweep_words(struct words *words, const struct report *report,
			const struct figure *figure)
{
	const struct sweep sweep = { figure->groups, figure->nr_groups };
	const struct result_group *least = figure->groups[0];
	const struct result_group *most = figure->groups[figure->nr_groups - 1];
	char each[768] = "", never[512] = "", label[256], one[160], number[32];
	double from = -1;
	size_t i;

	for (i = 0; i < least->nr_points; i++) {
		const struct result_point *point = &least->points[i];
		struct threshold threshold = sweep_threshold(&sweep, point->cell);

		if (point->kind != RESULT_CANDIDATE || point->variant != figure->variant ||
		    !findings_versus(least, point).found)
			continue;
		if (threshold.found && threshold.work_ns > from)
			from = threshold.work_ns;
		number[0] = '\0';
		if (threshold.found && threshold.work_ns <= 0)
			snprintf(number, sizeof(number), " at any amount");
		else if (threshold.found)
			snprintf(number, sizeof(number), " from %.6g ns", threshold.work_ns);
		snprintf(one, sizeof(one), "%s%.80s%s",
			 *(threshold.found ? each : never) ? ", " : "",
			 results_cell_name(&report->results, point), number);
		text_append(threshold.found ? each : never,
			    threshold.found ? sizeof(each) : sizeof(never), one);
	}
	if (!*each && !*never)
		return;
	results_label(&report->results, &most->key, label, sizeof(label));
	if (!findings_judged(most))
		words_add(words,
			  "%s, %u thread%s: too few launches to say from how much work between two "
			  "ops on the choice no longer matters.",
			  label, most->key.threads, most->key.threads == 1 ? "" : "s");
	else if (!*never)
		words_add(words,
			  "%s, %u thread%s: from %.6g ns of work between two ops on, the choice "
			  "stops to matter: no difference from " RESULTS_BASELINE " beyond the "
			  "noise (%s).",
			  label, most->key.threads, most->key.threads == 1 ? "" : "s", from, each);
	else
		words_add(words,
			  "%s, %u thread%s: with %.6g ns of work between two ops, the most "
			  "measured, these still differ from " RESULTS_BASELINE ": %s.%s%s%s",
			  label, most->key.threads, most->key.threads == 1 ? "" : "s",
			  most->key.work_ns, never, *each ? " These no more: " : "", each,
			  *each ? "." : "");
}

void words_work(struct words *words, const struct report *report)
{
	size_t i;

	for (i = 0; i < report->figures.nr; i++)
		if (report->figures.figures[i].kind == FIGURE_WORK)
			sweep_words(words, report, &report->figures.figures[i]);
}
