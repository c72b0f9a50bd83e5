/*
 * The NUMA node that the objects live on: chosen through libnuma, read back from the kernel.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_HOME_H
#define HARNESS_HOME_H

#include <stddef.h>

#include "error.h"
#include "options.h"

/*
 * Why nodes mean nothing here or cannot be told, or NULL where they can: one node, a kernel without NUMA, a
 * container that forbids mbind or move_pages. Static, or in buffer.
 */
const char *home_absent(char *buffer, size_t bytes);

/*
 * Puts memory, which is page-aligned and not touched yet, on the node that home asks for, seen from a
 * processor that the first worker runs on. Remote is the node farthest from it that has memory this
 * process may use. Does nothing where home_absent(). Returns 0, or -errno with err set: -EINVAL where
 * there is no such node.
 */
int home_set(const struct home *home, void *memory, size_t bytes, int cpu, struct error *err);

/*
 * Writes the nodes of the first pages of memory that are there (at most HOME_PAGES are asked about), as the
 * kernel tells them, joined by +; nothing where home_absent(), or where no page is there.
 */
#define HOME_PAGES 4096
void home_read(const void *memory, size_t bytes, char *text, size_t size);

#endif
