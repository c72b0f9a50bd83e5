/*
 * Proves that the workloads' verification catches strategies that are wrong on purpose.
 *
 * SPDX-License-Identifier: MIT
 *
 * Each cell of broken_cells.h runs in a process of its own, window after window until one is
 * refused with -EPROTO: a bug that is a race needs its moment, and two processors. Prints nothing
 * when all are caught; with any argument, how each was. Exits 77 where races could not be tried.
 */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define WINDOW_NS 2000000
#define GUARD_NS 50000
/* Deterministic bugs show in the first, races within a few. */
#define MAX_WINDOWS 400
/* Of each window, which a wrecked list or a reclaiming thread in a loop never ends. */
#define LIMIT_S 15
#define EXIT_SKIP 77

enum verdict { CAUGHT, RACE };

/* Beside those of workload.h: held, and ops replace. */
#define SETTING_REPLACE NR_SETTINGS

struct broken {
	const struct workload *cell;
	unsigned setting;
	unsigned workers;
	enum verdict verdict;
};

/* Some cells stand in the list twice, once for each setting: the same declaration again. */
#define BROKEN(name, strategy, setting, workers, verdict) \
	extern const struct workload cell_##name##_broken_##strategy##_test;
#include "broken_cells.h"
#undef BROKEN

#define BROKEN(name, strategy, setting, workers, verdict) \
	{ &cell_##name##_broken_##strategy##_test, SETTING_##setting, workers, verdict },
static const struct broken broken_cells[] = {
#include "broken_cells.h"
};
#undef BROKEN

/* What the child tells by its exit code. */
enum { REFUSED, MISSED, FAILED };

static int run_child(const struct broken *broken)
{
	static struct bench bench;
	const struct rlimit no_core = { 0, 0 };
	struct params params = {
		.workers = broken->workers,
		.objects = 1,
		.setting = broken->setting == SETTING_CHURN ? SETTING_CHURN : SETTING_HELD,
		.replace_permille = broken->setting == SETTING_REPLACE ? 500 : 0,
		.poll_every = 37,
	};
	struct error err;
	int error;

	setrlimit(RLIMIT_CORE, &no_core);
	error = bench_open(&bench, GUARD_NS, WINDOW_NS, &err);
	for (uint64_t i = 1; !error && i <= MAX_WINDOWS; i++) {
		alarm(LIMIT_S);
		error = bench_window(&bench, broken->cell, &params, i, &err);
	}
	if (!error)
		return MISSED;
	if (error == -EPROTO)
		return REFUSED;
	fprintf(stderr, "%s\n", err.text);
	return FAILED;
}

static void report(const struct broken *broken, const char *how)
{
	fprintf(stderr, "%s+%s %s workers=%u: %s\n", broken->cell->name, broken->cell->strategy,
		broken->setting == SETTING_HELD ? "held" :
		broken->setting == SETTING_CHURN ? "churn" : "replace", broken->workers, how);
}

static bool judge(const struct broken *broken, int status, bool tell)
{
	char how[64];
	bool caught;

	if (WIFSIGNALED(status)) {
		snprintf(how, sizeof(how), "%s", WTERMSIG(status) == SIGALRM ? "hung" :
			 strsignal(WTERMSIG(status)));
		caught = broken->verdict == RACE;
	} else {
		caught = WEXITSTATUS(status) == REFUSED;
		snprintf(how, sizeof(how), "%s", caught ? "refused" : "not refused");
	}
	if (tell || !caught)
		report(broken, how);
	return caught;
}

int main(int argc, char **argv)
{
	const unsigned nr = sizeof(broken_cells) / sizeof(*broken_cells);
	unsigned missed = 0, skipped = 0;
	cpu_set_t cpus;
	bool alone;

	(void)argv;
	alone = !sched_getaffinity(0, sizeof(cpus), &cpus) && CPU_COUNT(&cpus) < 2;
	for (unsigned i = 0; i < nr; i++) {
		pid_t child;
		int status;

		if (alone && broken_cells[i].verdict == RACE) {
			skipped++;
			continue;
		}
		child = fork();
		if (child < 0) {
			perror("fork");
			return 1;
		}
		/* _exit: a wrecked heap must not decide how a refused child ends. */
		if (child == 0)
			_exit(run_child(&broken_cells[i]));
		if (waitpid(child, &status, 0) != child) {
			perror("waitpid");
			return 1;
		}
		missed += !judge(&broken_cells[i], status, argc > 1);
	}
	if (skipped)
		fprintf(stderr, "%u races of %u cells skipped: they need two processors\n", skipped, nr);
	return missed ? 1 : skipped ? EXIT_SKIP : 0;
}
