/*
 * In what the runs differ beside what they measured, and in what not.
 *
 * SPDX-License-Identifier: MIT
 */
#include "beside_internal.h"

#include <stdlib.h>
#include <string.h>

/* Of meta.json, in the order in which they are told. */
static const char *const fields[] = {
	"host", "started_utc", "machine", "environment", "kernel", "governor", "mitigations",
	"toolchain", "libraries", "commit", "strategy_header", "command", "seed", "quick", "precision",
	"budget_s", "alloc", "poll_every", "link_orders", "home", "handover", "clock", "threads",
	"launches_done", "status",
};

/* A mask, a command: what is longer is in the run's own report. */
#define MOST_LETTERS 200

/* What doctor told, as a member a name. Those of the governor and of mitigations are fields. */
static json_t *environment_of(const json_t *list)
{
	json_t *members = json_object(), *item;
	size_t i;

	json_array_foreach(list, i, item) {
		const char *name = json_string_value(json_object_get(item, "name"));

		if (name && strcmp(name, "governor") != 0 && strcmp(name, "mitigations") != 0)
			json_object_set(members, name, json_object_get(item, "value"));
	}
	return members;
}

/* A copy to read; without memory the one there is. */
static json_t *meta_of(const struct beside_run *run)
{
	json_t *own = run->report.results.meta, *meta = json_copy(own);
	json_t *environment = environment_of(json_object_get(own, "environment"));

	if (meta && environment)
		json_object_set(meta, "environment", environment);
	json_decref(environment);
	return meta ? meta : json_incref(own);
}

struct telling {
	bool differ;
	void (*tell)(void *arg, const char *name, char *const *texts, size_t nr);
	void *arg;
};

/* As much as a cell holds, cut between characters of UTF-8. */
static void cut(char *text)
{
	size_t length = MOST_LETTERS;

	if (strlen(text) <= MOST_LETTERS)
		return;
	while (((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	strcpy(text + length - 3, "...");
}

static char *text_of(const json_t *value)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fact_print(value, out);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	cut(text);
	return text;
}

static void tell_fact(void *arg, const struct fact *fact)
{
	const struct telling *telling = arg;
	char *texts[FACTS_MOST] = { NULL };
	bool whole = true;

	if (fact_differs(fact) != telling->differ)
		return;
	for (size_t i = 0; i < fact->nr; i++) {
		texts[i] = text_of(fact->values[i]);
		whole &= texts[i] != NULL;
	}
	if (whole)
		telling->tell(telling->arg, fact->path, texts, fact->nr);
	for (size_t i = 0; i < fact->nr; i++)
		free(texts[i]);
}

void beside_facts(const struct beside *beside, bool differ,
		  void (*tell)(void *arg, const char *name, char *const *texts, size_t nr), void *arg)
{
	struct telling telling = { differ, tell, arg };
	json_t *metas[BESIDE_MOST];

	for (size_t i = 0; i < beside->nr; i++)
		metas[i] = meta_of(&beside->runs[i]);
	facts_walk((const json_t *const *)metas, beside->nr, fields, sizeof(fields) / sizeof(*fields),
		   tell_fact, &telling);
	for (size_t i = 0; i < beside->nr; i++)
		json_decref(metas[i]);
}
