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

void html_crashes(FILE *out, const struct report *report)
{
	const json_t *one;
	char launch[24];
	size_t i;

	if (!json_array_size(crashed(report)))
		return;
	fprintf(out, "<h2 id=crashed>Crashed</h2>\n<p>%s</p>\n<div class=wide><table><thead><tr>", sentence);
	for (unsigned c = 0; c < NR_COLUMNS; c++)
		fprintf(out, "<th>%s", columns[c]);
	fputs("</thead>\n", out);
	json_array_foreach(crashed(report), i, one) {
		fputs("<tr>", out);
		for (unsigned c = 0; c < NR_COLUMNS; c++) {
			fputs("<td>", out);
			html_text(out, field(one, columns[c], launch));
		}
		fputc('\n', out);
	}
	fputs("</table></div>\n", out);
}

void md_crashes(FILE *out, const struct report *report)
{
	const json_t *one;
	char launch[24];
	size_t i;

	if (!json_array_size(crashed(report)))
		return;
	fprintf(out, "## Crashed\n\n%s\n\n", sentence);
	for (unsigned c = 0; c < NR_COLUMNS; c++)
		fprintf(out, "| %s ", columns[c]);
	fputs("|\n|---|---|---|---|---|\n", out);
	json_array_foreach(crashed(report), i, one) {
		for (unsigned c = 0; c < NR_COLUMNS; c++) {
			fputs("| ", out);
			md_text(out, field(one, columns[c], launch));
			fputc(' ', out);
		}
		fputs("|\n", out);
	}
	fputc('\n', out);
}
