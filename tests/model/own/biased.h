/*
 * biased in the model: what an owner's merge meets.
 *
 * SPDX-License-Identifier: MIT
 *
 * Thread 0 is the owner of what set_up() makes.
 */

static inline void biased_state_end()
{
	while (model_domain->threads) {
		struct kref_biased_thread *thread = model_domain->threads;

		model_domain->threads = thread->next;
		KREF_DELETE(thread);
	}
}

#define MODEL_STATE_END() biased_state_end()

/* The owner goes and comes back between its gets and puts, while the others put what it took. */
struct biased_leaver : model_scenario {
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
			kref_get(&object->refcount);
			kref_thread_leave();
			MODEL_ASSERT(kref_thread_enter(0) == 0);
			model_use(object);
			kref_put(&object->refcount, model_release);
		}
		kref_put(&object->refcount, model_release);
	}
};

MODEL_SCENARIO(biased_leaver, 2, MODEL_BOUND(1));
MODEL_SCENARIO(biased_leaver, 3, MODEL_RANDOM(50000));

/* References that the others took come back to the owner, and the owner's go to them. */
struct biased_exchange : model_scenario {
	struct model_object *object;
	atomic_uint taken;

	biased_exchange() : taken(0)
	{
	}

	void set_up() override
	{
		object = model_object_new();
		for (unsigned i = 1; i < nr_threads; i++)
			kref_get(&object->refcount);
	}

	void run(unsigned self) override
	{
		if (self != 0) {
			/* For the owner; this thread's own is one that the owner took. */
			kref_get(&object->refcount);
			atomic_fetch_add_explicit(&taken, 1, memory_order_release);
			model_use(object);
			kref_put(&object->refcount, model_release);
			return;
		}
		model_use(object);
		kref_put(&object->refcount, model_release);
		for (unsigned given = 0; given < nr_threads - 1; given++) {
			model_wait_until(atomic_load_explicit(&taken, memory_order_acquire) >
					 given);
			model_use(object);
			kref_put(&object->refcount, model_release);
		}
	}
};

MODEL_SCENARIO(biased_exchange, 2, MODEL_BOUND(1));
MODEL_SCENARIO(biased_exchange, 3, MODEL_RANDOM(50000));

/* Another's put queues the last reference: a lookup may find what only the queue holds. */
struct biased_lookups : lookup_mutex {

	void run(unsigned self) override
	{
		if (self == 1) {
			model_use(owned);
			put(owned);
		}
		for (unsigned i = 0; i < 3; i++) {
			struct model_object *object = look_up();

			if (object) {
				model_use(object);
				put(object);
			}
			kref_thread_poll();
		}
	}
};

MODEL_SCENARIO(biased_lookups, 2, MODEL_RANDOM(50000));
MODEL_SCENARIO(biased_lookups, 3, MODEL_RANDOM(50000));

/* Both come to the owner's queue, and the release of the child puts its reference to the parent. */
struct biased_parent : model_scenario {
	struct model_object *parent, *child;

	static void release_child(struct kref *kref)
	{
		struct biased_parent *self = static_cast<struct biased_parent *>(model_now);

		model_release(kref);
		kref_put(&self->parent->refcount, model_release);
	}

	void set_up() override
	{
		parent = model_object_new();
		child = model_object_new();
		for (unsigned i = 1; i < nr_threads; i++)
			kref_get(&parent->refcount);
	}

	void run(unsigned self) override
	{
		if (self == 0)
			return;
		model_use(parent);
		kref_put(&parent->refcount, model_release);
		if (self == 1) {
			model_use(child);
			kref_put(&child->refcount, release_child);
		}
	}

	void check() override
	{
		MODEL_ASSERT(nr_released == 2);
	}
};

MODEL_SCENARIO(biased_parent, 2, MODEL_BOUND(1));
MODEL_SCENARIO(biased_parent, 3, MODEL_RANDOM(50000));
