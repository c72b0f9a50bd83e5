/*
 * The end of a run, and the whole of `report DIR`: summaries, figures, report.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "figures.h"
#include "latencies.h"
#include "launch.h"
#include "report.h"
#include "results.h"
#include "run.h"
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
	FILE *file;

	if (asprintf(&path, "%s/%s", directory, name) < 0)
		return;
	file = fopen(path, "re");
	if (file && !fseek(file, -1, SEEK_END) && fgetc(file) != '\n')
		fprintf(stderr, "krefbench: %s: the last line is torn, and left out with its round\n",
			path);
	if (file)
		fclose(file);
	free(path);
}

void run_tell_torn(const char *directory)
{
	tell_torn(directory, "samples.csv");
	tell_torn(directory, "latency.csv");
}

/* Files that are no run's are the caller's; memory and disks are not. */
static int exit_of(int error)
{
	return error == -EBADMSG || error == -ENOENT || error == -ENODATA || error == -ENOTDIR ?
	       EXIT_USAGE : EXIT_INVALID;
}

int run_summarise(const char *directory)
{
	struct error err;
	json_t *meta = NULL;
	int error = results_meta_load(&meta, directory, &err);

	json_decref(meta);
	if (!error)
		error = summarise(directory, &err);
	if (!error)
		error = summarise_latencies(directory, &err);
	if (!error) {
		run_tell_torn(directory);
		return EXIT_DONE;
	}
	fprintf(stderr, "krefbench: %s\n", err.text);
	return exit_of(error);
}

int run_report(const char *home, const char *directory, bool brief)
{
	const unsigned formats = brief ? FIGURES_SVG : FIGURES_SVG | FIGURES_PNG | FIGURES_PDF;
	struct error err;
	char *scripts = NULL;
	int error, lost;

	if (asprintf(&scripts, "%s/plots", home) < 0) {
		fprintf(stderr, "krefbench: no memory\n");
		return EXIT_INVALID;
	}
	error = figures_draw(directory, scripts, formats, &err);
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
	lost = report_write(directory, &err);
	if (lost) {
		fprintf(stderr, "krefbench: %s\n", err.text);
		return exit_of(lost);
	}
	printf("report: %s/report.html\n", directory);
	return error ? EXIT_INVALID : EXIT_DONE;
}
