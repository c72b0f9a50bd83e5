/*
 * What the harness sees of a cell: one const table entry, and the worker and parameters it is
 * given.
 *
 * SPDX-License-Identifier: MIT
 *
 * A cell is one workload compiled with one strategy by one tool chain. The harness calls it once a
 * batch through this table; inside a batch nothing is indirect.
 */
#ifndef WORKLOADS_WORKLOAD_H
#define WORKLOADS_WORKLOAD_H

#include <sched.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#if defined(__x86_64__) || defined(__i386__)
#define worker_cpu_relax() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define worker_cpu_relax() __asm__ volatile("yield" ::: "memory")
#else
#define worker_cpu_relax() __asm__ volatile("" ::: "memory")
#endif

/* Two cache lines: adjacent-line prefetchers of x86-64 fetch pairs. */
#define WORKLOAD_ALIGN 128

/* liburcu's call_rcu thread polls every 10 ms; a grace period and the frees come on top. */
#define CALL_RCU_PERIOD_NS 12000000

enum setting {
	SETTING_HELD,	/* an owner keeps a reference, the count never reaches zero */
	SETTING_CHURN,	/* the count really reaches zero, the object is freed and replaced */
	NR_SETTINGS
};

enum cell_kind {
	CELL_CANDIDATE,
	CELL_FLOOR,	/* never frees, or is safe for one thread only: a bound, not a choice */
	CELL_PEER,	/* a counter of another ecosystem, with a type of its own */
	CELL_AID,	/* finds bugs: it is measured to tell what that costs, and is no choice */
	CELL_CONTROL	/* part of the method: A/A, asm twin, empty cell */
};

struct params {
	unsigned workers;
	unsigned objects;
	enum setting setting;
	unsigned replace_permille;	/* held: of 1000 ops so many replace the entry they choose */
	bool packed;		/* objects side by side, not each on cache lines of its own */
	uint64_t work_loops;	/* turns of worker_work() between two ops */
	bool use_malloc;	/* objects from malloc instead of the workers' pools */
	/* Ops between two polls of a deferring strategy, or QSBR's quiescent states; at least 1. */
	unsigned poll_every;
	const cpu_set_t *reclaim_cpus;	/* where a reclaiming thread may run */
	size_t reclaim_cpus_bytes;
};

/* Whether objects end while the workers run. */
static inline bool params_free(const struct params *params)
{
	return params->setting == SETTING_CHURN || params->replace_permille;
}

/* From one object to the next. */
static inline size_t params_stride(const struct params *params, size_t object_bytes)
{
	return params->packed ? object_bytes :
	       (object_bytes + WORKLOAD_ALIGN - 1) & ~(size_t)(WORKLOAD_ALIGN - 1);
}

/* What of the objects came late. */
struct garbage {
	uint64_t objects, bytes;	/* a lower bound of the most that were dead and not yet free at one time */
	uint64_t delays, delay_ns;	/* sampled objects, and the sum of last put to free */
};

/* Of a steady clock, for what is rare. */
static inline uint64_t workload_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* Lines of its own: a worker writes its generator's state at each op. */
struct worker {
	alignas(WORKLOAD_ALIGN) unsigned index;
	unsigned role;			/* index % multiple of the workload */
	const struct worker *partner;	/* the next role's worker, where multiple is 2 */
	int cpu;			/* OS index of the processor it is pinned to */
	const int *stop;		/* read with worker_stopped() in every wait */
	bool yield;			/* more workers than processors: waits give way */
	void *arena;
	const struct params *params;
	uint64_t random;		/* state of its own generator, never 0 */
	uint64_t retries;		/* failed attempts of retry loops, since enter */
	uint64_t failed;		/* lookups that met a dying object, since enter */
	/* Another call of run follows at once, of one batch with this one: it has no end of its own. */
	bool goes_on;
	uint64_t unpolled;		/* ops since the last poll, in such calls */
	/* -errno when run could not go on: it is not called again, and stop comes for all. */
	int error;
};

