/*
 * Parses and checks the command line.
 *
 * SPDX-License-Identifier: MIT
 */
#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define QUICK_LAUNCHES 3
#define DEFAULT_PRECISION 0.01

/* Enough for the largest machine to come, few enough to catch a slip of the keyboard. */
#define MAX_THREADS 4096
#define MAX_OBJECTS 65536
#define MAX_WORK_NS 1000000
#define MAX_REPLACE 1000
#define MAX_LAUNCHES 1000
#define MAX_BUDGET_S 604800
#define MAX_FAIL_ABOVE 1000	/* percent */

enum {
	OPTION_FILTER = 256, OPTION_THREADS, OPTION_OBJECTS, OPTION_WORK, OPTION_REPLACE,
	OPTION_LAYOUT, OPTION_VARIANT, OPTION_PLACEMENT,
	OPTION_ALLOC, OPTION_LAUNCHES, OPTION_BUDGET, OPTION_SEED, OPTION_OUT, OPTION_QUICK,
	OPTION_LIST, OPTION_PRECISION, OPTION_BUILD, OPTION_FAIL_ABOVE,
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
	{ "list", no_argument, NULL, OPTION_LIST },
	{ "fail-above", required_argument, NULL, OPTION_FAIL_ABOVE },
	{ NULL, 0, NULL, 0 }
};

/* A whole number in [low, high] that ends where *end will point. */
static bool read_number(const char *text, uint64_t low, uint64_t high, uint64_t *value,
			const char **end)
{
	char *stop;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*value = strtoull(text, &stop, 10);
	*end = stop;
	return !errno && *value >= low && *value <= high;
}

static int parse_number(const char *name, const char *text, uint64_t low, uint64_t high,
			uint64_t *value, struct error *err)
{
	const char *end;

	if (read_number(text, low, high, value, &end) && !*end)
		return 0;
	return error_set(err, EINVAL, "%s: \"%s\" is not a whole number from %llu to %llu", name,
			 text, (unsigned long long)low, (unsigned long long)high);
}

static int parse_unsigned(const char *name, const char *text, unsigned low, unsigned high,
			  unsigned *value, struct error *err)
{
	uint64_t number;
	int error = parse_number(name, text, low, high, &number, err);

	if (!error)
		*value = (unsigned)number;
	return error;
}

static int parse_values(const char *name, const char *text, unsigned low, unsigned high,
			struct option_values *list, struct error *err)
{
	const char *at = text;

	list->nr = 0;
	for (;;) {
		uint64_t value;

		if (!read_number(at, low, high, &value, &at) || (*at && *at != ','))
			return error_set(err, EINVAL, "%s: \"%s\" is not a list such as 1,2,4 of "
					 "whole numbers from %u to %u", name, text, low, high);
		for (unsigned i = 0; i < list->nr; i++)
			if (list->values[i] == value)
				return error_set(err, EINVAL, "%s: \"%s\" names %llu twice", name,
						 text, (unsigned long long)value);
		if (list->nr == OPTIONS_MAX_VALUES)
			return error_set(err, EINVAL, "%s: more than %d values", name,
					 OPTIONS_MAX_VALUES);
		list->values[list->nr++] = (unsigned)value;
		if (!*at++)
			return 0;
	}
}

static int parse_variant(const char *text, size_t length, struct options *options,
			 struct error *err)
{
	unsigned i = 0;

	while (i < NR_VARIANTS && (strlen(variant_name(i)) != length ||
				   strncmp(variant_name(i), text, length) != 0))
		i++;
	if (i == NR_VARIANTS)
		return error_set(err, EINVAL, "--variant: \"%.*s\" is none of gcc, clang and, on "
				 "arm64, lse and llsc", (int)length, text);
	if (variant_refused(i))
		return error_set(err, EINVAL, "--variant: %s: %s", variant_name(i),
				 variant_refused(i));
	for (unsigned j = 0; j < options->nr_variants; j++)
		if (options->variants[j] == i)
			return error_set(err, EINVAL, "--variant: names %s twice",
					 variant_name(i));
	options->variants[options->nr_variants++] = i;
	return 0;
}

