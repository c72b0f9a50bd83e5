/*
 * Prints the stack of the calling thread from within a signal handler.
 *
 * SPDX-License-Identifier: MIT
 */
#include "stack.h"

#include <execinfo.h>
#include <ucontext.h>

/* Of a recursion without an end the first are enough. */
#define MOST_FRAMES 32

void stack_prepare(void)
{
	void *frame;

	backtrace(&frame, 1);
}

/* Where the signal met the thread; NULL: not known on this processor. */
static const void *met_at(const void *context)
{
#if defined(__x86_64__)
	return (const void *)((const ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	return (const void *)((const ucontext_t *)context)->uc_mcontext.pc;
#elif defined(__riscv)
	return (const void *)((const ucontext_t *)context)->uc_mcontext.__gregs[REG_PC];
#else
	(void)context;
	return NULL;
#endif
}

void stack_print_from(int fd, const void *address)
{
	void *frames[MOST_FRAMES];
	int nr = backtrace(frames, MOST_FRAMES), first = 0;

	while (first < nr && frames[first] != address)
		first++;
	if (first == nr)
		first = 0;
	backtrace_symbols_fd(frames + first, nr - first, fd);
}

void stack_print(int fd, const void *context)
{
	stack_print_from(fd, met_at(context));
}
