/*
 * handoff_spawn: rule 1's example whole. Allocate, init, get, start a thread with it, both put.
 *
 * SPDX-License-Identifier: MIT
 *
 * Of a pair, role 1 is the parent and counts the ops; role 0 lends its processor to the children
 * and sleeps. The parent puts without waiting, so either may be last, and then joins its child.
 */
#define NEEDS (KREF_CAN_SHARE | KREF_CAN_RELEASE | KREF_CAN_END_BY_PUT | KREF_CAN_HAND_OVER)
#define NEEDS_CHURN 0
#include "cell.h"

#if CELL_RUNS
#include <pthread.h>
#include <time.h>

#include "handoff.h"

/* How long the lender sleeps between two looks at stop: its waking costs the child's processor. */
#define LENDER_NAP_NS 1000000

struct spawn_worker {
	struct pool pool;
	pthread_attr_t attr;	/* pins children to the lender's processor */
	uint64_t not_started;	/* objects whose child could not be started */
	uint64_t found_dead;	/* objects released while a holder still used them */
};

struct spawn_arena {
	unsigned nr_workers;
	struct spawn_worker *workers;
};

struct child {
	struct my_data *data;
	unsigned id;
	uint64_t retries;
	bool found_dead;
	int error;
};

static void *more_data_handling(void *cb_data)
{
	struct child *child = cb_data;

	child->error = cell_thread_enter(child->id);
	if (child->error)
		return NULL;
	/*
	 * Do stuff with data here. It comes back only after both have put: a release too early
	 * would leave every account balanced.
	 */
	child->found_dead = !pool_alive(&child->data->item);
	pool_stamp(&child->data->item);
	(void)kref_put(&child->data->refcount, data_release);
	child->retries = cell_retries;
	cell_thread_leave();
	return NULL;
}

/* 0 or -errno, as the document's; the object is released in success and in error. */
static int my_data_handler(struct spawn_worker *self, unsigned child_id)
{
	int rv = 0;
	struct my_data *data;
	struct child child;
	pthread_t task;

	data = pool_alloc(&self->pool);
	if (!data)
		return -ENOMEM;
	kref_init(&data->refcount);

	kref_get(&data->refcount);
	child = (struct child){ .data = data, .id = child_id };
	rv = -pthread_create(&task, &self->attr, more_data_handling, &child);
	if (rv) {
		self->not_started++;
		(void)kref_put(&data->refcount, data_release);
	}
	/* Do stuff with data here. */
	self->found_dead += !pool_alive(&data->item);
	pool_stamp(&data->item);
	(void)kref_put(&data->refcount, data_release);
	if (!rv) {
		pthread_join(task, NULL);
		self->found_dead += child.found_dead;
		cell_retries += child.retries;
		rv = child.error;
	}
	return rv;
}

static uint64_t spawn_run(struct worker *worker, uint64_t nr_ops)
{
	struct spawn_arena *arena = worker->arena;
	struct spawn_worker *self = &arena->workers[worker->index];
	uint64_t ops;

	if (worker->role == 0) {
		nanosleep(&(struct timespec){ .tv_nsec = LENDER_NAP_NS }, NULL);
		return 1;
	}
	for (ops = 0; ops < nr_ops && !worker_stopped(worker); ops++) {
		worker->error = my_data_handler(self, worker->params->workers + worker->index);
		if (worker->error)
			break;
		kref_thread_poll();
		worker_work(worker->params->work_loops);
	}
	worker->retries = cell_retries;
	return ops;
}

static size_t spawn_bytes(const struct params *params)
{
	return WORKLOAD_ALIGN + params->workers *
	       (sizeof(struct spawn_worker) + handoff_objects(params) * handoff_stride(params));
}

static bool spawn_field(const struct params *params, size_t offset, char *text, size_t bytes)
{
	const size_t workers = params->workers * sizeof(struct spawn_worker);
	const size_t at = offset - WORKLOAD_ALIGN;

	if (offset < WORKLOAD_ALIGN)
		return false;
	if (at >= workers)
		return handoff_object_field(params, at - workers, text, bytes);
	return snprintf(text, bytes, "the pool of worker %zu", at / sizeof(struct spawn_worker)) > 0;
}

