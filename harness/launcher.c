/*
 * Runs launches: one fresh process each, since the layout of a process is part of what varies.
 *
 * SPDX-License-Identifier: MIT
 */
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "mishap_told.h"
#include "signals.h"

extern char **environ;

static volatile sig_atomic_t caught;
static volatile sig_atomic_t child;

static void on_signal(int signal)
{
	caught = signal;
	/* The terminal signals the launch as well; a kill of this process alone does not. */
	if (child)
		kill(child, SIGTERM);
}

void launcher_catch_signals(void)
{
	signals_catch(on_signal, SA_RESTART);
}

void launcher_release_signals(void)
{
	signals_catch(SIG_DFL, 0);
}

bool launcher_interrupted(void)
{
	return caught;
}

/* This program's arguments, those that make it a launch before the user's: -- may end options. */
static char **launch_arguments(const struct launcher *launcher, char *seed)
{
	char *const *given = launcher->arguments;
	unsigned n = 0, at = 0;
	char **arguments;

	while (given[n])
		n++;
	arguments = calloc(n + 5, sizeof(*arguments));
	if (!arguments)
		return NULL;
	sprintf(seed, "%llu", (unsigned long long)launcher->options->seed);
	arguments[at++] = given[0];
	arguments[at++] = (char *)"--out";
	arguments[at++] = (char *)launcher->directory;
	arguments[at++] = (char *)"--seed";
	arguments[at++] = seed;
	memcpy(arguments + at, given + 1, (n - 1) * sizeof(*arguments));
	return arguments;
}

/* What makes the process a launch. Returns 0 or a positive errno. */
static int set_environment(const struct launcher *launcher, unsigned number)
{
	const struct schedule_point *planned = launcher->schedule->points;
	const unsigned n = launcher->schedule->plan->nr_points;
	const struct cut *cut = launcher->cut->launch == number ? launcher->cut : NULL;
	char launch[16], kept[48], *points = malloc(n + 1);
	int error;

	if (!points)
		return ENOMEM;
	for (unsigned i = 0; i < n; i++)
		points[i] = planned[i].left_out ? '-' :
			    planned[i].measured && !(cut && cut->whole[planned[i].group]) ? '1' : '0';
	points[n] = '\0';
	sprintf(launch, "%u", number);
	error = setenv(OPTIONS_LAUNCH, launch, 1) || setenv(OPTIONS_LAUNCH_POINTS, points, 1) ?
		errno : 0;
	free(points);
	if (cut && cut->group >= 0)
		snprintf(kept, sizeof(kept), "%d %u %u", cut->group, cut->kept, cut->planned);
	if (!error && (cut && cut->group >= 0 ? setenv(OPTIONS_LAUNCH_CUT, kept, 1) :
						unsetenv(OPTIONS_LAUNCH_CUT)))
		error = errno;
	return error;
}

