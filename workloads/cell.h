/*
 * Makes a table entry of a workload file: names, kind, holes and the operations.
 *
 * SPDX-License-Identifier: MIT
 *
 * A workload file defines NEEDS (the KREF_CAN_ bits without which it cannot work) and NEEDS_CHURN
 * (what the churn setting needs beyond them), includes this file, puts its code under `#if
 * CELL_RUNS` and ends with CELL(). The build gives CELL_WORKLOAD, CELL_STRATEGY, CELL_VARIANT and
 * KREF_STRATEGY_HEADER. Without CELL_STRATEGY the file only describes the workload.
 */
#ifndef WORKLOADS_CELL_H
#define WORKLOADS_CELL_H

#include "describe.h"
#include "workload.h"

/* Counted in the slow paths only; each batch copies them into its worker. */
static __attribute__((unused)) _Thread_local uint64_t cell_retries;
static __attribute__((unused)) _Thread_local uint64_t cell_failed;

/* For everything inside the measured loop: a call there would be measured too. */
#define CELL_INLINE static inline __attribute__((always_inline))

#define KREF_ON_RETRY() ((void)cell_retries++)
#include "../kref/kref.h"

#define CELL_PASTE_(a, b, c) cell_##a##_##b##_##c
#define CELL_PASTE(a, b, c) CELL_PASTE_(a, b, c)
#define CELL_DESCRIBE_(a) describe_##a
#define CELL_DESCRIBE(a) CELL_DESCRIBE_(a)
#define CELL_TEXT_(a) #a
#define CELL_TEXT(a) CELL_TEXT_(a)

#if defined(CELL_STRATEGY) && !(NEEDS & ~KREF_CAPS)
#define CELL_RUNS 1
#define CELL_OPS(...) __VA_ARGS__
#else
#define CELL_RUNS 0
#define CELL_OPS(...)
#endif

#ifdef CELL_IS_CONTROL
#define CELL_KIND CELL_CONTROL
#else
#define CELL_KIND strategy_kind(KREF_CAPS)
#endif

/*
 * CELL(members of struct workload, CELL_OPS(its operations)): defines the entry; names, kind, holes
 * and max_workers come from the build and the strategy.
 */
#ifdef CELL_STRATEGY
#define CELL(...)							\
	const struct workload						\
	CELL_PASTE(CELL_WORKLOAD, CELL_STRATEGY, CELL_VARIANT) = {	\
		.name = CELL_TEXT(CELL_WORKLOAD),			\
		.strategy = CELL_TEXT(CELL_STRATEGY),			\
		.variant = CELL_TEXT(CELL_VARIANT),			\
		.kind = CELL_KIND,					\
		.hole = {						\
			[SETTING_HELD] = strategy_hole(NEEDS, KREF_CAPS), \
			[SETTING_CHURN] = strategy_hole(NEEDS | NEEDS_CHURN, KREF_CAPS), \
		},							\
		.max_workers = strategy_max_workers(KREF_CAPS),		\
		.hides_retries = KREF_CAPS & KREF_HIDES_RETRIES,	\
		__VA_ARGS__						\
	}
#else
#define CELL(...)							\
	const struct description CELL_DESCRIBE(CELL_WORKLOAD) = {	\
		.workload = { .name = CELL_TEXT(CELL_WORKLOAD), __VA_ARGS__ }, \
		.needs = {						\
			[SETTING_HELD] = NEEDS,				\
			[SETTING_CHURN] = NEEDS | NEEDS_CHURN,		\
		},							\
	}
#endif

#endif
