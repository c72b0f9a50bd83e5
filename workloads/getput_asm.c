/*
 * The asm twins of getput: what gcc makes of the strategy at -O2, written down for x86-64.
 *
 * SPDX-License-Identifier: MIT
 *
 * A control: if a cell and its twin differ, the compiler or the harness puts something into the
 * measured loop that the strategy does not need. Same objects, same setup and verification; for one
 * object and no work between ops only. The build defines TWIN_atomic or TWIN_refcount.
 */
#define NEEDS 0
#define NEEDS_CHURN 0
#include "cell.h"

#include "getput.h"

#if defined(TWIN_atomic)
#define GET_AND_PUT			\
	"lock addl $1, (%[count])\n\t"	\
	"lock subl $1, (%[count])\n\t"	\
	"je 3f\n\t"
#elif defined(TWIN_refcount)
#define GET_AND_PUT			\
	"movl $1, %%eax\n\t"		\
	"lock xaddl %%eax, (%[count])\n\t" \
	"testl %%eax, %%eax\n\t"	\
	"je 3f\n\t"			\
	"leal 1(%%rax), %%edx\n\t"	\
	"orl %%eax, %%edx\n\t"		\
	"js 3f\n\t"			\
	"movl $-1, %%eax\n\t"		\
	"lock xaddl %%eax, (%[count])\n\t" \
	"cmpl $1, %%eax\n\t"		\
	"je 3f\n\t"			\
	"testl %%eax, %%eax\n\t"	\
	"jle 3f\n\t"
#endif

/* Leaves early where a cell would release or saturate: the count is then off and verify says so. */
static uint64_t twin_run(struct worker *worker, uint64_t nr_ops)
{
	struct getput *getput = worker->arena;
	uint64_t left = nr_ops;

	__asm__ volatile(
		".p2align 6\n"
		"1:\n\t"
		GET_AND_PUT
		"subq $1, %[left]\n\t"
		"jne 1b\n"
		"3:\n\t"
		: [left] "+&r"(left)
		: [count] "r"(&getput->objects[0].refcount)
		: "rax", "rdx", "cc", "memory");
	return nr_ops - left;
}

CELL(.summary = "the same instructions written by hand",
     .settings = 1 << SETTING_HELD, .min_workers = 1, .multiple = 1, .bare_only = true,
     CELL_OPS(GETPUT_OPS(twin_run)));
