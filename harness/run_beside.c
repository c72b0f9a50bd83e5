/*
 * The command `report DIR DIR ...`.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "beside.h"
#include "folder.h"
#include "launch.h"
#include "run.h"

static int complain(const struct error *err, int code)
{
	fprintf(stderr, "krefbench: %s\n", err->text);
	return code;
}

/* Draws and writes into a folder that is there. */
static int write_into(struct beside *beside, const char *home, const char *directory)
{
	struct error err;
	char *scripts;
	int error;

	if (asprintf(&scripts, "%s/plots", home) < 0) {
		error_set(&err, ENOMEM, "no memory");
		return complain(&err, EXIT_INVALID);
	}
	error = beside_draw(beside, directory, scripts, &err);
	free(scripts);
	/* The tables say what was measured even where no figure can be drawn. */
	if (error)
		fprintf(stderr, "krefbench: figures: %s\n", err.text);
	if (beside_write(beside, directory, &err))
		return complain(&err, EXIT_INVALID);
	printf("report: %s/report.html\n", directory);
	return error ? EXIT_INVALID : EXIT_DONE;
}

int run_beside(const char *home, const char *const *runs, size_t nr, const char *chosen)
{
	char *directory = NULL, *started = NULL;
	struct beside *beside;
	struct error err;
	int code, error;

	error = beside_load(&beside, runs, nr, &err);
	if (error)
		return complain(&err, error == -ENOMEM ? EXIT_INVALID : EXIT_USAGE);
	if (chosen && beside_holds(beside, chosen))
		error = error_set(&err, EINVAL, "--out: \"%s\" is one of the runs, which are only read",
				  chosen);
	if (!error)
		error = folder_check(home, chosen, &err);
	if (!error)
		error = folder_make(home, chosen, "beside", &directory, &started, &err);
	if (error) {
		code = complain(&err, EXIT_USAGE);
	} else {
		const int held = run_hold(directory);

		code = write_into(beside, home, directory);
		run_let_go(held);
	}
	free(started);
	free(directory);
	beside_free(beside);
	return code;
}
