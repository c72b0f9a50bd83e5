/*
 * Runs a profile's cell in the engine that measures, and tells what the samples are to be read with.
 *
 * SPDX-License-Identifier: MIT
 */
#include "profile_cell.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <link.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "group.h"
#include "launch.h"
#include "profile_point.h"

/* Code of one program or library; the program's own name is empty. */
static int tell_text(struct dl_phdr_info *info, size_t bytes, void *program)
{
	const char *path = *info->dlpi_name ? info->dlpi_name : program;

	(void)bytes;
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];

		if (part->p_type != PT_LOAD || !(part->p_flags & PF_X))
			continue;
		printf("text %" PRIx64 " %" PRIx64 " %" PRIx64 " %" PRIx64 " %s\n",
		       (uint64_t)(info->dlpi_addr + part->p_vaddr), (uint64_t)part->p_memsz,
		       (uint64_t)part->p_offset, (uint64_t)part->p_vaddr, path);
	}
	return 0;
}

static void tell_texts(void)
{
	char program[PATH_MAX];
	const ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

	program[length > 0 ? length : 0] = '\0';
	dl_iterate_phdr(tell_text, program);
}

static void fill_tid(struct member *member, void *tids)
{
	((pid_t *)tids)[member->index] = gettid();
}

static int tell_workers(struct team *team, struct error *err)
{
	pid_t *tids = calloc(team->active, sizeof(*tids));

	if (!tids)
		return error_set(err, ENOMEM, "no memory for %u workers", team->active);
	team_do(team, fill_tid, tids);
	for (unsigned i = 0; i < team->active; i++)
		printf("worker %u %d\n", i, (int)tids[i]);
	free(tids);
	return 0;
}

static void tell_window(const struct engine *engine, const void *arena,
			const struct window_result *result)
{
	printf("arena %" PRIxPTR "\n", (uintptr_t)arena);
	printf("interval %" PRIu64 " %" PRIu64 "\n", result->begin_ticks, result->end_ticks);
	for (unsigned i = 0; i < engine->team.active; i++)
		printf("busy %u %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", i, result->workers[i].user_ns,
		       result->workers[i].kernel_ns, result->workers[i].ticks);
}

static int measure(struct engine *engine, const struct group *group, const char *directory,
		   struct error *err)
{
	double ns_per_op;
	int error = record_open(&engine->record, directory, &engine->counting, err);

	if (error)
		return error;
	/* No counters: they would take the processor's from the profiler. */
	error = team_create(&engine->team, group->threads, &engine->counting, err);
	if (!error) {
		error = engine_check_clock(engine, group, err);
		if (!error)
			error = tell_workers(&engine->team, err);
		if (!error)
			error = group_measure(engine, group, &ns_per_op, err);
		if (!error)
			printf("op %.9g\n", ns_per_op);
		team_destroy(&engine->team);
	}
	if (error)
		record_close(&engine->record, &(struct error){ "" });
	else
		error = record_close(&engine->record, err);
	return error;
}

/* Reads options->profiled. false: it is not as this program writes it. */
static bool read_order(const struct options *options, unsigned *number, unsigned *seconds,
		       const char **directory)
{
	int length = 0;

	if (sscanf(options->profiled, "%u:%u:%n", number, seconds, &length) != 2 || !length ||
	    *number >= options->nr_cells)
		return false;
	*directory = options->profiled + length;
	return true;
}

int profile_cell_run(const struct options *options, const struct plan *plan,
		     const struct place *place)
{
	volatile sig_atomic_t interrupted = 0;
	const struct workload *cell;
	const char *directory = NULL;
	unsigned number, seconds;
	struct engine engine = {
		.place = place,
		.launch = 1,
		.seed = options->seed,
		.use_malloc = options->use_malloc,
		.home = options->home,
		.brief = true,		/* one round: one window */
		.watch = tell_window,
		.interrupted = &interrupted,
		.stat = { .fd = -1 },
	};
	struct group group;
	struct error err;
	int error;

	/* Without the process that reads this nobody would. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (!read_order(options, &number, &seconds, &directory))
		error = error_set(&err, EINVAL, OPTIONS_PROFILED ": is for a profile's own use, please "
				  "unset it");
	else
		error = profile_point_find(options, plan, number, &group, &cell, &err);
	if (!error) {
		engine.window_ns = (uint64_t)seconds * 1000000000;
		clock_init(&engine.clock);
		/* The samples' own. */
		clock_use_monotonic(&engine.clock);
		tell_texts();
		error = measure(&engine, &group, directory, &err);
	}
	if (error)
		printf("error %s\n", err.text);
	return error ? EXIT_INVALID : EXIT_DONE;
}
