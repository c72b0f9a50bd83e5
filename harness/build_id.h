/*
 * The identity of the running program.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_BUILD_ID_H
#define HARNESS_BUILD_ID_H

#define BUILD_ID_TEXT_BYTES 129

/* The linker's build id in hexadecimal, "" where the program has none. */
void build_id_read(char text[BUILD_ID_TEXT_BYTES]);

#endif
