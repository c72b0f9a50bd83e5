/*
 * Makes a table entry of a workload file: names, kind, holes and the operations.
 *
 * SPDX-License-Identifier: MIT
 *
 * A workload file defines NEEDS (the KREF_CAN_ bits without which it cannot work) and NEEDS_CHURN
 * (what the churn setting needs beyond them; NEEDS_REPLACE the same for replacing), includes this
 * file, puts its code under `#if CELL_RUNS` and ends with CELL(). One that uses RCU defines
 * CELL_RCU_MEMB or CELL_RCU_QSBR first, for the flavour. The build gives CELL_WORKLOAD,
 * CELL_STRATEGY, CELL_VARIANT and KREF_STRATEGY_HEADER. Without CELL_STRATEGY the file only
 * describes the workload.
 *
 * A floor or a peer has files of its own, which the build compiles with CELL_IS_FLOOR or
 * CELL_IS_PEER; with CELL_DESCRIBED too the entry is there without its operations.
 */
#ifndef WORKLOADS_CELL_H
#define WORKLOADS_CELL_H

#include "describe.h"
#include "workload.h"

/* A workload that has nothing to replace asks for nothing. */
#ifndef NEEDS_REPLACE
#define NEEDS_REPLACE 0
#endif

/* Counted in the slow paths only; each batch copies them into its worker. C++ has __thread too. */
static __attribute__((unused)) __thread uint64_t cell_retries;
static __attribute__((unused)) __thread uint64_t cell_failed;

/* For everything inside the measured loop: a call there would be measured too. */
#define CELL_INLINE static inline __attribute__((always_inline))

/* Inline reader sections, for the workload's and for the strategy's own. */
#ifndef _LGPL_SOURCE
#define _LGPL_SOURCE
#endif
#if defined(CELL_RCU_MEMB)
#define URCU_API_MAP
#define KREF_RCU_REGISTERED
#include <urcu/urcu-memb.h>
#elif defined(CELL_RCU_QSBR)
#define URCU_API_MAP
#define KREF_RCU_REGISTERED
#define KREF_RCU_QSBR
#include <urcu/urcu-qsbr.h>
#endif

#define KREF_ON_RETRY() ((void)cell_retries++)
#include "../kref/kref.h"

/*
 * Of a kref inside a larger object: one with its lock stays in the line that it has to itself where
 * it stands first.
 */
#define CELL_KREF_ALIGNED _Alignas(sizeof(struct kref) > 24 ? 64 : _Alignof(struct kref))

#define CELL_PASTE_(a, b, c) cell_##a##_##b##_##c
#define CELL_PASTE(a, b, c) CELL_PASTE_(a, b, c)
#define CELL_DESCRIBE_(a) describe_##a
#define CELL_DESCRIBE(a) CELL_DESCRIBE_(a)
#define CELL_TEXT_(a) #a
#define CELL_TEXT(a) CELL_TEXT_(a)

#if defined(CELL_STRATEGY) && !defined(CELL_DESCRIBED) && !defined(KREF_HOLE) && \
	!(NEEDS & ~KREF_CAPS)
#define CELL_RUNS 1
#define CELL_OPS(...) __VA_ARGS__
#else
#define CELL_RUNS 0
#define CELL_OPS(...)
#endif

#ifndef KREF_HOLE
/*
 * Around every use of a kref: once by each worker in its enter and leave, and by the thread that
 * runs setup and quiesce, as CELL_OWNER, when no worker has entered. 0 or -errno.
 */
#define CELL_OWNER 0

static inline int cell_thread_enter(unsigned id)
{
#ifdef KREF_RCU_REGISTERED
	rcu_register_thread();
#endif
	return kref_thread_enter(id);
}

static inline void cell_thread_leave(void)
{
	kref_thread_leave();
#ifdef KREF_RCU_REGISTERED
	rcu_unregister_thread();
#endif
}

