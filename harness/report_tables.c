/*
 * The report's tables: every group of a series, with only those columns that hold data.
 *
 * SPDX-License-Identifier: MIT
 */
#include "report_internal.h"

#include <math.h>
#include <string.h>

static const struct column {
	const char *title;
	size_t offset;
} columns[] = {
	{ "fairness", offsetof(struct result_point, fairness) },
	{ "retries/op", offsetof(struct result_point, retries_per_op) },
	{ "failed/op", offsetof(struct result_point, failed_per_op) },
	{ "ticks/op", offsetof(struct result_point, ticks_per_op) },
	{ "cycles/op", offsetof(struct result_point, cycles_per_op) },
	{ "instructions/op", offsetof(struct result_point, instructions_per_op) },
	{ "cache misses/op", offsetof(struct result_point, cache_misses_per_op) },
	{ "reclaim ns/op", offsetof(struct result_point, reclaim_ns_per_op) },
	{ "reclaim delay ns", offsetof(struct result_point, reclaim_delay_ns) },
	{ "garbage objects", offsetof(struct result_point, garbage_objects) },
	{ "garbage bytes", offsetof(struct result_point, garbage_bytes) },
	{ "bytes", offsetof(struct result_point, kref_bytes) },
	{ "bytes a thread", offsetof(struct result_point, thread_bytes) },
	{ "switches/op", offsetof(struct result_point, switches_per_op) },
	{ "migrations/op", offsetof(struct result_point, migrations_per_op) },
};

#define NR_COLUMNS (sizeof(columns) / sizeof(*columns))

/* The further counters of the run stand behind. */
#define MAX_COLUMNS (NR_COLUMNS + RESULTS_MAX_COUNTERS)

static size_t nr_columns(const struct report *report)
{
	return NR_COLUMNS + report->results.nr_counters;
}

static double column_value(const struct result_point *point, size_t column)
{
	double value;

	if (column >= NR_COLUMNS)
		return point->counters[column - NR_COLUMNS];
	memcpy(&value, (const char *)point + columns[column].offset, sizeof(value));
	return value;
}

/* The harness's own cost stands in a unit of its own, so it has no row here. */
static bool has_row(const struct result_point *point)
{
	return point->kind != RESULT_CONTROL || strcmp(point->strategy, "empty");
}

static void put_title(FILE *out, const struct report *report, size_t column)
{
	char title[128] = "";

	if (column < NR_COLUMNS) {
		html_head(out, columns[column].title, true);
		return;
	}
	snprintf(title, sizeof(title), "%.120s/op", report->results.counters[column - NR_COLUMNS]);
	for (char *at = title; *at; at++)
		*at = *at == '_' ? ' ' : *at;
	html_head(out, title, true);
}

/* Marks the columns that some row of the series fills, and behind them flags and multiples of the floor. */
static void used_columns(const struct report *report, const struct result_series *series,
			 bool *used)
{
	const size_t nr = nr_columns(report);
	size_t i, j, k;

	memset(used, 0, (nr + 2) * sizeof(*used));
	for (i = 0; i < series->nr; i++) {
		used[nr + 1] |= !isnan(results_floor(&report->results, &series->groups[i]));
		for (j = 0; j < series->groups[i].nr_points; j++) {
			const struct result_point *point = &series->groups[i].points[j];

			if (!has_row(point))
				continue;
			for (k = 0; k < nr; k++)
				used[k] |= !isnan(column_value(point, k));
			used[nr] |= *point->flags != '\0';
		}
	}
}

static void put_cell(FILE *out, double value)
{
	char number[32];

	if (isnan(value))
		fputs("<td>", out);
	else
		fprintf(out, "<td class=n data-v=%.6g>%s", value,
			words_number(value, number, sizeof(number)));
}

static void put_interval(FILE *out, double low, double high)
{
	char from[32], to[32];

	if (isnan(low) || isnan(high))
		fputs("<td>", out);
	else
		fprintf(out, "<td class=n data-v=%.6g>%s to %s", low,
			words_number(low, from, sizeof(from)), words_number(high, to, sizeof(to)));
}

static void put_verdict(FILE *out, const struct result_point *point, const struct versus *versus)
{
	static const char *const names[] = {
		[VERDICT_NONE] = "", [VERDICT_FASTER] = "faster", [VERDICT_SLOWER] = "slower",
		[VERDICT_TIE] = "tie",
	};

	if (point->kind == RESULT_FLOOR)
		fputs("<td>floor", out);
	else if (point->kind == RESULT_PEER || point->kind == RESULT_AID)
		fprintf(out, "<td>%s%s%s", point->kind == RESULT_PEER ? "peer" : "aid",
			*names[versus->verdict] ? ", " : "", names[versus->verdict]);
	else if (point->kind == RESULT_CONTROL)
		fputs("<td>control", out);
	else if (!versus->found && !strcmp(point->strategy, RESULTS_BASELINE))
		fputs("<td>baseline", out);
	else
		fprintf(out, "<td class=%s>%s",
			*names[versus->verdict] ? names[versus->verdict] : "none",
			names[versus->verdict]);
}

