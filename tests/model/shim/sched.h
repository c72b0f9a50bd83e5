/*
 * <sched.h> for the model checker: a yield of the model's thread; the rest is the system's.
 *
 * SPDX-License-Identifier: MIT
 */
#include_next <sched.h>

#if defined(MODEL_CHECKER_H) && !defined(MODEL_SHIM_SCHED_H)
#define MODEL_SHIM_SCHED_H

#define sched_yield() (rl::yield(1, RL_INFO), 0)

#endif
