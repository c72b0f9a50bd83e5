/*
 * A second user of the default strategy in one program, to see that its state is one per program.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef REFCOUNT_OTHER_H
#define REFCOUNT_OTHER_H

#include "kref/kref.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Misuses kref, whatever it holds, so that this kind is reported. */
void refcount_other_misuse(struct kref *kref, enum kref_report kind);

void refcount_other_set_hook(void (*hook)(enum kref_report kind, struct kref *kref));

#ifdef __cplusplus
}
#endif

#endif
