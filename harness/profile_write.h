/*
 * What a profile says, as a text and as a page.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_PROFILE_WRITE_H
#define HARNESS_PROFILE_WRITE_H

#include "profile_lines.h"
#include "profile_read.h"
#include "report_internal.h"

/* One or two cells, and what all pages tell of the run. */
struct profile_page {
	const struct profile *profiles[2];
	unsigned nr;			/* 2: the second is set against the first */
	struct words lines[2];		/* on cache lines that moved, by cell */
	const char *host, *started_utc, *command;
};

/* Rows below this share say nothing that samples can tell. */
#define PROFILE_LEAST_SHARE 0.005
/* And below this one rows are not worth their place on a page. */
#define PROFILE_LEAST_SHOWN 0.001

/* "kref_get < get_and_put": the functions that the row's code is inlined through. Returns buf. */
char *profile_chain(const struct spot *spot, char *buf, size_t bytes);

/* "kref/strategies/refcount.h:75", or where that is not known the function and its library. */
char *profile_place(const struct spot *spot, char *buf, size_t bytes);

/* Whether its instruction is atomic and not the counting's: a lock's, say. */
bool profile_serves_other(const struct spot *spot);

/* The answer in a sentence: the hottest atomic instruction. */
void profile_words_lead(struct words *words, const struct profile *profile);

/* What is sampled, how surely, and where samples fall: sentences for the top. */
void profile_words_method(struct words *words, const struct profile *profile);

void profile_text(FILE *out, const struct profile_page *page);
int profile_html(FILE *out, const struct profile_page *page);

/* The differences of two, the largest first. */
struct profile_change {
	const struct spot *spot;	/* NULL: a kind of time, category */
	enum profile_category category;
	double ns[2];
};

/*
 * Kinds and lines of both, without what has next to no time in either; *changes is the caller's to free.
 * Returns how many, or -ENOMEM.
 */
int profile_diff_kinds(const struct profile_page *page, struct profile_change **changes);
int profile_diff_lines(const struct profile_page *page, struct profile_change **changes);

#endif
