/*
 * Prints the stack of the calling thread from within a signal handler.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_STACK_H
#define HARNESS_STACK_H

/* Once, before a handler may call stack_print(): loads what unwinds. */
void stack_prepare(void);

/*
 * Writes a frame a line to fd, the innermost first, as backtrace_symbols_fd(3) does:
 * `PATH(NAME+0xOFFSET) [0xADDRESS]`, NAME where the dynamic linker knows it. context is the handler's third
 * argument: frames above the one that the signal met are left out, where that is found. Safe in a handler.
 */
void stack_print(int fd, const void *context);

/* The same from the frame of this address on, such as a caller's return address. */
void stack_print_from(int fd, const void *address);

#endif
