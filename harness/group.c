/*
 * Measures a group in one launch: its workers, their memory, the rounds, the single ops.
 *
 * SPDX-License-Identifier: MIT
 */
#include "group_internal.h"

#include <errno.h>
#include <stdlib.h>

#include "work.h"

static int prepare_memory(struct measuring *m, struct error *err)
{
	const unsigned threads = m->group->threads;
	size_t bytes = 0;

	for (unsigned i = 0; i < m->group->nr_cells; i++) {
		const size_t own = m->group->cells[i]->bytes(&m->params);

		bytes = own > bytes ? own : bytes;
	}
	m->result.workers = calloc(threads, sizeof(*m->result.workers));
	/* A group has a cell at least. NOLINTNEXTLINE(clang-analyzer-*) */
	m->points = calloc(m->group->nr_cells, sizeof(*m->points));
	if (!m->result.workers || !m->points)
		return error_set(err, ENOMEM, "no memory for %u workers", threads);
	for (unsigned i = 0; i < m->group->nr_cells; i++) {
		m->points[i].cell = m->group->cells[i];
		m->points[i].rates = calloc(2 * threads, sizeof(double));
		if (!m->points[i].rates)
			return error_set(err, ENOMEM, "no memory for %u workers", threads);
		m->points[i].ticks = m->points[i].rates + threads;
	}
	return arena_open(&m->arena, bytes, &m->engine->home, m->cpus[0], err);
}

/* Rallies the workers on the group's processors; *cpus is the caller's to free. */
static int rally(struct engine *engine, const struct group *group, int **cpus, struct error *err)
{
	const struct place *place = engine->place;

	*cpus = calloc(group->threads, sizeof(**cpus));
	if (!*cpus)
		return error_set(err, ENOMEM, "no memory for %u workers", group->threads);
	for (unsigned i = 0; i < group->threads; i++)
		(*cpus)[i] = place->cpus[group->placement][i % place->nr_cpus[group->placement]];
	return team_rally(&engine->team, *cpus, group->threads, group->oversubscribed, err);
}

int engine_check_clock(struct engine *engine, const struct group *group, struct error *err)
{
	uint64_t offset_ns;
	int *cpus;
	int error = rally(engine, group, &cpus, err);

	free(cpus);
	if (error || engine->clock.monotonic)
		return error;
	offset_ns = clock_to_ns(&engine->clock, team_clock_offset(&engine->team));
	if (offset_ns > engine->max_offset_ns)
		engine->max_offset_ns = offset_ns;
	/* More than 1 percent of a window would show as a rate. */
	if (offset_ns > GROUP_WINDOW_NS / 100)
		clock_use_monotonic(&engine->clock);
	return 0;
}

struct params group_params(const struct group *group, bool use_malloc)
{
	return (struct params){
		.workers = group->threads,
		.objects = group->objects,
		.setting = group->setting,
		.replace_permille = group->replace,
		.packed = group->packed,
		.use_malloc = use_malloc,
		.poll_every = GROUP_POLL_EVERY,
	};
}

int group_measure(struct engine *engine, const struct group *group, const bool *measured,
		  double *ns_per_op, struct error *err)
{
	struct measuring m = { .engine = engine, .group = group, .measured = measured };
	cpu_set_t *reclaim_cpus = NULL;
	double loops_per_ns = 0;
	int error;

	for (unsigned i = 0; i < group->nr_cells; i++)
		m.nr_measured += measured[i];
	m.params = group_params(group, engine->use_malloc);
	m.shared_reclaim = !place_outside(engine->place, group->placement, group->threads,
					  &reclaim_cpus, &m.params.reclaim_cpus_bytes) &&
			   group->deferred;
	m.params.reclaim_cpus = reclaim_cpus;
	error = reclaim_cpus ? 0 : error_set(err, ENOMEM, "no memory for a set of processors");
	if (!error)
		error = rally(engine, group, &m.cpus, err);
	if (!error && group->work_ns)
		error = work_calibrate(&engine->team, &engine->clock, &loops_per_ns, err);
	m.params.work_loops = (uint64_t)(group->work_ns * loops_per_ns + 0.5);
	if (!error)
		error = prepare_memory(&m, err);
	if (!error)
		error = group_rounds(&m, err);
	if (!error && engine->samples && m.nr_measured + engine->nr_left_out == group->nr_cells)
		error = group_sample(&m, err);
	if (!error)
		group_values(&m, ns_per_op);
	if (m.arena.memory)
		arena_close(&m.arena);
	for (unsigned i = 0; m.points && i < group->nr_cells; i++)
		free(m.points[i].rates);
	free(m.points);
	free(m.result.workers);
	free(m.cpus);
	CPU_FREE(reclaim_cpus);
	return error;
}
