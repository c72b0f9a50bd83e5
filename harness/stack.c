/*
 * Prints the stack of the calling thread from within a signal handler.
 *
 * SPDX-License-Identifier: MIT
 */
#include "stack.h"

#include <execinfo.h>
#include <stdint.h>
#include <ucontext.h>

/* Of a recursion without an end the first are enough. */
#define MOST_FRAMES 32

void stack_prepare(void)
{
	void *frame;

	backtrace(&frame, 1);
}

/* Where the signal met the thread; 0: not known on this processor. */
static uintptr_t met_at(const void *context)
{
#if defined(__x86_64__)
	return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.pc;
#elif defined(__riscv)
	return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.__gregs[REG_PC];
#else
	(void)context;
	return 0;
#endif
}

void stack_print(int fd, const void *context)
{
	void *frames[MOST_FRAMES];
	const uintptr_t met = met_at(context);
	int nr = backtrace(frames, MOST_FRAMES), first = 0;

	while (first < nr && (uintptr_t)frames[first] != met)
		first++;
	if (first == nr)
		first = 0;
	backtrace_symbols_fd(frames + first, nr - first, fd);
}
