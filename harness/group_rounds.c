/*
 * Runs the rounds of a group: warm up, size the batches and windows, shuffle, measure, record.
 *
 * SPDX-License-Identifier: MIT
 */
#include "group_internal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "random.h"
#include "stats.h"

/* Slow ops: until each worker does this many, but no longer than the limit. */
#define WINDOW_MIN_OPS 200
#define WINDOW_MAX_NS 50000000
/*
 * Deferred frees come in bursts a period apart: a window holds several, the guard lets them level.
 */
#define WINDOW_RECLAIM_PERIODS 5
#define GUARD_RECLAIM_PERIODS 2
/* What is deferred from poll to poll comes about by the third. */
#define POLLS_A_RECLAIM 3
/* Two batches: every worker is in its loop and has the object's line when the interval begins. */
#define GUARD_NS (2 * WINDOW_BATCH_NS)
/* The first windows of a point fault pages in and find the batch; none of them is recorded. */
#define WARM_UP_NS 1000000

#define MIN_ROUNDS 3

/*
 * All windows of a round count the same, so that what is set side by side is; from round to round and
 * from launch to launch the groups take turns. A deferred group may have one round a launch.
 */
static unsigned counter_group(const struct engine *engine, unsigned round)
{
	const unsigned nr_groups = engine->counting.nr_groups;

	return nr_groups < 2 ? 0 : 1 + (engine->launch + round) % (nr_groups - 1);
}

/* round: 0 for one that is not recorded. */
static int open_window(struct measuring *m, struct point *point, unsigned round, uint64_t seed,
		       struct error *err)
{
	const struct window_request request = {
		.cell = point->cell,
		.point = m->group->first_point + (unsigned)(point - m->points),
		.params = &m->params,
		.arena = m->arena.memory,
		.seed = seed,
		.batch_ops = point->batch_ops,
		.guard_ns = point->guard_ns,
		.window_ns = point->window_ns,
		.counter_group = counter_group(m->engine, round),
	};

	return window_run(&m->engine->team, &m->engine->clock, &request, &m->result, err);
}

/* As open_window(), of the warm-up, which sees what an oversubscribed group has to wait for. */
static int open_first(struct measuring *m, struct point *point, struct error *err)
{
	const uint64_t begun = clock_ticks(&m->engine->clock);
	const int error = open_window(m, point, 0, m->engine->seed, err);
	const uint64_t took_ns = clock_to_ns(&m->engine->clock, clock_ticks(&m->engine->clock) - begun);
	const uint64_t own_ns = point->guard_ns + point->window_ns;

	point->slices_ns = m->group->oversubscribed && took_ns > own_ns ? took_ns - own_ns : 0;
	return error;
}

/* A longer first window until each counting worker has done an op inside it, then the sizes. */
static int warm_up(struct measuring *m, struct point *point, struct error *err)
{
	const unsigned threads = m->group->threads;
	const double counting = (double)threads / point->cell->multiple;
	double ns_per_op;
	double mops = 0;

	point->batch_ops = 0;
	/* The guard is long enough to find the batch, and does. */
	if (m->group->deferred) {
		point->window_ns = WINDOW_RECLAIM_PERIODS * m->group->reclaim_period_ns;
		point->guard_ns = GUARD_RECLAIM_PERIODS * m->group->reclaim_period_ns;
		return 0;
	}
	point->guard_ns = GUARD_NS;
	for (point->window_ns = WARM_UP_NS; mops <= 0; point->window_ns *= 4) {
		int error = open_first(m, point, err);

		if (error)
			return error;
		mops = window_mops(&m->engine->clock, &m->result, threads);
		if (point->window_ns > 16ull * WINDOW_MAX_NS)
			break;
	}
	/* Of one worker that counts. Nothing done in 3 s: one op a batch, the longest window. */
	ns_per_op = mops > 0 ? 1000 * counting / mops : WINDOW_MAX_NS;
	point->batch_ops = 1;
	if (ns_per_op < WINDOW_BATCH_NS)
		point->batch_ops = (uint64_t)(WINDOW_BATCH_NS / ns_per_op);
	point->window_ns = GROUP_WINDOW_NS;
	if (ns_per_op * WINDOW_MIN_OPS > GROUP_WINDOW_NS)
		point->window_ns = (uint64_t)fmin(ns_per_op * WINDOW_MIN_OPS, WINDOW_MAX_NS);
	/* From poll to poll: as many ops as its periods need, however slow. */
	if (point->cell->polled && !point->cell->polls_each_op)
		point->window_ns = (uint64_t)fmax((double)point->window_ns, ns_per_op *
						  WINDOW_RECLAIM_PERIODS * POLLS_A_RECLAIM *
						  GROUP_POLL_EVERY);
	return 0;
}

/* Slowest over fastest counting worker's rate over the launch so far; NAN with one. */
static double point_fairness(struct point *point, const struct window_result *result,
			     unsigned threads)
{
	double slowest = INFINITY, fastest = 0;
	unsigned nr = 0;

	for (unsigned i = 0; i < threads; i++) {
		double rate;

		if (!result->workers[i].counts)
			continue;
		point->rates[i] += (double)result->workers[i].ops;
		point->ticks[i] += (double)result->workers[i].ticks;
		rate = point->rates[i] / point->ticks[i];
		slowest = fmin(slowest, rate);
		fastest = fmax(fastest, rate);
		nr++;
	}
	return nr > 1 && fastest > 0 ? slowest / fastest : NAN;
}

