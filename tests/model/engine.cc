/*
 * Runs the scenarios of one strategy under Relacy: all of them, or those named by the arguments.
 *
 * SPDX-License-Identifier: MIT
 *
 * Ends at the first that fails, with `FAIL name: what` and the trace, and exit status 1. Apart from
 * the strategies, since Relacy's engine takes several seconds to compile.
 */
#include "scenario.h"

static struct model_entry *entries;
static struct model_entry **entries_end = &entries;
static struct model_entry *running;

model_entry::model_entry(const char *name_, unsigned nr_threads_, struct model_search search_,
			 struct model_scenario *(*make_)())
	: name(name_), nr_threads(nr_threads_), search(search_), make(make_), next(nullptr)
{
	*entries_end = this;
	entries_end = &next;
}

template<int nr_threads> struct suite : rl::test_suite<suite<nr_threads>, nr_threads> {
	struct model_rcu_state rcu;

	void before()
	{
		model_alone = true;
		model_rcu = &rcu;
		model_state_new();
		model_now = running->make();
		model_now->nr_threads = nr_threads;
		model_thread_begin(0);
		model_now->set_up();
		model_thread_end(0);
		model_alone = false;
	}

	void thread(unsigned self)
	{
		model_thread_begin(self);
		model_now->run(self);
		model_thread_end(self);
	}

	void after()
	{
		model_alone = true;
		model_quiesce();
		model_now->check();
		delete model_now;
		model_state_delete();
		model_alone = false;
	}
};

/* Prints nothing of its own; trace stays empty unless the scenario fails. */
static bool holds(rl::test_params &params)
{
	return running->nr_threads == 2 ? rl::simulate<struct suite<2>>(params) :
					  rl::simulate<struct suite<3>>(params);
}

static bool search(rl::scheduler_type_e kind, unsigned nr_executions, unsigned bound)
{
	rl::ostringstream trace;	/* of Relacy's: its memory is not the model's */
	rl::test_params params;

	params.output_stream = &trace;
	params.progress_stream = &trace;
	params.search_type = kind;
	params.iteration_count = nr_executions;
	params.context_bound = bound;
	if (holds(params)) {
		std::cout << running->name << ": " << params.stop_iteration << " executions, "
			  << rl::format(kind) << std::endl;
		return true;
	}
	std::cout << "FAIL " << running->name << ": " << rl::test_result_str(params.test_result)
		  << std::endl << trace.str();
	return false;
}

static bool run(struct model_entry *entry)
{
	running = entry;
	if (!search(rl::sched_random, entry->search.nr_random, 0))
		return false;
	return entry->search.kind == rl::sched_random ||
	       search(entry->search.kind, 0, entry->search.bound);
}

static bool is_named(const struct model_entry *entry, char **names)
{
	if (!*names)
		return true;
	for (; *names; names++)
		if (!strcmp(entry->name, *names))
			return true;
	return false;
}

int main(int, char **argv)
{
	unsigned nr_run = 0;

	for (struct model_entry *entry = entries; entry; entry = entry->next) {
		if (!is_named(entry, argv + 1))
			continue;
		if (!run(entry))
			return 1;
		nr_run++;
	}
	if (nr_run == 0)
		std::cout << "FAIL: no such scenario" << std::endl;
	return nr_run == 0;
}
