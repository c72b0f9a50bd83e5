/*
 * The report's latencies: how they were taken, and a table of percentiles for each series.
 *
 * SPDX-License-Identifier: MIT
 */
#include "report_internal.h"

#include <math.h>
#include <string.h>

/* All but the control that stands for the harness: its ops are the stamps. */
static const struct latencies_point *latency_of(const struct report *report,
						const struct result_point *point)
{
	if (point->kind == RESULT_CONTROL)
		return NULL;
	return results_latency(&report->results, point);
}

static bool group_has(const struct report *report, const struct result_group *group)
{
	for (size_t i = 0; i < group->nr_points; i++)
		if (latency_of(report, &group->points[i]))
			return true;
	return false;
}

static bool series_has(const struct report *report, const struct result_series *series)
{
	for (size_t i = 0; i < series->nr; i++)
		if (group_has(report, &series->groups[i]))
			return true;
	return false;
}

void words_latency(struct words *words, const struct report *report)
{
	const struct latencies *latencies = &report->results.latencies;
	double low = INFINITY, high = 0, step = 0;
	unsigned windows = 0, disturbed = 0;
	char numbers[3][32];

	for (size_t i = 0; i < latencies->nr; i++) {
		const struct latencies_point *point = &latencies->points[i];

		windows += point->launches;
		disturbed += point->disturbed;
		step = fmax(step, point->clock_ns);
		low = fmin(low, point->stamps_ns);
		high = fmax(high, point->stamps_ns);
	}
	if (!windows)
		return;
	words_add(words,
		  "Single ops are timed in windows of their own, at one thread and at the most, all workers "
		  "alike: at random distances, on average 0.5 us, one op between two stamps, and each op "
		  "of those that take longer. An op waits there for those before it to finish, which it "
		  "does not in a loop: the median may be more than ns/op.");
	words_add(words,
		  "A time holds the two stamps and the call: %s to %s ns (stamps: their median in the same "
		  "windows, around a call that does nothing). Nothing is taken off. The clock goes on by "
		  "%s ns at a time; from 64 ns on percentiles are known within 1.6%%.",
		  words_number(low, numbers[0], sizeof(numbers[0])),
		  words_number(high, numbers[1], sizeof(numbers[1])),
		  words_number(step, numbers[2], sizeof(numbers[2])));
	words_add(words,
		  "Percentiles are of the samples of all launches, the maximum of what was sampled. One with "
		  "fewer than %d samples beyond it is absent. Intervals, in percentiles.csv, are those of "
		  "the launches' own. Something came between in %u of %u windows; none is left out.",
		  HISTOGRAM_BEYOND, disturbed, windows);
}

/* Percentiles, maximum and stamps, each handed to put. */
static void put_figures(FILE *out, const struct latencies_point *latency, bool stamps,
			void (*put)(FILE *, double))
{
	for (unsigned i = 0; i < LATENCIES_PERCENTILES; i++)
		put(out, latency->percentiles[i].ns);
	put(out, latency->ops.nr ? (double)latency->ops.max_ns : NAN);
	if (stamps)
		put(out, latency->stamps_ns);
}

static void html_number(FILE *out, double ns)
{
	char number[32];

	fprintf(out, "<td class=n>%s", isnan(ns) ? "" : words_number(ns, number, sizeof(number)));
}

static void html_group(FILE *out, const struct report *report, const struct result_group *group)
{
	if (!group_has(report, group))
		return;
	fprintf(out, "<tbody class=group><tr><th colspan=9>%u thread%s\n", group->key.threads,
		group->key.threads == 1 ? "" : "s");
	for (size_t i = 0; i < group->nr_points; i++) {
		const struct result_point *point = &group->points[i];
		const struct latencies_point *latency = latency_of(report, point);

		if (!latency)
			continue;
		fprintf(out, "<tr%s><th>", point->kind == RESULT_CANDIDATE ? "" : " class=aside");
		html_text(out, results_cell_name(&report->results, point));
		put_figures(out, latency, true, html_number);
		fprintf(out, "<td class=n>%llu<td class=n>%u\n", (unsigned long long)latency->ops.nr,
			latency->disturbed);
	}
}

void html_latencies(FILE *out, const struct report *report)
{
	char label[256];

	for (size_t i = 0; i < report->results.nr_series; i++) {
		const struct result_series *series = &report->results.series[i];

		if (!series_has(report, series))
			continue;
		fputs("<details><summary>", out);
		html_text(out, results_label(&report->results, &series->groups->key, label,
					     sizeof(label)));
		fputs("</summary><div class=wide><table><thead><tr><th>strategy, ns<th class=n>50%"
		      "<th class=n>90%<th class=n>99%<th class=n>99.9%<th class=n>max"
		      "<th class=n>stamps<th class=n>samples<th class=n>windows disturbed</thead>\n", out);
		for (size_t j = 0; j < series->nr; j++)
			html_group(out, report, &series->groups[j]);
		fputs("</table></div></details>\n", out);
	}
}

static void md_number(FILE *out, double ns)
{
	char number[32];

	fprintf(out, " %s |", isnan(ns) ? "-" : words_number(ns, number, sizeof(number)));
}

static void md_group(FILE *out, const struct report *report, const struct result_group *group)
{
	for (size_t i = 0; i < group->nr_points; i++) {
		const struct result_point *point = &group->points[i];
		const struct latencies_point *latency = latency_of(report, point);

		if (!latency)
			continue;
		fprintf(out, "| %u | ", group->key.threads);
		md_text(out, results_cell_name(&report->results, point));
		fputs(" |", out);
		put_figures(out, latency, false, md_number);
		fputc('\n', out);
	}
}

void md_latencies(FILE *out, const struct report *report)
{
	char label[256];

	for (size_t i = 0; i < report->results.nr_series; i++) {
		const struct result_series *series = &report->results.series[i];

		if (!series_has(report, series))
			continue;
		fputs("\n### ", out);
		md_text(out, results_label(&report->results, &series->groups->key, label,
					   sizeof(label)));
		fputs(", single ops\n\n| threads | strategy, ns | 50% | 90% | 99% | 99.9% | max |\n"
		      "|---|---|---|---|---|---|---|\n", out);
		for (size_t j = 0; j < series->nr; j++)
			md_group(out, report, &series->groups[j]);
	}
}
