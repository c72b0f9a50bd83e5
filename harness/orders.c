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
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The mark at the end of the open program, or false. */
static bool read_mark(int fd, char mark[ORDERS_MARK_BYTES])
{
	struct stat file;

	return !fstat(fd, &file) && file.st_size > (off_t)ORDERS_MARK_BYTES &&
	       pread(fd, mark, ORDERS_MARK_BYTES, file.st_size - (off_t)ORDERS_MARK_BYTES) ==
	       (ssize_t)ORDERS_MARK_BYTES &&
	       !memcmp(mark, ORDERS_MARK, sizeof(ORDERS_MARK) - 1);
}

static bool has_mark(int fd, const char *mark)
{
	char own[ORDERS_MARK_BYTES];

	return *mark && read_mark(fd, own) && !memcmp(mark, own, sizeof(own));
}

/* "" where it has none: it was not linked by the Makefile, or something was taken off it. */
static void read_program(const char *program, char mark[ORDERS_MARK_BYTES])
{
	const int fd = open(program, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || !read_mark(fd, mark))
		*mark = '\0';
	if (fd >= 0)
		close(fd);
}

/* -1: there is none. */
static int open_order(const char *program, unsigned number)
{
	char *path;
	int fd = -1;

	if (asprintf(&path, "%s.%u", program, number) < 0)
		return -1;
	if (!access(path, X_OK))
		fd = open(path, O_RDONLY | O_CLOEXEC);
	free(path);
	return fd;
}

int orders_open(struct orders *orders, const char *program, unsigned nr_groups)
{
	char *real = realpath(program, NULL), mark[ORDERS_MARK_BYTES];

	*orders = (struct orders){
		.nr_groups = nr_groups, .used = calloc(nr_groups + 1, ORDERS_MOST),
	};
	read_program(program, mark);
	for (unsigned number = 1; real && number <= ORDERS_MOST; number++) {
		const int fd = open_order(real, number);

		if (fd < 0)
			break;
		if (has_mark(fd, mark)) {
			orders->fds[orders->nr++] = fd;
		} else {
			orders->nr_foreign++;
			close(fd);
		}
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
