/*
 * Starts, pins, wakes and commands the workers of a launch.
 *
 * SPDX-License-Identifier: MIT
 */
#include "team.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "mishap.h"

/* Waits asleep until member may be needed. false: the team ends. */
static bool member_sleep(struct member *member)
{
	struct team *team = member->team;
	bool quit;

	pthread_mutex_lock(&team->mutex);
	while (member->index >= team->awake && !team->quit)
		pthread_cond_wait(&team->woken, &team->mutex);
	quit = team->quit;
	pthread_mutex_unlock(&team->mutex);
	return !quit;
}

static void *member_main(void *argument)
{
	struct member *member = argument;
	struct team *team = member->team;
	uint64_t seen = 0, order;

	mishap_worker_begin(member->index);
	counters_open(&member->counters, team->counting);
	while (member_sleep(member)) {
		do {
			/* acquire: function and argument; pairs with the release in team_do. */
			while ((order = atomic_load_explicit(&team->order,
							     memory_order_acquire)) == seen)
				barrier_relax(team->yield);
			seen = order;
			if (member->index < (uint32_t)order) {
				team->function(member, team->argument);
				barrier_wait(&team->done);
			}
		} while (member->index < (uint32_t)order);
	}
	counters_close(&member->counters);
	mishap_worker_end();
	return NULL;
}

/*
 * In a process of one thread glibc's mutexes and libstdc++'s shared_ptr do without atomics, and one thread would
 * be measured with them or without, as the other points of a run would have it.
 */
#define FEWEST_MEMBERS 2

int team_create(struct team *team, unsigned nr_members, const struct count_plan *counting,
		struct error *err)
{
	if (nr_members < FEWEST_MEMBERS)
		nr_members = FEWEST_MEMBERS;
	memset(team, 0, sizeof(*team));
	team->members = calloc(nr_members, sizeof(*team->members));
	if (!team->members)
		return error_set(err, ENOMEM, "no memory for %u workers", nr_members);
	pthread_mutex_init(&team->mutex, NULL);
	pthread_cond_init(&team->woken, NULL);
	team->counting = counting;
	counters_open(&team->members[0].counters, counting);
	for (unsigned i = 0; i < nr_members; i++) {
		struct member *member = &team->members[i];
		int code;

		member->team = team;
		member->index = i;
		member->cpu = -1;
		code = i ? pthread_create(&member->thread, NULL, member_main, member) : 0;
		if (code) {
			team->nr_members = i;
			team_destroy(team);
			return error_set(err, code, "cannot start worker %u of %u: %s", i,
					 nr_members, strerror(code));
		}
	}
	team->nr_members = nr_members;
	return 0;
}

static void team_order(struct team *team, unsigned active)
{
	const uint64_t generation =
		atomic_load_explicit(&team->order, memory_order_relaxed) >> 32;

	/* release: what the members are to do; pairs with the acquire in member_main. */
	atomic_store_explicit(&team->order, (generation + 1) << 32 | active, memory_order_release);
}

void team_destroy(struct team *team)
{
	pthread_mutex_lock(&team->mutex);
	team->quit = true;
	pthread_cond_broadcast(&team->woken);
	pthread_mutex_unlock(&team->mutex);
	team_order(team, 0);
	for (unsigned i = 1; i < team->nr_members; i++)
		pthread_join(team->members[i].thread, NULL);
	counters_close(&team->members[0].counters);
	pthread_cond_destroy(&team->woken);
	pthread_mutex_destroy(&team->mutex);
	free(team->members);
}

void team_do(struct team *team, void (*function)(struct member *, void *), void *argument)
{
	team->function = function;
	team->argument = argument;
	barrier_init(&team->done, team->active, team->yield);
	team_order(team, team->active);
	function(&team->members[0], argument);
	barrier_wait(&team->done);
}

