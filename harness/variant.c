/*
 * The tool chains by name, and whether this machine can run what they make.
 *
 * SPDX-License-Identifier: MIT
 */
#include "variant.h"

#include <stddef.h>

#ifdef __aarch64__
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

const char *variant_name(enum variant variant)
{
	static const char *const names[NR_VARIANTS] = {
		[VARIANT_GCC] = "gcc", [VARIANT_CLANG] = "clang", [VARIANT_LSE] = "lse",
		[VARIANT_LLSC] = "llsc", [VARIANT_B] = "b",
	};

	return names[variant];
}

const char *variant_refused(enum variant variant)
{
	if (variant != VARIANT_LSE && variant != VARIANT_LLSC)
		return NULL;
#ifdef __aarch64__
	if (variant == VARIANT_LSE && !(getauxval(AT_HWCAP) & HWCAP_ATOMICS))
		return "this processor has no LSE atomics";
	return NULL;
#else
	return "is for arm64 only";
#endif
}
