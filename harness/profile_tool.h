/*
 * Another program whose output is read: perf, objdump, addr2line.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_PROFILE_TOOL_H
#define HARNESS_PROFILE_TOOL_H

#include <stdio.h>
#include <sys/types.h>

struct tool {
	pid_t pid;
	FILE *output;
};

/*
 * Starts argv[0] of PATH. Its standard input is the file input, its standard error is written to the
 * file errors; NULL: neither is there. Returns 0 or -errno: -ENOENT where there is no such program.
 */
int tool_open(struct tool *tool, const char *const *argv, const char *input, const char *errors);

/* Waits for its end, whatever is still unread. Returns its exit code, 128 and more after a signal. */
int tool_close(struct tool *tool);

#endif
