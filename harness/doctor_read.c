/*
 * Reads what /proc and /sys tell, under a root that may be a test's.
 *
 * SPDX-License-Identifier: MIT
 */
#include "doctor_internal.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

FILE *doctor_open(const char *root, const char *path)
{
	char *full;
	FILE *file;

	if (asprintf(&full, "%s%s", root, path) < 0)
		return NULL;
	file = fopen(full, "re");
	free(full);
	return file;
}

bool doctor_line(const char *root, const char *path, char *line, size_t size)
{
	FILE *file = doctor_open(root, path);
	bool got;

	if (!file)
		return false;
	got = fgets(line, (int)size, file) != NULL;
	fclose(file);
	if (!got)
		return false;
	line[strcspn(line, "\n")] = '\0';
	for (; *line; line++)
		if (*line < ' ' || *line > '~')
			*line = '?';
	return true;
}

bool doctor_number(const char *line, long long *number)
{
	char *end;

	if (!isdigit((unsigned char)line[*line == '-']))
		return false;
	errno = 0;
	*number = strtoll(line, &end, 10);
	return !errno && !*end;
}

char *doctor_field(const char *root, const char *path, const char *key)
{
	FILE *file = doctor_open(root, path);
	char *line = NULL, *found = NULL;
	size_t size = 0;

	if (!file)
		return NULL;
	while (!found && getline(&line, &size, file) > 0) {
		const char *at = line + strlen(key);

		if (strncmp(line, key, strlen(key)))
			continue;
		at += strspn(at, " \t");
		if (*at == ':')
			found = strdup(at + 1);
	}
	free(line);
	fclose(file);
	if (found)
		found[strcspn(found, "\n")] = '\0';
	return found;
}

DIR *doctor_cpus(const char *root)
{
	char *full;
	DIR *directory;

	if (asprintf(&full, "%s/sys/devices/system/cpu", root) < 0)
		return NULL;
	directory = opendir(full);
	free(full);
	return directory;
}

bool doctor_next_cpu(DIR *directory, unsigned *cpu)
{
	const struct dirent *entry;
	char more;

	while ((entry = readdir(directory)))
		if (sscanf(entry->d_name, "cpu%u%c", cpu, &more) == 1)
			return true;
	return false;
}
