/*
 * What a strategy gives up beside the baseline: what holes, meta.json and its bytes tell.
 *
 * SPDX-License-Identifier: MIT
 */
#include "report_internal.h"

#include <stdlib.h>
#include <string.h>

/* Of a cell that stands for no strategy, or for another, there is none. */
static bool is_hole_of(const struct result_hole *hole, const struct result_point *point)
{
	return hole->strategy == point->strategy && hole->variant == point->variant;
}

bool price_any(const struct report *report, const struct result_point *point)
{
	for (size_t i = 0; i < report->results.nr_holes; i++)
		if (is_hole_of(&report->results.holes[i], point))
			return true;
	return false;
}

/* "the strategy has no put" as "no put", "kref_put of the strategy returns" as "kref_put returns". */
static void put_reason(FILE *out, const char *reason)
{
	static const char *const starts[] = { "the strategy has ", "the strategy's ", "the strategy " };
	static const char of[] = " of the strategy";
	const char *found;

	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (!strncmp(reason, starts[i], strlen(starts[i]))) {
			reason += strlen(starts[i]);
			break;
		}
	found = strstr(reason, of);
	if (found)
		fprintf(out, "%.*s%s", (int)(found - reason), reason, found + strlen(of));
	else
		fputs(reason, out);
}

static bool put_reasons(FILE *out, const struct report *report, const struct result_point *point)
{
	const struct results *results = &report->results;
	bool any = false;

	for (size_t i = 0; i < results->nr_holes; i++) {
		bool told = !is_hole_of(&results->holes[i], point);

		for (size_t j = 0; j < i && !told; j++)
			told = is_hole_of(&results->holes[j], point) &&
			       results->holes[j].reason == results->holes[i].reason;
		if (told)
			continue;
		fputs(any ? "; " : "", out);
		put_reason(out, results->holes[i].reason);
		any = true;
	}
	return any;
}

/* Whether it is known that its count wraps where the baseline's sticks. */
static bool wraps(const struct report *report, const char *strategy)
{
	json_t *list = results_meta(&report->results, "saturating", NULL), *item;
	bool baseline = false, itself = false;
	size_t i;

	json_array_foreach(list, i, item) {
		const char *name = json_string_value(item);

		baseline |= name && !strcmp(name, RESULTS_BASELINE);
		itself |= name && !strcmp(name, strategy);
	}
	return baseline && !itself;
}

static void put_bytes(FILE *out, const struct result_point *point)
{
	if (!(point->kref_bytes > 0))
		return;
	fprintf(out, "; %.0f bytes an object", point->kref_bytes);
	if (point->thread_bytes >= 1024)
		fprintf(out, " and %.4g KiB a thread", point->thread_bytes / 1024);
	else if (point->thread_bytes > 0)
		fprintf(out, " and %.0f a thread", point->thread_bytes);
}

void price_words(struct words *words, const struct report *report, const struct result_point *point)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	bool any;

	words->failed |= !out;
	if (!out)
		return;
	fprintf(out, "What %s gives up: ", results_cell_name(&report->results, point));
	any = put_reasons(out, report, point);
	if (wraps(report, point->strategy)) {
		fprintf(out, "%sa count that leaves its range does not stick", any ? "; " : "");
		any = true;
	}
	if (!any)
		fputs("nothing that this run tells", out);
	put_bytes(out, point);
	if (fclose(out))
		words->failed = true;
	else
		words_add(words, "%s.", text);
	free(text);
}
