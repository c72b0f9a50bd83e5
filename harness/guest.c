/*
 * Looks for a hypervisor.
 *
 * SPDX-License-Identifier: MIT
 */
#include "guest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool flag_seen(void)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	char *line = NULL;
	size_t size = 0;
	bool found = false;

	if (!file)
		return false;
	while (!found && getline(&line, &size, file) > 0)
		found = strstr(line, " hypervisor") && !strncmp(line, "flags", 5);
	free(line);
	fclose(file);
	return found;
}

bool guest_seen(void)
{
	return flag_seen() || !access("/sys/hypervisor/type", F_OK) ||
	       !access("/proc/device-tree/hypervisor", F_OK);
}
