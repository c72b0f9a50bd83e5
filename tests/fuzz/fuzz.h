/*
 * What the fuzzers share: a folder that lives as long as the process, and texts that must not be there.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char fuzz_folder[64];

static inline int fuzz_remove(const char *path, const struct stat *file, int type,
			      struct FTW *level)
{
	(void)file;
	(void)type;
	(void)level;
	return remove(path);
}

static inline void fuzz_folder_remove(void)
{
	nftw(fuzz_folder, fuzz_remove, 8, FTW_DEPTH | FTW_PHYS);
}

/* The folder, made by the first call. */
static inline const char *fuzz_dir(void)
{
	if (!*fuzz_folder) {
		strcpy(fuzz_folder, access("/dev/shm", W_OK) ? "/tmp/krefbench-fuzz.XXXXXX" :
			"/dev/shm/krefbench-fuzz.XXXXXX");
		if (!mkdtemp(fuzz_folder))
			abort();
		atexit(fuzz_folder_remove);
	}
	return fuzz_folder;
}

/* Writes a file of the folder. */
static inline void fuzz_write(const char *name, const void *data, size_t size)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", fuzz_dir(), name);
	file = fopen(path, "we");
	if (!file || fwrite(data, 1, size, file) != size || fclose(file))
		abort();
}

/* Ends the process, which libFuzzer keeps as a crash, where it is not so. */
static inline void fuzz_promise(int holds, const char *promise)
{
	if (holds)
		return;
	fprintf(stderr, "fuzz: broken promise: %s\n", promise);
	abort();
}

#endif
