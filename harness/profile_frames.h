/*
 * Functions and source lines of addresses, inlined ones included.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_PROFILE_FRAMES_H
#define HARNESS_PROFILE_FRAMES_H

#include <stdint.h>
#include <stdio.h>

struct profile_frame {
	char *function, *file;	/* "": unknown; file as relative to the project as it can be */
	unsigned line;		/* 0: unknown */
};

/* Told of each address in the order of the output; the frames are then the receiver's. 0 or -errno. */
typedef int frames_receive(void *context, uint64_t address, struct profile_frame *frames,
			   unsigned nr_frames);

/*
 * Reads what `addr2line -a -f -i` prints. home: the project's folder, which is taken off paths.
 * Returns 0, or -ENOMEM, or what receive returned.
 */
int frames_read(FILE *output, const char *home, frames_receive *receive, void *context);

void frames_free(struct profile_frame *frames, unsigned nr_frames);

#endif