/* A series has two tables, so that each fits a page: what decides, and what else an op costs. */
struct view {
	bool times;
	bool used[MAX_COLUMNS + 2];
};

static bool is_shown(const struct view *view, size_t column)
{
	const bool fairness = column < NR_COLUMNS &&
			      columns[column].offset == offsetof(struct result_point, fairness);

	return view->used[column] && view->times == fairness;
}

static void put_row(FILE *out, const struct report *report, const struct result_group *group,
		    const struct result_point *point, const struct view *view)
{
	const size_t nr = nr_columns(report);
	struct versus versus = findings_versus(group, point);
	size_t i;

	fprintf(out, "<tr%s><th>", point->kind == RESULT_CANDIDATE ? "" : " class=aside");
	html_text(out, point->kind == RESULT_CONTROL ? point->cell
						     : results_cell_name(&report->results, point));
	if (view->times) {
		put_cell(out, point->ns_per_op);
		put_interval(out, point->ns_per_op_lo, point->ns_per_op_hi);
		put_cell(out, versus.ratio);
		put_interval(out, versus.lo, versus.hi);
		put_verdict(out, point, &versus);
		if (view->used[nr + 1])
			put_cell(out, point->ns_per_op / results_floor(&report->results, group));
	}
	for (i = 0; i < nr; i++)
		if (is_shown(view, i))
			put_cell(out, column_value(point, i));
	if (view->times && view->used[nr]) {
		fputs("<td>", out);
		html_text(out, point->flags);
	}
	fputc('\n', out);
}

/* The row above a group's. */
static void put_group_title(FILE *out, const struct report *report, const struct result_group *group,
			    const struct view *view)
{
	const double medians = findings_floor(group, "median");
	const double totals = findings_floor(group, "totals");
	const double handover = results_floor(&report->results, group);
	char number[32];

	fprintf(out, "<tbody class=group><tr><th colspan=%zu>%u thread%s", 8 + nr_columns(report),
		group->key.threads, group->key.threads == 1 ? "" : "s");
	if (view->times)
		fprintf(out, ", n = %u", group->points[0].launches);
	if (view->times && !isnan(medians))
		fprintf(out, ", noise floor %s%%",
			words_number(100 * medians, number, sizeof(number)));
	if (view->times && !isnan(totals))
		fprintf(out, ", of totals %s%%",
			words_number(100 * totals, number, sizeof(number)));
	if (view->times && !isnan(handover))
		fprintf(out, ", an op with a hand-over each %s ns",
			words_number(handover, number, sizeof(number)));
	fputc('\n', out);
}

static void put_times_titles(FILE *out, const char *interval, bool handovers)
{
	html_head(out, "ns/op", true);
	html_head(out, interval, true);
	html_head(out, "ratio to " RESULTS_BASELINE, true);
	html_head(out, interval, true);
	html_head(out, "verdict", false);
	if (handovers)
		html_head(out, "hand-overs", true);
}

static void put_table(FILE *out, const struct report *report, const struct result_series *series,
		      const struct view *view)
{
	const size_t nr = nr_columns(report);
	char interval[64];

	fputs("<div class=wide><table><thead><tr>", out);
	html_head(out, "strategy", false);
	if (view->times)
		put_times_titles(out, words_interval(series->groups, series->nr, interval,
						     sizeof(interval)), view->used[nr + 1]);
	for (size_t i = 0; i < nr; i++)
		if (is_shown(view, i))
			put_title(out, report, i);
	if (view->times && view->used[nr])
		html_head(out, "flags", false);
	fputs("</thead>\n", out);
	for (size_t i = 0; i < series->nr; i++) {
		const struct result_group *group = &series->groups[i];

		put_group_title(out, report, group, view);
		for (size_t j = 0; j < group->nr_points; j++)
			if (has_row(&group->points[j]))
				put_row(out, report, group, &group->points[j], view);
	}
	fputs("</table></div>\n", out);
}

static void put_series(FILE *out, const struct report *report, const struct result_series *series)
{
	const struct result_key *key = &series->groups->key;
	struct view view = { .times = true };
	bool more = false;
	char label[256];

	used_columns(report, series, view.used);
	fputs("<details><summary>", out);
	html_text(out, results_label(&report->results, key, label, sizeof(label)));
	if (key->work_ns > 0)
		fprintf(out, ", %.6g ns of work between two ops", (double)key->work_ns);
	fputs("</summary>", out);
	put_table(out, report, series, &view);
	view.times = false;
	for (size_t i = 0; i < nr_columns(report); i++)
		more |= is_shown(&view, i);
	if (more)
		put_table(out, report, series, &view);
	fputs("</details>\n", out);
}

void html_tables(FILE *out, const struct report *report)
{
	size_t i;

	for (i = 0; i < report->results.nr_series; i++)
		put_series(out, report, &report->results.series[i]);
}
