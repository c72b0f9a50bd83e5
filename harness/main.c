/*
 * The krefbench command: reads the options and wires the parts.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "doctor.h"
#include "folder.h"
#include "launch.h"
#include "list.h"
#include "plan_print.h"
#include "profile_point.h"
#include "resume.h"
#include "run.h"

static int complain(const struct error *err, int code)
{
	fprintf(stderr, "krefbench: %s\n", err->text);
	return code;
}

/* This machine, or for planning another, with the list of processors if there is one. */
static int place_it(const struct options *options, struct place *place)
{
	struct error err;

	if (options->topology) {
		if (place_load(place, options->topology, &err))
			return complain(&err, EXIT_USAGE);
	} else if (place_open(place, &err)) {
		return complain(&err, EXIT_IMPOSSIBLE);
	}
	if (options->nr_cpus && place_list(place, options->cpus, options->nr_cpus, &err)) {
		place_close(place);
		return complain(&err, EXIT_USAGE);
	}
	return EXIT_DONE;
}

/* Places, plans and checks; then measures, which the light program leaves to the other. */
static int measure(struct options *options, const struct registry *registry,
		   const char *home, char **arguments)
{
	struct place place;
	struct plan plan;
	struct error err;
	int code = place_it(options, &place);

	if (code)
		return code;
	if ((options->command == COMMAND_PROFILE &&
	     profile_point_choose(options, registry, &place, &err)) ||
	    plan_make(&plan, registry, options, &place, &err)) {
		code = complain(&err, EXIT_USAGE);
	} else if (options->command == COMMAND_LIST) {
		list_points(&plan);
		plan_free(&plan);
	} else if (options->command == COMMAND_PLAN) {
		if (plan_print(&plan, options, &place, stdout, &err))
			code = complain(&err, EXIT_INVALID);
		plan_free(&plan);
	} else {
		/* A launch appends to the folder that its run has checked. */
		if (!options->launch && !options->profiled && !options->resumed &&
		    folder_check(home, options->directory, &err))
			code = complain(&err, EXIT_USAGE);
		else
			code = run_measure(options, registry, &place, &plan, home, arguments);
		plan_free(&plan);
	}
	place_close(&place);
	return code;
}

static int examine(void)
{
	struct doctor doctor;

	doctor_here(&doctor);
	doctor_print(&doctor, stdout);
	return EXIT_DONE;
}

/* Of the folder of a run that is over. */
static int report(const char *home, const char *directory)
{
	struct tally tally = { 0 };
	const int held = run_hold(directory);
	int code = run_summarise(directory, &tally);

	if (!code)
		code = run_report(home, directory, &tally, false, stdout);
	tally_free(&tally);
	run_let_go(held);
	return code;
}

static int command(struct options *options, const char *home, char **arguments)
{
	const char *variants[NR_VARIANTS + 1] = { NULL };
	struct registry registry;
	struct error err;

	if (options->command == COMMAND_RESUME)
		return resume_tell(options->directory, arguments + 3);
	if (options->resumed && !options->launch && resume_options(options, arguments, &err))
		return complain(&err, EXIT_USAGE);
	if (options->command == COMMAND_REPORT)
		return report(home, options->directory);
	if (options->command == COMMAND_BESIDE)
		return run_beside(home, options->runs, options->nr_runs, options->directory);
	if (options->command == COMMAND_COMPARE)
		return run_compare(options->directory, options->other, options->fail_above);
	if (options->command == COMMAND_DOCTOR)
		return examine();
	for (unsigned i = 0; i < options->nr_variants; i++)
		variants[i] = variant_name(options->variants[i]);
	if (registry_open(&registry, options->nr_variants ? variants : NULL)) {
		error_set(&err, ENOMEM, "no memory for the registry");
		return complain(&err, EXIT_INVALID);
	}
	if (options->command == COMMAND_LIST && !options->filter) {
		list_cells(&registry);
		return EXIT_DONE;
	}
	if (options->command != COMMAND_PLAN && options->command != COMMAND_LIST &&
	    !options->seed_given && !options->resumed &&
	    getrandom(&options->seed, sizeof(uint32_t), 0) != sizeof(uint32_t)) {
		error_set(&err, errno, "no random numbers for a seed; give one with --seed");
		return complain(&err, EXIT_IMPOSSIBLE);
	}
	return measure(options, &registry, home, arguments);
}

/* Else the next file that is opened would be standard output, and tables would go into it. */
static void fill_closed(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	struct options options;
	struct error err;
	char *home;
	int code;

	fill_closed();
	if (options_parse(&options, argc, argv, &err))
		return complain(&err, EXIT_USAGE);
	/* A reader that has gone, or a file limit, is an error of that write and no end. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	/* Ignored by whoever started this, it would leave nobody to wait for. */
	signal(SIGCHLD, SIG_DFL);
	home = folder_home();
	if (!home) {
		error_set(&err, ENOENT, "cannot find the project's folder: no /proc?");
		return complain(&err, EXIT_IMPOSSIBLE);
	}
	code = command(&options, home, argv);
	free(home);
	if (fflush(stdout) || ferror(stdout)) {
		error_set(&err, errno, "standard output was lost: %s", strerror(errno));
		return complain(&err, code ? code : EXIT_INVALID);
	}
	return code;
}
