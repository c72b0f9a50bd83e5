/*
 * Parses the values of options.
 *
 * SPDX-License-Identifier: MIT
 */
#include "options_values.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_BUDGET_S 604800

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

int option_placements(const char *text, bool *chosen, struct error *err)
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

int option_alloc(const char *text, bool *use_malloc, struct error *err)
{
	if (strcmp(text, "pool") != 0 && strcmp(text, "malloc") != 0)
		return error_set(err, EINVAL, "--alloc: \"%s\" is neither pool nor malloc", text);
	*use_malloc = !strcmp(text, "malloc");
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
