/*
 * Finds the link orders of the running program and picks one a launch.
 *
 * SPDX-License-Identifier: MIT
 */
#include "orders.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void orders_open(struct orders *orders, const char *program)
{
	char *real = realpath(program, NULL), *path;

	orders->nr = 0;
	while (real && orders->nr < ORDERS_MOST) {
		int fd = -1;

		if (asprintf(&path, "%s.%u", real, orders->nr + 1) < 0)
			break;
		if (!access(path, X_OK))
			fd = open(path, O_PATH | O_CLOEXEC);
		free(path);
		if (fd < 0)
			break;
		orders->fds[orders->nr++] = fd;
	}
	free(real);
}

void orders_close(struct orders *orders)
{
	while (orders->nr)
		close(orders->fds[--orders->nr]);
}

const char *orders_pick(const struct orders *orders, const char *program, unsigned number,
			char path[32])
{
	if (!orders->nr)
		return program;
	snprintf(path, 32, "/proc/self/fd/%d", orders->fds[(number - 1) % orders->nr]);
	return path;
}
