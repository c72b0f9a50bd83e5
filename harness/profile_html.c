/*
 * profile.html: one page that needs no network.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "profile_write.h"
#include "report_css.h"

#define MOST_ROWS 40
/* Of a listing, on either side of the hottest instruction. */
#define AROUND 24

static const char more_css[] =
	".bar { display: block; height: 0.55rem; margin-top: 0.45rem; min-width: 1px;"
	"  background: var(--accent); border-radius: 2px; }\n"
	"td.bars { width: 12rem; min-width: 6rem; }\n"
	"td.late { color: var(--bad); }\n"
	"tr.atomic code { font-weight: 700; }\n"
	"td code { white-space: nowrap; }\n"
	"h2 { overflow-wrap: anywhere; }\n"
	".code td { padding-top: 0.1rem; padding-bottom: 0.1rem; }\n";

static void put_words(FILE *out, const struct words *words)
{
	for (size_t i = 0; i < words->nr; i++) {
		fputs("<p>", out);
		html_text(out, words->lines[i]);
		fputs("</p>\n", out);
	}
}

/* Cells with a share, its time and a bar. */
static void put_time(FILE *out, const struct profile *profile, double share)
{
	char ns[32];

	fprintf(out, "<td class=n>%.1f%%<td class=n>%s<td class=bars><span class=bar "
		"style=\"width:%.1f%%\"></span>", 100 * share,
		words_number(share * profile->told.ns_per_op, ns, sizeof(ns)), 100 * share);
}

static void put_head(FILE *out, const char *title, const char *columns)
{
	fprintf(out, "<h3>%s</h3>\n<div class=wide><table><thead><tr><th class=n>share<th "
		"class=n>ns/op<th>%s</thead>\n", title, columns);
}

static void put_kinds(FILE *out, const struct profile *profile)
{
	put_head(out, "Where the time of an op goes", "<th>");
	for (unsigned c = 0; c < NR_SPLIT; c++) {
		if (profile->shares[c] < PROFILE_LEAST_SHOWN &&
		    profile->beside_shares[c] < PROFILE_LEAST_SHOWN)
			continue;
		fputs("<tr>", out);
		put_time(out, profile, profile->shares[c]);
		fputs("<td>", out);
		html_text(out, split_name(c));
		if (profile->beside_shares[c] >= PROFILE_LEAST_SHARE)
			fprintf(out, " <span class=soft>(and %.1f%% in other threads)</span>",
				100 * profile->beside_shares[c]);
		fputc('\n', out);
	}
	fputs("</table></div>\n", out);
}

static void put_source(FILE *out, const struct spot *spot)
{
	char text[1024];

	fputs("<td>", out);
	html_text(out, profile_place(spot, text, sizeof(text)));
	if (profile_serves_other(spot))
		fprintf(out, " <span class=soft>(%s)</span>", split_name(spot->category));
	fputs("<td class=soft>", out);
	if (!spot->kernel)
		html_text(out, profile_chain(spot, text, sizeof(text)));
	fputc('\n', out);
}

static bool is_atomic(const struct profile_row *row)
{
	return row->spot->instruction && row->spot->instruction->atomic;
}

static void put_instructions(FILE *out, const struct profile *profile, bool atomic)
{
	unsigned nr = 0;

	put_head(out, atomic ? "Atomic instructions" : "All instructions",
		 "<th>instruction<th>source<th>inlined through, innermost first");
	for (unsigned i = 0; i < profile->nr_instructions && nr < MOST_ROWS; i++) {
		const struct profile_row *row = &profile->instructions[i];

		if ((atomic && !is_atomic(row)) || row->share < PROFILE_LEAST_SHOWN)
			continue;
		nr++;
		fputs(is_atomic(row) ? "<tr class=atomic>" : "<tr>", out);
		put_time(out, profile, row->share);
		fputs("<td><code>", out);
		html_text(out, row->spot->instruction ? row->spot->instruction->text : "-");
		fputs("</code>", out);
		put_source(out, row->spot);
	}
	if (!nr)
		fputs("<tr><td colspan=6>none that took time\n", out);
	fputs("</table></div>\n", out);
}

static void put_lines(FILE *out, const struct profile *profile)
{
	put_head(out, "Source lines", "<th>line<th>inlined through, innermost first");
	for (unsigned i = 0; i < profile->nr_lines && i < MOST_ROWS; i++) {
		if (profile->lines[i].share < PROFILE_LEAST_SHOWN)
			break;
		fputs("<tr>", out);
		put_time(out, profile, profile->lines[i].share);
		put_source(out, profile->lines[i].spot);
	}
	fputs("</table></div>\n", out);
}

/* The code that has the instruction. */
static const struct code *code_of(const struct profile *profile,
				  const struct profile_instruction *instruction)
{
	for (unsigned i = 0; i < profile->told.nr_texts; i++) {
		const struct code *code = &profile->told.texts[i].code;

		if (instruction >= code->instructions &&
		    instruction < code->instructions + code->nr)
			return code;
	}
	return NULL;
}

