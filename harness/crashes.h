/*
 * Which points crashed in a run: they are left out from then on.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_CRASHES_H
#define HARNESS_CRASHES_H

#include <jansson.h>
#include <stdio.h>

#include "error.h"
#include "mishap.h"
#include "plan.h"

struct crash {
	unsigned point;			/* of the plan, from 0 */
	unsigned launch;		/* from 1; 0: of no run, under profile */
	int signal;
	enum mishap_stage stage;
	char function[96];		/* that it was in; "": not known */
};

struct crashes {
	struct crash *list;
	unsigned nr;
};

/* Returns 0 or -ENOMEM. */
int crashes_add(struct crashes *crashes, const struct crash *crash);
void crashes_free(struct crashes *crashes);

/* As meta.json has it: a list of objects, whose point is the name that --filter sees. */
json_t *crashes_keep(const struct crashes *crashes, const struct plan *plan);

/* Takes what crashes_keep() made of the same plan. Returns 0, or -errno with err set. */
int crashes_restore(struct crashes *crashes, const json_t *kept, const struct plan *plan,
		    struct error *err);

/* The name of a point of the plan, from 0. */
void crash_point_name(const struct plan *plan, unsigned point, char name[PLAN_NAME_BYTES]);

/* "SIGSEGV", or the number of another. */
const char *crash_signal_name(int signal, char buffer[16]);

/* ", launch 2", or "" under profile. */
const char *crash_launch(const struct crash *crash, char *text, size_t bytes);

/* "getput/cas@gcc/held/...: SIGSEGV in its ops, in kref_get, launch 2". */
void crash_tell(const struct crash *crash, const struct plan *plan, char *text, size_t bytes);

/* "1 of 763 points crashed: ...", the first of them. */
void crashes_tell(const struct crashes *crashes, const struct plan *plan, char *text, size_t bytes);

#endif
