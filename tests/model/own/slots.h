/*
 * Scenarios of what percpu and sloppy have in common: slots, their kill, and an index used again.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MODEL_OWN_SLOTS_H
#define MODEL_OWN_SLOTS_H

/* A program keeps the tables for good. */
static inline void model_slots_end()
{
	struct kref_slots_thread *thread = kref_slots_newest();

	while (thread) {
		struct kref_slots_thread *next = thread->next;

		KREF_DELETE(thread);
		thread = next;
	}
	KREF_DELETE(model_domain->given_back);
}

#define MODEL_STATE_END() model_slots_end()

/*
 * The owner kills while the others, who were handed a reference each, get and put: in their slots,
 * at the centre, or one here and one there.
 */
struct kill_while_used : model_scenario {
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
		if (self == 0) {
			kref_kill(&object->refcount, model_release);
			return;
		}
		kref_get(&object->refcount);
		MODEL_PUT(kref_put, &object->refcount, model_release);
		model_use(object);
		MODEL_PUT(kref_put, &object->refcount, model_release);
	}
};

MODEL_SCENARIO(kill_while_used, 2, MODEL_BOUND(2));
MODEL_SCENARIO(kill_while_used, 3, MODEL_RANDOM(50000));

/* The next object has the index of the one before, while that is still held: its slots are new. */
struct index_again : model_scenario {
	struct model_object *first;
	atomic_uintptr_t handed;

	index_again() : handed(0)
	{
	}

	void set_up() override
	{
		first = model_object_new();
		kref_get(&first->refcount);
	}

	static void end_second(struct kref *kref)
	{
		MODEL_ASSERT(kref_read(kref) == 0);
		model_release(kref);
	}

	void give_second()
	{
		struct model_object *second = model_object_new();

		kref_get(&second->refcount);
		MODEL_ASSERT(kref_read(&second->refcount) == 2);
		atomic_store_explicit(&handed, (uintptr_t)second, memory_order_release);
		model_use(second);
		kref_kill(&second->refcount, end_second);
	}

	void run(unsigned self) override
	{
		struct model_object *second;

		model_use(first);
		if (self == 0) {
			kref_kill(&first->refcount, model_release);
			give_second();
			return;
		}
		MODEL_PUT(kref_put, &first->refcount, model_release);
		model_wait_until((second = (struct model_object *)
				  atomic_load_explicit(&handed, memory_order_acquire)));
		model_use(second);
		MODEL_PUT(kref_put, &second->refcount, end_second);
	}

	void check() override
	{
		MODEL_ASSERT(nr_released == 2);
		MODEL_ASSERT(model_domain->nr_used == 1);
	}
};

MODEL_SCENARIO(index_again, 2, MODEL_BOUND(1));

/* Each thread makes an object, has a slot of it, and kills it: indexes are taken and given at once. */
struct one_each : model_scenario {
	void run(unsigned) override
	{
		struct model_object *object = model_object_new();

		kref_get(&object->refcount);
		model_use(object);
		MODEL_PUT(kref_put, &object->refcount, model_release);
		kref_kill(&object->refcount, model_release);
	}

	void check() override
	{
		MODEL_ASSERT(nr_released == nr_threads);
		MODEL_ASSERT(model_domain->nr_given_back == model_domain->nr_used);
	}
};

MODEL_SCENARIO(one_each, 2, MODEL_BOUND(1));

#endif
