/*
 * The commands, each with the operands and options that it takes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "options_values.h"

#include <errno.h>
#include <math.h>
#include <string.h>

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

int option_operands(struct options *options, int nr, char **operands, bool others, struct error *err)
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
