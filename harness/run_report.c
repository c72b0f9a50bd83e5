/*
 * The end of a run, and the whole of `report DIR`: summaries, figures, report.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "figures.h"
#include "folder.h"
#include "latencies.h"
#include "launch.h"
#include "report.h"
#include "results.h"
#include "run.h"
#include "runfile.h"
#include "summarise.h"

/* A run from before there were latencies has none. */
static int summarise_latencies(const char *directory, struct error *err)
{
	struct latencies latencies;
	int error = latencies_load(&latencies, directory, err);

	if (!error)
		error = latencies_write(&latencies, directory, err);
	latencies_free(&latencies);
	return error == -ENOENT ? 0 : error;
}

static void tell_torn(const char *directory, const char *name)
{
	char *path;
	struct error err;
	FILE *file;
	int error;

	if (asprintf(&path, "%s/%s", directory, name) < 0)
		return;
	file = runfile_open(path, &error, &err);
	if (file && !fseek(file, -1, SEEK_END) && fgetc(file) != '\n')
		fprintf(stderr, "krefbench: %s: the last line is torn, and left out with its round\n",
			path);
	if (file)
		fclose(file);
	free(path);
}

/* The launch of the last whole row; 0: there is none, or it is no row. */
static unsigned long last_launch(FILE *file)
{
	char tail[16384];
	size_t length;
	char *end, *row;

	if (fseek(file, -(long)sizeof(tail) + 1, SEEK_END))
		rewind(file);
	length = fread(tail, 1, sizeof(tail) - 1, file);
	tail[length] = '\0';
	end = strrchr(tail, '\n');
	if (!end)
		return 0;
	*end = '\0';
	row = strrchr(tail, '\n');
	return row ? strtoul(row + 1, NULL, 10) : 0;
}

/* A file that was cut between two launches looks whole. */
static void tell_missing(const char *directory)
{
	json_t *meta = NULL;
	struct error err;
	FILE *file = NULL;
	char *path;
	int error;

	if (asprintf(&path, "%s/samples.csv", directory) < 0)
		return;
	if (!results_meta_load(&meta, directory, &err))
		file = runfile_open(path, &error, &err);
	if (file) {
		const long long last = (long long)last_launch(file);
		const long long done = json_integer_value(json_object_get(meta, "launches_done"));

		if (last && done > last)
			fprintf(stderr, "krefbench: %s: ends with launch %lld, and meta.json tells of %lld: the "
				"others are missing\n", path, last, done);
		fclose(file);
	}
	json_decref(meta);
	free(path);
}

void run_tell_torn(const char *directory)
{
	tell_torn(directory, "samples.csv");
	tell_torn(directory, "latency.csv");
	tell_missing(directory);
}

/* The points of meta.json that crashed, up to a NULL; they live as long as it. NULL: no memory. */
static const char **crashed_points(const json_t *meta)
{
	const json_t *list = json_object_get(meta, "crashed"), *one;
	const char **names = calloc(json_array_size(list) + 1, sizeof(*names));
	size_t i, nr = 0;

	json_array_foreach(list, i, one) {
		const char *name = json_string_value(json_object_get(one, "point"));

		if (names && name)
			names[nr++] = name;
	}
	return names;
}

/* Files that are no run's are the caller's; memory and disks are not. */
static int exit_of(int error)
{
	return error == -EBADMSG || error == -ENOENT || error == -ENODATA || error == -ENOTDIR ?
	       EXIT_USAGE : EXIT_INVALID;
}

int run_hold(const char *directory)
{
	int held = folder_hold(directory, false);

	if (held == -EWOULDBLOCK) {
		fprintf(stderr, "krefbench: waits for another report of %s\n", directory);
		held = folder_hold(directory, true);
	}
	return held;
}

void run_let_go(int held)
{
	if (held >= 0)
		close(held);
}

int run_summarise(const char *directory, struct tally *tally)
{
	const char **crashed = NULL;
	struct error err;
	json_t *meta = NULL;
	int error = results_meta_load(&meta, directory, &err);

	if (!error)
		crashed = crashed_points(meta);
	if (!error)
		error = summarise(directory, crashed, tally, &err);
	free(crashed);
	json_decref(meta);
	if (!error)
		error = summarise_latencies(directory, &err);
	if (!error) {
		run_tell_torn(directory);
		return EXIT_DONE;
	}
	fprintf(stderr, "krefbench: %s\n", err.text);
	return exit_of(error);
}

int run_report(const char *home, const char *directory, const struct tally *tally, bool brief, FILE *out)
{
	const unsigned formats = brief ? FIGURES_SVG : FIGURES_SVG | FIGURES_PNG | FIGURES_PDF;
	struct error err;
	char *scripts = NULL;
	bool forgotten;
	int error, lost;

	if (asprintf(&scripts, "%s/plots", home) < 0) {
		fprintf(stderr, "krefbench: no memory\n");
		return EXIT_INVALID;
	}
	error = figures_draw(directory, tally, scripts, formats, &forgotten, &err);
	free(scripts);
	if (error == -EBADMSG) {
		fprintf(stderr, "krefbench: %s\n", err.text);
		return EXIT_USAGE;
	}
	/* The tables say what was measured even where no figure can be drawn. */
	if (error)
		fprintf(stderr, "krefbench: figures: %s\n", err.text);
	if (brief)
		fprintf(stderr, "krefbench: only SVG was drawn; `./run.sh report %s` draws the "
			"rest\n", directory);
	lost = forgotten ? report_write(directory, &err) : report_write_bare(directory, &err);
	if (lost) {
		fprintf(stderr, "krefbench: %s\n", err.text);
		return exit_of(lost);
	}
	fprintf(out, "report: %s/report.html\n", directory);
	return error ? EXIT_INVALID : EXIT_DONE;
}
