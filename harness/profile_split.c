/*
 * The rules, in one table.
 *
 * SPDX-License-Identifier: MIT
 *
 * The frames of a sample are asked from the innermost outward: the first rule that fits its function, then
 * the first that fits its file. Where that says counting or workload and the instruction is atomic, the
 * time is the atomic's: that of a lock or of RCU stays theirs. A sample in the kernel is of who called it.
 */
#include "profile_split.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "profile_code.h"
#include "profile_frames.h"

enum what {
	FUNCTION,	/* of user code */
	FILE_NAME,	/* of its source */
	OBJECT,		/* a library */
	CALLER,		/* the function that entered the kernel */
	KERNEL		/* a function of the kernel */
};

struct rule {
	enum what what;
	const char *pattern;	/* as the shell's */
	enum profile_category category;
};

static const struct rule rules[] = {
	/* Only liburcu makes system calls by number: its futex and membarrier. */
	{ CALLER, "syscall", SPLIT_RCU },
	{ CALLER, "*urcu_*", SPLIT_RCU },
	{ CALLER, "*pthread_create*", SPLIT_WORKLOAD },
	{ CALLER, "*pthread_*join*", SPLIT_WORKLOAD },
	{ CALLER, "*create_thread*", SPLIT_WORKLOAD },
	{ CALLER, "*clone*", SPLIT_WORKLOAD },
	/* Of a join, in glibc. */
	{ CALLER, "*futex_abstimed_wait*", SPLIT_WORKLOAD },
	{ CALLER, "*pthread_mutex*", SPLIT_LOCK },
	{ CALLER, "*lll_lock_*", SPLIT_LOCK },
	{ KERNEL, "*membarrier*", SPLIT_RCU },
	{ KERNEL, "*futex*", SPLIT_LOCK },
	{ KERNEL, "*", SPLIT_KERNEL },

	{ FUNCTION, "*pthread_mutex_*", SPLIT_LOCK },
	{ FUNCTION, "*pthread_spin_*", SPLIT_LOCK },
	{ FUNCTION, "*lll_*lock*", SPLIT_LOCK },

	/* Of the floors of a lookup: what stands in the place of RCU. */
	{ FUNCTION, "ck_hp_*", SPLIT_RCU },
	{ FUNCTION, "ck_sequence_*", SPLIT_RCU },
	/* Lists and barriers are of who uses them: no rule, the next frame decides. */
	{ FUNCTION, "*urcu_*", SPLIT_RCU },
	{ FUNCTION, "rcu_*", SPLIT_RCU },
	{ FUNCTION, "kref_rcu_*", SPLIT_RCU },
	{ FUNCTION, "*call_rcu*", SPLIT_RCU },
	{ FUNCTION, "*synchronize_rcu*", SPLIT_RCU },
	{ FUNCTION, "wait_for_readers", SPLIT_RCU },
	{ FILE_NAME, "*/urcu/static/urcu-*", SPLIT_RCU },
	{ OBJECT, "*/liburcu-*", SPLIT_RCU },

	/* Of strategies. RCU's sections are locks by name, and stand before. */
	{ FUNCTION, "kref_*_lock", SPLIT_LOCK },
	{ FUNCTION, "kref_*_unlock", SPLIT_LOCK },

	{ FUNCTION, "pool_*", SPLIT_MEMORY },
	{ FUNCTION, "*malloc*", SPLIT_MEMORY },
	{ FUNCTION, "*memalign*", SPLIT_MEMORY },
	{ FUNCTION, "aligned_alloc", SPLIT_MEMORY },
	{ FUNCTION, "free", SPLIT_MEMORY },
	{ FUNCTION, "free@*", SPLIT_MEMORY },
	{ FUNCTION, "*cfree*", SPLIT_MEMORY },
	{ FUNCTION, "__libc_free", SPLIT_MEMORY },
	{ FUNCTION, "_int_*", SPLIT_MEMORY },

	{ FILE_NAME, "kref/*", SPLIT_COUNT },
	{ FILE_NAME, "*/bits/shared_ptr*", SPLIT_COUNT },
	{ FILE_NAME, "*/ext/atomicity.h", SPLIT_COUNT },
	{ OBJECT, "*/libglib-*", SPLIT_COUNT },
	/* Out of line atomics of arm64. */
	{ FUNCTION, "__aarch64_*", SPLIT_COUNT },

	{ FILE_NAME, "workloads/*", SPLIT_WORKLOAD },
	/* A strategy's or a cell's from outside the tree, or another commit's. */
	{ FILE_NAME, "*/kref/*", SPLIT_COUNT },
	{ FILE_NAME, "*/workloads/*", SPLIT_WORKLOAD },
	{ FILE_NAME, "harness/*", SPLIT_HARNESS },
	{ FUNCTION, "*clock_gettime*", SPLIT_HARNESS },
};

