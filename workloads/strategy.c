/*
 * Describes one strategy: compiled once for each, so that the list of holes needs no cells.
 *
 * SPDX-License-Identifier: MIT
 */
#include "../kref/kref.h"
#include "describe.h"

#define NAME_(a) strategy_##a
#define NAME(a) NAME_(a)
#define TEXT_(a) #a
#define TEXT(a) TEXT_(a)

#ifndef KREF_HOLE
#define KREF_HOLE NULL
#endif

const struct strategy NAME(CELL_STRATEGY) = {
	.name = TEXT(CELL_STRATEGY),
	.kind = CELL_KIND,
	.caps = KREF_CAPS,
	.hole = KREF_HOLE,
};
