/*
 * Runs every linked cell that is no hole in short real windows and holds it to its own
 * verification.
 *
 * SPDX-License-Identifier: MIT
 *
 * Whatever cells the linked registry lists: all of them, or a subset built under a sanitizer. For
 * each the combinations of workers, objects, setting, pool or malloc, and work that it offers;
 * prints nothing when all is fine. No time is asserted. Usage: test_cells [part of
 * "cell+strategy@variant held"]. With STRESS_OBJECTS=N in the environment the windows go on until
 * each cell has done N ops in each way that its objects end.
 */
#include <stdlib.h>

#include "bench.h"
#include "workloads/registry.h"

/* Many batches; no need to hold a reclaim poll, since quiesce waits for what is deferred. */
#define WINDOW_NS 500000
#define GUARD_NS 50000
/*
 * A worker that gets no processor before all are past the window does no op: on a busy machine that
 * can happen, but not this often in a row.
 */
#define TRIES 20
/* Turns of work: about as long as an op. */
#define WORK_LOOPS 20
/* A few polls a batch, and batches that are no multiple of it. */
#define POLL_EVERY 37

static struct bench bench;
static unsigned failures, windows;
static uint64_t seed = 1;
static const char *pattern = "";
static uint64_t ops_wanted;

static void complain(const struct workload *cell, const struct params *params, const char *text)
{
	failures++;
	fprintf(stderr, "%s+%s@%s workers=%u objects=%u %s replace=%u %s %s work=%u: %s\n",
		cell->name, cell->strategy, cell->variant, params->workers, params->objects,
		params->setting == SETTING_HELD ? "held" : "churn", params->replace_permille,
		params->packed ? "packed" : "padded", params->use_malloc ? "malloc" : "pool",
		(unsigned)params->work_loops, text);
}

/* Each worker's own figures against the sum that verify was given. */
static void check_result(const struct workload *cell, const struct params *params)
{
	uint64_t ops = 0;

	for (unsigned i = 0; i < params->workers; i++) {
		const struct window_worker *worker = &bench.workers[i];

		if (worker->counts != (i % cell->multiple == cell->multiple - 1))
			complain(cell, params, "the wrong workers are counted");
		else if (worker->counts)
			ops += worker->total_ops;
	}
	if (ops != bench.result.total_ops)
		complain(cell, params, "a helper's ops are counted");
	if ((cell->reclaim_cpu_ns && params_free(params)) != bench.result.has_reclaim)
		complain(cell, params, "the reclaiming thread's time is not told");
}

/* The ops done. */
static uint64_t run_config(const struct workload *cell, struct params *params)
{
	struct error err;

	/* Of half of the combinations single ops are sampled. */
	bench.samples = params->packed;
	for (unsigned i = 0; i < TRIES; i++) {
		windows++;
		if (bench_window(&bench, cell, params, seed++, &err)) {
			complain(cell, params, err.text);
			return 0;
		}
		check_result(cell, params);
		if (bench.result.total_ops)
			return bench.result.total_ops;
	}
	complain(cell, params, "no op done");
	return 0;
}

/* pattern is a part of, say, "queue_rcu+refcount@gcc churn". */
static bool matches(const struct workload *cell, const struct params *params)
{
	char name[128];

	snprintf(name, sizeof(name), "%s+%s@%s %s", cell->name, cell->strategy, cell->variant,
		 params->replace_permille ? "replace" :
		 params->setting == SETTING_HELD ? "held" : "churn");
	return strstr(name, pattern);
}

static bool offers(const struct workload *cell, const struct params *params)
{
	const char *hole = params->replace_permille ? cell->hole_replace :
			   cell->hole[params->setting];

	if (!(cell->settings & 1u << params->setting) || hole || !matches(cell, params))
		return false;
	if (params->replace_permille && (!cell->replaces || params->setting != SETTING_HELD))
		return false;
	if (cell->padded_only && params->packed)
		return false;
	if (cell->bare_only && (params->objects > 1 || params->work_loops))
		return false;
	/*
	 * An rcu_barrier takes a poll of 10 ms, a preempted lock holder a time slice: half of those
	 * combinations, each choice in some.
	 */
	if (((cell->reclaim_period_ns && params_free(params)) ||
	     params->workers > bench.nr_cpus) &&
	    params->use_malloc != (!params->work_loops != (params->objects > 1)))
		return false;
	return params->workers >= cell->min_workers && params->workers % cell->multiple == 0 &&
	       (!cell->max_workers || params->workers <= cell->max_workers);
}

/* How objects end. */
struct end {
	enum setting setting;
	unsigned replace_permille;
};

/* Each combination once; the ops done, 0 too where the cell has none that ends so. */
static uint64_t run_end(const struct workload *cell, const struct end *end)
{
	static const unsigned workers[] = { 1, 2, BENCH_WORKERS }, objects[] = { 1, 16 };
	uint64_t ops = 0;

	for (unsigned i = 0; i < 3 * 2 * 2 * 2; i++) {
		struct params params = {
			.workers = workers[i % 3],
			.objects = objects[i / 3 % 2],
			.setting = end->setting,
			.replace_permille = end->replace_permille,
			.use_malloc = i / 6 % 2,
			.work_loops = i / 12 % 2 ? WORK_LOOPS : 0,
			.poll_every = POLL_EVERY,
		};

		/* Each layout with either number of objects, and with pool and malloc. */
		params.packed = params.use_malloc ^ (params.objects > 1) ^ !params.work_loops;

		if (offers(cell, &params))
			ops += run_config(cell, &params);
	}
	return ops;
}

static void run_cell(const struct workload *cell)
{
	static const struct end ends[] = {
		{ SETTING_HELD, 0 }, { SETTING_CHURN, 0 }, { SETTING_HELD, 200 }
	};
	const unsigned before = windows;

	for (unsigned i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		uint64_t ops = 0, more;

		do {
			more = run_end(cell, &ends[i]);
			ops += more;
		} while (more && ops < ops_wanted && !failures);
	}
	if (windows == before && !*pattern) {
		fprintf(stderr, "%s+%s@%s: neither a hole nor run\n", cell->name, cell->strategy,
			cell->variant);
		failures++;
	}
}

/* A hole in every setting that the workload has. */
static bool is_hole(const struct workload *cell)
{
	for (unsigned s = 0; s < NR_SETTINGS; s++)
		if (cell->settings & 1u << s && !cell->hole[s])
			return false;
	return true;
}

int main(int argc, char **argv)
{
	const char *stress = getenv("STRESS_OBJECTS");
	struct registry registry;
	struct error err = { "no memory" };

	if (argc > 1)
		pattern = argv[1];
	if (stress)
		ops_wanted = strtoull(stress, NULL, 10);
	if (registry_open(&registry, NULL) || bench_open(&bench, GUARD_NS, WINDOW_NS, &err)) {
		fprintf(stderr, "cannot start: %s\n", err.text);
		return 1;
	}
	for (unsigned i = 0; i < registry.nr_cells; i++) {
		if (!is_hole(registry.cells[i]))
			run_cell(registry.cells[i]);
	}
	bench_close(&bench);
	if (!windows) {
		fprintf(stderr, "no cell matches '%s'\n", pattern);
		return 1;
	}
	return failures ? 1 : 0;
}
