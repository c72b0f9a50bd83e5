/*
 * A profile as text.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>
#include <string.h>

#include "profile_write.h"

#define MOST_ROWS 10
#define COLUMNS 100

/* A paragraph, broken at blanks. */
static void put_wrapped(FILE *out, const char *text)
{
	size_t column = 0;

	while (*text) {
		const size_t length = strcspn(text, " ");

		if (column && column + 1 + length > COLUMNS) {
			fputc('\n', out);
			column = 0;
		}
		fprintf(out, "%s%.*s", column ? " " : "", (int)length, text);
		column += length + (column > 0);
		text += length;
		text += *text == ' ';
	}
	fputc('\n', out);
}

static void put_words(FILE *out, const struct words *words)
{
	for (size_t i = 0; i < words->nr; i++)
		put_wrapped(out, words->lines[i]);
}

static void put_time(FILE *out, const struct profile *profile, double share)
{
	char ns[32];

	fprintf(out, "%6.1f%% %8s", 100 * share,
		words_number(share * profile->told.ns_per_op, ns, sizeof(ns)));
}

static void put_kinds(FILE *out, const struct profile *profile)
{
	fputs("\n  share    ns/op  where the time of an op goes\n", out);
	for (unsigned c = 0; c < NR_SPLIT; c++)
		if (profile->shares[c] >= PROFILE_LEAST_SHOWN) {
			put_time(out, profile, profile->shares[c]);
			fprintf(out, "  %s\n", split_name(c));
		}
}

static void put_instruction(FILE *out, const struct profile *profile, const struct profile_row *row)
{
	const bool other = profile_serves_other(row->spot);
	char place[1024], chain[1024];

	put_time(out, profile, row->share);
	fprintf(out, "  %s\n%19s%s%s%s%s, %s\n", row->spot->instruction->text, "",
		profile_place(row->spot, place, sizeof(place)), other ? " (" : "",
		other ? split_name(row->spot->category) : "", other ? ")" : "",
		profile_chain(row->spot, chain, sizeof(chain)));
}

static bool is_atomic(const struct profile_row *row)
{
	return row->spot->instruction && row->spot->instruction->atomic;
}

static void put_atomics(FILE *out, const struct profile *profile)
{
	unsigned nr = 0;

	fputs("\n  share    ns/op  atomic instructions\n", out);
	for (unsigned i = 0; i < profile->nr_instructions && nr < MOST_ROWS; i++) {
		if (!is_atomic(&profile->instructions[i]) ||
		    profile->instructions[i].share < PROFILE_LEAST_SHARE)
			continue;
		put_instruction(out, profile, &profile->instructions[i]);
		nr++;
	}
	if (!nr)
		fputs("                   none that took time\n", out);
}

static void put_lines(FILE *out, const struct profile *profile)
{
	char place[1024], chain[1024];

	fputs("\n  share    ns/op  source lines\n", out);
	for (unsigned i = 0; i < profile->nr_lines && i < MOST_ROWS; i++) {
		const struct profile_row *row = &profile->lines[i];

		if (row->share < PROFILE_LEAST_SHARE)
			break;
		put_time(out, profile, row->share);
		fprintf(out, "  %s", profile_place(row->spot, place, sizeof(place)));
		if (row->spot->nr_frames && row->spot->frames->line && !row->spot->kernel)
			fprintf(out, "  %s", profile_chain(row->spot, chain, sizeof(chain)));
		fputc('\n', out);
	}
}

static void put_instructions(FILE *out, const struct profile *profile)
{
	bool head = false;

	for (unsigned i = 0; i < profile->nr_instructions && i < MOST_ROWS; i++) {
		const struct profile_row *row = &profile->instructions[i];

		if (row->share < PROFILE_LEAST_SHARE)
			break;
		if (is_atomic(row) || !row->spot->instruction)
			continue;
		if (!head)
			fputs("\n  share    ns/op  other instructions\n", out);
		head = true;
		put_instruction(out, profile, row);
	}
}

static void put_one(FILE *out, const struct profile_page *page, unsigned i)
{
	const struct profile *profile = page->profiles[i];
	struct words words = { 0 };
	char time[64];

	fprintf(out, "%s\n%s while it was sampled\n", profile->name,
		words_time(profile->told.ns_per_op, time, sizeof(time)));
	profile_words_lead(&words, profile);
	profile_words_method(&words, profile);
	put_words(out, &words);
	words_free(&words);
	put_kinds(out, profile);
	put_atomics(out, profile);
	put_lines(out, profile);
	put_instructions(out, profile);
	fputc('\n', out);
	put_words(out, &page->lines[i]);
	fputc('\n', out);
}

static void put_changes(FILE *out, struct profile_change *changes, int nr, const char *what)
{
	char a[32], b[32], place[1024];

	fprintf(out, "\nns/op: A        B    B - A  %s\n", what);
	for (int i = 0; i < nr && i < MOST_ROWS; i++) {
		const struct profile_change *change = &changes[i];

		fprintf(out, "%8s %8s %+8.3g  %s\n", words_number(change->ns[0], a, sizeof(a)),
			words_number(change->ns[1], b, sizeof(b)), change->ns[1] - change->ns[0],
			change->spot ? profile_place(change->spot, place, sizeof(place)) :
			split_name(change->category));
	}
	free(changes);
}

static void put_diff(FILE *out, const struct profile_page *page)
{
	const double a = page->profiles[0]->told.ns_per_op, b = page->profiles[1]->told.ns_per_op;
	struct profile_change *changes;
	int nr;

	fprintf(out, "A: %s\nB: %s\nB takes %+.3g ns/op, %.3g times A's time: %.3g and %.3g\n",
		page->profiles[0]->name, page->profiles[1]->name, b - a, b / a, b, a);
	nr = profile_diff_kinds(page, &changes);
	put_changes(out, changes, nr, "where the difference lies");
	nr = profile_diff_lines(page, &changes);
	put_changes(out, changes, nr, "source lines");
	fputc('\n', out);
}

void profile_text(FILE *out, const struct profile_page *page)
{
	for (unsigned i = 0; i < page->nr; i++)
		put_one(out, page, i);
	if (page->nr == 2)
		put_diff(out, page);
}
