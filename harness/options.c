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
	OPTION_LIST, OPTION_NODE, OPTION_PRECISION, OPTION_BUILD, OPTION_FAIL_ABOVE,
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
	{ "rev", required_argument, NULL, OPTION_BUILD },
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

/* others: are there options beside --fail-above and --out? */
static int parse_compare(struct options *options, int nr, char **operands, bool others,
			 struct error *err)
{
	if (nr != 3 || others || options->directory || !*operands[1] || !*operands[2])
		return error_set(err, EINVAL, "compare: takes two folders of runs, such as "
				 "results/A results/B, and no option but --fail-above");
	options->command = COMMAND_COMPARE;
	options->directory = operands[1];
	options->other = operands[2];
	return 0;
}

/* harness/ab.sh gives --variant itself. */
static int parse_ab(struct options *options, int nr, struct error *err)
{
	if (nr != 1)
		return error_set(err, EINVAL, "ab: takes options only");
	if (options->command == COMMAND_LIST)
		return error_set(err, EINVAL, "ab: takes no --list");
	if (!options->built || options->nr_variants != 2 || options->variants[1] != VARIANT_B)
		return error_set(err, EINVAL, "ab: comes first, with --rev, --cc or --cflags, and "
				 "takes no --variant");
	options->command = COMMAND_AB;
	return 0;
}

static int parse_plan(struct options *options, int nr, struct error *err)
{
	if (nr != 1)
		return error_set(err, EINVAL, "plan: takes options only");
	if (options->command == COMMAND_LIST)
		return error_set(err, EINVAL, "plan: takes no --list");
	options->command = COMMAND_PLAN;
	return 0;
}

/* The cells' variants take the place of --variant. What has none has the other's. */
static int parse_profile(struct options *options, int nr, char **operands, struct error *err)
{
	const int wanted = options->diff ? 2 : 1;
	int error = 0;

	if (options->command == COMMAND_LIST || options->filter || options->quick ||
	    options->launches || options->nr_counters || options->nr_variants)
		return error_set(err, EINVAL, "profile: takes a cell and no --list, --filter, --quick, "
				 "--launches, --counters or --variant (workload+strategy@variant)");
	if (nr != 1 + wanted)
		return error_set(err, EINVAL, "profile: takes one cell such as WORKLOAD+STRATEGY, or "
				 "--diff and two (--list names them)");
	options->command = COMMAND_PROFILE;
	for (int i = 0; !error && i < wanted; i++) {
		options->cells[i] = operands[1 + i];
		options->nr_cells++;
		error = option_cell_variant(operands[1 + i], options, err);
	}
	return error;
}

static int parse_report(struct options *options, int nr, char **operands, bool others,
			struct error *err)
{
	if (nr > 2 && others)
		return error_set(err, EINVAL, "report: of several runs takes no option but --out");
	if (nr - 1 > OPTIONS_MOST_RUNS)
		return error_set(err, EINVAL, "report: takes at most %d runs, here are %d",
				 OPTIONS_MOST_RUNS, nr - 1);
	for (int i = 1; i < nr; i++)
		if (!*operands[i])
			nr = 1;
	if (nr < 2 || (nr == 2 && (others || options->directory)))
		return error_set(err, EINVAL, "report: takes one folder of a run, such as "
				 "results/latest, and no options; or several, and --out");
	options->command = nr > 2 ? COMMAND_BESIDE : COMMAND_REPORT;
	if (nr == 2)
		options->directory = operands[1];
	for (int i = 1; nr > 2 && i < nr; i++)
		options->runs[options->nr_runs++] = operands[i];
	return 0;
}

/*
 * The operands: none, `ab`, `doctor`, `plan`, `report DIR ...`, `compare A B`, `profile CELL`, or
 * `profile --diff A B`.
 */
static int parse_operands(struct options *options, int nr, char **operands, bool others,
			  struct error *err)
{
	if (options->topology && (!nr || strcmp(operands[0], "plan") != 0))
		return error_set(err, EINVAL, "--topology: is an option of plan; another machine is "
				 "never measured");
	if (nr && !strcmp(operands[0], "compare"))
		return parse_compare(options, nr, operands, others, err);
	if (nr && !strcmp(operands[0], "ab"))
		return parse_ab(options, nr, err);
	for (unsigned i = 0; i < options->nr_variants; i++)
		if (options->variants[i] == VARIANT_B)
			options->built = true;
	if (options->built)
		return error_set(err, EINVAL, "--rev, --cc, --cflags and variant b are of ./run.sh "
				 "ab (--help lists the options)");
	if (!isnan(options->fail_above))
		return error_set(err, EINVAL, "--fail-above: is an option of compare A B and of ab");
	if (nr && !strcmp(operands[0], "plan"))
		return parse_plan(options, nr, err);
	if (nr && !strcmp(operands[0], "profile"))
		return parse_profile(options, nr, operands, err);
	if (options->diff || options->setting)
		return error_set(err, EINVAL, "--diff and --setting are options of profile");
	if (nr == 0)
		return 0;
	if (!strcmp(operands[0], "doctor")) {
		if (nr != 1 || others || options->directory)
			return error_set(err, EINVAL, "doctor: takes nothing else");
		options->command = COMMAND_DOCTOR;
		return 0;
	}
	if (strcmp(operands[0], "report") != 0)
		return error_set(err, EINVAL, "\"%s\" is no command; accepted: report DIR, "
				 "compare A B, ab, plan, doctor, profile CELL, or options only (--help lists "
				 "them)",
				 operands[0]);
	return parse_report(options, nr, operands, others, err);
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
	return parse_operands(options, argc - optind, argv + optind, others, err);
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
