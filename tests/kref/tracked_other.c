/*
 * A second file of a program with tracked, in C beside one in C++: the ledger is one per program.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/kref/tracked_other.h"

int tracked_other_put(struct kref *kref, void (*release)(struct kref *kref))
{
	return kref_put(kref, release);
}
