/*
 * Parses the values of options.
 *
 * SPDX-License-Identifier: MIT
 */
#include "options_values.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_BUDGET_S 604800
#define MAX_NODE 1023	/* the kernel's */

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

int option_number(const char *name, const char *text, uint64_t low, uint64_t high,
		  uint64_t *value, struct error *err)
{
	const char *end;

	if (read_number(text, low, high, value, &end) && !*end)
		return 0;
	return error_set(err, EINVAL, "%s: \"%s\" is not a whole number from %llu to %llu", name,
			 text, (unsigned long long)low, (unsigned long long)high);
}

int option_unsigned(const char *name, const char *text, unsigned low, unsigned high,
		    unsigned *value, struct error *err)
{
	uint64_t number;
	int error = option_number(name, text, low, high, &number, err);

	if (!error)
		*value = (unsigned)number;
	return error;
}

int option_values(const char *name, const char *text, unsigned low, unsigned high,
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

int option_cell_variant(const char *cell, struct options *options, struct error *err)
{
	const char *variant = strchr(cell, '@');

	if (!variant)
		return 0;
	variant++;
	for (unsigned i = 0; i < options->nr_variants; i++)
		if (!strcmp(variant_name(options->variants[i]), variant))
			return 0;
	return parse_variant(variant, strlen(variant), options, err);
}

int option_variants(const char *text, struct options *options, struct error *err)
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

/* A number, or a range of ascending ones, that ends where *at will point. */
static int parse_cpus(const char *text, const char **at, struct options *options,
		      struct error *err)
{
	uint64_t first = 0, last;
	bool good = read_number(*at, 0, INT_MAX, &first, at);

	last = first;
	if (good && **at == '-')
		good = read_number(*at + 1, first, INT_MAX, &last, at);
	if (!good || (**at && **at != ','))
		return error_set(err, EINVAL, "--placement: \"%s\" is not a list such as 0,4,8-11 "
				 "of processors, with which no names go", text);
	if (last - first >= OPTIONS_MAX_CPUS - options->nr_cpus)
		return error_set(err, EINVAL, "--placement: more than %d processors",
				 OPTIONS_MAX_CPUS);
	for (uint64_t cpu = first; cpu <= last; cpu++) {
		for (unsigned i = 0; i < options->nr_cpus; i++)
			if (options->cpus[i] == cpu)
				return error_set(err, EINVAL, "--placement: \"%s\" names processor "
						 "%llu twice", text, (unsigned long long)cpu);
		options->cpus[options->nr_cpus++] = (unsigned)cpu;
	}
	return 0;
}

static int parse_cpu_list(const char *text, struct options *options, struct error *err)
{
	int error;

	options->placements[PLACE_LIST] = true;
	for (const char *at = text; ; at++) {
		error = parse_cpus(text, &at, options, err);
		if (error || !*at)
			return error;
	}
}

static int refuse_placement(const char *at, size_t length, struct error *err)
{
	if (isdigit((unsigned char)*at))
		return error_set(err, EINVAL, "--placement: \"%.*s\": a list of processors takes no "
				 "names", (int)length, at);
	return error_set(err, EINVAL, "--placement: \"%.*s\" is none of compact, scatter, "
			 "one-per-core, one-per-l3, smt-pairs, same-l3, cross-package, p-cores, "
			 "e-cores, and no list of processors such as 0,4,8-11", (int)length, at);
}

int option_placements(const char *text, struct options *options, struct error *err)
{
	bool *chosen = options->placements;

	memset(chosen, 0, sizeof(options->placements));
	options->placement_given = true;
	options->nr_cpus = 0;
	if (isdigit((unsigned char)*text))
		return parse_cpu_list(text, options, err);
	for (const char *at = text; ; at++) {
		const size_t length = strcspn(at, ",");
		unsigned i = 0;

		while (i < PLACE_LIST && (strlen(placement_name(i)) != length ||
					  strncmp(placement_name(i), at, length) != 0))
			i++;
		if (i == PLACE_LIST)
			return refuse_placement(at, length, err);
		if (chosen[i])
			return error_set(err, EINVAL, "--placement: \"%s\" names %s twice", text,
					 placement_name(i));
		chosen[i] = true;
		at += length;
		if (!*at)
			return 0;
	}
}

int option_layouts(const char *text, struct options *options, struct error *err)
{
	const bool both = !strcmp(text, "padded,packed") || !strcmp(text, "packed,padded");

	options->padded = both || !strcmp(text, "padded");
	options->packed = both || !strcmp(text, "packed");
	if (options->padded || options->packed)
		return 0;
	return error_set(err, EINVAL, "--layout: \"%s\" is none of padded, packed and "
			 "padded,packed", text);
}

int option_setting(const char *text, const char **setting, struct error *err)
{
	if (strcmp(text, "held") != 0 && strcmp(text, "churn") != 0)
		return error_set(err, EINVAL, "--setting: \"%s\" is neither held nor churn", text);
	*setting = text;
	return 0;
}

int option_alloc(const char *text, bool *use_malloc, struct error *err)
{
	if (strcmp(text, "pool") != 0 && strcmp(text, "malloc") != 0)
		return error_set(err, EINVAL, "--alloc: \"%s\" is neither pool nor malloc", text);
	*use_malloc = !strcmp(text, "malloc");
	return 0;
}

static const char *const home_names[] = {
	[HOME_LOCAL] = "local", [HOME_REMOTE] = "remote", [HOME_INTERLEAVE] = "interleave",
};

const char *home_name(const struct home *home, char *buffer, size_t bytes)
{
	if (home->policy != HOME_NODE)
		return home_names[home->policy];
	snprintf(buffer, bytes, "%u", home->node);
	return buffer;
}

int option_home(const char *text, struct home *home, struct error *err)
{
	const char *end;
	uint64_t node;

	for (unsigned i = 0; i < sizeof(home_names) / sizeof(*home_names); i++)
		if (!strcmp(text, home_names[i])) {
			home->policy = i;
			return 0;
		}
	if (!read_number(text, 0, MAX_NODE, &node, &end) || *end)
		return error_set(err, EINVAL, "--node: \"%s\" is none of local, remote, interleave and "
				 "the number of a node", text);
	*home = (struct home){ .policy = HOME_NODE, .node = (unsigned)node };
	return 0;
}

int option_counters(const char *text, struct options *options, struct error *err)
{
	/* What libpfm4's names and modifiers are made of: the name becomes a column. */
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_:.=-";

	options->nr_counters = 0;
	for (const char *at = text; ; at++) {
		const size_t length = strcspn(at, ",");
		char *name;

		if (options->nr_counters == COUNTERS_MAX_NAMED)
			return error_set(err, EINVAL, "--counters: more than %d names",
					 COUNTERS_MAX_NAMED);
		if (!length || length >= sizeof(*options->counters) ||
		    strspn(at, letters) < length)
			return error_set(err, EINVAL, "--counters: \"%s\" is not a list of names "
					 "such as rfo_hitm,BR_MISP_RETIRED", text);
		name = options->counters[options->nr_counters];
		memcpy(name, at, length);
		name[length] = '\0';
		for (unsigned i = 0; i < options->nr_counters; i++)
			if (!strcmp(options->counters[i], name))
				return error_set(err, EINVAL, "--counters: \"%s\" names %s twice",
						 text, name);
		options->nr_counters++;
		at += length;
		if (!*at)
			return 0;
	}
}

/* A time such as 90s, 10m or 2h; without a unit, seconds. */
int option_budget(const char *text, unsigned *seconds, struct error *err)
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
int option_percent(const char *name, const char *text, double low, double high,
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

int option_text(const char *name, const char *text, const char **value, struct error *err)
{
	if (!*text)
		return error_set(err, EINVAL, "%s: is empty", name);
	*value = text;
	return 0;
}
