/*
 * A folder of a test's own under /tmp, and what is in its files.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_HARNESS_SCRATCH_H
#define TESTS_HARNESS_SCRATCH_H

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char scratch[64];

static inline int scratch_open(void **state)
{
	(void)state;
	strcpy(scratch, "/tmp/test_harness.XXXXXX");
	return mkdtemp(scratch) ? 0 : -1;
}

static inline int scratch_remove(const char *path, const struct stat *file, int type,
				 struct FTW *level)
{
	(void)file;
	(void)type;
	(void)level;
	return remove(path);
}

static inline int scratch_close(void **state)
{
	(void)state;
	return nftw(scratch, scratch_remove, 8, FTW_DEPTH | FTW_PHYS);
}

/* The path of a name in the folder; of the last 4 asked for. */
static inline char *scratch_path(const char *name)
{
	static char paths[4][256];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", scratch, name);
	return path;
}

static inline void scratch_write(const char *name, const char *text)
{
	FILE *file = fopen(scratch_path(name), "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* All of a file, until the next call. */
static inline char *scratch_read(const char *name)
{
	static char text[65536];
	FILE *file = fopen(scratch_path(name), "r");
	size_t length;

	assert_non_null(file);
	length = fread(text, 1, sizeof(text) - 1, file);
	text[length] = '\0';
	fclose(file);
	return text;
}

#endif