/* The owner's last word; where that is more than a put, its time is what a release waits for. */
static inline void cell_kill(struct kref *kref, void (*release)(struct kref *kref),
			     struct garbage *garbage)
{
#if KREF_CAPS & KREF_CAN_END_BY_PUT
	(void)garbage;
	kref_kill(kref, release);
#else
	const uint64_t begin_ns = workload_now_ns();

	kref_kill(kref, release);
	garbage->delay_ns += workload_now_ns() - begin_ns;
	garbage->delays++;
#endif
}

/* By the thread that runs quiesce, after the owners' puts: nothing stays deferred. */
static inline void cell_quiesce(void)
{
#ifdef KREF_RCU_REGISTERED
	rcu_register_thread();
#endif
	kref_quiesce();
#ifdef KREF_RCU_REGISTERED
	rcu_unregister_thread();
#endif
}

/*
 * A batch of ops. Every params.poll_every of them, and at its end, the strategy is polled and QSBR told
 * of a quiescent state, where there is either. A batch of several calls ends with the last: a single op
 * that is timed pays for polls as seldom as any other.
 */
CELL_INLINE uint64_t cell_turns(struct worker *worker, uint64_t nr_ops,
				uint64_t (*turn)(struct worker *worker, uint64_t nr_ops))
{
#if defined(KREF_HAS_POLL) || defined(CELL_RCU_QSBR)
	const unsigned poll_every = worker->params->poll_every;
	uint64_t ops = 0;

	while (ops < nr_ops) {
		const uint64_t due = poll_every - worker->unpolled;
		const uint64_t asked = nr_ops - ops < due ? nr_ops - ops : due;
		const uint64_t done = turn(worker, asked);

		ops += done;
		worker->unpolled += done;
		if (worker->goes_on && worker->unpolled < poll_every)
			break;
		worker->unpolled = 0;
		kref_thread_poll();
#ifdef CELL_RCU_QSBR
		rcu_quiescent_state();
#endif
		if (done < asked)
			break;
	}
	return ops;
#else
	return turn(worker, nr_ops);
#endif
}
#define KREF_HOLE NULL
#ifdef CELL_IS_FLOOR
#define CELL_CHURN_HOLE "it counts nothing: nobody knows the last put"
#define CELL_BYTES 0
#endif
/* Of counting in each object; a peer's file has its own. */
#ifndef CELL_BYTES
#define CELL_BYTES sizeof(struct kref)
#endif
#endif

#ifndef CELL_BYTES
#define CELL_BYTES 0
#endif

#ifndef CELL_CHURN_HOLE
#define CELL_CHURN_HOLE KREF_HOLE
#endif
#ifndef CELL_REPLACE_HOLE
#define CELL_REPLACE_HOLE CELL_CHURN_HOLE
#endif

/* Some release comes later than in the last put. */
#define CELL_RELEASES_LATE \
	((KREF_CAPS & KREF_CAN_RELEASE) && !(KREF_CAPS & KREF_CAN_RELEASE_IN_PUT))

#ifdef KREF_HAS_POLL
#define CELL_POLLED true
#else
#define CELL_POLLED false
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
			[SETTING_HELD] = strategy_hole(NEEDS, KREF_CAPS, KREF_HOLE), \
			[SETTING_CHURN] = strategy_hole(NEEDS | NEEDS_CHURN, KREF_CAPS, \
							CELL_CHURN_HOLE), \
		},							\
		.hole_replace = strategy_hole(NEEDS | NEEDS_REPLACE, KREF_CAPS, CELL_REPLACE_HOLE), \
		.max_workers = strategy_max_workers(KREF_CAPS),		\
		.hides_retries = KREF_CAPS & KREF_HIDES_RETRIES,	\
		.saturates = KREF_CAPS & KREF_CAN_SATURATE,		\
		.polled = CELL_POLLED,					\
		.kref_bytes = CELL_BYTES,				\
		.slot_bytes = KREF_SLOT_BYTES,				\
		.thread_bytes = KREF_THREAD_BYTES,			\
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
		.needs_replace = NEEDS | NEEDS_REPLACE,			\
	}
#endif

#endif
