/*
 * A second user of the default strategy in one program, to see that its state is one per program.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/kref/refcount_other.h"

void refcount_other_misuse(struct kref *kref, enum kref_report kind)
{
	unsigned start = kind == KREF_REPORT_SATURATED ? KREF_REFCOUNT_MAX : 0;

	atomic_store_explicit(&kref->refs, start, memory_order_relaxed);
	switch (kind) {
	case KREF_REPORT_ADD_ON_ZERO:
	case KREF_REPORT_SATURATED:
		kref_get(kref);
		break;
	case KREF_REPORT_UNDERFLOW:
		(void)kref_dec_and_test(kref);
		break;
	case KREF_REPORT_DEC_TO_ZERO:
		kref_refcount_dec(kref);
		break;
	case KREF_REPORT_KINDS:
		break;
	}
}

void refcount_other_set_hook(void (*hook)(enum kref_report kind, struct kref *kref))
{
	kref_set_report_hook(hook);
}
