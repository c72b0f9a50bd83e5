/*
 * The environment that gnuplot is started with: the user's, but for what would change figures or run code of the
 * folder that they are drawn in.
 *
 * SPDX-License-Identifier: MIT
 */
#include "figures_internal.h"

#include <stdlib.h>
#include <string.h>

extern char **environ;

/* What programs and libraries are loaded from: gnuplot's working folder may be a stranger's. */
static const struct {
	const char *name, *separators;
} lists[] = {
	{ "PATH=", ":" }, { "LD_LIBRARY_PATH=", ":;" }, { "LD_PRELOAD=", ": " }, { "LD_AUDIT=", ":" },
	{ "GCONV_PATH=", ":" },
};

static bool begins(const char *entry, const char *name)
{
	return !strncmp(entry, name, strlen(name));
}

/* Leaves the absolute elements, where they stand; an empty one is the working folder. */
static void keep_absolute(char *list, const char *separators)
{
	const char *from = list;
	char *to = list;

	while (*from) {
		const size_t length = strcspn(from, separators);

		if (*from == '/') {
			if (to > list)
				*to++ = ':';
			memmove(to, from, length);
			to += length;
		}
		from += length;
		from += *from != '\0';
	}
	*to = '\0';
}

/* Whether anything is left of it. An empty PATH would be the working folder; without one there is a default. */
static bool clean(char *entry)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		if (begins(entry, lists[i].name)) {
			char *list = entry + strlen(lists[i].name);

			keep_absolute(list, lists[i].separators);
			return *list;
		}
	return !begins(entry, "LC_ALL=") && !begins(entry, "GNUTERM=");
}

char **figures_environment(void)
{
	size_t nr = 0, used = 0, i;
	char **entries;

	while (environ[nr])
		nr++;
	entries = calloc(nr + 2, sizeof(*entries));
	if (!entries)
		return NULL;
	entries[used] = strdup("LC_ALL=C");
	for (i = 0; entries[used] && i < nr; i++) {
		entries[++used] = strdup(environ[i]);
		if (entries[used] && !clean(entries[used])) {
			free(entries[used]);
			entries[used--] = NULL;
		}
	}
	if (!entries[used]) {
		figures_environment_free(entries);
		return NULL;
	}
	return entries;
}

void figures_environment_free(char **entries)
{
	for (size_t i = 0; entries && entries[i]; i++)
		free(entries[i]);
	free(entries);
}
