/*
 * refcache in the model: what its flushes and reviews meet.
 *
 * SPDX-License-Identifier: MIT
 */

static inline void refcache_state_end()
{
	while (model_domain->free) {
		struct kref_refcache_thread *thread = model_domain->free;

		model_domain->free = thread->next_free;
		KREF_DELETE(thread);
	}
}

#define MODEL_STATE_END() refcache_state_end()

/* --- in one order of two threads: what tempts the review ------------------------------------ */

/*
 * Thread 1 has the object's first reference. begin() leaves both at the start of an epoch in which
 * neither has flushed, and what stands between two calls of turn() happens at one time.
 */
struct refcache_ordered : model_scenario {
	struct model_object *object;
	atomic_uint steps;
	unsigned next[2] = {};

	refcache_ordered() : steps(0)
	{
	}

	void set_up() override
	{
		object = model_object_new();
	}

	/* Waits for step nr; the step before is over. */
	void turn(unsigned self, unsigned nr)
	{
		if (next[self])
			atomic_store_explicit(&steps, next[self], memory_order_release);
		while (atomic_load_explicit(&steps, memory_order_acquire) != nr)
			model_yield();
		next[self] = nr + 1;
	}

	/* After a thread's last turn. */
	void end(unsigned self)
	{
		atomic_store_explicit(&steps, next[self], memory_order_release);
	}

	/* Who enters alone flushes before the epoch ends, who comes to others does not. */
	void begin(unsigned self)
	{
		turn(self, self);
		kref_thread_leave();
		turn(self, 2 + self);
		MODEL_ASSERT(kref_thread_enter(self) == 0);
		if (self == 0) {
			turn(self, 4);
			kref_thread_poll();
		}
	}

	void get()
	{
		kref_get(&object->refcount);
		model_use(object);
	}

	void put()
	{
		model_use(object);
		kref_put(&object->refcount, model_release);
	}
};

/*
 * A reference goes to and fro, each time so that its thread has given it on before it flushes: the
 * object's count is zero from the first flush on.
 */
struct refcache_dodge : refcache_ordered {
	void run(unsigned self) override
	{
		unsigned nr = 5;

		begin(self);
		for (unsigned hop = 0; hop < 5; hop++, nr += 2) {
			const unsigned taker = hop % 2;

			turn(self, nr + (self != taker));
			if (self == taker) {
				get();
			} else {
				put();
				kref_thread_poll();
			}
		}
		if (self == 0) {
			turn(self, nr);
			put();
		}
		end(self);
	}
};

MODEL_SCENARIO(refcache_dodge, 2, MODEL_RANDOM(2000));

/* One thread's reference is in its cache when the other brings the count to zero and flushes on. */
struct refcache_cached : refcache_ordered {
	/* As thread 1's flush in this epoch, or as it puts another object. */
	virtual void bring_to_zero()
	{
		kref_thread_poll();
	}

	void run(unsigned self) override
	{
		begin(self);
		if (self == 0) {
			turn(self, 5);
			kref_thread_poll();
			get();
			turn(self, 7);
			put();
		} else {
			turn(self, 6);
			put();
			bring_to_zero();
		}
		end(self);
	}
};

MODEL_SCENARIO(refcache_cached, 2, MODEL_RANDOM(2000));

struct refcache_evicted : refcache_cached {
	void bring_to_zero() override
	{
		struct model_object *other = model_object_new();

		kref_put(&other->refcount, model_release);
		kref_thread_poll();
	}

	void check() override
	{
		MODEL_ASSERT(nr_released == 2);
	}
};

MODEL_SCENARIO(refcache_evicted, 2, MODEL_RANDOM(2000));

/* A lookup when nothing but the review is still to come. */
struct refcache_revived : refcache_ordered {
	void run(unsigned self) override
	{
		begin(self);
		if (self == 0) {
			turn(self, 6);
			kref_thread_poll();
			turn(self, 8);
			kref_thread_poll();
			turn(self, 9);
			MODEL_ASSERT(kref_get_unless_zero(&object->refcount));
			turn(self, 11);
			put();
		} else {
			turn(self, 5);
			put();
			kref_thread_poll();
			turn(self, 7);
			kref_thread_poll();
			turn(self, 10);
			kref_thread_poll();
		}
		end(self);
	}
};

MODEL_SCENARIO(refcache_revived, 2, MODEL_RANDOM(2000));

/* --- in any order ---------------------------------------------------------------------------- */

/* The hops of refcache_dodge, and polls wherever a thread waits. */
struct refcache_hops : model_scenario {
	struct model_object *object;
	atomic_uint steps;

	refcache_hops() : steps(0)
	{
	}

