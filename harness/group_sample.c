/*
 * Samples what single ops of a group take, once its rounds are done.
 *
 * SPDX-License-Identifier: MIT
 */
#include "group_internal.h"

#include <errno.h>
#include <stdlib.h>

#include "latency.h"
#include "random.h"

/*
 * Single ops are sampled for so long, or for a quarter of the point's window where that is longer: in the
 * first 12 launches some ten thousand of a few ns, of which ten lie beyond 99.9 percent.
 */
#define SAMPLE_NS 600000

/* A window of its own, so that no stamp is in what the rounds measure. */
static int sample_point(struct measuring *m, struct point *point, uint64_t seed, struct error *err)
{
	const bool deferred = m->group->deferred;
	const struct record_window window = {
		.launch = m->engine->launch,
		.group = m->group,
		.cell = point->cell,
		.node = m->node,
		.shared_reclaim = m->shared_reclaim,
		.resumed = m->engine->kept_rounds,
	};
	const struct window_request request = {
		.cell = point->cell,
		.point = m->group->first_point + (unsigned)(point - m->points),
		.params = &m->params,
		.arena = m->arena.memory,
		.seed = seed,
		.batch_ops = 1,
		/* A period until garbage comes back, and all that happens in one. */
		.guard_ns = deferred ? m->group->reclaim_period_ns : point->guard_ns,
		.window_ns = deferred ? m->group->reclaim_period_ns :
			     point->window_ns / 4 > SAMPLE_NS ? point->window_ns / 4 : SAMPLE_NS,
		.samplers = latency_samplers(&m->engine->latency, m->group->threads,
					     point->last_batch_ops, seed),
	};
	const int error = window_run(&m->engine->team, &m->engine->clock, &request, &m->result, err);

	return error ? error : latency_add(&m->engine->latency, &m->engine->clock, &window, &m->result,
					   err);
}

/* Of the first so many points those that are no controls. */
static unsigned count_sampled(const struct group *group, unsigned up_to)
{
	unsigned n = 0;

	for (unsigned i = 0; i < up_to; i++)
		n += group->cells[i]->kind != CELL_CONTROL;
	return n;
}

bool group_samples(const struct group *group, unsigned point, unsigned launch, unsigned turns)
{
	const unsigned n = count_sampled(group, group->nr_cells);
	const unsigned nr = group->deferred ? (n + turns - 1) / turns : n;

	/* A point that crashed keeps its turn, so that nobody else's depends on it. */
	return group->cells[point]->kind != CELL_CONTROL &&
	       (count_sampled(group, point) + n - (launch - 1) * nr % n) % n < nr;
}

/* Fills order with the points of this launch's turn. Returns how many these are. */
static unsigned sample_order(const struct measuring *m, unsigned *order)
{
	unsigned nr = 0;

	for (unsigned i = 0; i < m->group->nr_cells; i++)
		if (m->measured[i] &&
		    group_samples(m->group, i, m->engine->launch, m->engine->sample_turns))
			order[nr++] = i;
	return nr;
}

int group_sample(struct measuring *m, struct error *err)
{
	uint64_t random = m->engine->seed + 1;
	unsigned *order = calloc(m->group->nr_cells, sizeof(*order));
	const unsigned nr = order ? sample_order(m, order) : 0;
	int error = order ? 0 : error_set(err, ENOMEM, "no memory for an order of points");

	if (order)
		random_shuffle(order, nr, &random);
	group_was_stolen(m);
	for (unsigned i = 0; !error && i < nr; i++)
		error = *m->engine->interrupted ? -EINTR :
			sample_point(m, &m->points[order[i]], random_next(&random), err);
	if (!error)
		error = latency_group_end(&m->engine->latency, group_was_stolen(m), err);
	free(order);
	return error;
}
