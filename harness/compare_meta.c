/*
 * What differs between the meta.json of two runs and may move a number.
 *
 * SPDX-License-Identifier: MIT
 */
#include "compare.h"

#include <stdlib.h>
#include <string.h>

/* Top-level fields, in the order in which they are told. Times and counts of a run are left out. */
static const char *const fields[] = {
	"host", "machine", "kernel", "governor", "mitigations", "commit", "strategy_header",
	"toolchain", "libraries", "command", "seed", "quick", "precision", "budget_s", "alloc",
	"poll_every", "link_orders", "placements", "threads", "clock", "launches_done", "status",
};

/* Differ between any two runs, and say nothing. */
static const char *const calibrated[] = { "clock.ticks_per_ns", "clock.max_offset_ns" };

static bool is_calibrated(const char *path)
{
	for (size_t i = 0; i < sizeof(calibrated) / sizeof(*calibrated); i++)
		if (!strcmp(path, calibrated[i]))
			return true;
	return false;
}

/* Control characters, which a terminal would obey, become question marks. */
static void text_print(const char *text, FILE *out)
{
	for (; *text; text++)
		fputc((unsigned char)*text < ' ' || *text == 127 ? '?' : *text, out);
}

/* A text as it is, an array of texts as a line of words, the rest as JSON. */
static void value_print(const json_t *value, FILE *out)
{
	const json_t *item;
	size_t i;

	if (!value || json_is_null(value)) {
		fputs("not told", out);
	} else if (json_is_string(value)) {
		text_print(json_string_value(value), out);
	} else if (json_is_array(value)) {
		json_array_foreach(value, i, item) {
			if (i)
				fputc(' ', out);
			value_print(item, out);
		}
	} else {
		json_dumpf(value, out, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS);
	}
}

static bool holds_objects(const json_t *value)
{
	return json_is_object(value) ||
	       (json_is_array(value) && json_is_object(json_array_get(value, 0)));
}

static unsigned difference_print(const char *path, const json_t *a, const json_t *b, FILE *out);

/* The members of either, those of an array by their number. */
static unsigned members_print(const char *path, const json_t *a, const json_t *b, FILE *out)
{
	unsigned nr = 0;
	const char *key;
	char name[256];
	json_t *value;

	if (json_is_array(a) || json_is_array(b)) {
		for (size_t i = 0; i < json_array_size(a) || i < json_array_size(b); i++) {
			snprintf(name, sizeof(name), "%s.%zu", path, i + 1);
			nr += difference_print(name, json_array_get(a, i), json_array_get(b, i),
					       out);
		}
		return nr;
	}
	json_object_foreach((json_t *)a, key, value) {
		snprintf(name, sizeof(name), "%s.%s", path, key);
		nr += difference_print(name, value, json_object_get(b, key), out);
	}
	json_object_foreach((json_t *)b, key, value) {
		snprintf(name, sizeof(name), "%s.%s", path, key);
		if (!json_object_get(a, key))
			nr += difference_print(name, NULL, value, out);
	}
	return nr;
}

static unsigned difference_print(const char *path, const json_t *a, const json_t *b, FILE *out)
{
	const bool told_a = a && !json_is_null(a), told_b = b && !json_is_null(b);

	if (is_calibrated(path) || (!told_a && !told_b) || json_equal(a, b))
		return 0;
	if ((holds_objects(a) || !told_a) && (holds_objects(b) || !told_b))
		return members_print(path, a, b, out);
	fputs("  ", out);
	text_print(path, out);
	fputs("\n    A  ", out);
	value_print(a, out);
	fputs("\n    B  ", out);
	value_print(b, out);
	fputc('\n', out);
	return 1;
}

unsigned compare_meta_print(const json_t *a, const json_t *b, FILE *out)
{
	unsigned nr = 0;

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		nr += difference_print(fields[i], json_object_get(a, fields[i]),
				       json_object_get(b, fields[i]), out);
	return nr;
}