const char *split_name(enum profile_category category)
{
	static const char *const names[NR_SPLIT] = {
		[SPLIT_ATOMIC] = "the atomic instructions",
		[SPLIT_COUNT] = "the rest of counting",
		[SPLIT_LOCK] = "locks, and waiting for them",
		[SPLIT_RCU] = "RCU",
		[SPLIT_MEMORY] = "allocation and free",
		[SPLIT_WORKLOAD] = "the rest of the workload",
		[SPLIT_HARNESS] = "the harness",
		[SPLIT_KERNEL] = "the kernel: interrupts, faults",
		[SPLIT_UNKNOWN] = "unknown",
		[SPLIT_ASLEEP] = "asleep: for a mutex, a thread, a grace period",
		[SPLIT_PREEMPTED] = "ready, but others had the processor",
	};

	return names[category];
}

/* The first rule for one of these kinds, or SPLIT_UNKNOWN. */
static enum profile_category apply(enum what what, const char *text, const struct rule **by)
{
	for (unsigned i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (rules[i].what == what && !fnmatch(rules[i].pattern, text, 0)) {
			*by = &rules[i];
			return rules[i].category;
		}
	return SPLIT_UNKNOWN;
}

/* Of a sample in the kernel: by who called, then by where it is. */
static enum profile_category split_kernel(const struct spot *spot)
{
	enum profile_category category;
	const struct rule *by = NULL, *best = NULL;
	char *names = strdup(spot->kernel), *save = NULL;

	category = apply(CALLER, spot->symbol, &best);
	for (char *name = names ? strtok_r(names, " ", &save) : NULL; name && category == SPLIT_UNKNOWN;
	     name = strtok_r(NULL, " ", &save)) {
		apply(KERNEL, name, &by);
		/* The last rule of the kernel fits all: one that says more may follow. */
		if (!best || by < best)
			best = by;
	}
	free(names);
	return category != SPLIT_UNKNOWN ? category : best ? best->category : SPLIT_KERNEL;
}

static enum profile_category split_frame(const char *function, const char *file)
{
	const struct rule *by;
	const enum profile_category category = apply(FUNCTION, function, &by);

	return category == SPLIT_UNKNOWN ? apply(FILE_NAME, file, &by) : category;
}

enum profile_category split_of(const struct spot *spot)
{
	enum profile_category category = SPLIT_UNKNOWN;
	const struct rule *by;

	if (spot->kernel)
		return split_kernel(spot);
	for (unsigned i = 0; category == SPLIT_UNKNOWN && i < spot->nr_frames; i++)
		category = split_frame(spot->frames[i].function, spot->frames[i].file);
	if (category == SPLIT_UNKNOWN)
		category = split_frame(spot->symbol, "");
	if (category == SPLIT_UNKNOWN)
		category = apply(OBJECT, spot->object, &by);
	if ((category == SPLIT_COUNT || category == SPLIT_WORKLOAD) && spot->instruction &&
	    spot->instruction->atomic)
		return SPLIT_ATOMIC;
	return category;
}
