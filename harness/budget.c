/*
 * Shares the time that a run may take.
 *
 * SPDX-License-Identifier: MIT
 */
#include "budget.h"

#include "schedule.h"

#define NS_PER_S 1000000000ull

/* The matrix of up to 8 processors has some 85 groups. */
#define BUDGET_NS (300 * NS_PER_S)
#define BUDGET_GROUP_NS (7 * NS_PER_S / 2)

/* Of the windows; the longest that a group needs where there are few of them. */
#define SLICE_NS (3 * NS_PER_S / 8)
#define QUICK_SLICE_NS (NS_PER_S / 10)

/* Of the budget, for the windows of the first launches: half of it, with what cannot be shorter. */
#define FIRST_SHARE 0.15

uint64_t budget_ns(const struct plan *plan, const struct options *options)
{
	const uint64_t grown = plan->nr_groups * BUDGET_GROUP_NS;

	if (options->budget_s)
		return options->budget_s * NS_PER_S;
	return grown > BUDGET_NS ? grown : BUDGET_NS;
}

uint64_t budget_group_ns(const struct plan *plan, const struct options *options)
{
	const uint64_t whole_ns = budget_ns(plan, options);
	uint64_t slice_ns;

	if (options->quick && !options->budget_s)
		return QUICK_SLICE_NS;
	slice_ns = options->launches ?
		   whole_ns / options->launches / plan->nr_groups :
		   (uint64_t)(FIRST_SHARE * (double)whole_ns) / schedule_look_after(0) / plan->nr_groups;
	return options->budget_s || slice_ns < SLICE_NS ? slice_ns : SLICE_NS;
}
