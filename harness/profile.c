/*
 * Takes the profiles of one or two cells, and writes what they say.
 *
 * SPDX-License-Identifier: MIT
 */
#include "profile.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"
#include "group.h"
#include "launch.h"
#include "profile_cell.h"
#include "profile_point.h"
#include "profile_take.h"
#include "profile_tool.h"
#include "profile_write.h"
#include "runfile.h"

/* Long enough for 8000 samples of each worker: a share of a half to +-1 percent. */
#define DEFAULT_SECONDS 4

struct profiling {
	const struct options *options;
	const struct plan *plan;
	const char *home;
	char **arguments;
	char host[256];
	char *directory, *started_utc, *command;
	unsigned seconds;
	struct profile profiles[2];
	struct profile_page page;
};

static int complain(const struct error *err, int code)
{
	fprintf(stderr, "krefbench: %s\n", err->text);
	return code;
}

/* The words that were typed, as far as one line of a page needs them. */
static char *command_of(char *const *arguments)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (!out)
		return NULL;
	fputs("./run.sh", out);
	for (unsigned i = 1; arguments[i]; i++)
		fprintf(out, " %s", arguments[i]);
	return fclose(out) ? NULL : text;
}

static int open_folder(struct profiling *profiling, struct error *err)
{
	char host[300];

	if (gethostname(profiling->host, sizeof(profiling->host) - 1) || !*profiling->host)
		strcpy(profiling->host, "localhost");
	snprintf(host, sizeof(host), "profile-%s", profiling->host);
	profiling->command = command_of(profiling->arguments);
	if (!profiling->command)
		return error_set(err, ENOMEM, "no memory");
	return folder_make(profiling->home, profiling->options->directory, host,
			   &profiling->directory, &profiling->started_utc, err);
}

/* Of two cells each has a folder in it. *directory is the caller's to free. */
static int folder_of(const struct profiling *profiling, unsigned cell, char **directory,
		     struct error *err)
{
	const bool two = profiling->options->nr_cells == 2;

	if (asprintf(directory, "%s%s", profiling->directory, !two ? "" : cell ? "/b" : "/a") < 0)
		return error_set(err, ENOMEM, "no memory");
	if (two && mkdir(*directory, 0755)) {
		const int error = errno;

		free(*directory);
		return error_set(err, error, "cannot make a folder in %s: %s", profiling->directory,
				 strerror(error));
	}
	return 0;
}

static int take_one(struct profiling *profiling, unsigned number, struct error *err)
{
	struct profile *profile = &profiling->profiles[number];
	const struct options *options = profiling->options;
	const struct workload *cell;
	struct params params;
	struct group group;
	struct profile_take take = {
		.arguments = profiling->arguments, .name = profile->name, .plan = profiling->plan,
		.cell = number, .seconds = profiling->seconds,
	};
	char *directory;
	int error = profile_point_find(options, profiling->plan, number, &group, &cell, err);

	if (!error)
		error = folder_of(profiling, number, &directory, err);
	if (error)
		return error;
	profile->told.ns_per_op = NAN;
	profile->starts_threads = cell->starts_threads;
	plan_point_name(&group, cell, profile->name, sizeof(profile->name));
	fprintf(stderr, "sampling %s for %u s\n", profile->name, profiling->seconds);
	take.directory = directory;
	error = profile_sample(profile, &take, err);
	if (!error && !profile->spots.samples)
		error = error_set(err, ENODATA, "no sample fell into the window");
	if (!error)
		error = profile_locate(profile, directory, profiling->home, err);
	if (!error && profile_sum(profile))
		error = error_set(err, ENOMEM, "no memory");
	params = group_params(&group, options->use_malloc);
	if (!error)
		error = lines_take(&profiling->page.lines[number], profile, cell, &params, &take, err);
	free(directory);
	return error;
}

static int put_page(FILE *out, const void *page)
{
	return profile_html(out, page);
}

static int write_page(const struct profiling *profiling, struct error *err)
{
	char *path;
	int error;

	if (asprintf(&path, "%s/profile.html", profiling->directory) < 0)
		return error_set(err, ENOMEM, "no memory");
	error = runfile_replace(path, put_page, &profiling->page, false, err);
	free(path);
	return error;
}

static int take_all(struct profiling *profiling, struct error *err)
{
	int error = open_folder(profiling, err);

	for (unsigned i = 0; !error && i < profiling->options->nr_cells; i++) {
		profiling->page.profiles[i] = &profiling->profiles[i];
		profiling->page.nr = i + 1;
		error = take_one(profiling, i, err);
	}
	profiling->page.host = profiling->host;
	profiling->page.started_utc = profiling->started_utc;
	profiling->page.command = profiling->command;
	if (!error)
		error = write_page(profiling, err);
	return error;
}

/* Whether each of the programs is here, before anything is left behind. */
static int tools_check(struct error *err)
{
	static const char *const tools[][2] = {
		{ "perf", "linux-perf" }, { "objdump", "binutils" }, { "addr2line", "binutils" },
	};

	for (unsigned i = 0; i < sizeof(tools) / sizeof(*tools); i++) {
		const char *const argv[] = { tools[i][0], "--version", NULL };
		struct tool tool;

		if (tool_open(&tool, argv, NULL, NULL))
			return error_set(err, ENOENT, "%s is not here: apt-get install %s (or what has "
					 "it elsewhere)", tools[i][0], tools[i][1]);
		tool_close(&tool);
	}
	return 0;
}

int profile_run(const struct options *options, const struct place *place, const struct plan *plan,
		const char *home, char **arguments)
{
	struct profiling profiling = {
		.options = options, .plan = plan, .home = home, .arguments = arguments,
		.seconds = options->budget_s ? options->budget_s : DEFAULT_SECONDS,
	};
	struct profile_event event;
	struct error err;
	int error;

	if (options->profiled)
		return profile_cell_run(options, plan, place);
	if (tools_check(&err) || profile_event_choose(&event, &err))
		return complain(&err, EXIT_IMPOSSIBLE);
	for (unsigned i = 0; i < 2; i++)
		profiling.profiles[i].event = event;
	error = take_all(&profiling, &err);
	if (!error) {
		profile_text(stdout, &profiling.page);
		printf("profile: %s/profile.html\n", profiling.directory);
	}
	for (unsigned i = 0; i < 2; i++) {
		profile_free(&profiling.profiles[i]);
		words_free(&profiling.page.lines[i]);
	}
	free(profiling.command);
	free(profiling.directory);
	free(profiling.started_utc);
	return error ? complain(&err, EXIT_INVALID) : EXIT_DONE;
}