static int parse_variants(const char *text, struct options *options, struct error *err)
{
	int error = 0;

	options->nr_variants = 0;
	for (const char *at = text; !error; at++) {
		const size_t length = strcspn(at, ",");

		error = parse_variant(at, length, options, err);
		at += length;
		if (!*at)
			break;
	}
	return error;
}

static int parse_placements(const char *text, bool *chosen, struct error *err)
{
	memset(chosen, 0, NR_PLACEMENTS * sizeof(*chosen));
	for (const char *at = text; ; at++) {
		const size_t length = strcspn(at, ",");
		unsigned i = 0;

		while (i < NR_PLACEMENTS && (strlen(placement_name(i)) != length ||
					     strncmp(placement_name(i), at, length) != 0))
			i++;
		if (i == NR_PLACEMENTS)
			return error_set(err, EINVAL, "--placement: \"%.*s\" is none of compact, "
					 "scatter, one-per-core", (int)length, at);
		if (chosen[i])
			return error_set(err, EINVAL, "--placement: \"%s\" names %s twice", text,
					 placement_name(i));
		chosen[i] = true;
		at += length;
		if (!*at)
			return 0;
	}
}

static int parse_layouts(const char *text, struct options *options, struct error *err)
{
	const bool both = !strcmp(text, "padded,packed") || !strcmp(text, "packed,padded");

	options->padded = both || !strcmp(text, "padded");
	options->packed = both || !strcmp(text, "packed");
	if (options->padded || options->packed)
		return 0;
	return error_set(err, EINVAL, "--layout: \"%s\" is none of padded, packed and "
			 "padded,packed", text);
}

static int parse_alloc(const char *text, bool *use_malloc, struct error *err)
{
	if (strcmp(text, "pool") != 0 && strcmp(text, "malloc") != 0)
		return error_set(err, EINVAL, "--alloc: \"%s\" is neither pool nor malloc", text);
	*use_malloc = !strcmp(text, "malloc");
	return 0;
}

/* A time such as 90s, 10m or 2h; without a unit, seconds. */
static int parse_budget(const char *text, unsigned *seconds, struct error *err)
{
	static const struct {
		const char *unit;
		unsigned seconds;
	} units[] = { { "", 1 }, { "s", 1 }, { "m", 60 }, { "h", 3600 } };
	const char *end;
	uint64_t value;

	if (read_number(text, 1, MAX_BUDGET_S, &value, &end))
		for (unsigned i = 0; i < sizeof(units) / sizeof(*units); i++)
			if (!strcmp(end, units[i].unit) &&
			    value * units[i].seconds <= MAX_BUDGET_S) {
				*seconds = (unsigned)value * units[i].seconds;
				return 0;
			}
	return error_set(err, EINVAL, "--budget: \"%s\" is not a time such as 90s, 10m or 2h, "
			 "at most 168h", text);
}

/* Percent, with or without the sign: 0.5% is 0.5. */
static int parse_percent(const char *name, const char *text, double low, double high,
			 double *value, struct error *err)
{
	char *end = (char *)text;
	double percent = isdigit((unsigned char)*text) ? strtod(text, &end) : 0;

	if (end != text && (!*end || !strcmp(end, "%")) && percent >= low && percent <= high) {
		*value = percent / 100;
		return 0;
	}
	return error_set(err, EINVAL, "%s: \"%s\" is not a percentage from %g%% to %g%%", name, text,
			 low, high);
}

static int parse_text(const char *name, const char *text, const char **value, struct error *err)
{
	if (!*text)
		return error_set(err, EINVAL, "%s: is empty", name);
	*value = text;
	return 0;
}

