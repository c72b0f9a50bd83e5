/*
 * flags in the model: its asm is replaced by what own/flags.h has.
 *
 * SPDX-License-Identifier: MIT
 */
#define KREF_FLAGS_WITHOUT_ASM
