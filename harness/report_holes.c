/*
 * Cells that cannot exist, by the reason why.
 *
 * SPDX-License-Identifier: MIT
 */
#include "report_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_same_cell(const struct result_hole *a, const struct result_hole *b)
{
	return a->strategy == b->strategy && a->variant == b->variant;
}

/* Adds "workload setting" of each hole that the strategy has for the reason. */
static char *places_make(const struct results *results, const struct result_hole *of)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	bool any = false;

	if (!out)
		return NULL;
	for (size_t i = 0; i < results->nr_holes; i++) {
		const struct result_hole *hole = &results->holes[i];

		if (hole->reason != of->reason || !is_same_cell(hole, of))
			continue;
		fprintf(out, "%s%s %s", any ? ", " : "", hole->workload, hole->setting);
		any = true;
	}
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

/* The holes of a reason by strategy: whose places, and with which name. */
struct row {
	char *name, *places;
};

/* Rows of the same places become one. Returns 0 or -ENOMEM. */
static int row_add(struct row *rows, size_t *nr, const struct results *results,
		   const struct result_hole *hole)
{
	struct row row = { .places = places_make(results, hole) };
	char *name;
	int length;

	for (size_t i = 0; row.places && i < *nr; i++) {
		if (strcmp(rows[i].places, row.places))
			continue;
		length = asprintf(&name, "%s, %s%s%s", rows[i].name, hole->strategy,
				  results->nr_variants > 1 ? "@" : "",
				  results->nr_variants > 1 ? hole->variant : "");
		free(row.places);
		if (length < 0)
			return -ENOMEM;
		free(rows[i].name);
		rows[i].name = name;
		return 0;
	}
	if (!row.places || asprintf(&row.name, "%s%s%s", hole->strategy,
				    results->nr_variants > 1 ? "@" : "",
				    results->nr_variants > 1 ? hole->variant : "") < 0) {
		free(row.places);
		return -ENOMEM;
	}
	rows[(*nr)++] = row;
	return 0;
}

static int reason_fill(struct hole_reason *reason, const struct results *results)
{
	struct row *rows = calloc(results->nr_holes, sizeof(*rows));
	size_t nr = 0;
	int ret = rows ? 0 : -ENOMEM;

	for (size_t i = 0; !ret && i < results->nr_holes; i++) {
		bool told = results->holes[i].reason != reason->reason;

		reason->nr_cells += !told;
		for (size_t j = 0; j < i && !told; j++)
			told = results->holes[j].reason == reason->reason &&
			       is_same_cell(&results->holes[j], &results->holes[i]);
		if (!told)
			ret = row_add(rows, &nr, results, &results->holes[i]);
	}
	for (size_t i = 0; i < nr; i++) {
		words_add(&reason->cells, "%s: %s", rows[i].name, rows[i].places);
		free(rows[i].name);
		free(rows[i].places);
	}
	free(rows);
	return ret ? ret : reason->cells.failed ? -ENOMEM : 0;
}

static int reason_compare(const void *left, const void *right)
{
	const struct hole_reason *a = left, *b = right;

	return a->nr_cells == b->nr_cells ? strcmp(a->reason, b->reason)
					  : (a->nr_cells < b->nr_cells) - (a->nr_cells > b->nr_cells);
}

int hole_reasons_make(struct hole_reasons *reasons, const struct results *results)
{
	*reasons = (struct hole_reasons){ .list = calloc(results->nr_holes + 1,
							 sizeof(*reasons->list)) };
	if (!reasons->list)
		return -ENOMEM;
	for (size_t i = 0; i < results->nr_holes; i++) {
		size_t j = 0;
		int ret;

		while (j < reasons->nr && reasons->list[j].reason != results->holes[i].reason)
			j++;
		if (j < reasons->nr)
			continue;
		reasons->list[reasons->nr++].reason = results->holes[i].reason;
		ret = reason_fill(&reasons->list[j], results);
		if (ret)
			return ret;
	}
	qsort(reasons->list, reasons->nr, sizeof(*reasons->list), reason_compare);
	return 0;
}

void hole_reasons_free(struct hole_reasons *reasons)
{
	for (size_t i = 0; i < reasons->nr; i++)
		words_free(&reasons->list[i].cells);
	free(reasons->list);
	*reasons = (struct hole_reasons){ 0 };
}

void html_holes(FILE *out, const struct report *report)
{
	struct hole_reasons reasons;

	fprintf(out, "<h2 id=holes>Holes</h2>\n<p>Cells that cannot exist here, and why: %zu. Nothing is "
		"emulated to fill one.</p>\n", report->results.nr_holes);
	if (hole_reasons_make(&reasons, &report->results))
		fputs("<p>There was no memory to tell them; holes.csv has them.</p>\n", out);
	for (size_t i = 0; i < reasons.nr; i++) {
		const struct hole_reason *reason = &reasons.list[i];

		fputs("<details><summary>", out);
		html_text(out, reason->reason);
		fprintf(out, " <span class=soft>(%zu)</span></summary>\n<ul>\n", reason->nr_cells);
		for (size_t j = 0; j < reason->cells.nr; j++) {
			fputs("<li>", out);
			html_text(out, reason->cells.lines[j]);
			fputc('\n', out);
		}
		fputs("</ul></details>\n", out);
	}
	hole_reasons_free(&reasons);
}
