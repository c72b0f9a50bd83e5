/*
 * What was found, in words: the headline's cells, and from how much work on the choice stops to matter.
 *
 * SPDX-License-Identifier: MIT
 */
#include "report_internal.h"

#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "figures_internal.h"
#include "stats.h"

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

char *words_interval(const struct result_group *groups, size_t nr, char *buf, size_t size)
{
	unsigned least = UINT_MAX, most = 0;

	for (size_t i = 0; i < nr; i++)
		for (size_t j = 0; j < groups[i].nr_points; j++) {
			const unsigned launches = groups[i].points[j].launches;

			least = launches < least ? launches : least;
			most = launches > most ? launches : most;
		}
	if (!nr || least >= STATS_INTERVAL_LAUNCHES)
		snprintf(buf, size, "95%% interval");
	else if (most >= STATS_INTERVAL_LAUNCHES)
		snprintf(buf, size, "95%% interval, or extremes of %u", least);
	else if (least == most)
		snprintf(buf, size, "extremes of %u launch%s", most, most == 1 ? "" : "es");
	else
		snprintf(buf, size, "extremes of %u to %u launches", least, most);
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

/* So many of a tie are named, the baseline first after the fastest: all stand in the verdicts. */
#define MOST_NAMED 4

static void who_text(char *buf, size_t size, const struct report *report,
		     const struct finding *finding)
{
	const bool baseline = finding->baseline != finding->fastest && finding->baseline &&
			      finding_among_best(finding, finding->baseline);
	size_t named = 1;
	char one[96];

	snprintf(buf, size, "%s%.80s%s", finding->nr_ties ? "tie: " : "",
		 results_cell_name(&report->results, finding->fastest), baseline ? ", " : "");
	if (baseline) {
		text_append(buf, size, results_cell_name(&report->results, finding->baseline));
		named++;
	}
	/* "and 1 more" is no shorter than its name. */
	for (size_t i = 0; i < finding->nr_ties; i++) {
		if (named >= MOST_NAMED && finding->nr_ties > MOST_NAMED)
			break;
		if (finding->ties[i] == finding->baseline)
			continue;
		snprintf(one, sizeof(one), ", %.80s",
			 results_cell_name(&report->results, finding->ties[i]));
		text_append(buf, size, one);
		named++;
	}
	snprintf(one, sizeof(one), " and %zu more", finding->nr_ties + 1 - named);
	if (named < finding->nr_ties + 1)
		text_append(buf, size, one);
}

void report_headline(const struct report *report, const struct finding *finding,
		     struct headline *headline)
{
	const struct result_point *fastest = finding ? finding->fastest : NULL;
	char ns[32];

	memset(headline, 0, sizeof(*headline));
	if (!fastest)
		return;
	who_text(headline->who, sizeof(headline->who), report, finding);
	words_time(fastest->ns_per_op, headline->time, sizeof(headline->time));
	headline->mark = !finding->judged || !finding->baseline ? "" :
			 finding_among_best(finding, finding->baseline) ? "tie" : "faster";
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
			  "stops to matter: no strategy differs from " RESULTS_BASELINE " beyond the "
			  "noise.",
			  label, most->key.threads, most->key.threads == 1 ? "" : "s", from);
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
