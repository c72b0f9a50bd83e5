/*
 * Scenarios: every thread holds a reference, uses the object and puts.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MODEL_HANDOFF_H
#define MODEL_HANDOFF_H

#include "model.h"

#if KREF_CAPS & KREF_CAN_SHARE && KREF_CAPS & KREF_CAN_RELEASE

#if KREF_CAPS & KREF_CAN_HAND_OVER

/* The references are there before the threads are: what is left is who puts last. */
struct last_put : model_scenario {
	struct model_object *object;

	void set_up() override
	{
		object = model_object_new();
		for (unsigned i = 1; i < nr_threads; i++)
			kref_get(&object->refcount);
	}

	void run(unsigned self) override
	{
		model_use(object);
		if (self == 0)
			model_drop_owned(object, model_release);
		else
			MODEL_PUT(kref_put, &object->refcount, model_release);
	}
};

MODEL_SCENARIO(last_put, 2, MODEL_SEARCH_2);
MODEL_SCENARIO(last_put, 3, MODEL_SEARCH_3);

/* Handed over as the document's first rule has it: get, then publish the pointer. */
struct handoff : model_scenario {
	atomic_uintptr_t handed[MODEL_THREADS_MAX];

	handoff()
	{
		for (auto &pointer : handed)
			atomic_store_explicit(&pointer, 0, memory_order_relaxed);
	}

	void give(struct model_object *object, unsigned to)
	{
		kref_get(&object->refcount);
		atomic_store_explicit(&handed[to], (uintptr_t)object, memory_order_release);
	}

	struct model_object *receive(unsigned self)
	{
		uintptr_t object;

		model_wait_until((object = atomic_load_explicit(&handed[self],
								memory_order_acquire)));
		return (struct model_object *)object;
	}

	void run(unsigned self) override
	{
		struct model_object *object;

		if (self != 0) {
			object = receive(self);
			model_use(object);
			MODEL_PUT(kref_put, &object->refcount, model_release);
			return;
		}
		object = model_object_new();
		for (unsigned i = 1; i < nr_threads; i++)
			give(object, i);
		model_use(object);
		model_drop_owned(object, model_release);
	}
};

MODEL_SCENARIO(handoff, 2, MODEL_SEARCH_2);
MODEL_SCENARIO(handoff, 3, MODEL_SEARCH_3);

#endif

/*
 * Each puts what it got itself; the owner keeps its reference until the others have theirs, and
 * ends the object by a kill, which any strategy has.
 */
struct own_get : model_scenario {
	struct model_object *object;
	atomic_uint got;

	own_get() : got(0)
	{
	}

	void set_up() override
	{
		object = model_object_new();
	}

	void run(unsigned self) override
	{
		if (self != 0) {
			kref_get(&object->refcount);
			/* release: the get, before the owner's put. */
			atomic_fetch_add_explicit(&got, 1, memory_order_release);
			model_use(object);
			MODEL_PUT(kref_put, &object->refcount, model_release);
			return;
		}
		model_use(object);
		model_wait_until(atomic_load_explicit(&got, memory_order_acquire) ==
				 nr_threads - 1);
		kref_kill(&object->refcount, model_release);
	}
};

MODEL_SCENARIO(own_get, 2, MODEL_SEARCH_2);
MODEL_SCENARIO(own_get, 3, MODEL_SEARCH_3);

#endif
#endif
