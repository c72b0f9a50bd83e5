/*
 * The measured headers under a model checker: what a program of one strategy is made of.
 *
 * SPDX-License-Identifier: MIT
 *
 * kref.h and its strategy are compiled as they are, on Relacy's atomics, locks and a model of RCU
 * (shim/). Relacy runs a scenario again and again, each time with other switches between its
 * threads and other values that the memory order lets a load see, and fails on a data race, a use
 * after free, a leak, a deadlock or a false MODEL_ASSERT().
 *
 * To add a scenario: a struct derived from model_scenario and a line MODEL_SCENARIO(), as in
 * handoff.h. One that fits every strategy with some KREF_CAN_ bits goes there or to lookup.h; what
 * only strategy NAME has (its slow paths) to own/NAME.h, which strategy.cc includes where it
 * exists. Such a file may use all of this one and of NAME's header. What is to stand before that
 * header, a limit made small or a MODEL_SEARCH_2 of its own, goes to own/NAME.first.h.
 *	- Threads meet at atomic operations and locks only: what a scenario shares otherwise and
 *	  checks for races is an rl::var, read and written as mark($).
 *	- What a strategy keeps for good by design would be a leak: own/NAME.h defines
 *	  MODEL_STATE_END(), which frees it.
 *	- A loop that waits calls model_yield() or is model_wait_until().
 *	- run() is called between kref_thread_enter() and kref_thread_leave(); model_thread_end()
 *	  polls once more and model_quiesce() ends what is deferred. check() asserts one release,
 *	  unless overridden.
 *	- Full searches of 2 threads take under a second mostly; with 3, or with many atomic
 *	  operations, take MODEL_BOUND(3) or MODEL_RANDOM(50000).
 * Break the header to see the scenario fail, and add that as a mutant.
 *
 * The build defines KREF_STRATEGY_HEADER and MODEL_STRATEGY, its name without quotes.
 */
#ifndef MODEL_H
#define MODEL_H

#define MODEL_PASTE_(a, b, c) a##b##c
#define MODEL_PASTE(a, b, c) MODEL_PASTE_(a, b, c)
#define MODEL_TEXT_(text) #text
#define MODEL_TEXT(text) MODEL_TEXT_(text)

#define MODEL_FIRST MODEL_TEXT(own/MODEL_STRATEGY.first.h)
#if __has_include(MODEL_FIRST)
#include MODEL_FIRST
#endif

#include "scenario.h"

/* --- what kref's headers leave to the program ----------------------------------------------- */

#define KREF_HAS_STDATOMIC
#define KREF_CPU_RELAX() model_yield()
#define KREF_RCU_REGISTERED

/* A scenario misuses nothing: whatever a strategy reports is its fault. */
#define KREF_REPORT_H
struct kref;
enum kref_report {
	KREF_REPORT_ADD_ON_ZERO,
	KREF_REPORT_SATURATED,
	KREF_REPORT_UNDERFLOW,
	KREF_REPORT_DEC_TO_ZERO,
};

static inline void kref_report(enum kref_report, struct kref *)
{
	MODEL_ASSERT(!"the strategy reports a misuse");
}

static inline int kref_report_hooked(enum kref_report kind, struct kref *kref)
{
	kref_report(kind, kref);
	return 1;
}

static inline const char *kref_report_text(enum kref_report)
{
	return "";
}

/*
 * State of the strategy: a domain for each execution, where it has one, and a pointer for each
 * thread. first.h may say another NAME of struct kref_NAME_domain and kref_NAME_thread than the
 * strategy's, and MODEL_SELF_OBJECTS where the pointers are to point to an object from the start.
 */
#ifndef MODEL_STATE
#define MODEL_STATE MODEL_STRATEGY
#endif
#define MODEL_DOMAIN MODEL_PASTE(kref_, MODEL_STATE, _domain)
#define MODEL_SELF MODEL_PASTE(kref_, MODEL_STATE, _thread)
struct MODEL_DOMAIN;
struct MODEL_SELF;
static struct MODEL_DOMAIN *model_domain;
static struct MODEL_SELF *model_self[MODEL_THREADS_MAX];
#define KREF_DOMAIN model_domain
#define KREF_SELF (model_self[model_thread()])
#define KREF_NEW(type, nr) model_zeroed<type>(nr)
#define KREF_DELETE(pointer) delete[] (pointer)