/* Starts the process; its standard output is *output. Returns 0 or a positive errno. */
static int start(const struct launcher *launcher, unsigned number, FILE **output, pid_t *pid)
{
	char seed[32];
	char **arguments = launch_arguments(launcher, seed);
	posix_spawn_file_actions_t actions;
	int ends[2], error = arguments ? set_environment(launcher, number) : ENOMEM;

	if (!error && pipe2(ends, O_CLOEXEC))
		error = errno;
	if (error) {
		free(arguments);
		return error;
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	/* Onto itself: it stays open there. */
	posix_spawn_file_actions_adddup2(&actions, launcher->lock, launcher->lock);
	error = posix_spawn(pid, launcher->again ? orders_again(launcher->orders, ORDERS_SELF) :
			    orders_next(launcher->orders, ORDERS_SELF, launcher->schedule->active),
			    &actions, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	free(arguments);
	close(ends[1]);
	*output = error ? NULL : fdopen(ends[0], "r");
	if (!*output)
		close(ends[0]);
	return error;
}

struct told {
	enum launcher_end end;
	bool any_end, done;
	uint64_t since_ns;	/* the latest group, or the start */
	struct mishap_told mishap;
};

/* Copies at most bytes - 1, without the line's end. */
static void copy_line(char *to, size_t bytes, const char *from)
{
	snprintf(to, bytes, "%.*s", (int)strcspn(from, "\n"), from);
}

static void read_absent(const struct count_plan *counting, struct meta_facts *facts,
			const char *line)
{
	for (unsigned i = 0; i < counting->nr; i++) {
		const char *name = counting->names[i];
		const size_t length = strlen(name);

		if (!strncmp(line, name, length) && line[length] == ' ')
			copy_line(facts->absent[i], sizeof(facts->absent[i]), line + length + 1);
	}
}

/* Of the group a process that was killed measured a part in this launch: what is left tells no launch's time. */
static bool is_rest(const struct launcher *launcher, unsigned number, unsigned group)
{
	const struct cut *cut = launcher->cut;

	return cut && cut->launch == number && cut->group == (int)group;
}

static void note_group(const struct launcher *launcher, unsigned number, unsigned group, struct told *told)
{
	const uint64_t now_ns = clock_monotonic_ns();
	uint64_t *took_ns = &launcher->schedule->took_ns[group];

	if (!is_rest(launcher, number, group) || !*took_ns)
		*took_ns = now_ns - told->since_ns;
	told->since_ns = now_ns;
}

static void read_line(const struct launcher *launcher, unsigned number, const char *line,
		      double *values, unsigned nr_values, struct told *told, struct error *err)
{
	struct meta_facts *facts = launcher->facts;
	unsigned long long count, offset;
	char clock[sizeof(facts->clock)];
	unsigned point;
	double value;

	if (mishap_told_line(&told->mishap, launcher->schedule->plan, line)) {
		return;
	} else if (sscanf(line, "group %u", &point) == 1) {
		if (point && point <= launcher->schedule->plan->nr_groups)
			note_group(launcher, number, point - 1, told);
		progress_step(launcher->progress, number, point);
	} else if (sscanf(line, "point %u %lf", &point, &value) == 2) {
		if (point < nr_values)
			values[point] = value;
	} else if (sscanf(line, "measured %llu", &count) == 1) {
		facts->measured_ns += count;
	} else if (sscanf(line, "clock %15s %lf %llu", clock, &value, &offset) == 3) {
		strcpy(facts->clock, *facts->clock && strcmp(facts->clock, clock) != 0 ?
		       "mixed" : clock);
		facts->ticks_per_ns = value;
		if (offset > facts->max_offset_ns)
			facts->max_offset_ns = offset;
	} else if (!strncmp(line, "absent ", 7)) {
		read_absent(launcher->counting, facts, line + 7);
	} else if (!strncmp(line, "error ", 6) || !strncmp(line, "void ", 5)) {
		told->end = *line == 'v' ? LAUNCHER_VOID : LAUNCHER_FAILED;
		told->any_end = true;
		copy_line(err->text, sizeof(err->text), strchr(line, ' ') + 1);
	} else if (!strcmp(line, "done\n")) {
		told->done = true;
	}
}

/* Returns 0 or a positive errno, and then no status. */
static int wait_for(pid_t pid, int *status)
{
	*status = 0;
	while (waitpid(pid, status, 0) < 0)
		if (errno != EINTR)
			return errno;
	return 0;
}

/* How the process ended, where it did not tell itself; error: why it could not be waited for, or 0. */
static enum launcher_end judge(int error, int status, const struct told *told, unsigned number,
			    struct error *err)
{
	if (told->any_end)
		return told->end;
	if (!error && WIFEXITED(status) && !WEXITSTATUS(status) && told->done)
		return LAUNCHER_DONE;
	if (error)
		error_set(err, error, "cannot wait for launch %u: %s", number, strerror(error));
	else if (WIFEXITED(status) && !WEXITSTATUS(status))
		error_set(err, EIO, "launch %u ended before it was done", number);
	else if (WIFSIGNALED(status))
		error_set(err, EIO, "launch %u was killed by signal %d (%s)", number,
			  WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		error_set(err, EIO, "launch %u ended with exit code %d", number,
			  WEXITSTATUS(status));
	return LAUNCHER_FAILED;
}

/* addr2line gets the program from /proc of this process, which holds the order open. */
static enum launcher_end tell_mishap(const struct launcher *launcher, unsigned number,
				     struct told *told, struct crash *crash, struct error *err)
{
	const char *own = orders_again(launcher->orders, ORDERS_SELF);
	char program[64];

	snprintf(program, sizeof(program), "/proc/%d%s", (int)getpid(), own + strlen("/proc/self"));
	progress_end(launcher->progress);
	mishap_told_tell(&told->mishap, launcher->schedule->plan, number, launcher->directory,
			 launcher->arguments[0], program, crash, err);
	return told->mishap.kind == MISHAP_CRASH && told->mishap.point >= 0 ? LAUNCHER_CRASHED :
									    LAUNCHER_FAILED;
}

enum launcher_end launcher_run(const struct launcher *launcher, unsigned number, double *values,
			    unsigned nr_values, struct crash *crash, struct error *err)
{
	struct told told = { .since_ns = clock_monotonic_ns() };
	enum launcher_end end;
	FILE *output = NULL;
	char *line = NULL;
	size_t size = 0;
	pid_t pid;
	int status, error;

	error = start(launcher, number, &output, &pid);
	if (error) {
		error_set(err, error, "cannot start launch %u: %s", number, strerror(error));
		return LAUNCHER_FAILED;
	}
	child = pid;
	progress_step(launcher->progress, number, 0);
	/* A signal between the start and here reached nobody. */
	if (caught)
		kill(pid, SIGTERM);
	while (output && getline(&line, &size, output) > 0)
		read_line(launcher, number, line, values, nr_values, &told, err);
	free(line);
	if (output)
		fclose(output);
	error = wait_for(pid, &status);
	child = 0;
	if (told.mishap.kind)
		end = tell_mishap(launcher, number, &told, crash, err);
	else
		end = judge(error, status, &told, number, err);
	mishap_told_free(&told.mishap);
	return end;
}
