/*
 * What processors did with their time, as /proc/stat tells it.
 *
 * SPDX-License-Identifier: MIT
 *
 * In ticks of USER_HZ, 10 ms: that a tick was stolen says that some time of it was, not when.
 */
#ifndef HARNESS_CPUTIME_H
#define HARNESS_CPUTIME_H

#include <stddef.h>
#include <stdint.h>

struct cputime {
	uint64_t total, busy, steal;	/* busy: neither idle nor stolen */
	unsigned cpus;			/* summed over */
};

struct cputime_file {
	int fd;				/* -1: not open */
	char *text;
	size_t size;
};

/* Opens path, /proc/stat or what stands for it. Returns 0 or -errno, with fd -1. */
int cputime_open(struct cputime_file *file, const char *path);

/*
 * Reads the sums over the processors cpus[0..n), each as often as it stands there; with n 0 over
 * all that are online. Returns 0; -ENOENT where a processor has no line, -EBADMSG where its line
 * does not tell of steal, or another -errno.
 */
int cputime_read(struct cputime_file *file, const int *cpus, unsigned n, struct cputime *time);

void cputime_close(struct cputime_file *file);

#endif
