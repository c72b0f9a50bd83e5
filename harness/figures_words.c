/*
 * What a figure says: its title and caption, and what its values are.
 *
 * SPDX-License-Identifier: MIT
 */
#include "figures_internal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

__attribute__((format(printf, 1, 2)))
static char *text_make(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	return text;
}

static void title_make(struct figure *figure, const struct results *results)
{
	const struct result_key *key = &figure->groups[0]->key;
	const struct result_key *most = &figure->groups[figure->nr_groups - 1]->key;
	const char *open = results->nr_variants > 1 ? " (" : "";
	const char *shut = results->nr_variants > 1 ? ")" : "";
	const char *variant = results->nr_variants > 1 ? figure->variant : "";
	char label[256];

	results_label(results, key, label, sizeof(label));
	switch (figure->kind) {
	case FIGURE_VERSUS:
		figure->title = text_make("%s%s%s%s: time over " RESULTS_BASELINE "'s against threads",
					  label, open, variant, shut);
		break;
	case FIGURE_THROUGHPUT:
		figure->title = text_make("%s%s%s%s: throughput against threads", label, open,
					  variant, shut);
		break;
	case FIGURE_COST:
		figure->title = text_make("%s%s%s%s: time of one op%s", label, open, variant, shut,
					  figure->nr_groups > 1 ? " against threads" : "");
		break;
	case FIGURE_UNCONTENDED:
		figure->title = text_make("%s%s%s%s: uncontended time of one op, 1 thread", label,
					  open, variant, shut);
		break;
	case FIGURE_WORK:
		figure->title = text_make(
			"%s%s%s%s: does the choice matter beside work? %u thread%s", label, open,
			variant, shut, most->threads, most->threads == 1 ? "" : "s");
		break;
	case FIGURE_RETRIES:
	case FIGURE_MISSES:
	case FIGURE_MOVED:
		figure->title = text_make("%s%s%s%s: %s%s", label, open, variant, shut,
					  figure->kind == FIGURE_RETRIES ? "retries per op" :
					  figure->kind == FIGURE_MISSES ? "cache misses per op" :
					  "lines moved per op",
					  figure->nr_groups > 1 ? " against threads" : "");
		break;
	case FIGURE_FAIRNESS:
		figure->title =
			text_make("%s%s%s%s: fairness against threads", label, open, variant, shut);
		break;
	case FIGURE_FAIRNESS_ROWS:
		figure->title = text_make("Fairness of each workload, %u threads%s%s%s",
					  key->threads, open, variant, shut);
		break;
	case FIGURE_LATENCY:	/* have texts of their own */
	case FIGURE_HANDOVER:
		break;
	}
}

static const char *const captions[] = {
	[FIGURE_VERSUS] =
		"Time over refcount's in the same rounds, on the same axes for every "
		"workload: below 1 is faster. What takes less than a twentieth, or more than five "
		"times, stands at the edge. Bars: the interval over launches.",
	[FIGURE_THROUGHPUT] =
		"Ops of all threads together; higher is better. Grey: a floor and no choice.",
	[FIGURE_RETRIES] =
		"Attempts of compare-exchange and spin loops that failed, of those strategies "
		"that tell them.",
	[FIGURE_COST] =
		"Mean time that one thread needs for one op; lower is better. Small strokes: "
		"launches, whose median the marker is. Grey: "
		"what counts nothing or serves one thread only, a floor and no choice. "
		"Short grey bars: what an op takes where a shared line changes hands with "
		"each; below them a core that has the line does several ops before it "
		"goes, or no line is shared.",
	[FIGURE_UNCONTENDED] =
		"One thread with nobody else at the count, in the workload that does least "
		"around it. Grey: a floor and no choice.",
	[FIGURE_WORK] =
		"Time against refcount's with work between two ops. Inside the grey band, "
		"the noise floor of this run, a difference says nothing. 0 ns stands at "
		"the left end, where a log axis has no place for it.",
	[FIGURE_MISSES] =
		"Cache misses of one op by the kernel's generic event: usually those of the last "
		"level.",
	[FIGURE_MOVED] =
		"Cache lines that one op took from another core, moved_local and "
		"moved_remote together, as far as the processor counts them: what a shared "
		"count costs, before its time.",
	[FIGURE_FAIRNESS] =
		"Rate of the slowest thread over that of the fastest: 1 is fair, near 0 "
		"means that somebody starves.",
	[FIGURE_FAIRNESS_ROWS] =
		"Rate of the slowest thread over that of the fastest: 1 is fair, near 0 "
		"means that somebody starves.",
};

static void caption_make(struct figure *figure, const struct results *results)
{
	/* Kinds without a caption do not come here. NOLINTNEXTLINE(clang-analyzer-*) */
	figure->caption = text_make("%s%s", captions[figure->kind],
				    bounds_any(results, figure) ?
				    " Dotted lines, the placement's boundaries: all before is full "
				    "and the next thread begins another L3 cache, node or package, or "
				    "each has one thread and the next shares one (or a core)." : "");
}

/* For who does not see the figure: of its last group the lowest time. */
static void alt_make(struct figure *figure)
{
	const struct result_group *last = figure->groups[figure->nr_groups - 1];
	char number[32];

	for (size_t i = 0; i < last->nr_points; i++) {
		const struct result_point *point = &last->points[i];

		if (point->kind != RESULT_CANDIDATE || point->variant != figure->variant)
			continue;
		figure->alt = text_make(
			"The values are in the table below. At %u thread%s and %.6g ns of work the "
			"lowest time is that of %s, %s ns.", last->key.threads,
			last->key.threads == 1 ? "" : "s", last->key.work_ns, point->strategy,
			figure_number(point->ns_per_op, number, sizeof(number)));
		return;
	}
	figure->alt = strdup(figure->title ? figure->title : "");
}

int figure_words(struct figure *figure, const struct results *results)
{
	if (figure->kind == FIGURE_LATENCY)
		return latency_words(figure, results);
	title_make(figure, results);
	caption_make(figure, results);
	alt_make(figure);
	return figure->title && figure->caption && figure->alt ? 0 : -ENOMEM;
}

bool figure_has_intervals(const struct figure *figure)
{
	return figure->kind == FIGURE_COST || figure->kind == FIGURE_UNCONTENDED ||
	       figure->kind == FIGURE_WORK || figure->kind == FIGURE_VERSUS;
}

bool figure_is_counted(const struct figure *figure)
{
	return figure->kind == FIGURE_MISSES || figure->kind == FIGURE_MOVED ||
	       figure->kind == FIGURE_RETRIES;
}

const char *figure_value_name(const struct figure *figure)
{
	switch (figure->kind) {
	case FIGURE_WORK: return "time over refcount''s (below 1: faster)";
	case FIGURE_VERSUS: return "time over refcount''s";
	case FIGURE_THROUGHPUT: return "million ops/s";
	case FIGURE_RETRIES: return "retries/op";
	case FIGURE_MISSES: return "cache misses/op";
	case FIGURE_MOVED: return "lines moved/op";
	case FIGURE_FAIRNESS: return "slowest over fastest thread";
	default: return "ns/op";
	}
}