static int measure_point(struct measuring *m, struct point *point, unsigned round,
			 unsigned position, uint64_t seed, struct error *err)
{
	const unsigned threads = m->group->threads;
	struct record_window window = {
		.launch = m->engine->launch,
		.round = round,
		.position = position,
		.round_windows = m->nr_measured,
		.rounds = m->rounds,
		.point = (unsigned)(point - m->points),
		.group = m->group,
		.cell = point->cell,
		.node = m->node,
		.shared_reclaim = m->shared_reclaim,
		.resumed = m->engine->kept_rounds,
		.counter_group = counter_group(m->engine, round),
	};
	int error = open_window(m, point, round, seed, err);

	if (error)
		return error;
	if (m->engine->watch)
		m->engine->watch(m->engine, m->arena.memory, &m->result);
	window.mops = window_mops(&m->engine->clock, &m->result, threads);
	window.fairness = point_fairness(point, &m->result, threads);
	/* Infinite where nothing was done: left out, windows would be chosen by what they measured. */
	point->rounds[point->nr_rounds++] = 1000 * threads / window.mops;
	point->sum_mops += window.mops;
	point->last_batch_ops = m->result.batch_ops;
	m->engine->measured_ns += point->window_ns;
	return record_add(&m->engine->record, &window, &m->result, err);
}

/*
 * As many as the group's time has. Where some points are left out the others have more: of 32 rounds what a launch
 * says scatters a third as much as of 8. Windows of a deferred group are long, and one of each point may be all that
 * there is time for.
 */
static unsigned rounds_for(const struct measuring *m)
{
	const unsigned fewest = m->group->deferred || m->engine->brief ? 1 : MIN_ROUNDS;
	uint64_t round_ns = 1;
	uint64_t rounds;

	/* Of points that are not measured both are 0. */
	for (unsigned i = 0; i < m->group->nr_cells; i++)
		round_ns += m->points[i].guard_ns + m->points[i].window_ns + m->points[i].slices_ns;
	/* A group has a cell at least. NOLINTNEXTLINE(clang-analyzer-core.DivideZero) */
	rounds = m->engine->group_ns / round_ns;
	return rounds < fewest ? fewest : rounds > GROUP_MAX_ROUNDS ? GROUP_MAX_ROUNDS : (unsigned)rounds;
}

bool group_was_stolen(struct measuring *m)
{
	const uint64_t before = m->steal;
	struct cputime now;

	if (m->engine->stat.fd < 0 ||
	    cputime_read(&m->engine->stat, m->cpus, m->group->threads, &now))
		return false;
	m->steal = now.steal;
	return now.steal > before;
}

/* Only its ops are still to be sampled: how many a batch has is seen in windows that are not recorded. */
static int find_batches(struct measuring *m, const unsigned *order, struct error *err)
{
	int error = 0;

	for (unsigned i = 0; !error && i < m->nr_measured; i++) {
		struct point *point = &m->points[order[i]];

		error = *m->engine->interrupted ? -EINTR :
			open_window(m, point, 0, m->engine->seed, err);
		point->last_batch_ops = m->result.batch_ops;
	}
	return error;
}

int group_rounds(struct measuring *m, struct error *err)
{
	const unsigned n = m->nr_measured;
	uint64_t random = m->engine->seed;
	unsigned *order = calloc(n, sizeof(*order));
	uint64_t *seeds = calloc(n, sizeof(*seeds));
	const unsigned kept = m->engine->kept_rounds;
	unsigned nr = 0;
	int error = order && seeds ? 0 : error_set(err, ENOMEM, "no memory for a round");

	for (unsigned i = 0; !error && i < m->group->nr_cells; i++) {
		if (!m->measured[i])
			continue;
		order[nr++] = i;
		error = *m->engine->interrupted ? -EINTR : warm_up(m, &m->points[i], err);
	}
	if (!error)
		m->rounds = kept ? m->engine->planned_rounds : rounds_for(m);
	/* The first long window touches the pages of the pools: it is not recorded. */
	if (!error && m->group->deferred)
		error = open_window(m, &m->points[order[0]], 0, m->engine->seed, err);
	for (unsigned i = 0; m->engine->window_ns && i < m->group->nr_cells; i++)
		m->points[i].window_ns = m->engine->window_ns;
	/* Now that pages are touched. What comes from malloc is where malloc has it. */
	if (!error && !m->params.use_malloc)
		home_read(m->arena.memory, m->arena.bytes, m->node, sizeof(m->node));
	if (!error && kept && kept == m->rounds)
		error = find_batches(m, order, err);
	group_was_stolen(m);
	for (unsigned round = 1; !error && round <= m->rounds; round++) {
		random_round(order, seeds, n, &random);
		if (round <= kept)
			continue;
		for (unsigned i = 0; !error && i < n; i++)
			error = *m->engine->interrupted ? -EINTR :
				measure_point(m, &m->points[order[i]], round, i + 1, seeds[i], err);
		if (!error)
			error = record_round(&m->engine->record, group_was_stolen(m), err);
	}
	record_drop(&m->engine->record);
	free(seeds);
	free(order);
	return error;
}

void group_values(const struct measuring *m, double *ns_per_op)
{
	for (unsigned i = 0; i < m->group->nr_cells; i++) {
		struct point *point = &m->points[i];

		if (!point->nr_rounds)
			ns_per_op[i] = NAN;
		else if (m->group->deferred)
			ns_per_op[i] = 1000 * m->group->threads * point->nr_rounds /
				       point->sum_mops;
		else
			ns_per_op[i] = stats_median_inplace(point->rounds, point->nr_rounds);
	}
}
