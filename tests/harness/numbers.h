/*
 * What the tests of statistics share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_HARNESS_NUMBERS_H
#define TESTS_HARNESS_NUMBERS_H

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/random.h"

#define NR(array) (sizeof(array) / sizeof(*(array)))

/* Seeded: the same numbers each time. */
static uint64_t random_state = 1;

static inline void assert_near(double value, double expected, double relative)
{
	if (!(fabs(value - expected) <= relative * fabs(expected)))
		fail_msg("%.17g, expected %.17g", value, expected);
}

#endif
