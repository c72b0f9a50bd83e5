/*
 * Finds the link orders of the running program and gives each launch one.
 *
 * SPDX-License-Identifier: MIT
 */
#include "orders.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int orders_open(struct orders *orders, const char *program, unsigned nr_groups)
{
	char *real = realpath(program, NULL), *path;

	*orders = (struct orders){
		.nr_groups = nr_groups, .used = calloc(nr_groups + 1, ORDERS_MOST),
	};
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
	return orders->used ? 0 : -ENOMEM;
}

void orders_close(struct orders *orders)
{
	while (orders->nr)
		close(orders->fds[--orders->nr]);
	free(orders->used);
}

const char *orders_again(const struct orders *orders, const char *program)
{
	return *orders->latest ? orders->latest : program;
}

const char *orders_next(struct orders *orders, const char *program, const bool *active)
{
	unsigned fewest = UINT_MAX, next = 0;

	if (!orders->nr)
		return program;
	for (unsigned order = 0; order < orders->nr; order++) {
		unsigned met = 0;

		for (unsigned group = 0; group < orders->nr_groups; group++)
			if (active[group])
				met += orders->used[group * ORDERS_MOST + order];
		if (met < fewest) {
			fewest = met;
			next = order;
		}
	}
	for (unsigned group = 0; group < orders->nr_groups; group++)
		orders->used[group * ORDERS_MOST + next] += active[group];
	snprintf(orders->latest, sizeof(orders->latest), "/proc/self/fd/%d", orders->fds[next]);
	return orders->latest;
}
