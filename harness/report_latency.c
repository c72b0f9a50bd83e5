/*
 * The report's latencies: how they were taken, and the percentiles behind a figure.
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

static void put_number(FILE *out, double ns)
{
	char number[32];

	if (isnan(ns))
		fputs("<td>", out);
	else
		fprintf(out, "<td class=n data-v=%.6g>%s", ns, words_number(ns, number, sizeof(number)));
}

static void put_count(FILE *out, unsigned long long count)
{
	fprintf(out, "<td class=n data-v=%llu>%llu", count, count);
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
		for (unsigned p = 0; p < LATENCIES_PERCENTILES; p++)
			put_number(out, latency->percentiles[p].ns);
		put_number(out, latency->ops.nr ? (double)latency->ops.max_ns : NAN);
		put_number(out, latency->stamps_ns);
		put_count(out, latency->ops.nr);
		put_count(out, latency->disturbed);
		fputc('\n', out);
	}
}

void html_latencies(FILE *out, const struct report *report, const struct figure *figure)
{
	static const char *const titles[] = { "50%", "90%", "99%", "99.9%", "max", "stamps", "samples",
					      "windows disturbed" };

	html_head(out, "strategy, ns", false);
	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		html_head(out, titles[i], true);
	fputs("</thead>\n", out);
	for (size_t i = 0; i < figure->nr_groups; i++)
		html_group(out, report, figure->groups[i]);
}
