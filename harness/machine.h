/*
 * What measures, as meta.json tells it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_MACHINE_H
#define HARNESS_MACHINE_H

#include <jansson.h>

#include "error.h"
#include "place.h"

/* Sets kernel, governor, mitigations and machine of root. */
void machine_describe(json_t *root, const struct place *place);

/*
 * Whether these and the topology are what an earlier run's root and its topology.xml, at path, tell; but for
 * the size of the memory, which differs from boot to boot. Returns 0, -EXDEV with err naming what differs, or
 * -errno with err set.
 */
int machine_same(const json_t *earlier, const char *path, const struct place *place,
		 struct error *err);

#endif
