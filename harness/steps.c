/*
 * Counts, along an order of processors, what has been begun and filled.
 *
 * SPDX-License-Identifier: MIT
 */
#include "steps.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

static const char *const names[] = {
	[STEP_SMT] = "SMT", [STEP_CORE] = "core", [STEP_L3] = "L3", [STEP_NODE] = "node",
	[STEP_PACKAGE] = "package",
};

const char *step_name(enum step step)
{
	return names[step];
}

/* The number of what holds the processor. */
static unsigned holder(const struct seat *seat, enum step kind)
{
	switch (kind) {
	case STEP_PACKAGE:
		return seat->package;
	case STEP_NODE:
		return seat->node;
	case STEP_L3:
		return seat->l3;
	default:
		return seat->core;
	}
}

enum step seats_step(const struct seat *a, const struct seat *b)
{
	enum step step = STEP_PACKAGE;

	while (step > STEP_SMT && holder(a, step) == holder(b, step))
		step--;
	return step;
}

/* Of one kind, after some processors of an order. */
struct level {
	unsigned *total, *used;	/* processors of each holder: in the order, and so far */
	unsigned nr, begun, open;	/* holders in the order, with one so far, and not full of those */
	bool fills;		/* one of those begun has more than one */
};

static void level_close(struct level *level)
{
	free(level->total);
	free(level->used);
}

static int level_open(struct level *level, const struct seat *order, unsigned n, enum step kind)
{
	unsigned most = 0;

	for (unsigned i = 0; i < n; i++)
		if (holder(&order[i], kind) > most)
			most = holder(&order[i], kind);
	*level = (struct level){
		.total = calloc(most + 1, sizeof(*level->total)),
		.used = calloc(most + 1, sizeof(*level->used)),
	};
	if (!level->total || !level->used)
		return -ENOMEM;
	for (unsigned i = 0; i < n; i++) {
		unsigned *total = &level->total[holder(&order[i], kind)];

		level->nr += !*total;
		++*total;
	}
	return 0;
}

/* Takes the next processor. Returns whether it begins a holder. */
static bool level_take(struct level *level, unsigned holder)
{
	const bool begins = !level->used[holder]++;

	level->begun += begins;
	level->fills |= level->total[holder] > 1;
	level->open += begins;
	level->open -= level->used[holder] == level->total[holder];
	return begins;
}

static void levels_close(struct level levels[NR_STEPS])
{
	for (enum step kind = STEP_CORE; kind < NR_STEPS; kind++)
		level_close(&levels[kind]);
}

static int levels_open(struct level levels[NR_STEPS], const struct seat *order, unsigned n)
{
	int error = 0;

	for (enum step kind = STEP_CORE; kind < NR_STEPS; kind++)
		levels[kind] = (struct level){ 0 };
	for (enum step kind = STEP_CORE; !error && kind < NR_STEPS; kind++)
		error = level_open(&levels[kind], order, n, kind);
	if (error)
		levels_close(levels);
	return error;
}

int steps_fill(const struct seat *order, unsigned n, enum step *steps)
{
	struct level levels[NR_STEPS];
	int error = levels_open(levels, order, n);

	if (error)
		return error;
	for (unsigned i = 0; i < n; i++) {
		steps[i] = STEP_SMT;
		for (enum step kind = STEP_CORE; kind < NR_STEPS; kind++)
			if (level_take(&levels[kind], holder(&order[i], kind)))
				steps[i] = kind;
	}
	levels_close(levels);
	return 0;
}

/* next: the processor after the first n. */
static bool is_boundary(const struct level *level, enum step kind, unsigned n,
			const struct seat *next)
{
	const bool full = kind != STEP_CORE && level->fills && !level->open &&
			  !level->used[holder(next, kind)];
	const bool spread = level->nr > 1 && level->nr == n && level->begun == n;

	return full || spread;
}

int boundaries_make(const struct seat *order, unsigned n, struct boundary **boundaries,
		    unsigned *nr)
{
	struct level levels[NR_STEPS];
	int error;

	*nr = 0;
	*boundaries = calloc(n + 1, sizeof(**boundaries));
	error = *boundaries ? levels_open(levels, order, n) : -ENOMEM;
	if (error)
		return error;
	for (unsigned i = 0; i + 1 < n; i++) {
		enum step found = STEP_SMT;

		for (enum step kind = STEP_CORE; kind < NR_STEPS; kind++) {
			level_take(&levels[kind], holder(&order[i], kind));
			if (is_boundary(&levels[kind], kind, i + 1, &order[i + 1]))
				found = kind;
		}
		if (found != STEP_SMT)
			(*boundaries)[(*nr)++] = (struct boundary){ i + 1, found };
	}
	levels_close(levels);
	return 0;
}
