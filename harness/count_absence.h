/*
 * Why a counter is absent, in words for the report.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_COUNT_ABSENCE_H
#define HARNESS_COUNT_ABSENCE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* What of the machine bears on it. */
struct count_scene {
	bool guest;		/* a virtual machine */
	bool fatal;		/* a filter kills who calls perf_event_open() */
	bool no_pmu;		/* not even cycles are there */
	int paranoid;		/* kernel.perf_event_paranoid, COUNT_SCENE_UNKNOWN: cannot be read */
};

#define COUNT_SCENE_UNKNOWN INT_MIN

/* Whether seccomp ends who calls perf_event_open(), as some containers have it: a child tries. */
bool count_is_fatal(void);

/* cycles_error: errno of opening cycles, 0 where it went well. */
void count_scene_here(struct count_scene *scene, int cycles_error);

/* "no PMU in this virtual machine", or on bare metal. */
const char *count_scene_no_pmu(const struct count_scene *scene);

/*
 * Of an event that perf_event_open() refused with that errno; software: one that the kernel itself
 * counts. One line. Returns buf.
 */
char *count_absence(const struct count_scene *scene, bool software, int error, char *buf,
		    size_t size);

#endif
