/*
 * A hash set of texts: the CSV files repeat a few hundred names in tens of thousands of fields.
 *
 * SPDX-License-Identifier: MIT
 */
#include "results_internal.h"

#include <stdlib.h>
#include <string.h>

#define NR_BUCKETS 1024

struct text {
	struct text *next;
	char text[];
};

struct results_texts {
	struct text *buckets[NR_BUCKETS];
};

struct results_texts *results_texts_new(void)
{
	return calloc(1, sizeof(struct results_texts));
}

const char *results_texts_add(struct results_texts *texts, const char *text)
{
	struct text **bucket, *entry;
	unsigned hash = 2166136261u;	/* FNV-1a */
	const char *at;

	for (at = text; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 16777619u;
	bucket = &texts->buckets[hash % NR_BUCKETS];
	for (entry = *bucket; entry; entry = entry->next)
		if (!strcmp(entry->text, text))
			return entry->text;
	entry = malloc(sizeof(*entry) + (size_t)(at - text) + 1);
	if (!entry)
		return NULL;
	memcpy(entry->text, text, (size_t)(at - text) + 1);
	entry->next = *bucket;
	*bucket = entry;
	return entry->text;
}

void results_texts_free(struct results_texts *texts)
{
	unsigned i;

	if (!texts)
		return;
	for (i = 0; i < NR_BUCKETS; i++) {
		while (texts->buckets[i]) {
			struct text *entry = texts->buckets[i];

			texts->buckets[i] = entry->next;
			free(entry);
		}
	}
	free(texts);
}
