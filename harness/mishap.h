/*
 * What code under test does wrong inside a launch: it crashes, it never comes back, or it ends the process.
 *
 * SPDX-License-Identifier: MIT
 *
 * Handlers of fatal signals, of a timer and of exit(3) write to the launch's output which point it was, what was being
 * done with it, and the stacks:
 *
 *	crash POINT STAGE SIGNAL	POINT as in the plan, from 0; -1: no point was being measured
 *	hang POINT STAGE MILLISECONDS	so long it had been measured
 *	exit POINT STAGE 0		it called exit(3)
 *	stack NAME, runs		of a thread: frames as stack_print() writes them, up to the next such line;
 *	stack NAME, waits		a worker that has done its part
 *
 * After a crash the signal's own action follows, a core dump included; a hang ends the process, and so does exit(3), with a failure.
 */
#ifndef HARNESS_MISHAP_H
#define HARNESS_MISHAP_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"

enum mishap_stage {
	MISHAP_OUTSIDE,		/* of any point */
	MISHAP_SETUP, MISHAP_OPS, MISHAP_QUIESCE, MISHAP_VERIFY,
	NR_MISHAP_STAGES
};

/* In words: "in its setup" and so on. */
const char *mishap_stage_name(enum mishap_stage stage);

/* In the environment, for tests: milliseconds in place of the 30 s of mishap_limit_ns(). */
#define MISHAP_LIMIT "KREFBENCH_HANG_MS"

/* What it says, for mishap_open(); 0: nothing. */
uint64_t mishap_base_ns(void);

/*
 * How long one point may take from its setup to its check: 30 s (base_ns), and so much more for a long
 * window (100 times its length, or twice and a minute where that is less) and for many threads that no slow,
 * emulated or overloaded machine gets there.
 */
uint64_t mishap_limit_ns(uint64_t base_ns, uint64_t window_ns, unsigned threads);

/*
 * From now on this process tells of mishaps on the file descriptor; the calling thread is worker 0.
 * base_ns 0: 30 s. Until this is called all else here does nothing. Returns 0, or -errno with err set.
 */
int mishap_open(int fd, uint64_t base_ns, struct error *err);

/* By the thread that opened, which opens once in a process. */
void mishap_close(void);

/* By a worker's own thread, at its start and its end: a stack for handlers, as its own may be used up. */
void mishap_worker_begin(unsigned index);
void mishap_worker_end(void);

/* Of the calling worker in MISHAP_OPS: it only waits for the others. */
void mishap_wait(bool waits);

/*
 * By the controller, around each window: the point's setup begins, with its guard and window of window_ns
 * by so many threads; its next stage; it has come back. One system call, in mishap_begin().
 */
void mishap_begin(unsigned point, uint64_t window_ns, unsigned threads);
void mishap_stage(enum mishap_stage stage);
void mishap_end(void);

#endif
