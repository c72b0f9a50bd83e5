/*
 * The values of options: each parser refuses with a line that names the option and what it takes.
 *
 * SPDX-License-Identifier: MIT
 *
 * All return 0, or -EINVAL with err set.
 */
#ifndef HARNESS_OPTIONS_VALUES_H
#define HARNESS_OPTIONS_VALUES_H

#include "options.h"

/* A whole number in [low, high]. */
int option_number(const char *name, const char *text, uint64_t low, uint64_t high,
		  uint64_t *value, struct error *err);

int option_unsigned(const char *name, const char *text, unsigned low, unsigned high,
		    unsigned *value, struct error *err);

/* A list such as 1,2,4 of different whole numbers in [low, high]. */
int option_values(const char *name, const char *text, unsigned low, unsigned high,
		  struct option_values *list, struct error *err);

/* A list of variants that this machine and program have. */
int option_variants(const char *text, struct options *options, struct error *err);

/* A list of placements, or of processors such as 0,4,8-11, whose numbers begin with a digit. */
int option_placements(const char *text, struct options *options, struct error *err);

int option_layouts(const char *text, struct options *options, struct error *err);

int option_alloc(const char *text, bool *use_malloc, struct error *err);

/* local, remote, interleave, or the number of a node. */
int option_home(const char *text, struct home *home, struct error *err);

/* A list of names of events; whether there are such libpfm4 knows. */
int option_counters(const char *text, struct options *options, struct error *err);

/* A time such as 90s, 10m or 2h; without a unit, seconds. */
int option_budget(const char *text, unsigned *seconds, struct error *err);

/* Percent, with or without the sign, in [low, high]: 0.5% sets 0.005. */
int option_percent(const char *name, const char *text, double low, double high,
		   double *value, struct error *err);

/* held or churn. */
int option_setting(const char *text, const char **setting, struct error *err);

/* Adds the variant of a cell such as WORKLOAD+STRATEGY@VARIANT, where it names one that is new. */
int option_cell_variant(const char *cell, struct options *options, struct error *err);

/* Anything but nothing. */
int option_text(const char *name, const char *text, const char **value, struct error *err);

/*
 * The operands: none, `ab`, `doctor`, `plan`, `report DIR ...`, `compare A B`, `profile CELL`, or
 * `profile --diff A B`. others: are there options beside --fail-above and --out?
 */
int option_operands(struct options *options, int nr, char **operands, bool others, struct error *err);

#endif
