/*
 * What a scenario is to the engine that runs it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MODEL_SCENARIO_H
#define MODEL_SCENARIO_H

#include "checker.h"

struct model_object;

/* One execution of it: made, run and ended anew each time. */
struct model_scenario {
	unsigned nr_threads;	/* set before set_up() */
	/* Each thread's, of what it released and may not free before a grace period. */
	struct model_object *garbage[MODEL_THREADS_MAX] = {};
	unsigned nr_released = 0;
	/* By the put that each thread is in. */
	bool released_here[MODEL_THREADS_MAX] = {};

	/* By thread 0, before there are others. */
	virtual void set_up()
	{
	}

	virtual void run(unsigned self) = 0;

	/* When all have left and nothing is deferred any more. */
	virtual void check()
	{
		MODEL_ASSERT(nr_released == 1);
	}

	virtual ~model_scenario()
	{
	}
};

/* The one that runs. */
inline struct model_scenario *model_now;

/* How its executions are chosen: at random after the number of each one, and as kind says. */
struct model_search {
	unsigned nr_random;
	rl::scheduler_type_e kind;
	unsigned bound;
};

/* By random choice alone, which lets a load see values up to two older than the newest. */
#define MODEL_RANDOM(nr) (model_search{ (nr), rl::sched_random, 0 })
/* And each possible execution once, in which a load sees the newest value or the one before. */
#define MODEL_FULL (model_search{ 10000, rl::sched_full, 0 })
/* As MODEL_FULL, with at most so many switches from a thread that could have gone on. */
#define MODEL_BOUND(nr_switches) (model_search{ 10000, rl::sched_bound, (nr_switches) })

/* For the common scenarios of 2 and of 3 threads; a strategy's first.h may have others. */
#ifndef MODEL_SEARCH_2
#define MODEL_SEARCH_2 MODEL_FULL
#endif
#ifndef MODEL_SEARCH_3
#define MODEL_SEARCH_3 MODEL_RANDOM(20000)
#endif

struct model_entry {
	const char *name;
	unsigned nr_threads;
	struct model_search search;
	struct model_scenario *(*make)();
	struct model_entry *next;

	model_entry(const char *name, unsigned nr_threads, struct model_search search,
		    struct model_scenario *(*make)());
};

/*
 * name: the struct's. nr_threads: 2 or 3, as a digit. search: one of the above. A struct may stand
 * in several lines; name_nr_threads is what is printed and what the program takes as argument.
 */
#define MODEL_SCENARIO(name, nr_threads, search)				\
	static __attribute__((unused))						\
	struct model_entry model_entry_##name##_##nr_threads(			\
		#name "_" #nr_threads, (nr_threads), (search),			\
		[]() -> struct model_scenario * { return new struct name(); })

/* The strategy's part of each execution, in strategy.cc; a thread stands in begin or end alone. */
void model_state_new();
void model_state_delete();
void model_thread_begin(unsigned id);
void model_thread_end(unsigned id);
void model_quiesce();

#endif
