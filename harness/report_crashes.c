/*
 * Points that crashed: a table, for both pages.
 *
 * SPDX-License-Identifier: MIT
 */
#include "report_internal.h"

/* The columns: a member of meta.json's "crashed" each. */
static const char *const columns[] = { "point", "launch", "signal", "stage", "function" };

#define NR_COLUMNS (sizeof(columns) / sizeof(*columns))

static const char sentence[] =
	"No figure of these points is shown: each crashed, was left out from then on, and ended its launch's "
	"process, which another one went on with. Their stacks are in stacks.txt.";

static json_t *crashed(const struct report *report)
{
	return results_meta(&report->results, "crashed", NULL);
}

static const char *field(const json_t *crash, const char *column, char launch[24])
{
	const json_t *value = json_object_get(crash, column);

	if (json_is_integer(value)) {
		snprintf(launch, 24, "%lld", (long long)json_integer_value(value));
		return launch;
	}
	return json_is_string(value) ? json_string_value(value) : "-";
}

/* What a page puts before, between and behind the texts of the table. */
struct markup {
	const char *open, *head, *name, *body, *row, *cell, *gap, *row_end, *close;
	void (*text)(FILE *out, const char *text);
};

static void put_crashes(FILE *out, const struct report *report, const struct markup *page)
{
	const json_t *one;
	char launch[24];
	size_t i;

	if (!json_array_size(crashed(report)))
		return;
	fprintf(out, "%s%s%s", page->open, sentence, page->head);
	for (unsigned c = 0; c < NR_COLUMNS; c++)
		fprintf(out, "%s%s%s", page->name, columns[c], page->gap);
	fputs(page->body, out);
	json_array_foreach(crashed(report), i, one) {
		fputs(page->row, out);
		for (unsigned c = 0; c < NR_COLUMNS; c++) {
			fputs(page->cell, out);
			page->text(out, field(one, columns[c], launch));
			fputs(page->gap, out);
		}
		fputs(page->row_end, out);
	}
	fputs(page->close, out);
}

void html_crashes(FILE *out, const struct report *report)
{
	static const struct markup page = {
		.open = "<h2 id=crashed>Crashed</h2>\n<p>",
		.head = "</p>\n<div class=wide><table><thead><tr>",
		.name = "<th>", .body = "</thead>\n", .row = "<tr>", .cell = "<td>", .gap = "",
		.row_end = "\n", .close = "</table></div>\n", .text = html_text,
	};

	put_crashes(out, report, &page);
}

void md_crashes(FILE *out, const struct report *report)
{
	static const struct markup page = {
		.open = "## Crashed\n\n", .head = "\n\n", .name = "| ",
		.body = "|\n|---|---|---|---|---|\n", .row = "", .cell = "| ", .gap = " ",
		.row_end = "|\n", .close = "\n", .text = md_text,
	};

	put_crashes(out, report, &page);
}
