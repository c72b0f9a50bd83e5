/*
 * Scenarios of sloppy: those of the slots, and the spill.
 *
 * SPDX-License-Identifier: MIT
 */
#include "slots.h"

/* The others put more than the threshold while the owner kills: spills, spares, the centre. */
struct spill_while_killed : model_scenario {
	static constexpr unsigned nr_handed = KREF_SLOPPY_THRESHOLD + 2;
	struct model_object *object;

	void set_up() override
	{
		object = model_object_new();
		for (unsigned i = 0; i < nr_handed * (nr_threads - 1); i++)
			kref_get(&object->refcount);
	}

	void run(unsigned self) override
	{
		model_use(object);
		if (self == 0) {
			kref_kill(&object->refcount, model_release);
			return;
		}
		for (unsigned i = 1; i < nr_handed; i++)
			MODEL_PUT(kref_put, &object->refcount, model_release);
		/* Of a spare that the spill left. */
		kref_get(&object->refcount);
		MODEL_PUT(kref_put, &object->refcount, model_release);
		model_use(object);
		MODEL_PUT(kref_put, &object->refcount, model_release);
	}
};

MODEL_SCENARIO(spill_while_killed, 2, MODEL_BOUND(2));
MODEL_SCENARIO(spill_while_killed, 3, MODEL_RANDOM(50000));