/* What is shared and not atomic: a use that nothing orders is a data race. */
template<typename type> struct model_plain {
	rl::var<type> value;

	model_plain()
	{
		if (model_zeroing)
			value($) = 0;
	}

	model_plain(type initial) : value(initial)
	{
	}

	operator type() const
	{
		return value($).load();
	}

	type operator->() const
	{
		return value($).load();
	}

	type operator=(type next)
	{
		value($) = next;
		return next;
	}

	type operator=(const model_plain &next)
	{
		return *this = (type)next;
	}
};

#define KREF_PLAIN(type) model_plain<type>

#include "../../kref/atomic.h"
#include "../../kref/kref.h"
#include "../../kref/rcu.h"

/* --- scenarios ------------------------------------------------------------------------------ */

/* What is counted: every thread that uses one leaves its mark, which release reads. */
struct model_object {
	struct kref refcount;
	rl::var<unsigned> born;
	rl::var<unsigned> marks[MODEL_THREADS_MAX];
	struct model_object *next_garbage;
};

static inline struct model_object *model_object_new()
{
	struct model_object *object = new struct model_object;

	kref_init(&object->refcount);
	object->born($) = 1;
	for (unsigned i = 0; i < MODEL_THREADS_MAX; i++)
		object->marks[i]($) = 0;
	return object;
}

/* What a holder does: sees what was there before the object was published, and leaves a mark. */
static inline void model_use(struct model_object *object)
{
	MODEL_ASSERT(object->born($) == 1);
	object->marks[model_thread()]($) = 1;
}

/* The last look at an object, with everything its holders did before their puts. */
static inline struct model_object *model_end(struct kref *kref)
{
	struct model_object *object = reinterpret_cast<struct model_object *>(kref);

	object->born($) = 0;
	for (unsigned i = 0; i < MODEL_THREADS_MAX; i++)
		(void)object->marks[i]($).load();
	model_now->nr_released++;
	model_now->released_here[model_thread()] = true;
	return object;
}

/* To free when nobody can still look it up: at the end of this thread's turn. */
static inline void model_free_later(struct model_object *object)
{
	object->next_garbage = model_now->garbage[model_thread()];
	model_now->garbage[model_thread()] = object;
}

/* Frees what waits in a thread's list, after a grace period; the caller is in no reader section. */
static inline void model_reap(unsigned thread)
{
	struct model_object *object = model_now->garbage[thread];

	if (!object)
		return;
	model_now->garbage[thread] = nullptr;
	kref_rcu_synchronize();
	while (object) {
		struct model_object *next = object->next_garbage;

		delete object;
		object = next;
	}
}

/* Of an object that nobody can look up any more, except for late ones who meet its count only. */
static inline void model_free(struct model_object *object)
{
#if KREF_CAPS & KREF_CAN_FREE_AT_ONCE
	delete object;
#else
	model_free_later(object);
#endif
}

/* For an object that was never to be looked up. */
static inline void model_release(struct kref *kref)
{
	model_free(model_end(kref));
}

#if KREF_CAPS & KREF_CAN_RETURN
/* kref_put(), or one of its like by another name, whose answer is held to what it did. */
#define MODEL_PUT(put, ...)							\
	do {									\
		int released_;							\
										\
		model_now->released_here[model_thread()] = false;		\
		released_ = put(__VA_ARGS__);					\
		MODEL_ASSERT(released_ == model_now->released_here[model_thread()]); \
	} while (0)
#else
#define MODEL_PUT(put, ...) ((void)put(__VA_ARGS__))
#endif

/* By the owner, who called kref_init(); the others put. */
static inline void model_drop_owned(struct model_object *object, void (*release)(struct kref *))
{
#if KREF_CAPS & KREF_CAN_END_BY_PUT
	MODEL_PUT(kref_put, &object->refcount, release);
#else
	kref_kill(&object->refcount, release);
#endif
}

/* Waits for a condition, in which no reader section and no lock may be. */
#define model_wait_until(condition)		\
	do {					\
		while (!(condition)) {		\
			kref_thread_poll();	\
			model_yield();		\
		}				\
	} while (0)

#endif
