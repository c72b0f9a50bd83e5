/*
 * The parts of the shims that are more than a name: the model's threads, locks and RCU on Relacy.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MODEL_CHECKER_H
#include <relacy/relacy.hpp>
/* From here on the shims hold more than the system's headers, which Relacy included. */
#define MODEL_CHECKER_H

#define MODEL_THREADS_MAX 3

/* Set where one thread runs alone, before and after the others: it stands for thread 0. */
inline bool model_alone;
/* Atomics that come into being are zero. */
inline bool model_zeroing;

static inline unsigned model_thread()
{
	return model_alone ? 0 : rl::thread_index();
}

/* Lets the others go on: for every loop that waits. */
#define model_yield() rl::yield(1, RL_INFO)

#define MODEL_ASSERT(condition) RL_ASSERT(condition)

/* As static storage is, and calloc's: every atomic zero. */
template<typename type> type *model_zeroed(size_t nr)
{
	const bool before = model_zeroing;
	type *objects;

	model_zeroing = true;
	objects = new type[nr]();
	model_zeroing = before;
	return objects;
}

/* A mutex or spinlock. One that is held when it ends, or used after that, fails the test. */
struct model_lock {
	rl::mutex mutex;

	model_lock()
	{
	}

	/* Initialisers copy; the lock itself is new. */
	model_lock(const model_lock &)
	{
	}

	int init()
	{
		return 0;
	}

	int destroy()
	{
		return 0;
	}

	int acquire(rl::debug_info_param info)
	{
		mutex.lock(info);
		return 0;
	}

	int try_acquire(rl::debug_info_param info)
	{
		return mutex.try_lock(info) ? 0 : EBUSY;
	}

	int release(rl::debug_info_param info)
	{
		mutex.unlock(info);
		return 0;
	}
};

/*
 * The threads switch at atomic operations only, so that what stands between two of them happens at
 * one moment. The plain members are seen by all threads alike; what is ordered is so by the
 * atomics, whose read-modify-write operations read the newest value.
 */
struct model_rcu_state {
	rl::atomic<unsigned> started;				/* grace periods */
	rl::atomic<unsigned> ended[MODEL_THREADS_MAX];		/* sections of each thread */
	unsigned nesting[MODEL_THREADS_MAX] = {};
	unsigned nr_ended[MODEL_THREADS_MAX] = {};
	bool registered[MODEL_THREADS_MAX] = {};

	model_rcu_state() : started(0)
	{
		for (auto &counter : ended)
			counter.store(0, rl::mo_relaxed, RL_INFO);
	}

	void register_thread()
	{
		MODEL_ASSERT(!registered[model_thread()]);
		registered[model_thread()] = true;
	}

	void unregister_thread()
	{
		MODEL_ASSERT(registered[model_thread()] && !nesting[model_thread()]);
		registered[model_thread()] = false;
	}

	void read_lock(rl::debug_info_param info)
	{
		MODEL_ASSERT(registered[model_thread()]);
		if (nesting[model_thread()] == 0)
			/* Behind the start of each grace period that will not wait for this. */
			started.fetch_add(0, rl::mo_acquire, info);
		nesting[model_thread()]++;
	}

	void read_unlock(rl::debug_info_param info)
	{
		const unsigned self = model_thread();

		MODEL_ASSERT(nesting[self]);
		if (nesting[self] == 1) {
			/* Before the end of each grace period that waits for this. */
			ended[self].fetch_add(1, rl::mo_release, info);
			nr_ended[self]++;
		}
		nesting[self]--;
	}

	void synchronize(rl::debug_info_param info)
	{
		unsigned seen[MODEL_THREADS_MAX];
		bool inside[MODEL_THREADS_MAX];

		/* It would wait for itself. */
		MODEL_ASSERT(!nesting[model_thread()]);
		started.fetch_add(1, rl::mo_release, info);
		for (unsigned i = 0; i < MODEL_THREADS_MAX; i++) {
			inside[i] = nesting[i] != 0;
			seen[i] = nr_ended[i];
		}
		for (unsigned i = 0; i < MODEL_THREADS_MAX; i++)
			while (inside[i] && nr_ended[i] == seen[i])
				rl::yield(1, info);
		rl::ctx().disable_preemption();
		for (unsigned i = 0; i < MODEL_THREADS_MAX; i++)
			ended[i].fetch_add(0, rl::mo_acquire, info);
		rl::ctx().enable_preemption();
	}
};

inline model_rcu_state *model_rcu;

#endif
