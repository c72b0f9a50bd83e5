/*
 * One strategy's program: the common scenarios, its own, and its state in each execution.
 *
 * SPDX-License-Identifier: MIT
 */
#include "model.h"

#include "handoff.h"
#include "lookup.h"

#define MODEL_OWN MODEL_TEXT(own/MODEL_STRATEGY.h)
#if __has_include(MODEL_OWN)
#include MODEL_OWN
#endif

/* An object of a type that is complete only where the strategy has such state. */
template<typename type> static auto new_state(type **state) -> decltype((void)sizeof(type))
{
	*state = model_zeroed<type>(1);
}

template<typename type> static auto delete_state(type **state) -> decltype((void)sizeof(type))
{
	delete[] *state;
}

template<typename> static void new_state(...)
{
}

template<typename> static void delete_state(...)
{
}

void model_state_new()
{
	new_state<struct MODEL_DOMAIN>(&model_domain);
	for (auto &self : model_self) {
		self = nullptr;
#ifdef MODEL_SELF_OBJECTS
		new_state<struct MODEL_SELF>(&self);
#endif
	}
}

void model_state_delete()
{
#ifdef MODEL_STATE_END
	MODEL_STATE_END();
#endif
#ifdef MODEL_SELF_OBJECTS
	for (auto &self : model_self)
		delete_state<struct MODEL_SELF>(&self);
#endif
	delete_state<struct MODEL_DOMAIN>(&model_domain);
}

void model_thread_begin(unsigned id)
{
	urcu_memb_register_thread();
	MODEL_ASSERT(kref_thread_enter(id) == 0);
}

void model_thread_end(unsigned id)
{
	kref_thread_poll();
	model_reap(id);
	kref_thread_leave();
	urcu_memb_unregister_thread();
}

void model_quiesce()
{
	urcu_memb_register_thread();
	kref_quiesce();
	for (unsigned i = 0; i < MODEL_THREADS_MAX; i++)
		model_reap(i);
	urcu_memb_unregister_thread();
}