/* Of samples: where they fell, and for what they count. */
static void put_listed(FILE *out, const struct profile *profile,
		       const struct profile_instruction *instruction)
{
	double fell = 0, counted = 0;

	for (unsigned i = 0; i < profile->spots.nr; i++) {
		const struct spot *spot = &profile->spots.spots[i];
		const double share = profile->on * spot->weight / profile->spots.weight;

		if (spot->kernel)
			continue;
		fell += spot->at == instruction ? share : 0;
		counted += spot->instruction == instruction ? share : 0;
	}
	fputs(instruction->atomic ? "<tr class=atomic>" : "<tr>", out);
	if (fell > 0)
		fprintf(out, "<td class=\"n late\">%.1f%%", 100 * fell);
	else
		fputs("<td>", out);
	if (counted > 0)
		fprintf(out, "<td class=n>%.1f%%", 100 * counted);
	else
		fputs("<td>", out);
	fprintf(out, "<td class=soft><code>%llx</code><td><code>",
		(unsigned long long)instruction->address);
	html_text(out, instruction->text);
	fputs("</code>\n", out);
}

static void put_listing(FILE *out, const struct profile *profile)
{
	const struct profile_instruction *hot = NULL;
	const struct code *code;
	unsigned at, from, to;

	for (unsigned i = 0; !hot && i < profile->nr_instructions; i++)
		hot = profile->instructions[i].spot->instruction;
	code = hot ? code_of(profile, hot) : NULL;
	if (!code)
		return;
	at = (unsigned)(hot - code->instructions);
	from = at > AROUND ? at - AROUND : 0;
	to = code->nr - at > AROUND ? at + AROUND : code->nr - 1;
	fputs("<h3>The code around the hottest instruction</h3>\n<div class=wide><table "
	      "class=code><thead><tr><th class=n>samples fell<th class=n>counted for<th><th>"
	      "instruction</thead>\n", out);
	for (unsigned i = from; i <= to; i++)
		put_listed(out, profile, &code->instructions[i]);
	fputs("</table></div>\n", out);
}

static void put_one(FILE *out, const struct profile_page *page, unsigned i)
{
	const struct profile *profile = page->profiles[i];
	struct words words = { 0 };
	char time[64];

	fprintf(out, "<h2 id=cell%u>%s", i, page->nr == 2 ? i ? "B: " : "A: " : "");
	html_text(out, profile->name);
	fprintf(out, "</h2>\n<p><b>%s</b> while it was sampled</p>\n",
		words_time(profile->told.ns_per_op, time, sizeof(time)));
	profile_words_lead(&words, profile);
	put_words(out, &words);
	words_free(&words);
	put_kinds(out, profile);
	words = (struct words){ .nr = 0 };
	profile_words_method(&words, profile);
	put_words(out, &words);
	words_free(&words);
	put_instructions(out, profile, true);
	put_lines(out, profile);
	put_listing(out, profile);
	put_instructions(out, profile, false);
	fputs("<h3>Cache lines that moved between cores</h3>\n", out);
	put_words(out, &page->lines[i]);
}

static void put_changes(FILE *out, struct profile_change *changes, int nr, const char *what)
{
	char a[32], b[32], place[1024];

	fprintf(out, "<div class=wide><table><thead><tr><th class=n>A ns/op<th class=n>B ns/op"
		"<th class=n>B - A<th>%s</thead>\n", what);
	for (int i = 0; i < nr && i < MOST_ROWS; i++) {
		const struct profile_change *change = &changes[i];
		const double more = change->ns[1] - change->ns[0];

		fprintf(out, "<tr><td class=n>%s<td class=n>%s<td class=\"n %s\">%+.3g<td>",
			words_number(change->ns[0], a, sizeof(a)),
			words_number(change->ns[1], b, sizeof(b)), more > 0 ? "slower" : "faster",
			more);
		html_text(out, change->spot ? profile_place(change->spot, place, sizeof(place)) :
			  split_name(change->category));
		fputc('\n', out);
	}
	fputs("</table></div>\n", out);
	free(changes);
}

static void put_diff(FILE *out, const struct profile_page *page)
{
	const double a = page->profiles[0]->told.ns_per_op, b = page->profiles[1]->told.ns_per_op;
	struct profile_change *changes;
	int nr;

	fprintf(out, "<h2 id=diff>Where the difference lies</h2>\n<p>B takes %+.3g ns/op: %.3g times "
		"A&#39;s time. Each line is a share times the time of an op, both of one process and "
		"one window.</p>\n", b - a, b / a);
	nr = profile_diff_kinds(page, &changes);
	put_changes(out, changes, nr, "");
	nr = profile_diff_lines(page, &changes);
	put_changes(out, changes, nr, "source line");
}

int profile_html(FILE *out, const struct profile_page *page)
{
	fputs("<!doctype html>\n<html lang=en>\n<meta charset=utf-8>\n<meta name=viewport "
	      "content=\"width=device-width, initial-scale=1\">\n<title>krefbench profile: ", out);
	html_text(out, page->profiles[0]->name);
	fprintf(out, "</title>\n<style>\n%s%s</style>\n<body>\n<h1>Where the time goes</h1>\n"
		"<p class=soft>", report_css, more_css);
	html_text(out, page->host);
	fputs(" &middot; ", out);
	html_text(out, page->started_utc);
	fputs(" &middot; <code>", out);
	html_text(out, page->command);
	fputs("</code></p>\n", out);
	if (page->nr == 2) {
		fputs("<nav><a href=#diff>Difference</a><a href=#cell0>A</a><a href=#cell1>B</a>"
		      "</nav>\n", out);
		put_diff(out, page);
	}
	for (unsigned i = 0; i < page->nr; i++)
		put_one(out, page, i);
	fputs("<h2>Once more</h2>\n<p>perf.data in this folder is what perf recorded: <code>perf "
	      "annotate</code> and <code>perf report</code> read it, setup and guards included.</p>\n"
	      "</html>\n", out);
	return ferror(out) ? -EIO : 0;
}
