/*
 * Adds samples up: by kind, by instruction, by source line.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "profile_read.h"

static bool same_instruction(const struct spot *a, const struct spot *b)
{
	if (strcmp(a->object, b->object) || !a->kernel != !b->kernel)
		return false;
	/* The kernel's function stands for its code. */
	if (a->kernel)
		return strcspn(a->kernel, " ") == strcspn(b->kernel, " ") &&
		       !strncmp(a->kernel, b->kernel, strcspn(a->kernel, " "));
	if (a->instruction || b->instruction)
		return a->instruction == b->instruction;
	return a->address == b->address;
}

static bool same_line(const struct spot *a, const struct spot *b)
{
	if (a->kernel || b->kernel || !a->nr_frames || !b->nr_frames || !a->frames->line)
		return same_instruction(a, b) ||
		       (!a->kernel && !b->kernel && *a->symbol && !strcmp(a->symbol, b->symbol) &&
			!(a->nr_frames && a->frames->line) && !(b->nr_frames && b->frames->line));
	return a->frames->line == b->frames->line && !strcmp(a->frames->file, b->frames->file);
}

static int by_share(const void *a, const void *b)
{
	const struct profile_row *left = a, *right = b;

	return (left->share < right->share) - (left->share > right->share);
}

static int rows_make(const struct profile *profile, bool same(const struct spot *, const struct spot *),
		     struct profile_row **rows, unsigned *nr)
{
	const struct spots *spots = &profile->spots;
	struct profile_row *row = calloc(spots->nr + 1, sizeof(*row));

	if (!row)
		return -ENOMEM;
	*rows = row;
	*nr = 0;
	for (unsigned i = 0; i < spots->nr; i++) {
		const struct spot *spot = &spots->spots[i];
		const double share = spots->weight > 0 ? profile->on * spot->weight / spots->weight : 0;
		unsigned at = 0;

		if (!spot->samples)
			continue;
		while (at < *nr && !same(row[at].spot, spot))
			at++;
		if (at == *nr)
			row[(*nr)++].spot = spot;
		row[at].share += share;
		row[at].samples += spot->samples;
		row[at].late += spot->instruction != spot->at ? share : 0;
		if (share > row[at].most) {
			row[at].most = share;
			row[at].spot = spot;
		}
	}
	qsort(row, *nr, sizeof(*row), by_share);
	return 0;
}

/* Shares of the workers' time: what was sampled, what was not, and who was elsewhere. */
static void share_out(struct profile *profile)
{
	const struct profile_told *told = &profile->told;
	const double all = told->interval_ns > 0 ? told->interval_ns : 1;
	const double busy = fmin(1, (told->user_ns + told->kernel_ns) / all);
	const double unseen = profile->event.user_only ? fmin(busy, told->kernel_ns / all) : 0;

	profile->on = profile->spots.weight > 0 ? busy - unseen : 0;
	profile->shares[SPLIT_PREEMPTED] = fmin(1 - busy, told->ready_ns / all);
	profile->shares[SPLIT_ASLEEP] = 1 - busy - profile->shares[SPLIT_PREEMPTED];
	profile->shares[SPLIT_KERNEL] = unseen;
}

int profile_sum(struct profile *profile)
{
	const struct spots *spots = &profile->spots;

	share_out(profile);
	for (unsigned i = 0; spots->weight > 0 && i < spots->nr; i++) {
		const struct spot *spot = &spots->spots[i];

		profile->shares[spot->category] += profile->on * spot->weight / spots->weight;
		profile->beside_shares[spot->category] += profile->on * spot->beside / spots->weight;
	}
	profile->beside = spots->weight > 0 ? profile->on * spots->beside / spots->weight : 0;
	if (rows_make(profile, same_instruction, &profile->instructions, &profile->nr_instructions))
		return -ENOMEM;
	return rows_make(profile, same_line, &profile->lines, &profile->nr_lines);
}

void profile_free(struct profile *profile)
{
	profile_told_free(&profile->told);
	spots_free(&profile->spots);
	free(profile->instructions);
	free(profile->lines);
	memset(profile, 0, sizeof(*profile));
}
