/*
 * The flags of rows as a set of bits, written joined by `+` in a fixed order.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "flagset.h"

static int flagset_add(struct flagset *set, const char *name, size_t length)
{
	if (set->nr == sizeof(set->names) / sizeof(*set->names))
		return -ENOSPC;
	set->names[set->nr] = strndup(name, length);
	if (!set->names[set->nr])
		return -ENOMEM;
	set->nr++;
	return 0;
}

int flagset_init(struct flagset *set)
{
	static const char *const names[] = {
		"steal", "migrated", "multiplexed", "oversubscribed", "drift", "bursty",
		"few-launches", "short-overlap", "shared-reclaim", "starved",
		"switched", "clock-step", "resumed",
	};
	int ret;

	memset(set, 0, sizeof(*set));
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		ret = flagset_add(set, names[i], strlen(names[i]));
		if (ret) {
			flagset_free(set);
			return ret;
		}
	}
	return 0;
}

static int flagset_parse_one(struct flagset *set, const char *name, size_t length, uint64_t *bits)
{
	unsigned bit = 0;
	int ret;

	if (!length)
		return -EBADMSG;
	while (bit < set->nr && (strncmp(set->names[bit], name, length) || set->names[bit][length]))
		bit++;
	if (bit == set->nr) {
		ret = flagset_add(set, name, length);
		if (ret)
			return ret;
	}
	*bits |= UINT64_C(1) << bit;
	return 0;
}

int flagset_parse(struct flagset *set, const char *text, uint64_t *bits)
{
	size_t length;
	int ret;

	if (!*text)
		return 0;
	for (;; text += length + 1) {
		length = strcspn(text, "+");
		ret = flagset_parse_one(set, text, length, bits);
		if (ret || !text[length])
			return ret;
	}
}

void flagset_write(const struct flagset *set, uint64_t bits, FILE *file)
{
	const char *join = "";

	for (unsigned bit = 0; bit < set->nr; bit++) {
		if (!(bits >> bit & 1))
			continue;
		fprintf(file, "%s%s", join, set->names[bit]);
		join = "+";
	}
}

void flagset_free(struct flagset *set)
{
	while (set->nr)
		free(set->names[--set->nr]);
}
