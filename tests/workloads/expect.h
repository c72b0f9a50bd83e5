/*
 * EXPECT(condition): says on stderr what does not hold, counts it in failures, and goes on.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_WORKLOADS_EXPECT_H
#define TESTS_WORKLOADS_EXPECT_H

#include <stdbool.h>
#include <stdio.h>

#define EXPECT(condition) expect(condition, #condition, __FILE__, __LINE__)

static int failures;

static void expect(bool holds, const char *what, const char *file, int line)
{
	if (holds)
		return;
	failures++;
	fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
}

#endif
