/*
 * What each workload's verdicts are, and which ratios are not known as well as was asked for.
 *
 * SPDX-License-Identifier: MIT
 */
#include "report_internal.h"
#include "stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A text that grows; failed: out of memory, what it holds is not all. */
struct text {
	char *text;
	size_t length;
	bool failed;
};

static void text_add(struct text *text, const char *separator, const char *more)
{
	const size_t length = strlen(separator) + strlen(more);
	char *larger = text->failed ? NULL : realloc(text->text, text->length + length + 1);

	if (!larger) {
		text->failed = true;
		return;
	}
	text->text = larger;
	sprintf(larger + text->length, "%s%s", separator, more);
	text->length += length;
}

static void group_label(const struct report *report, const struct result_group *group, char *label,
			size_t size)
{
	char name[256];

	results_label(&report->results, &group->key, name, sizeof(name));
	if (group->key.work_ns > 0)
		snprintf(label, size, "%s, %.6g ns of work, %u thread%s", name, group->key.work_ns,
			 group->key.threads, group->key.threads == 1 ? "" : "s");
	else
		snprintf(label, size, "%s, %u thread%s", name, group->key.threads,
			 group->key.threads == 1 ? "" : "s");
}

/* "faster: a, b; tie: c" with those that have a verdict against the baseline. */
static void group_verdicts(struct text *text, const struct report *report,
			   const struct result_group *group)
{
	static const struct {
		enum result_verdict verdict;
		const char *name;
	} kinds[] = {
		{ VERDICT_FASTER, "faster: " }, { VERDICT_TIE, "tie: " }, { VERDICT_SLOWER, "slower: " },
	};

	for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
		bool any = false;

		for (size_t i = 0; i < group->nr_points; i++) {
			const struct result_point *point = &group->points[i];

			if (point->kind == RESULT_CONTROL || point->kind == RESULT_FLOOR ||
			    findings_versus(group, point).verdict != kinds[k].verdict)
				continue;
			if (!any)
				text_add(text, text->length ? "; " : "", kinds[k].name);
			text_add(text, any ? ", " : "", results_cell_name(&report->results, point));
			any = true;
		}
	}
}

void words_verdicts(struct words *words, const struct report *report)
{
	for (size_t i = 0; i < report->results.nr_series; i++)
		for (size_t g = 0; g < report->results.series[i].nr; g++) {
			const struct result_group *group = &report->results.series[i].groups[g];
			struct text text = { .text = NULL };
			char label[320];

			group_verdicts(&text, report, group);
			group_label(report, group, label, sizeof(label));
			if (text.length)
				words_add(words, "%s\t%s", label, text.text);
			words->failed |= text.failed;
			free(text.text);
		}
}

/*
 * Half the width of the interval, of the ratio or of the baseline's time where that is more; infinite
 * where it is not known.
 */
static double half_width(const struct versus *versus)
{
	const double width = (versus->hi - versus->lo) / 2 / fmax(1, versus->ratio);

	return versus->launches < STATS_INTERVAL_LAUNCHES || isnan(width) ? INFINITY : width;
}

/* The point whose ratio to the baseline is the widest beyond precision, NULL where none is. */
static const struct result_point *widest(const struct result_group *group, double precision,
					 double *width)
{
	const struct result_point *widest = NULL;

	*width = precision;
	for (size_t i = 0; i < group->nr_points; i++) {
		const struct result_point *point = &group->points[i];
		const struct versus versus = findings_versus(group, point);

		if (point->kind == RESULT_CONTROL || point->kind == RESULT_AID || !versus.found ||
		    half_width(&versus) <= *width)
			continue;
		widest = point;
		*width = half_width(&versus);
	}
	return widest;
}

void words_precision(struct words *words, const struct report *report)
{
	const double precision = results_meta_number(&report->results, "precision", NULL);
	struct text text = { .text = NULL };
	unsigned wide = 0;

	if (isnan(precision)) {
		words_add(words, "As many launches as were asked for, however wide the intervals are.");
		return;
	}
	for (size_t i = 0; i < report->results.nr_groups; i++) {
		const struct result_group *group = &report->results.groups[i];
		char label[320], one[512];
		double width;
		const struct result_point *point = widest(group, precision, &width);

		if (!point)
			continue;
		group_label(report, group, label, sizeof(label));
		if (isinf(width))
			snprintf(one, sizeof(one), "%s (not known, %.80s)", label, point->cell);
		else
			snprintf(one, sizeof(one), "%s (+-%.2g%%, %.80s)", label, 100 * width,
				 point->cell);
		text_add(&text, wide++ ? "; " : "", one);
	}
	if (wide)
		words_add(words, "Not within +-%g%% when the launches ended: %u of %zu groups, each with its widest interval: %s.", 100 * precision, wide,
			  report->results.nr_groups, text.failed ? "" : text.text);
	else
		words_add(words, "Every ratio to " RESULTS_BASELINE " is known within +-%g%%, of "
			  "itself or of " RESULTS_BASELINE "'s time.", 100 * precision);
	words->failed |= text.failed;
	free(text.text);
}
