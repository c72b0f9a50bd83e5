/*
 * polled: atomic, and an account of its polls.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_POLLED_H
#define TESTS_POLLED_H

#include "../../kref/strategies/atomic.h"

#define KREF_HAS_POLL

static unsigned polls;

static inline void kref_thread_poll(void)
{
	polls++;
}

#endif
