/*
 * What to use when: margins over the baseline against what a strategy gives up.
 *
 * SPDX-License-Identifier: MIT
 *
 * A strategy that can do all that the baseline can is worth a change where it is a little faster in most
 * workloads; one that gives something up, only where it is much faster in most of those it fits.
 */
#include "report_internal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats.h"

/* Less time than the baseline's, as a fraction, in the median of workloads. */
#define WORTH_ALIKE 0.05
#define WORTH_LIMITED 0.20

/* A cell beside the baseline, over the workloads in which both were judged. */
struct record {
	const struct result_point *point;	/* of most threads */
	unsigned faster, slower;
	double *ratios, median;
	size_t nr;
	bool limited;
};

struct records {
	struct record *list;
	size_t nr;
	unsigned workloads, ties;	/* judged; of them those in which nothing beats the baseline */
	unsigned threads;		/* the most of them */
	bool failed;			/* out of memory: records are missing */
};

static struct record *record_get(struct records *records, const struct report *report,
				 const struct result_point *point)
{
	struct record *grown;

	for (size_t i = 0; i < records->nr; i++)
		if (records->list[i].point->cell == point->cell)
			return &records->list[i];
	grown = realloc(records->list, (records->nr + 1) * sizeof(*grown));
	if (!grown)
		return NULL;
	records->list = grown;
	grown = &grown[records->nr];
	*grown = (struct record){ .point = point };
	grown->ratios = calloc(report->results.nr_series, sizeof(*grown->ratios));
	records->nr += grown->ratios != NULL;
	return grown->ratios ? grown : NULL;
}

static void group_add(struct records *records, const struct report *report,
		      const struct finding *finding)
{
	const struct result_group *group = finding->group;

	for (size_t i = 0; i < group->nr_points; i++) {
		const struct result_point *point = &group->points[i];
		const struct versus versus = findings_versus(group, point);
		struct record *record;

		if (point->kind != RESULT_CANDIDATE || versus.verdict == VERDICT_NONE ||
		    !strcmp(point->strategy, RESULTS_BASELINE))
			continue;
		record = record_get(records, report, point);
		if (!record) {
			records->failed = true;
			return;
		}
		record->faster += versus.verdict == VERDICT_FASTER && !findings_is_tie(&versus);
		record->slower += versus.verdict == VERDICT_SLOWER && !findings_is_tie(&versus);
		record->ratios[record->nr++] = versus.ratio;
		if (point->key.threads > record->point->key.threads)
			record->point = point;
	}
}

static void records_make(struct records *records, const struct report *report, bool contended)
{
	for (size_t i = 0; i < report->results.nr_series; i++) {
		const struct result_series *series = &report->results.series[i];
		const struct finding *finding = report_finding(report, series, contended);

		if (!report_is_main(report, series) || !finding || !finding->judged ||
		    !finding->baseline)
			continue;
		records->workloads++;
		records->ties += finding_among_best(finding, finding->baseline);
		if (finding->group->key.threads > records->threads)
			records->threads = finding->group->key.threads;
		group_add(records, report, finding);
	}
	for (size_t i = 0; i < records->nr; i++) {
		struct record *record = &records->list[i];

		record->median = stats_median_inplace(record->ratios, record->nr);
		record->limited = price_any(report, record->point);
	}
}

static void records_free(struct records *records)
{
	for (size_t i = 0; i < records->nr; i++)
		free(records->list[i].ratios);
	free(records->list);
}

static bool is_worth(const struct record *record)
{
	return 1 - record->median >= (record->limited ? WORTH_LIMITED : WORTH_ALIKE) &&
	       record->faster > record->nr / 2;
}

/* Faster in most workloads; of equals the one with the larger margin. NULL: none is worth it. */
static const struct record *best_of(const struct records *records, bool limited)
{
	const struct record *best = NULL;

	for (size_t i = 0; i < records->nr; i++) {
		const struct record *record = &records->list[i];

		if (record->limited != limited || !is_worth(record))
			continue;
		if (!best || record->faster > best->faster ||
		    (record->faster == best->faster && record->median < best->median))
			best = record;
	}
	return best;
}

