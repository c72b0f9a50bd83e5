/*
 * The folder of a run before anything is measured: a new one's, or that of a run that goes on.
 *
 * SPDX-License-Identifier: MIT
 */
#include "run_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "folder.h"
#include "record.h"
#include "resume.h"

/* The folder of a new run, and the files that do not depend on what will be measured. */
static int begin_new(struct run *run, const struct registry *registry, struct error *err)
{
	const char *chosen = run->options->directory;
	char *path;
	int error;

	run->made_folder = !chosen || access(chosen, F_OK);
	error = folder_make(run->home, chosen, run->host, &run->directory, &run->started_utc, err);
	if (!error)
		error = folder_lock(run->directory, true, &run->lock, err);
	if (error)
		return error;
	run->begun_new = true;
	run->meta.started_utc = run->started_utc;
	if (asprintf(&path, "%s/topology.xml", run->directory) < 0)
		return error_set(err, ENOMEM, "no memory");
	error = place_export(run->place, path, err);
	free(path);
	if (!error)
		error = record_holes(run->directory, registry, err);
	/* What meta.json tells of is there, then. */
	if (!error)
		error = folder_sync(run->directory, "topology.xml", err);
	return error ? error : folder_sync(run->directory, "holes.csv", err);
}

static int begin_again(struct run *run, struct error *err)
{
	const char *started;
	int error;

	run->directory = realpath(run->options->resumed, NULL);
	if (!run->directory)
		return error_set(err, errno, "--resume: %s: %s", run->options->resumed, strerror(errno));
	/* For the launches: results/latest, or a link of the user's, may point elsewhere by then. */
	error = setenv(OPTIONS_RESUMED, run->directory, 1) ? error_set(err, ENOMEM, "no memory") :
							     folder_lock(run->directory, false, &run->lock,
									 err);
	if (!error)
		error = resume_begin(run->directory, run->options, &run->meta, &run->schedule,
				     &run->orders, &run->cut, err);
	if (error)
		return error;
	started = json_string_value(json_object_get(run->meta.earlier, "started_utc"));
	run->meta.started_utc = started ? started : "";
	return 0;
}

/* A run that goes on adds to what it has. */
static json_t *handovers_before(const json_t *earlier)
{
	json_t *again = json_object_get(json_object_get(earlier, "handover"), "again");

	return json_is_object(again) ? json_incref(again) : json_object();
}

int run_begin(struct run *run, const struct registry *registry, struct error *err)
{
	int error;

	if (gethostname(run->host, sizeof(run->host) - 1) || !*run->host)
		strcpy(run->host, "localhost");
	run->meta = (struct meta){
		.options = run->options,
		.place = run->place,
		.plan = run->plan,
		.schedule = &run->schedule,
		.counting = &run->counting,
		.nr_orders = run->orders.nr,
		.host = run->host,
		.command = run->arguments,
	};
	memcpy(run->meta.facts.absent, run->counting.absences, sizeof(run->meta.facts.absent));
	error = run->options->resumed ? begin_again(run, err) : begin_new(run, registry, err);
	run->meta.handovers_again = handovers_before(run->meta.earlier);
	if (!error)
		error = meta_write(&run->meta, run->directory, "running", NULL, err);
	if (error && run->begun_new)
		folder_undo(run->directory, run->made_folder);
	return error;
}
