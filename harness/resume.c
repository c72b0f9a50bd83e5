/*
 * What was typed to begin a run, from its meta.json, for run.sh to build and start the same again.
 *
 * SPDX-License-Identifier: MIT
 */
#include "resume.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "launch.h"
#include "results.h"
#include "runfile.h"

/* All words are there; the first is ./run.sh, and none that run.sh would begin anew with. */
static bool has_command(const json_t *meta)
{
	const json_t *command = json_object_get(meta, "command"), *word;
	const char *first = json_string_value(json_array_get(command, 1));
	size_t i;

	json_array_foreach(command, i, word)
		if (!json_is_string(word))
			return false;
	return json_array_size(command) > 0 && !(first && !strcmp(first, "--resume"));
}

/* Returns 0, or the positive errno of stat(). */
static int examine(const char *directory, const char *name, struct stat *status)
{
	char *path;
	int error;

	if (asprintf(&path, "%s/%s", directory, name) < 0)
		return ENOMEM;
	error = stat(path, status) ? errno : 0;
	free(path);
	return error;
}

/* It says what is to be compiled, by which command, and what runs then: the owner's of what is read counts. */
static int read_own(json_t **meta, const char *directory, struct error *err)
{
	struct stat samples;
	char *path;
	FILE *file;
	int error;

	if (asprintf(&path, "%s/meta.json", directory) < 0)
		return error_set(err, ENOMEM, "no memory");
	file = runfile_open_own(path, &error, err);
	if (file)
		error = results_meta_read(meta, file, path, err);
	else if (error == -EPERM)
		error_set(err, EPERM, "--resume: the run in %s is another user's; its owner can go on "
			  "with it, or you with a copy that is yours", directory);
	/* A new run locks samples.csv, looks at the machine, and then writes meta.json. */
	else if (error == -ENOENT && !examine(directory, "samples.csv", &samples) && !samples.st_size)
		error_set(err, ENOENT, "--resume: the run in %s was killed before it began: there is "
			  "nothing to go on with; remove the folder and begin again", directory);
	free(path);
	return error;
}

/* The report's last page. */
static bool has_report(const char *directory)
{
	struct stat page;

	return !examine(directory, "report.md", &page);
}

static int check(const json_t *meta, const char *directory, struct error *err)
{
	const char *status = json_string_value(json_object_get(meta, "status"));
	const json_t *seed = json_object_get(meta, "seed");

	const bool complete = status && !strcmp(status, "complete");

	if (complete && has_report(directory))
		return error_set(err, EALREADY, "--resume: the run in %s is complete: there is nothing "
				 "to resume (./run.sh report %s makes its report again)", directory,
				 directory);
	if (status && !strcmp(status, "void"))
		return error_set(err, EBADMSG, "--resume: the run in %s is void: no number of it may be "
				 "used", directory);
	if (!status || (!complete && strcmp(status, "running") && strcmp(status, "partial")) ||
	    !has_command(meta) || !json_is_integer(seed) || json_integer_value(seed) < 0 ||
	    !json_is_object(json_object_get(meta, "schedule")))
		return error_set(err, EBADMSG, "--resume: %s/meta.json does not tell how to go on: the "
				 "run is of an earlier krefbench, or the file is damaged", directory);
	return 0;
}

int resume_load(json_t **meta, const char *directory, struct error *err)
{
	int error;

	*meta = NULL;
	error = read_own(meta, directory, err);
	return error ? error : check(*meta, directory, err);
}

/* Are these nr words what was typed? */
static bool is_command(const json_t *meta, char *const *words, size_t nr)
{
	const json_t *command = json_object_get(meta, "command");

	if (json_array_size(command) != nr + 1)
		return false;
	for (size_t i = 0; i < nr; i++)
		if (strcmp(json_string_value(json_array_get(command, i + 1)), words[i]) != 0)
			return false;
	return true;
}

static int refuse_words(const char *directory, struct error *err)
{
	return error_set(err, EINVAL, "--resume: the run in %s was begun with other options; give none: "
			 "its meta.json has them", directory);
}

/* One word of a shell, whatever is in it. */
static void print_word(const char *word)
{
	fputs(" '", stdout);
	for (; *word; word++)
		if (*word == '\'')
			fputs("'\\''", stdout);
		else
			fputc(*word, stdout);
	fputc('\'', stdout);
}

static size_t count(char *const *words)
{
	size_t nr = 0;

	while (words[nr])
		nr++;
	return nr;
}

/* STRATEGY first, which run.sh knows by the environment; empty: the run had none. */
static void tell(const json_t *meta)
{
	const char *strategy = json_string_value(json_object_get(meta, "strategy_header"));
	const json_t *command = json_object_get(meta, "command");

	print_word(strategy ? strategy : "");
	for (size_t i = 1; i < json_array_size(command); i++)
		print_word(json_string_value(json_array_get(command, i)));
	putchar('\n');
}

int resume_tell(const char *directory, char *const *words)
{
	json_t *meta;
	struct error err;
	int error = resume_load(&meta, directory, &err);

	if (!error && *words && !is_command(meta, words, count(words)))
		error = refuse_words(directory, &err);
	if (!error)
		tell(meta);
	else
		fprintf(stderr, "krefbench: %s\n", err.text);
	json_decref(meta);
	return error ? EXIT_USAGE : EXIT_DONE;
}

int resume_options(struct options *options, char *const *arguments, struct error *err)
{
	size_t nr = count(arguments + 1);
	json_t *meta;
	int error = resume_load(&meta, options->resumed, err);

	/* harness/ab.sh has appended --variant. */
	if (options->command == COMMAND_AB)
		nr -= 2;
	if (!error && !is_command(meta, arguments + 1, nr))
		error = refuse_words(options->resumed, err);
	if (!error && options->command != COMMAND_MEASURE && options->command != COMMAND_AB)
		error = error_set(err, EBADMSG, "--resume: %s/meta.json tells of a command that is no run",
				  options->resumed);
	if (!error)
		options->seed = (uint64_t)json_integer_value(json_object_get(meta, "seed"));
	json_decref(meta);
	return error;
}
