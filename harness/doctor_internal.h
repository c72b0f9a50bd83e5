/*
 * What the parts of the doctor share: the items' checks, and files under a root.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_DOCTOR_INTERNAL_H
#define HARNESS_DOCTOR_INTERNAL_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>

#include "doctor.h"

struct doctor_scene {
	const char *root;
	bool has_before, has_now;	/* readings of /proc/stat */
	struct cputime before, now;
};

/* Each fills its item, which says "not readable here" until then. */
typedef void doctor_check(const struct doctor_scene *scene, struct doctor_item *item);

doctor_check doctor_check_governor, doctor_check_turbo, doctor_check_smt, doctor_check_isolated,
	doctor_check_thp, doctor_check_aslr, doctor_check_clock, doctor_check_tsc,
	doctor_check_mitigations, doctor_check_perf, doctor_check_throttling;
doctor_check doctor_check_steal, doctor_check_load, doctor_check_quota;

__attribute__((format(printf, 3, 4)))
void doctor_say(struct doctor_item *item, enum doctor_mark mark, const char *value, ...);

/* One that does not fit is left out: half a command is worse than none. */
__attribute__((format(printf, 2, 3)))
void doctor_remedy(struct doctor_item *item, const char *remedy, ...);

/* The file holds what nobody expects there. */
void doctor_odd(struct doctor_item *item, const char *line);

/* root/path opened for reading, or NULL. */
FILE *doctor_open(const char *root, const char *path);

/* The first line, unprintable bytes as '?'. false: no file, or not a byte in it. */
bool doctor_line(const char *root, const char *path, char *line, size_t size);

/* A whole number as the only thing in a line of text. */
bool doctor_number(const char *line, long long *number);

/* What stands behind "key :" in a file of such lines, for free(); NULL without. */
char *doctor_field(const char *root, const char *path, const char *key);

/* The folder of all processors, and the next of them in it; NULL and false at the end. */
DIR *doctor_cpus(const char *root);
bool doctor_next_cpu(DIR *directory, unsigned *cpu);

#endif
