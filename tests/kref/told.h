/*
 * What a report hook was told, and short names of the reports.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TOLD_H
#define TOLD_H

#include "kref/report.h"

/* Short names of the reports; SILENT is none. */
#define SILENT KREF_REPORT_KINDS
#define ON_ZERO KREF_REPORT_ADD_ON_ZERO
#define SATURATED KREF_REPORT_SATURATED
#define UNDERFLOW KREF_REPORT_UNDERFLOW
#define HIT_ZERO KREF_REPORT_DEC_TO_ZERO

/* What the hook was told. */
static struct {
	unsigned count;
	enum kref_report kind;
	struct kref *kref;
} told;

static void note_report(enum kref_report kind, struct kref *kref)
{
	told.count++;
	told.kind = kind;
	told.kref = kref;
}

#endif