/* What one sentence names; NULL: nothing of that kind. */
struct choice {
	const struct record *alike, *limited;
};

/* What gives something up is named only where it is much faster than what gives nothing up, too. */
static struct choice choice_make(const struct records *records)
{
	struct choice choice = { best_of(records, false), best_of(records, true) };

	if (choice.alike && choice.limited &&
	    choice.limited->median > (1 - WORTH_LIMITED) * choice.alike->median)
		choice.limited = NULL;
	return choice;
}

static void put_record(FILE *out, const struct report *report, const struct record *record)
{
	char number[32];

	fprintf(out, "%s (%s%% less time in the median, faster in %u of the %zu workload%s that it "
		"fits", results_cell_name(&report->results, record->point),
		words_number(100 * (1 - record->median), number, sizeof(number)), record->faster,
		record->nr, record->nr == 1 ? "" : "s");
	if (record->slower)
		fprintf(out, ", slower in %u", record->slower);
	fputc(')', out);
}

static void put_sentence(FILE *out, const struct report *report, const struct records *records)
{
	const struct choice choice = choice_make(records);

	fprintf(out, records->threads == 1 ? "%u thread, nobody else at the count: " :
		"%u threads on one count: ", records->threads);
	if (choice.alike) {
		fputs("take ", out);
		put_record(out, report, choice.alike);
	} else {
		fputs("stay with " RESULTS_BASELINE, out);
	}
	if (choice.limited) {
		fputs("; where you can do without what it gives up, ", out);
		fputs(choice.alike ? "" : "take ", out);
		put_record(out, report, choice.limited);
	}
	fputc('.', out);
	if (!choice.alike)
		fprintf(out, " Nothing that can do all that " RESULTS_BASELINE " can takes %.0f%% less "
			"time in most workloads.", 100 * WORTH_ALIKE);
	if (records->ties)
		fprintf(out, " In %u of %u workloads nothing beats " RESULTS_BASELINE
			" beyond the noise.", records->ties, records->workloads);
}

static void sentence_words(struct words *words, const struct report *report,
			   const struct records *records)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	words->failed |= !out || records->failed;
	if (!out)
		return;
	put_sentence(out, report, records);
	if (fclose(out))
		words->failed = true;
	else
		words_add(words, "%s", text);
	free(text);
}

/* Of what both sentences name, each once. */
static void prices_words(struct words *words, const struct report *report,
			 const struct records *both)
{
	const struct result_point *told[4] = { NULL };
	size_t nr = 0;

	for (size_t i = 0; i < 4; i++) {
		const struct choice choice = choice_make(&both[1 - i / 2]);
		const struct record *record = i % 2 ? choice.limited : choice.alike;
		bool known = !record;

		for (size_t j = 0; j < nr && !known; j++)
			known = told[j]->cell == record->point->cell;
		if (known)
			continue;
		told[nr++] = record->point;
		price_words(words, report, record->point);
	}
}

static void scope_words(struct words *words, const struct report *report)
{
	const double pus = results_meta_number(&report->results, "machine", "pus");

	if (report->most_threads < 2)
		words_add(words, "One thread shows no contention: nothing here tells what more of them "
			  "would do.");
	else if (pus == 2 || report->most_threads == 2)
		words_add(words,
			  "%s show no scaling: nothing here tells what more of them would do.",
			  pus == 2 ? "This machine has 2 processors, and two processors"
				   : "Two threads");
	else
		words_add(words, "Nothing is claimed beyond %u threads, the most measured.",
			  report->most_threads);
}

void words_advice(struct words *words, const struct report *report)
{
	struct records both[2] = { { .list = NULL }, { .list = NULL } };

	if (report_unjudged(report))
		words_add(words,
			  "No verdict is possible: too few launches were measured. The names below "
			  "have the lowest median, which another run may not repeat; intervals are "
			  "the extremes.");
	for (size_t i = 0; i < 2; i++) {
		records_make(&both[i], report, i);
		if (both[i].nr)
			sentence_words(words, report, &both[i]);
	}
	prices_words(words, report, both);
	scope_words(words, report);
	for (size_t i = 0; i < 2; i++)
		records_free(&both[i]);
}
