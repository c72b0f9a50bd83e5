/*
 * Parses and checks the command line.
 *
 * SPDX-License-Identifier: MIT
 */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "options_values.h"

#define QUICK_LAUNCHES 3
#define DEFAULT_PRECISION 0.01

/* Enough for the largest machine to come, few enough to catch a slip of the keyboard. */
#define MAX_THREADS 4096
#define MAX_OBJECTS 65536
#define MAX_WORK_NS 1000000
#define MAX_REPLACE 1000
#define MAX_LAUNCHES 1000
#define MAX_FAIL_ABOVE 1000	/* percent */

enum {
	OPTION_FILTER = 256, OPTION_THREADS, OPTION_OBJECTS, OPTION_WORK, OPTION_REPLACE,
	OPTION_LAYOUT, OPTION_VARIANT, OPTION_PLACEMENT,
	OPTION_ALLOC, OPTION_LAUNCHES, OPTION_BUDGET, OPTION_SEED, OPTION_OUT, OPTION_QUICK,
	OPTION_LIST, OPTION_NODE, OPTION_PRECISION, OPTION_REV, OPTION_BUILD, OPTION_FAIL_ABOVE,
	OPTION_TOPOLOGY, OPTION_COUNTERS, OPTION_DIFF, OPTION_SETTING,
	OPTION_RESUME,
};

static const struct option long_options[] = {
	{ "filter", required_argument, NULL, OPTION_FILTER },
	{ "threads", required_argument, NULL, OPTION_THREADS },
	{ "objects", required_argument, NULL, OPTION_OBJECTS },
	{ "work", required_argument, NULL, OPTION_WORK },
	{ "replace", required_argument, NULL, OPTION_REPLACE },
	{ "layout", required_argument, NULL, OPTION_LAYOUT },
	{ "variant", required_argument, NULL, OPTION_VARIANT },
	{ "placement", required_argument, NULL, OPTION_PLACEMENT },
	{ "node", required_argument, NULL, OPTION_NODE },
	{ "alloc", required_argument, NULL, OPTION_ALLOC },
	{ "launches", required_argument, NULL, OPTION_LAUNCHES },
	{ "precision", required_argument, NULL, OPTION_PRECISION },
	{ "budget", required_argument, NULL, OPTION_BUDGET },
	{ "seed", required_argument, NULL, OPTION_SEED },
	{ "out", required_argument, NULL, OPTION_OUT },
	{ "quick", no_argument, NULL, OPTION_QUICK },
	{ "rev", required_argument, NULL, OPTION_REV },
	{ "cc", required_argument, NULL, OPTION_BUILD },
	{ "cflags", required_argument, NULL, OPTION_BUILD },
	{ "counters", required_argument, NULL, OPTION_COUNTERS },
	{ "list", no_argument, NULL, OPTION_LIST },
	{ "fail-above", required_argument, NULL, OPTION_FAIL_ABOVE },
	{ "topology", required_argument, NULL, OPTION_TOPOLOGY },
	{ "diff", no_argument, NULL, OPTION_DIFF },
	{ "setting", required_argument, NULL, OPTION_SETTING },
	{ "resume", required_argument, NULL, OPTION_RESUME },
	{ NULL, 0, NULL, 0 }
};

/* How a run goes, and what else there is but a run. */
static int parse_option_of_run(struct options *options, int option, const char *text, struct error *err)
{
	switch (option) {
	case OPTION_LAUNCHES:
		return option_unsigned("--launches", text, 1, MAX_LAUNCHES, &options->launches,
				       err);
	case OPTION_PRECISION:
		return option_percent("--precision", text, 0.01, 50, &options->precision, err);
	case OPTION_BUDGET:
		return option_budget(text, &options->budget_s, err);
	case OPTION_SEED:
		options->seed_given = true;
		return option_number("--seed", text, 0, INT64_MAX, &options->seed, err);
	case OPTION_OUT:
		return option_text("--out", text, &options->directory, err);
	case OPTION_QUICK:
		options->quick = true;
		return 0;
	case OPTION_LIST:
		options->command = COMMAND_LIST;
		return 0;
	case OPTION_REV:
		options->other_commit = true;
		options->built = true;
		return 0;
	case OPTION_BUILD:
		/* What it says run.sh has built: harness/ab.sh. */
		options->built = true;
		return 0;
	case OPTION_FAIL_ABOVE:
		return option_percent("--fail-above", text, 0, MAX_FAIL_ABOVE, &options->fail_above,
				      err);
	case OPTION_TOPOLOGY:
		return option_text("--topology", text, &options->topology, err);
	case OPTION_DIFF:
		options->diff = true;
		return 0;
	case OPTION_RESUME:
		return error_set(err, EINVAL, "--resume: comes first, with the folder of a run; behind it "
				 "nothing, or what was typed to begin that");
	}
	return -EINVAL;
}