/* 0 or a positive errno: pins the calling thread and reads the affinity back. */
static int pin_here(int cpu)
{
	const size_t bytes = CPU_ALLOC_SIZE(cpu + 1);
	/* Room for the kernel's whole mask on reading back, whatever its size. */
	const size_t mask_bytes = CPU_ALLOC_SIZE(65536);
	cpu_set_t *want = CPU_ALLOC(cpu + 1);
	cpu_set_t *have = calloc(1, mask_bytes);
	int code = ENOMEM;

	if (!want || !have)
		goto out;
	CPU_ZERO_S(bytes, want);
	CPU_SET_S(cpu, bytes, want);
	code = pthread_setaffinity_np(pthread_self(), bytes, want);
	if (!code)
		code = pthread_getaffinity_np(pthread_self(), mask_bytes, have);
	if (!code && (CPU_COUNT_S(mask_bytes, have) != 1 || !CPU_ISSET_S(cpu, mask_bytes, have)))
		code = EINVAL;
out:
	CPU_FREE(want);
	free(have);
	return code;
}

static void member_pin(struct member *member, void *argument)
{
	const int cpu = ((const int *)argument)[member->index];

	/* Always, and read back: a cpuset or taskset may have moved it since. */
	member->error = pin_here(cpu);
	member->cpu = member->error ? -1 : cpu;
}

int team_rally(struct team *team, const int *cpus, unsigned n, bool yield, struct error *err)
{
	if (n > team->nr_members)
		return error_set(err, EINVAL, "%u workers asked of a team of %u", n,
				 team->nr_members);
	team->active = n;
	team->yield = yield;
	pthread_mutex_lock(&team->mutex);
	team->awake = n;
	pthread_cond_broadcast(&team->woken);
	pthread_mutex_unlock(&team->mutex);
	team_do(team, member_pin, (void *)cpus);
	for (unsigned i = 0; i < n; i++)
		if (team->members[i].error)
			return error_set(err, team->members[i].error,
					 "cannot pin worker %u to processor %d: %s", i, cpus[i],
					 strerror(team->members[i].error));
	return 0;
}

struct exchange {
	const struct team *team;
	atomic_uint_fast64_t request;	/* member << 32 | number */
	atomic_uint_fast64_t reply;	/* counter of the asked member, 0: none yet */
	uint64_t offset;
};

/* Exchanges per member: the fastest of them has met no interrupt. */
#define EXCHANGES 100

static void answer_clock(struct member *member, struct exchange *exchange)
{
	for (unsigned number = 0; number < EXCHANGES; number++) {
		while (atomic_load(&exchange->request) != ((uint64_t)member->index << 32 | number))
			barrier_relax(member->team->yield);
		atomic_store(&exchange->reply, clock_counter());
	}
}

/*
 * Cristian's algorithm (Distributed Computing 3, 1989): half the fastest round trip is the doubt.
 */
static uint64_t ask_clock(struct member *controller, struct exchange *exchange, unsigned index)
{
	uint64_t best_trip = UINT64_MAX, offset = 0;

	for (unsigned number = 0; number < EXCHANGES; number++) {
		uint64_t sent, reply, trip, middle, distance;

		atomic_store(&exchange->reply, 0);
		sent = clock_counter();
		atomic_store(&exchange->request, (uint64_t)index << 32 | number);
		while (!(reply = atomic_load(&exchange->reply)))
			barrier_relax(controller->team->yield);
		trip = clock_counter() - sent;
		if (trip >= best_trip)
			continue;
		best_trip = trip;
		middle = sent + trip / 2;
		distance = reply > middle ? reply - middle : middle - reply;
		offset = distance > trip / 2 ? distance - trip / 2 : 0;
	}
	return offset;
}

/* Of an oversubscribed team's members one a processor: clocks are the processors'. */
static bool is_first_there(const struct team *team, unsigned index)
{
	for (unsigned i = 0; i < index; i++)
		if (team->members[i].cpu == team->members[index].cpu)
			return false;
	return true;
}

static void compare_clocks(struct member *member, void *argument)
{
	struct exchange *exchange = argument;

	if (member->index) {
		if (is_first_there(exchange->team, member->index))
			answer_clock(member, exchange);
		return;
	}
	for (unsigned i = 1; i < exchange->team->active; i++) {
		uint64_t offset = is_first_there(exchange->team, i) ? ask_clock(member, exchange, i) : 0;

		if (offset > exchange->offset)
			exchange->offset = offset;
	}
}

uint64_t team_clock_offset(struct team *team)
{
	struct exchange exchange = { .team = team };

	team_do(team, compare_clocks, &exchange);
	return exchange.offset;
}
