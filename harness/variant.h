/*
 * The tool chains by name, and whether this machine can run what they make.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_VARIANT_H
#define HARNESS_VARIANT_H

enum variant {
	VARIANT_GCC,
	VARIANT_CLANG,
	VARIANT_LSE,	/* arm64: single atomic instructions */
	VARIANT_LLSC,	/* arm64: load-exclusive and store-exclusive loops */
	VARIANT_B,	/* the other side of ab */
	NR_VARIANTS
};

const char *variant_name(enum variant variant);

/* Why this machine cannot run it, or NULL. */
const char *variant_refused(enum variant variant);

#endif
