/*
 * One operation on one stored count: the runner of the tests that hold a strategy to its edges.
 *
 * SPDX-License-Identifier: MIT
 *
 * Counts are what the strategy stores, not what kref_read() says. A test file includes its kref.h
 * and defines edge_set() and edge_stored().
 */
#ifndef EDGES_H
#define EDGES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kref/kref.h"
#include "told.h"

enum edge_op { GET, UNLESS_ZERO, PUT, NOT_ONE };

struct edge {
	const char *name;
	unsigned long long start;
	enum edge_op op;
	bool result;		/* false where the operation has none */
	unsigned long long end;
	unsigned reads;		/* kref_read() after it */
	enum kref_report report;
};

static void edge_set(struct kref *kref, unsigned long long stored);
static unsigned long long edge_stored(struct kref *kref);

static bool edge_run(struct kref *kref, enum edge_op op)
{
	switch (op) {
	case GET:
		kref_get(kref);
		break;
	case UNLESS_ZERO:
		return kref_get_unless_zero(kref);
	case PUT:
		return kref_dec_and_test(kref);
	case NOT_ONE:
#if KREF_CAPS & KREF_CAN_PUT_LOCKED
		return kref_dec_not_one(kref);
#endif
		break;
	}
	return false;
}

static void edge_check(const struct edge *edge)
{
	const unsigned reports = edge->report == SILENT ? 0 : 1;
	struct kref kref = KREF_INIT(1);
	bool result;

	edge_set(&kref, edge->start);
	told.count = 0;
	result = edge_run(&kref, edge->op);
	if (result != edge->result)
		fail_msg("%s: result %d", edge->name, result);
	if (edge_stored(&kref) != edge->end)
		fail_msg("%s: %#llx stored, expected %#llx", edge->name, edge_stored(&kref),
			 edge->end);
	if (kref_read(&kref) != edge->reads)
		fail_msg("%s: reads %#x, expected %#x", edge->name, kref_read(&kref), edge->reads);
	if (told.count != reports)
		fail_msg("%s: %u reports, expected %u", edge->name, told.count, reports);
	if (reports && (told.kind != edge->report || told.kref != &kref))
		fail_msg("%s: report %d, expected %d", edge->name, told.kind, edge->report);
}

static void edges_check(const struct edge *edges, size_t nr_edges)
{
	kref_set_report_hook(note_report);
	for (size_t i = 0; i < nr_edges; i++)
		edge_check(&edges[i]);
	kref_set_report_hook(NULL);
}

#endif
