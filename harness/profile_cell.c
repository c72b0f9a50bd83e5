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
#include "mishap.h"
#include "profile_point.h"

/* Code of one program or library; the program's own name is empty. */
static int tell_text(struct dl_phdr_info *info, size_t bytes, void *program)
{
	/* As the kernel has mapped it, which is what perf tells. */
	char *real = *info->dlpi_name ? realpath(info->dlpi_name, NULL) : NULL;
	const char *path = real ? real : *info->dlpi_name ? info->dlpi_name : program;

	(void)bytes;
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];

		if (part->p_type != PT_LOAD || !(part->p_flags & PF_X))
			continue;
		printf("text %" PRIx64 " %" PRIx64 " %" PRIx64 " %" PRIx64 " %s\n",
		       (uint64_t)(info->dlpi_addr + part->p_vaddr), (uint64_t)part->p_memsz,
		       (uint64_t)part->p_offset, (uint64_t)part->p_vaddr, path);
	}
	free(real);
	return 0;
}

static void tell_texts(void)
{
	char program[PATH_MAX];
	const ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

	program[length > 0 ? length : 0] = '\0';
	dl_iterate_phdr(tell_text, program);
}

/* What a worker is told by before the window, for after it. */
struct thread {
	pid_t tid;
	uint64_t ready_ns;	/* UINT64_MAX: not told */
};

/* The watch has the engine alone. */
struct sampled {
	struct engine engine;
	struct thread *threads;
};

/* Of a thread's life so far. */
static uint64_t ready_ns(pid_t tid)
{
	char path[64];
	uint64_t ran, ready;
	FILE *file;
	int nr;

	snprintf(path, sizeof(path), "/proc/self/task/%d/schedstat", (int)tid);
	file = fopen(path, "re");
	if (!file)
		return UINT64_MAX;
	nr = fscanf(file, "%" SCNu64 " %" SCNu64, &ran, &ready);
	fclose(file);
	return nr == 2 ? ready : UINT64_MAX;
}

static void fill_tid(struct member *member, void *threads)
{
	((struct thread *)threads)[member->index].tid = gettid();
}

static int tell_workers(struct sampled *sampled, struct error *err)
{
	struct team *team = &sampled->engine.team;

	sampled->threads = calloc(team->active, sizeof(*sampled->threads));
	if (!sampled->threads)
		return error_set(err, ENOMEM, "no memory for %u workers", team->active);
	team_do(team, fill_tid, sampled->threads);
	for (unsigned i = 0; i < team->active; i++) {
		printf("worker %u %d\n", i, (int)sampled->threads[i].tid);
		sampled->threads[i].ready_ns = ready_ns(sampled->threads[i].tid);
	}
	return 0;
}

/* Since then: the sizing windows before are a thousandth of this one. */
static void tell_ready(const struct thread *thread, unsigned number)
{
	const uint64_t now = ready_ns(thread->tid);

	if (now == UINT64_MAX || thread->ready_ns == UINT64_MAX)
		printf("ready-unknown %u\n", number);
	else
		printf("ready %u %" PRIu64 "\n", number, now - thread->ready_ns);
}

static void tell_window(const struct engine *engine, const void *arena,
			const struct window_result *result)
{
	const struct sampled *sampled = (const struct sampled *)engine;

	printf("arena %" PRIxPTR "\n", (uintptr_t)arena);
	printf("interval %" PRIu64 " %" PRIu64 "\n", result->begin_ticks, result->end_ticks);
	for (unsigned i = 0; i < engine->team.active; i++) {
		printf("busy %u %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", i, result->workers[i].user_ns,
		       result->workers[i].kernel_ns, result->workers[i].ticks);
		tell_ready(&sampled->threads[i], i);
	}
}

static int measure(struct sampled *sampled, const struct group *group, const char *directory,
		   struct error *err)
{
	struct engine *engine = &sampled->engine;
	double ns_per_op;
	int error = record_open(&engine->record, directory, &engine->counting, err);

	if (error)
		return error;
	/* No counters: they would take the processor's from the profiler. */
	error = team_create(&engine->team, group->threads, &engine->counting, err);
	if (!error) {
		error = engine_check_clock(engine, group, err);
		if (!error)
			error = tell_workers(sampled, err);
		if (!error)
			error = group_measure(engine, group, (const bool[]){ true }, &ns_per_op, err);
		if (!error)
			printf("op %.9g\n", ns_per_op);
		team_destroy(&engine->team);
		free(sampled->threads);
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
	struct sampled sampled = { .engine = {
		.place = place,
		.launch = 1,
		.seed = options->seed,
		.use_malloc = options->use_malloc,
		.home = options->home,
		.brief = true,		/* one round: one window */
		.watch = tell_window,
		.interrupted = &interrupted,
		.stat = { .fd = -1 },
	} };
	struct group group;
	struct error err;
	int error;

	/* Without the process that reads this nobody would. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* A crash leaves nothing behind that was told. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!read_order(options, &number, &seconds, &directory))
		error = error_set(&err, EINVAL, OPTIONS_PROFILED ": is for a profile's own use, please "
				  "unset it");
	else
		error = profile_point_find(options, plan, number, &group, &cell, &err);
	if (!error) {
		sampled.engine.window_ns = (uint64_t)seconds * 1000000000;
		clock_init(&sampled.engine.clock);
		/* The samples' own. */
		clock_use_monotonic(&sampled.engine.clock);
		tell_texts();
		error = mishap_open(STDOUT_FILENO, mishap_base_ns(), &err);
	}
	if (!error)
		error = measure(&sampled, &group, directory, &err);
	mishap_close();
	if (error)
		printf("error %s\n", err.text);
	return error ? EXIT_INVALID : EXIT_DONE;
}
