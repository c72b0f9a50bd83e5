/*
 * The end of a run: what was measured is told, summarised and reported, whatever ended the launches.
 *
 * SPDX-License-Identifier: MIT
 */
#include "run_internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ab.h"
#include "folder.h"
#include "launch.h"
#include "resume.h"
#include "samples.h"

/* No whole group of any launch. */
static bool nothing_measured(const struct run *run)
{
	const size_t nr_values = (size_t)run->plan->nr_points * run->schedule.launches;

	for (size_t i = 0; i < nr_values; i++)
		if (!isnan(run->values[i]))
			return false;
	return true;
}

/* At least one, of any launch. */
static bool has_rounds(const struct run *run)
{
	struct samples samples;
	struct sample sample;
	struct error err;
	bool any = false;
	char *path;

	if (asprintf(&path, "%s/samples.csv", run->directory) < 0)
		return false;
	if (!samples_open(&samples, path, &err)) {
		any = samples_next(&samples, &sample, &err) > 0;
		samples_close(&samples);
	}
	free(path);
	return any;
}

/* Of a run of ab: what the change does. Returns an exit code. */
static int tell_ab(const struct run *run)
{
	struct error err;
	const int told = ab_print(run->directory, run->options->other_commit, run->options->fail_above, stdout,
				  &err);

	if (told < 0)
		return run_complain(&err, EXIT_INVALID);
	return told == 1 ? EXIT_SLOWER : told ? EXIT_INVALID : EXIT_DONE;
}

/* NULL: no point crashed. */
static const char *tell_crashes(const struct run *run, char *text, size_t bytes)
{
	if (!run->meta.crashes.nr)
		return NULL;
	crashes_tell(&run->meta.crashes, run->plan, text, bytes);
	return text;
}

/* The disk is full, most likely: meta.json still says that the run goes on, so that it can. */
static int tell_unsaved(const struct run *run, const struct error *err)
{
	if (strcmp(err->text, run->err.text) != 0)
		run_complain(err, 0);
	fprintf(stderr, "krefbench: what was measured is in %s: once it can be written, `./run.sh --resume` "
		"goes on, and `./run.sh report` shows what there is\n", run->directory);
	return EXIT_INVALID;
}

int run_finish(struct run *run)
{
	char crashed[sizeof(run->err.text)];
	const char *reason = run->end != LAUNCHER_DONE ? run->err.text :
			     run->interrupted ? "interrupted" : tell_crashes(run, crashed, sizeof(crashed));
	const char *status = run->end == LAUNCHER_VOID ? "void" : reason ? "partial" : "complete";
	const char *chosen = run->options->directory;
	int code, held, told = EXIT_DONE;
	struct tally tally = { 0 };
	struct error err;

	if (run->options->resumed && folder_is_own(run->home, run->directory))
		chosen = NULL;

	if (run->end != LAUNCHER_DONE)
		run_complain(&run->err, 0);
	if (meta_write(&run->meta, run->directory, status, reason, &err))
		return tell_unsaved(run, &err);
	if (run->end == LAUNCHER_VOID) {
		fprintf(stderr, "krefbench: the run is void; its samples are in %s\n",
			run->directory);
		return EXIT_INVALID;
	}
	/* What the launches before a kill told is in the file alone. */
	if ((run->options->resumed || run->meta.crashes.nr) &&
	    resume_values(run->directory, &run->schedule, run->values, &err))
		run_complain(&err, 0);
	if (run->end != LAUNCHER_DONE && nothing_measured(run)) {
		fprintf(stderr, "krefbench: nothing was measured; the folder is %s\n",
			run->directory);
		return EXIT_INVALID;
	}
	if (run->interrupted && !has_rounds(run)) {
		fprintf(stderr, "krefbench: interrupted before anything was measured: `./run.sh --resume %s` goes "
			"on\n", run->directory);
		return EXIT_INVALID;
	}
	if (run_tell_benchmark(run, &err))
		run_complain(&err, 0);
	/* Before the report, which a second signal ends. */
	if (run->interrupted && run->end == LAUNCHER_DONE)
		fprintf(stderr, "krefbench: interrupted, with %u of %u launches whole: `./run.sh --resume %s` goes "
			"on\n", run->meta.facts.launches_done, run->schedule.launches, run->directory);
	held = run_hold(run->directory);
	code = run_summarise(run->directory, &tally);
	if (!code && run_is_ab(run))
		told = tell_ab(run);
	if (!code)
		code = run_report(run->home, run->directory, &tally, run->interrupted,
				  run_is_ab(run) ? stderr : stdout);
	run_let_go(held);
	tally_free(&tally);
	if (code != EXIT_USAGE &&
	    folder_latest(run->home, chosen, run->directory, &err))
		run_complain(&err, 0);
	if (tell_crashes(run, crashed, sizeof(crashed)))
		fprintf(stderr, "krefbench: %s; see %s/stacks.txt\n", crashed, run->directory);
	return reason ? EXIT_INVALID : code ? code : told;
}
