/*
 * The program again and again, linked in other orders.
 *
 * SPDX-License-Identifier: MIT
 *
 * Where a loop lies in the program can decide its speed, and the linker decides where it lies: one
 * launch as good as the other would tell the same luck again. So each runs another order.
 * Source: Mytkowicz, Diwan, Hauswirth and Sweeney, "Producing wrong data without doing anything
 * obviously wrong!", ASPLOS 2009.
 */
#ifndef HARNESS_ORDERS_H
#define HARNESS_ORDERS_H

#include <stdbool.h>

/* As many as a group has launches, at most. */
#define ORDERS_MOST 96

/* The running program. */
#define ORDERS_SELF "/proc/self/exe"

/* What the Makefile writes behind a program: this, the SHA-1 of its objects in hexadecimal, a line's end. */
#define ORDERS_MARK "krefbench objects "
#define ORDERS_MARK_BYTES (sizeof(ORDERS_MARK) - 1 + 40 + 1)

struct orders {
	int fds[ORDERS_MOST];
	unsigned nr;
	unsigned nr_foreign;	/* of other objects than the program */
	unsigned char *used;	/* of [group][order], how often */
	unsigned nr_groups;
	char latest[32];	/* what orders_next() has chosen, empty: the program itself */
};

/*
 * Opens what the Makefile links beside program: program.1, program.2, ... up to the first that is
 * missing; none is no error. Those of other objects than program's, which an interrupted make leaves
 * there, are counted and left out. Held open, they stay what they are through a build during the run.
 * Returns 0 or -ENOMEM; the caller closes in both cases.
 */
int orders_open(struct orders *orders, const char *program, unsigned nr_groups);

void orders_close(struct orders *orders);

/*
 * What the next launch, of the active ones of the groups, is to execute: the first of the orders that
 * these groups have met least; program where there are none.
 */
const char *orders_next(struct orders *orders, const char *program, const bool *active);

/* The same once more; before the first orders_next() program. */
const char *orders_again(const struct orders *orders, const char *program);

#endif
