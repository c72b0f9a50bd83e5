/*
 * Scenarios of snzi: threads that meet at a leaf which only they are at.
 *
 * SPDX-License-Identifier: MIT
 */

/* Two ids of one leaf that is not the owner's, whose id is 0. */
#define MODEL_SNZI_AT_LEAF	1
#define MODEL_SNZI_AT_LEAF_TOO	(1 + KREF_SNZI_LEAVES)

/*
 * Both threads get and put at one leaf; the owner's reference, at another, goes when both have had
 * their last get. Thread 0 is the owner too, by another id.
 */
template<unsigned nr_turns> struct shared_leaf : model_scenario {
	struct model_object *object;
	atomic_uint got;

	shared_leaf() : got(0)
	{
	}

	void set_up() override
	{
		object = model_object_new();
	}

	static void be(unsigned id)
	{
		kref_thread_leave();
		MODEL_ASSERT(kref_thread_enter(id) == 0);
	}

	void get_and_put()
	{
		for (unsigned i = 1; i < nr_turns; i++) {
			kref_get(&object->refcount);
			MODEL_PUT(kref_put, &object->refcount, model_release);
		}
		kref_get(&object->refcount);
		/* release: the get, before the owner's put. */
		atomic_fetch_add_explicit(&got, 1, memory_order_release);
		model_use(object);
		MODEL_PUT(kref_put, &object->refcount, model_release);
	}

	void run(unsigned self) override
	{
		be(self == 0 ? MODEL_SNZI_AT_LEAF : MODEL_SNZI_AT_LEAF_TOO);
		get_and_put();
		if (self != 0)
			return;
		be(0);
		model_wait_until(atomic_load_explicit(&got, memory_order_acquire) == nr_threads);
		model_drop_owned(object, model_release);
	}
};

struct shared_leaf_once : shared_leaf<1> {
};

/* With halves of more than one version. */
struct shared_leaf_again : shared_leaf<3> {
};

MODEL_SCENARIO(shared_leaf_once, 2, MODEL_BOUND(2));
MODEL_SCENARIO(shared_leaf_again, 2, MODEL_RANDOM(100000));
