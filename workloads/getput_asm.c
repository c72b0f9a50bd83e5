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

/* Each leaves to 9 where a cell would release or saturate: the count is then off, verify says so. */
#if defined(TWIN_atomic)
#define TWIN_LOOP				\
	"1:\n\t"				\
	"lock addl $1, (%[count])\n\t"		\
	"lock subl $1, (%[count])\n\t"		\
	"je 9f\n\t"				\
	"addq $1, %[ops]\n\t"			\
	"cmpq %[ops], %[nr_ops]\n\t"		\
	"jne 1b\n\t"
#elif defined(TWIN_refcount)
/* gcc enters the loop in its middle. */
#define TWIN_LOOP				\
	"jmp 2f\n\t"				\
	".p2align 6\n"				\
	"1:\n\t"				\
	"testl %%eax, %%eax\n\t"		\
	"jle 9f\n\t"				\
	"addq $1, %[ops]\n\t"			\
	"cmpq %[ops], %[nr_ops]\n\t"		\
	"je 9f\n"				\
	"2:\n\t"				\
	"movl $1, %%eax\n\t"			\
	"lock xaddl %%eax, (%[count])\n\t"	\
	"testl %%eax, %%eax\n\t"		\
	"je 9f\n\t"				\
	"leal 1(%%rax), %%edx\n\t"		\
	"orl %%eax, %%edx\n\t"			\
	"js 9f\n\t"				\
	"movl $-1, %%eax\n\t"			\
	"lock xaddl %%eax, (%[count])\n\t"	\
	"cmpl $1, %%eax\n\t"			\
	"jne 1b\n\t"
#endif

static uint64_t twin_run(struct worker *worker, uint64_t nr_ops)
{
	struct getput *getput = worker->arena;
	uint64_t ops = 0;

	__asm__ volatile(
		".p2align 6\n\t"
		TWIN_LOOP
		"9:\n\t"
		: [ops] "+&r"(ops)
		: [count] "r"(&getput_object(getput, 0)->refcount), [nr_ops] "r"(nr_ops)
		: "rax", "rdx", "cc", "memory");
	return ops;
}

CELL(.summary = "the same instructions written by hand",
     .settings = 1 << SETTING_HELD, .min_workers = 1, .multiple = 1, .bare_only = true,
     CELL_OPS(GETPUT_OPS(twin_run)));