static int spawn_setup(void *memory, const struct params *params)
{
	const unsigned nr_objects = handoff_objects(params);
	struct spawn_arena *arena = memory;
	char *objects;

	arena->nr_workers = params->workers;
	arena->workers = (struct spawn_worker *)((char *)memory + WORKLOAD_ALIGN);
	objects = (char *)(arena->workers + params->workers);
	for (unsigned i = 0; i < params->workers; i++) {
		pool_init(&arena->workers[i].pool,
			  objects + i * nr_objects * handoff_stride(params), nr_objects,
			  handoff_stride(params));
		arena->workers[i].not_started = arena->workers[i].found_dead = 0;
	}
	return 0;
}

/* Pins the children of a parent to one processor. 0 or -errno. */
static int spawn_pin(pthread_attr_t *attr, int cpu)
{
	const size_t bytes = CPU_ALLOC_SIZE(cpu + 1);
	cpu_set_t *cpus = CPU_ALLOC(cpu + 1);
	int err;

	if (!cpus)
		return -ENOMEM;
	CPU_ZERO_S(bytes, cpus);
	CPU_SET_S(cpu, bytes, cpus);
	err = -pthread_attr_init(attr);
	if (!err) {
		err = -pthread_attr_setaffinity_np(attr, bytes, cpus);
		if (err)
			pthread_attr_destroy(attr);
	}
	CPU_FREE(cpus);
	return err;
}

static int spawn_enter(struct worker *worker)
{
	struct spawn_arena *arena = worker->arena;
	struct spawn_worker *self = &arena->workers[worker->index];
	int err;

	pool_mine = &self->pool;
	cell_retries = 0;
	if (worker->role == 0)
		return 0;
	err = spawn_pin(&self->attr, worker->partner->cpu);
	if (!err) {
		err = cell_thread_enter(worker->index);
		if (err)
			pthread_attr_destroy(&self->attr);
	}
	return err;
}

static void spawn_leave(struct worker *worker)
{
	struct spawn_arena *arena = worker->arena;

	pool_mine = NULL;
	if (worker->role == 0)
		return;
	cell_thread_leave();
	pthread_attr_destroy(&arena->workers[worker->index].attr);
}

static int spawn_quiesce(void *arena)
{
	(void)arena;
	cell_quiesce();
	return 0;
}

static int spawn_verify(void *memory, uint64_t total_ops)
{
	struct spawn_arena *arena = memory;
	uint64_t handled = total_ops, created = 0;

	for (unsigned i = 0; i < arena->nr_workers; i++) {
		int err = pool_verify(&arena->workers[i].pool);

		if (err || arena->workers[i].found_dead)
			return -EPROTO;
		created += arena->workers[i].pool.created;
		/* No op, and its object is released all the same. */
		handled += arena->workers[i].not_started;
	}
	return created == handled ? 0 : -EPROTO;
}

/* In use at once: one object of each parent. */
static __attribute__((unused)) void spawn_garbage(void *memory, struct garbage *garbage)
{
	struct spawn_arena *arena = memory;

	for (unsigned i = 0; i < arena->nr_workers; i++)
		pool_garbage(&arena->workers[i].pool, 1, garbage);
}
#endif

CELL(.summary = "allocate, init, get, start a thread with it, both put (rule 1's example)",
     .settings = 1 << SETTING_CHURN, .min_workers = 2, .multiple = 2, .makes_objects = true,
     .starts_threads = true, .polls_each_op = true,
     CELL_OPS(.bytes = spawn_bytes, .setup = spawn_setup, .enter = spawn_enter,
	      .run = spawn_run, .leave = spawn_leave, .quiesce = spawn_quiesce,
	      .verify = spawn_verify, .garbage = HANDOFF_GARBAGE(spawn_garbage),
	      .field = spawn_field));
