/*
 * Where the time of two cells differs, in ns an op.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "profile_write.h"

static int by_change(const void *a, const void *b)
{
	const struct profile_change *left = a, *right = b;
	const double l = fabs(left->ns[1] - left->ns[0]), r = fabs(right->ns[1] - right->ns[0]);

	return (l < r) - (l > r);
}

/* Sorts, and leaves out what took next to no time in both. */
static int finish(const struct profile_page *page, struct profile_change *change, unsigned nr)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < nr; i++)
		for (unsigned j = 0; j < 2; j++)
			if (change[i].ns[j] >=
			    PROFILE_LEAST_SHOWN * page->profiles[j]->told.ns_per_op) {
				change[kept++] = change[i];
				break;
			}
	qsort(change, kept, sizeof(*change), by_change);
	return (int)kept;
}

int profile_diff_kinds(const struct profile_page *page, struct profile_change **changes)
{
	struct profile_change *change = calloc(NR_SPLIT, sizeof(*change));

	*changes = change;
	if (!change)
		return -ENOMEM;
	for (unsigned c = 0; c < NR_SPLIT; c++) {
		change[c] = (struct profile_change){ .category = c };
		for (unsigned i = 0; i < 2; i++)
			change[c].ns[i] = page->profiles[i]->shares[c] *
					   page->profiles[i]->told.ns_per_op;
	}
	return finish(page, change, NR_SPLIT);
}

/* Two programs have no addresses in common, but names. */
static bool same_place(const struct spot *a, const struct spot *b)
{
	char left[1024], right[1024];

	return !strcmp(profile_place(a, left, sizeof(left)), profile_place(b, right, sizeof(right)));
}

int profile_diff_lines(const struct profile_page *page, struct profile_change **changes)
{
	const unsigned room = page->profiles[0]->nr_lines + page->profiles[1]->nr_lines;
	struct profile_change *change = calloc(room + 1, sizeof(*change));
	unsigned nr = 0;

	*changes = change;
	if (!change)
		return -ENOMEM;
	for (unsigned i = 0; i < 2; i++)
		for (unsigned l = 0; l < page->profiles[i]->nr_lines; l++) {
			const struct profile_row *row = &page->profiles[i]->lines[l];
			unsigned at = 0;

			while (at < nr && !same_place(change[at].spot, row->spot))
				at++;
			if (at == nr)
				change[nr++].spot = row->spot;
			change[at].ns[i] += row->share * page->profiles[i]->told.ns_per_op;
		}
	return finish(page, change, nr);
}
