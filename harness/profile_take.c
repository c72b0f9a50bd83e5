/*
 * Runs perf record, and perf script on what it wrote.
 *
 * SPDX-License-Identifier: MIT
 *
 * perf stamps samples with the clock that the process measures with: those inside the window are taken,
 * and setup, guards and barriers are left out to the microsecond.
 */
#include "profile_take.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mishap_told.h"
#include "profile_tool.h"

/* The first line of a file that says something; "" where there is none. */
static void first_line(const char *path, char *text, size_t bytes)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;

	*text = '\0';
	while (file && !*text && getline(&line, &size, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (strcmp(line, "Error:") != 0)
			snprintf(text, bytes, "%s", line + strspn(line, " \t"));
	}
	free(line);
	if (file)
		fclose(file);
}

/* perf's words, this program, and its own words again. NULL without memory. */
static const char **command_make(const struct profile_take *take, const char *program)
{
	unsigned nr = 0, own = 0, at = 0;
	const char **command;

	while (take->record[nr])
		nr++;
	while (take->arguments[own])
		own++;
	command = calloc(nr + own + 3, sizeof(*command));
	if (!command)
		return NULL;
	for (unsigned i = 0; i < nr; i++)
		command[at++] = take->record[i];
	command[at++] = "--";
	command[at++] = program;
	for (unsigned i = 1; i < own; i++)
		command[at++] = take->arguments[i];
	return command;
}

/* What makes the process the one that is sampled. Returns 0 or -errno. */
static int set_order(const struct profile_take *take)
{
	char *order;
	int error;

	if (asprintf(&order, "%u:%u:%s", take->cell, take->seconds, take->directory) < 0)
		return -ENOMEM;
	error = setenv(OPTIONS_PROFILED, order, 1) ? -errno : 0;
	free(order);
	return error;
}

static int read_told(struct tool *tool, const struct plan *plan, struct profile_told *told,
		     struct mishap_told *mishap)
{
	char *line = NULL;
	size_t size = 0;
	int error = 0;

	while (!error && getline(&line, &size, tool->output) > 0)
		if (!mishap_told_line(mishap, plan, line))
			error = profile_told_read(told, line);
	free(line);
	return error;
}

/* Why there is nothing to read, if so. */
static int judge(const struct profile_take *take, const struct profile_told *told, int code,
		 const char *errors, struct error *err)
{
	char text[256];

	if (*told->error)
		return error_set(err, EIO, "%s", told->error);
	if (!code && told->ns_per_op > 0 && told->interval_ns > 0)
		return 0;
	/* perf ends by the signal that ended the cell. */
	if (code > 128)
		return error_set(err, EIO, "%s, or perf record around it, was killed by signal %d (%s)",
				 take->name, code - 128, strsignal(code - 128));
	first_line(errors, text, sizeof(text));
	return error_set(err, EIO, "perf record failed (exit code %d)%s%s", code, *text ? ": " : "",
			 text);
}

/* Waits for perf's end, which comes after the cell's. */
static int finish(struct tool *tool, const struct profile_take *take, const char *program,
		  const char *errors, struct profile_told *told, struct error *err)
{
	struct mishap_told mishap = { .kind = MISHAP_NONE };
	int error = read_told(tool, take->plan, told, &mishap);
	const int code = tool_close(tool);
	struct crash crash;

	if (error) {
		error_set(err, -error, "no memory");
	} else if (mishap.kind) {
		mishap_told_tell(&mishap, take->plan, 0, take->directory, program, program, &crash, err);
		error = -ECANCELED;
	} else {
		error = judge(take, told, code, errors, err);
	}
	mishap_told_free(&mishap);
	return error;
}

int profile_take(const struct profile_take *take, struct profile_told *told, struct error *err)
{
	char program[PATH_MAX];
	const ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
	const char **command;
	char *errors = NULL;
	struct tool tool;
	int error;

	program[length > 0 ? length : 0] = '\0';
	command = command_make(take, program);
	error = command && asprintf(&errors, "%s/perf.errors", take->directory) >= 0 ?
		set_order(take) : -ENOMEM;
	if (!error)
		error = tool_open(&tool, command, NULL, errors);
	if (error)
		error_set(err, -error, "cannot run perf: %s", strerror(-error));
	else
		error = finish(&tool, take, program, errors, told, err);
	unsetenv(OPTIONS_PROFILED);
	if (errors)
		unlink(errors);
	free(errors);
	free(command);
	return error;
}

static int read_samples(struct profile *profile, const char *data, struct error *err)
{
	const char *const argv[] = {
		"perf", "script", "-i", data, "-F", "tid,time,period,ip,sym,symoff,dso", "--ns", NULL
	};
	const struct spots_window window = {
		profile->told.begin_ns, profile->told.end_ns, profile->told.workers,
		profile->told.nr_workers,
	};
	struct tool tool;
	int code, error = tool_open(&tool, argv, NULL, NULL);

	if (error)
		return error_set(err, -error, "cannot run perf script: %s", strerror(-error));
	error = spots_read(&profile->spots, tool.output, &window);
	code = tool_close(&tool);
	if (error)
		return error_set(err, -error, error == -ENOMEM ? "no memory for samples" :
				 "perf script prints what this program does not know");
	if (code)
		return error_set(err, EIO, "perf script failed (exit code %d)", code);
	return 0;
}

int profile_sample(struct profile *profile, const struct profile_take *like, struct error *err)
{
	char data[PATH_MAX], hertz[16];
	const char *const record[] = {
		"perf", "record", "-q", "-e", profile->event.name, "-F", hertz, "-g",
		"-k", "CLOCK_MONOTONIC", "-o", data, NULL
	};
	struct profile_take take = *like;
	int error;

	snprintf(data, sizeof(data), "%s/perf.data", like->directory);
	snprintf(hertz, sizeof(hertz), "%u", profile->event.hertz);
	take.record = record;
	error = profile_take(&take, &profile->told, err);
	return error ? error : read_samples(profile, data, err);
}