static int parse_option(struct options *options, int option, const char *text, struct error *err)
{
	switch (option) {
	case OPTION_FILTER:
		return parse_text("--filter", text, &options->filter, err);
	case OPTION_THREADS:
		return parse_values("--threads", text, 1, MAX_THREADS, &options->threads, err);
	case OPTION_OBJECTS:
		return parse_values("--objects", text, 1, MAX_OBJECTS, &options->objects, err);
	case OPTION_WORK:
		return parse_values("--work", text, 0, MAX_WORK_NS, &options->work_ns, err);
	case OPTION_REPLACE:
		return parse_values("--replace", text, 0, MAX_REPLACE, &options->replace, err);
	case OPTION_LAYOUT:
		return parse_layouts(text, options, err);
	case OPTION_VARIANT:
		return parse_variants(text, options, err);
	case OPTION_PLACEMENT:
		return parse_placements(text, options->placements, err);
	case OPTION_ALLOC:
		return parse_alloc(text, &options->use_malloc, err);
	case OPTION_LAUNCHES:
		return parse_unsigned("--launches", text, 1, MAX_LAUNCHES, &options->launches,
				      err);
	case OPTION_PRECISION:
		return parse_percent("--precision", text, 0.01, 50, &options->precision, err);
	case OPTION_BUDGET:
		return parse_budget(text, &options->budget_s, err);
	case OPTION_SEED:
		options->seed_given = true;
		return parse_number("--seed", text, 0, INT64_MAX, &options->seed, err);
	case OPTION_OUT:
		return parse_text("--out", text, &options->directory, err);
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
		return parse_percent("--fail-above", text, 0, MAX_FAIL_ABOVE, &options->fail_above,
				     err);
	}
	return -EINVAL;
}

/* others: are there options beside --fail-above? */
static int parse_compare(struct options *options, int nr, char **operands, bool others,
			 struct error *err)
{
	if (nr != 3 || others || !*operands[1] || !*operands[2])
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

/* The operands: none, `ab`, `doctor`, `report DIR`, or `compare A B`. */
static int parse_operands(struct options *options, int nr, char **operands, bool others,
			  struct error *err)
{
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
	if (nr == 0)
		return 0;
	if (!strcmp(operands[0], "doctor")) {
		if (nr != 1 || others)
			return error_set(err, EINVAL, "doctor: takes nothing else");
		options->command = COMMAND_DOCTOR;
		return 0;
	}
	if (strcmp(operands[0], "report") != 0)
		return error_set(err, EINVAL, "\"%s\" is no command; accepted: report DIR, "
				 "compare A B, ab, doctor, or options only (--help lists them)",
				 operands[0]);
	if (nr != 2 || others || !*operands[1])
		return error_set(err, EINVAL, "report: takes one folder of a run, such as "
				 "results/latest, and no options");
	options->command = COMMAND_REPORT;
	options->directory = operands[1];
	return 0;
}

/* word: the last that getopt has done with, which a cluster such as -abc is not yet. */
static int refuse_option(const char *word, struct error *err)
{
	const char letter[] = { '-', (char)optopt, '\0' };

	/* getopt leaves 0 for an unknown long option, and the value of one it knows. */
	return error_set(err, EINVAL, "%s: is no option, or takes no value (--help lists the "
			 "options)", optopt > 0 && optopt < OPTION_FILTER ? letter : word);
}

static int words_parse(struct options *options, int argc, char **argv, struct error *err)
{
	const char *launch;
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
		others |= option != OPTION_FAIL_ABOVE;
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
	/* From launcher.c, which gives --out and --seed as well. */
	launch = getenv(OPTIONS_LAUNCH);
	if (launch) {
		error = parse_unsigned(OPTIONS_LAUNCH, launch, 1, MAX_LAUNCHES, &options->launch,
				       err);
		if (!error && (!options->directory || !options->seed_given))
			error = error_set(err, EINVAL, OPTIONS_LAUNCH ": is for launches of a run, "
					  "please unset it");
		if (error)
			return error;
		options->launch_groups = getenv(OPTIONS_LAUNCH_GROUPS);
	}
	return parse_operands(options, argc - optind, argv + optind, others, err);
}

/* getopt_long() puts the operands last, but the run's files are to say what was typed. */
int options_parse(struct options *options, int argc, char **argv, struct error *err)
{
	char **words = calloc((size_t)argc + 1, sizeof(*words));
	int error;

	if (!words)
		return error_set(err, ENOMEM, "no memory for the command line");
	memcpy(words, argv, (size_t)argc * sizeof(*words));
	error = words_parse(options, argc, words, err);
	free(words);
	return error;
}
