/*
 * Whether this is a virtual machine, as far as it shows.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_GUEST_H
#define HARNESS_GUEST_H

#include <stdbool.h>

/* What an x86 processor's flags, Xen or a device tree tell; false where nothing is seen. */
bool guest_seen(void);

#endif
