/*
 * Names of events, and what they are to perf on this machine: libpfm4 knows.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_EVENTS_H
#define HARNESS_EVENTS_H

#include "count.h"

/* What the table knows of one kind of processor. */
struct events_processor {
	const char *pmu;		/* libpfm4's name of it, such as "spr" */
	/* By libpfm4's names, from COUNTER_FIRST_OF_PROCESSOR on; NULL: it has no such event. */
	const char *events[NR_COUNTERS - COUNTER_FIRST_OF_PROCESSOR];
};

extern const struct events_processor events_processors[];
extern const unsigned events_nr_processors;

/* The table's entry, or NULL. */
const struct events_processor *events_processor_find(const char *pmu);

/*
 * libpfm4's name of this machine's processor, "" where it knows it by its architecture alone, NULL
 * where it sees none to count with: then it cannot tell whether a name is an event.
 */
const char *events_pmu(void);

/* Encodes a libpfm4 name, such as "spr::EXE_ACTIVITY:BOUND_ON_STORES". 0, or -ENOENT. */
int event_encode(const char *name, struct event *event);

#endif
