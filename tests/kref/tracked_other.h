/*
 * A second file of a program with tracked, in C beside one in C++: the ledger is one per program.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TRACKED_OTHER_H
#define TRACKED_OTHER_H

#include "kref/kref.h"

#ifdef __cplusplus
extern "C" {
#endif

/* kref_put(), from a place in C. */
int tracked_other_put(struct kref *kref, void (*release)(struct kref *kref));

#ifdef __cplusplus
}
#endif

#endif