	void set_up() override
	{
		object = model_object_new();
	}

	void run(unsigned self) override
	{
		for (unsigned step = 0; step < 8; step++) {
			if ((step / 2 + step) % 2 != self)
				continue;
			model_wait_until(atomic_load_explicit(&steps, memory_order_acquire) ==
					 step);
			if (step % 2 == 0)
				kref_get(&object->refcount);
			model_use(object);
			if (step % 2 == 1)
				kref_put(&object->refcount, model_release);
			atomic_store_explicit(&steps, step + 1, memory_order_release);
		}
		if (self == 1)
			kref_put(&object->refcount, model_release);
	}
};

MODEL_SCENARIO(refcache_hops, 2, MODEL_RANDOM(50000));

/*
 * One thread puts what both had and reviews a zero that was none, while the other's own reference
 * goes the same way after it.
 */
struct refcache_requeued : model_scenario {
	struct model_object *object;
	atomic_uint taken;

	refcache_requeued() : taken(0)
	{
	}

	void set_up() override
	{
		object = model_object_new();
	}

	void run(unsigned self) override
	{
		if (self == 0) {
			kref_get(&object->refcount);
			atomic_store_explicit(&taken, 1, memory_order_release);
		} else {
			while (!atomic_load_explicit(&taken, memory_order_acquire))
				model_yield();
		}
		model_use(object);
		if (self == 0) {
			kref_thread_poll();
			kref_thread_poll();
		}
		kref_put(&object->refcount, model_release);
		for (unsigned i = 0; i < 3; i++)
			kref_thread_poll();
	}
};

MODEL_SCENARIO(refcache_requeued, 2, MODEL_RANDOM(50000));

/* Lookups while the object dies, is brought back and is reviewed. */
struct refcache_lookups : lookup_mutex {
	void use_found()
	{
		struct model_object *object = look_up();

		if (!object)
			return;
		model_use(object);
		put(object);
	}

	void run(unsigned self) override
	{
		if (self == 0) {
			model_use(owned);
			drop_owned();
		}
		for (unsigned i = 0; i < 4; i++) {
			kref_thread_poll();
			use_found();
		}
	}
};

MODEL_SCENARIO(refcache_lookups, 2, MODEL_RANDOM(50000));
MODEL_SCENARIO(refcache_lookups, 3, MODEL_RANDOM(50000));

/* By a thread that only comes: no flush of its own tells it what is dying. */
struct refcache_newcomer : refcache_lookups {
	void run(unsigned self) override
	{
		if (self == 0) {
			model_use(owned);
			drop_owned();
			for (unsigned i = 0; i < 3; i++)
				kref_thread_poll();
		} else {
			kref_thread_leave();
			MODEL_ASSERT(kref_thread_enter(self) == 0);
			use_found();
		}
	}
};

MODEL_SCENARIO(refcache_newcomer, 2, MODEL_RANDOM(50000));

/* Two objects in one way; the release of one puts the other. */
struct refcache_parent : model_scenario {
	struct model_object *parent, *child;

	static void release_child(struct kref *kref)
	{
		struct refcache_parent *self = static_cast<struct refcache_parent *>(model_now);

		model_release(kref);
		kref_put(&self->parent->refcount, model_release);
	}

	void set_up() override
	{
		parent = model_object_new();
		child = model_object_new();
		kref_get(&child->refcount);
	}

	void run(unsigned) override
	{
		for (unsigned i = 0; i < 2; i++) {
			kref_get(&parent->refcount);
			model_use(child);
			kref_thread_poll();
			model_use(parent);
			kref_put(&parent->refcount, model_release);
		}
		kref_put(&child->refcount, release_child);
		kref_thread_poll();
	}

	void check() override
	{
		MODEL_ASSERT(nr_released == 2);
	}
};

MODEL_SCENARIO(refcache_parent, 2, MODEL_RANDOM(50000));

/* One leaves and comes back while the other goes on. */
struct refcache_leaver : model_scenario {
	struct model_object *object;

	void set_up() override
	{
		object = model_object_new();
		kref_get(&object->refcount);
	}

	void run(unsigned self) override
	{
		kref_get(&object->refcount);
		model_use(object);
		kref_put(&object->refcount, model_release);
		if (self == 0) {
			kref_thread_leave();
			MODEL_ASSERT(kref_thread_enter(0) == 0);
		}
		kref_thread_poll();
		model_use(object);
		kref_put(&object->refcount, model_release);
		for (unsigned i = 0; i < 3; i++)
			kref_thread_poll();
	}
};

MODEL_SCENARIO(refcache_leaver, 2, MODEL_RANDOM(50000));
