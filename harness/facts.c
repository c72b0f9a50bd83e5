/*
 * Walks the meta.json of several runs at once.
 *
 * SPDX-License-Identifier: MIT
 */
#include "facts.h"

#include <string.h>

#include "text.h"

/* Differ between any two runs, and say nothing. */
static const char *const calibrated[] = { "clock.ticks_per_ns", "clock.max_offset_ns" };

struct walk {
	void (*tell)(void *arg, const struct fact *fact);
	void *arg;
};

static bool is_calibrated(const char *path)
{
	for (size_t i = 0; i < sizeof(calibrated) / sizeof(*calibrated); i++)
		if (!strcmp(path, calibrated[i]))
			return true;
	return false;
}

static bool is_told(const json_t *value)
{
	return value && !json_is_null(value);
}

static bool holds_objects(const json_t *value)
{
	return json_is_object(value) ||
	       (json_is_array(value) && json_is_object(json_array_get(value, 0)));
}

void fact_text(const char *text, FILE *out)
{
	for (; *text; text++) {
		const unsigned bytes = text_control(text);

		fputc(bytes ? '?' : *text, out);
		text += bytes > 1;
	}
}

void fact_print(const json_t *value, FILE *out)
{
	const json_t *item;
	size_t i;

	if (!is_told(value)) {
		fputs("not told", out);
	} else if (json_is_string(value)) {
		fact_text(json_string_value(value), out);
	} else if (json_is_array(value)) {
		json_array_foreach(value, i, item) {
			if (i)
				fputc(' ', out);
			fact_print(item, out);
		}
	} else {
		json_dumpf(value, out, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS |
			   JSON_REAL_PRECISION(6));
	}
}

bool fact_differs(const struct fact *fact)
{
	for (size_t i = 1; i < fact->nr; i++) {
		const json_t *a = fact->values[0], *b = fact->values[i];

		if (is_told(a) != is_told(b) || (is_told(a) && !json_equal(a, b)))
			return true;
	}
	return false;
}

static void fact_walk(const struct walk *walk, const struct fact *fact);

/* The members of any, those of an array by their number. */
static void array_walk(const struct walk *walk, const struct fact *fact)
{
	size_t most = 0;
	char name[256];

	for (size_t i = 0; i < fact->nr; i++)
		if (json_array_size(fact->values[i]) > most)
			most = json_array_size(fact->values[i]);
	for (size_t at = 0; at < most; at++) {
		struct fact member = { .path = name, .nr = fact->nr };

		snprintf(name, sizeof(name), "%s.%zu", fact->path, at + 1);
		for (size_t i = 0; i < fact->nr; i++)
			member.values[i] = json_array_get(fact->values[i], at);
		fact_walk(walk, &member);
	}
}

/* Those of the first run, then those that only a later one has. */
static void object_walk(const struct walk *walk, const struct fact *fact)
{
	const char *key;
	char name[256];
	json_t *value;

	for (size_t i = 0; i < fact->nr; i++)
		json_object_foreach((json_t *)fact->values[i], key, value) {
			struct fact member = { .path = name, .nr = fact->nr };
			bool told = false;

			for (size_t j = 0; j < fact->nr; j++) {
				member.values[j] = json_object_get(fact->values[j], key);
				told |= j < i && member.values[j];
			}
			snprintf(name, sizeof(name), "%s.%s", fact->path, key);
			if (!told)
				fact_walk(walk, &member);
		}
}

static void fact_walk(const struct walk *walk, const struct fact *fact)
{
	bool any = false, deep = true, array = false;

	for (size_t i = 0; i < fact->nr; i++) {
		any |= is_told(fact->values[i]);
		deep &= holds_objects(fact->values[i]) || !is_told(fact->values[i]);
		array |= json_is_array(fact->values[i]);
	}
	if (!any || is_calibrated(fact->path))
		return;
	if (!deep)
		walk->tell(walk->arg, fact);
	else if (array)
		array_walk(walk, fact);
	else
		object_walk(walk, fact);
}

void facts_walk(const json_t *const *metas, size_t nr, const char *const *fields, size_t nr_fields,
		void (*tell)(void *arg, const struct fact *fact), void *arg)
{
	const struct walk walk = { tell, arg };

	for (size_t i = 0; i < nr_fields; i++) {
		struct fact fact = { .path = fields[i], .nr = nr };

		for (size_t j = 0; j < nr; j++)
			fact.values[j] = json_object_get(metas[j], fields[i]);
		fact_walk(&walk, &fact);
	}
}
