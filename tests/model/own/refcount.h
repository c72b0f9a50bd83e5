/*
 * refcount in the model: what only it has.
 *
 * SPDX-License-Identifier: MIT
 */

/*
 * The others give back what they know not to be the last: the owner puts once it has read a count
 * of one. A relaxed read; what they did is ordered by their decrements and the put's acquire.
 */
struct refcount_dec : model_scenario {
	struct model_object *object;

	void set_up() override
	{
		object = model_object_new();
		kref_refcount_add(&object->refcount, nr_threads - 1);
	}

	void run(unsigned self) override
	{
		model_use(object);
		if (self != 0) {
			kref_refcount_dec(&object->refcount);
			return;
		}
		while (kref_read(&object->refcount) != 1)
			model_yield();
		MODEL_PUT(kref_put, &object->refcount, model_release);
	}
};

MODEL_SCENARIO(refcount_dec, 2, MODEL_FULL);
MODEL_SCENARIO(refcount_dec, 3, MODEL_RANDOM(20000));
