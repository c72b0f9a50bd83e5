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

/* With a domain where the strategy has one: only then its type is complete. */
template<typename type> static auto new_domain(type **domain) -> decltype((void)sizeof(type))
{
	*domain = model_zeroed<type>(1);
}

template<typename type> static auto delete_domain(type **domain) -> decltype((void)sizeof(type))
{
	delete[] *domain;
}

template<typename> static void new_domain(...)
{
}

template<typename> static void delete_domain(...)
{
}

void model_domain_new()
{
	for (auto &self : model_self)
		self = nullptr;
	new_domain<struct MODEL_DOMAIN>(&model_domain);
}

void model_domain_delete()
{
	delete_domain<struct MODEL_DOMAIN>(&model_domain);
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