/*
 * One cell. Call order: setup once; then every worker enter, run repeatedly, leave; when all have
 * left: quiesce, verify. Of each `multiple` workers the last counts the ops; the others help it and
 * what their run returns is not counted.
 */
struct workload {
	const char *name, *strategy, *variant, *summary;
	enum cell_kind kind;
	unsigned settings;			/* bit set of 1 << enum setting */
	const char *hole[NR_SETTINGS];		/* why the cell cannot run there, or NULL */
	const char *hole_replace;		/* the same for replace_permille above 0 */
	unsigned min_workers, max_workers, multiple; /* max 0: no limit */
	bool hides_retries;			/* the strategy does not tell its retries */
	bool saturates;				/* its count sticks where it leaves its range */
	bool starts_threads;			/* whose counters nobody reads */
	bool makes_objects;			/* one an op: params.objects says nothing */
	bool padded_only;			/* lays its objects out in its own way */
	bool replaces;				/* has an entry to replace, in the held setting */
	bool sweeps_work;			/* by default at several work_ns too */
	bool bare_only;				/* for one object and no work between ops only */
	uint64_t reclaim_period_ns;		/* where objects end: frees come so late; 0: at once */
	bool polled;				/* the strategy defers, from poll to poll */
	bool polls_each_op;			/* not every params.poll_every only */
	size_t kref_bytes;			/* of counting, in each object */
	size_t slot_bytes;			/* for each object, once a thread */
	size_t thread_bytes;			/* a thread, whatever the objects */
	/* Bytes of arena that setup needs with these parameters. */
	size_t (*bytes)(const struct params *params);
	/* Builds the objects in arena, aligned to WORKLOAD_ALIGN. Returns 0 or -errno. */
	int (*setup)(void *arena, const struct params *params);
	/* By the worker's own thread. Returns 0 or -errno. */
	int (*enter)(struct worker *worker);
	/*
	 * Does nr_ops ops, at least 1; fewer only after stop or an error. Returns the ops really
	 * done.
	 */
	uint64_t (*run)(struct worker *worker, uint64_t nr_ops);
	/* After every worker's last run: unregisters, drains what is the worker's own. */
	void (*leave)(struct worker *worker);
	/* By one thread: drops the owners' references, waits for deferred frees. 0 or -errno. */
	int (*quiesce)(void *arena);
	/*
	 * 0 when each object created was released exactly once and the counts balance; total_ops is
	 * the sum of the counting workers' run. -EPROTO otherwise.
	 */
	int (*verify)(void *arena, uint64_t total_ops);
	/* Processor time of the reclaiming thread so far, or NULL where there is none. */
	uint64_t (*reclaim_cpu_ns)(void *arena);
	/* After quiesce: what came late; NULL where all is freed in the last put. */
	void (*garbage)(void *arena, struct garbage *garbage);
	/*
	 * Writes what lies so many bytes into the arena, such as "refcount of object 0", and whether there
	 * is anything; NULL where nothing can be told. Needs no arena.
	 */
	bool (*field)(const struct params *params, size_t offset, char *text, size_t bytes);
};

static inline bool worker_stopped(const struct worker *worker)
{
	return __atomic_load_n(worker->stop, __ATOMIC_RELAXED);
}

/* One turn of a wait for another worker. */
static inline void worker_pause(const struct worker *worker)
{
	if (worker->yield)
		sched_yield();
	else
		worker_cpu_relax();
}

/* Spends time in registers only; the harness measures what a turn costs. */
static inline void worker_work(uint64_t loops)
{
	for (; loops; loops--)
		__asm__ volatile("" : "+r"(loops));
}

/* A number below limit, from the worker's own generator (xorshift64, Marsaglia 2003). */
static inline unsigned worker_random(struct worker *worker, unsigned limit)
{
	worker->random ^= worker->random << 13;
	worker->random ^= worker->random >> 7;
	worker->random ^= worker->random << 17;
	return (unsigned)(((worker->random >> 32) * limit) >> 32);
}

#endif