/* Those of what is measured, and any other. */
static int parse_option(struct options *options, int option, const char *text, struct error *err)
{
	switch (option) {
	case OPTION_FILTER:
		return option_text("--filter", text, &options->filter, err);
	case OPTION_THREADS:
		return option_values("--threads", text, 1, MAX_THREADS, &options->threads, err);
	case OPTION_OBJECTS:
		return option_values("--objects", text, 1, MAX_OBJECTS, &options->objects, err);
	case OPTION_WORK:
		return option_values("--work", text, 0, MAX_WORK_NS, &options->work_ns, err);
	case OPTION_REPLACE:
		return option_values("--replace", text, 0, MAX_REPLACE, &options->replace, err);
	case OPTION_LAYOUT:
		return option_layouts(text, options, err);
	case OPTION_VARIANT:
		return option_variants(text, options, err);
	case OPTION_PLACEMENT:
		return option_placements(text, options, err);
	case OPTION_NODE:
		return option_home(text, &options->home, err);
	case OPTION_ALLOC:
		return option_alloc(text, &options->use_malloc, err);
	case OPTION_COUNTERS:
		return option_counters(text, options, err);
	case OPTION_SETTING:
		return option_setting(text, &options->setting, err);
	default:
		return parse_option_of_run(options, option, text, err);
	}
}

/* word: the last that getopt has done with, which a cluster such as -abc is not yet. */
static int refuse_option(const char *word, struct error *err)
{
	const char letter[] = { '-', (char)optopt, '\0' };

	/* getopt leaves 0 for an unknown long option, and the value of one it knows. */
	return error_set(err, EINVAL, "%s: is no option, or takes no value (--help lists the "
			 "options)", optopt > 0 && optopt < OPTION_FILTER ? letter : word);
}

/* What a run, a profile and run.sh tell the processes that they start. */
static int environment_parse(struct options *options, struct error *err)
{
	/* From launcher.c, which gives --out and --seed as well. */
	const char *launch = getenv(OPTIONS_LAUNCH);
	int error;

	if (launch) {
		error = option_unsigned(OPTIONS_LAUNCH, launch, 1, MAX_LAUNCHES, &options->launch,
					err);
		if (!error && (!options->directory || !options->seed_given))
			error = error_set(err, EINVAL, OPTIONS_LAUNCH ": is for launches of a run, "
					  "please unset it");
		if (error)
			return error;
		options->launch_points = getenv(OPTIONS_LAUNCH_POINTS);
		options->launch_cut = getenv(OPTIONS_LAUNCH_CUT);
	}
	options->profiled = getenv(OPTIONS_PROFILED);
	options->resumed = getenv(OPTIONS_RESUMED);
	/* The folder may be another than --out said: it was moved, or is seen from elsewhere. */
	if (options->resumed)
		options->directory = options->resumed;
	return 0;
}

static int words_parse(struct options *options, int argc, char **argv, struct error *err)
{
	bool others = false;
	int option, error;

	*options = (struct options){
		.placements = { [PLACE_COMPACT] = true }, .fail_above = NAN,
	};
	opterr = 0;
	optind = 0;	/* glibc: forgets what an earlier call left, too */
	while ((option = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
		if (option == ':')
			return error_set(err, EINVAL,
					 "%s: needs a value (--help lists the options)",
					 argv[optind - 1]);
		if (option == '?')
			return refuse_option(argv[optind - 1], err);
		others |= option != OPTION_FAIL_ABOVE && option != OPTION_OUT;
		error = parse_option(options, option, optarg, err);
		if (error)
			return error;
	}
	if (!options->launches && options->quick)
		options->launches = QUICK_LAUNCHES;
	if (options->launches && options->precision)
		return error_set(err, EINVAL, "--precision: goes on until it is reached, so that "
				 "--launches and --quick cannot say how many launches there are");
	if (!options->precision)
		options->precision = DEFAULT_PRECISION;
	error = environment_parse(options, err);
	if (error)
		return error;
	return option_operands(options, argc - optind, argv + optind, others, err);
}

/* --resume DIR [WORD...]: the words are compared with those of the run, and need no parsing. */
static int parse_resume(struct options *options, int argc, char **argv, struct error *err)
{
	*options = (struct options){ .command = COMMAND_RESUME, .fail_above = NAN };
	if (argc < 3 || !*argv[2])
		return error_set(err, EINVAL, "--resume: needs the folder of a run, such as "
				 "results/HOST-TIME");
	options->directory = argv[2];
	return 0;
}

/* getopt_long() puts the operands last, but the run's files are to say what was typed. */
int options_parse(struct options *options, int argc, char **argv, struct error *err)
{
	char **words;
	int error;

	if (argc > 1 && !strcmp(argv[1], "--resume"))
		return parse_resume(options, argc, argv, err);
	words = calloc((size_t)argc + 1, sizeof(*words));
	if (!words)
		return error_set(err, ENOMEM, "no memory for the command line");
	memcpy(words, argv, (size_t)argc * sizeof(*words));
	error = words_parse(options, argc, words, err);
	free(words);
	return error;
}
