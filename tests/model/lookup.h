/*
 * Scenarios: an object looked up while its last reference goes.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MODEL_LOOKUP_H
#define MODEL_LOOKUP_H

#include <pthread.h>

#include "model.h"

#if KREF_CAPS & KREF_CAN_SHARE && KREF_CAPS & KREF_CAN_RELEASE

/* An object in a table of one entry. Its owner uses and drops it, the others look it up. */
struct model_lookup : model_scenario {
	struct model_object *owned;

	virtual void publish() = 0;
	virtual struct model_object *look_up() = 0;
	virtual void put(struct model_object *object) = 0;
	virtual void drop_owned()
	{
		put(owned);
	}

	void set_up() override
	{
		owned = model_object_new();
		publish();
	}

	void run(unsigned self) override
	{
		struct model_object *object = self == 0 ? owned : look_up();

		if (!object)
			return;
		model_use(object);
		if (self == 0)
			drop_owned();
		else
			put(object);
	}
};

struct model_lookup_locked : model_lookup {
	pthread_mutex_t mutex;
	pthread_spinlock_t spinlock;
	rl::var<struct model_object *> entry;

	void publish() override
	{
		entry($) = owned;
	}

	static struct model_lookup_locked *now()
	{
		return static_cast<struct model_lookup_locked *>(model_now);
	}

	/* Takes the entry off; the caller holds the lock. */
	static struct model_object *unlink(struct kref *kref)
	{
		now()->entry($) = nullptr;
		return model_end(kref);
	}
};

#if KREF_CAPS & KREF_CAN_GET_UNLESS_ZERO && KREF_CAPS & KREF_CAN_FREE_AT_ONCE

/* Release takes the lock, with the count at zero: a lookup may meet it. */
struct lookup_mutex : model_lookup_locked {
	static void release(struct kref *kref)
	{
		struct model_object *object;

		pthread_mutex_lock(&now()->mutex);
		object = unlink(kref);
		pthread_mutex_unlock(&now()->mutex);
		delete object;
	}

	struct model_object *look_up() override
	{
		struct model_object *object;

		pthread_mutex_lock(&mutex);
		object = entry($);
		if (object && !kref_get_unless_zero(&object->refcount))
			object = nullptr;
		pthread_mutex_unlock(&mutex);
		return object;
	}

	void put(struct model_object *object) override
	{
		MODEL_PUT(kref_put, &object->refcount, release);
	}

	void drop_owned() override
	{
		model_drop_owned(owned, release);
	}
};

MODEL_SCENARIO(lookup_mutex, 2, MODEL_SEARCH_2);
MODEL_SCENARIO(lookup_mutex, 3, MODEL_SEARCH_3);

#endif

#if KREF_CAPS & KREF_CAN_PUT_LOCKED

/* The last put takes the lock before the count reaches zero: a lookup never meets it. */
struct lookup_put_mutex : model_lookup_locked {
	static void release(struct kref *kref)
	{
		struct model_object *object = unlink(kref);

		pthread_mutex_unlock(&now()->mutex);
		model_free(object);
	}

	struct model_object *look_up() override
	{
		struct model_object *object;

		pthread_mutex_lock(&mutex);
		object = entry($);
		if (object)
			kref_get(&object->refcount);
		pthread_mutex_unlock(&mutex);
		return object;
	}

	void put(struct model_object *object) override
	{
		MODEL_PUT(kref_put_mutex, &object->refcount, release, &mutex);
	}
};

MODEL_SCENARIO(lookup_put_mutex, 2, MODEL_SEARCH_2);
MODEL_SCENARIO(lookup_put_mutex, 3, MODEL_SEARCH_3);

struct lookup_put_lock : model_lookup_locked {
	static void release(struct kref *kref)
	{
		struct model_object *object = unlink(kref);

		pthread_spin_unlock(&now()->spinlock);
		model_free(object);
	}

	struct model_object *look_up() override
	{
		struct model_object *object;

		pthread_spin_lock(&spinlock);
		object = entry($);
		if (object)
			kref_get(&object->refcount);
		pthread_spin_unlock(&spinlock);
		return object;
	}

	void put(struct model_object *object) override
	{
		MODEL_PUT(kref_put_lock, &object->refcount, release, &spinlock);
	}
};

MODEL_SCENARIO(lookup_put_lock, 2, MODEL_SEARCH_2);

#endif

#if KREF_CAPS & KREF_CAN_GET_UNLESS_ZERO

/* Found without a lock: the memory stays for a grace period after release has taken it off. */
struct lookup_rcu : model_lookup {
	atomic_uintptr_t entry;

	void publish() override
	{
		atomic_store_explicit(&entry, (uintptr_t)owned, memory_order_release);
	}

	static void release(struct kref *kref)
	{
		struct lookup_rcu *table = static_cast<struct lookup_rcu *>(model_now);

		/* relaxed: the grace period orders it. */
		atomic_store_explicit(&table->entry, 0, memory_order_relaxed);
		model_free_later(model_end(kref));
	}

	struct model_object *look_up() override
	{
		struct model_object *object;

		kref_rcu_read_lock();
		/* acquire: pairs with publish(). */
		object = (struct model_object *)atomic_load_explicit(&entry,
								     memory_order_acquire);
		if (object && !kref_get_unless_zero(&object->refcount))
			object = nullptr;
		kref_rcu_read_unlock();
		return object;
	}

	void put(struct model_object *object) override
	{
		MODEL_PUT(kref_put, &object->refcount, release);
	}

	void drop_owned() override
	{
		model_drop_owned(owned, release);
	}
};

MODEL_SCENARIO(lookup_rcu, 2, MODEL_SEARCH_2);
MODEL_SCENARIO(lookup_rcu, 3, MODEL_SEARCH_3);

#endif

#endif
#endif
