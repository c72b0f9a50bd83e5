/*
 * <urcu/urcu-memb.h> for the model checker: what RCU promises, and no more.
 *
 * SPDX-License-Identifier: MIT
 *
 * For each section and each grace period, either the whole section is ordered before the end of the
 * grace period, or the start of the grace period before the whole section. Which one is decided by
 * the moment of read_lock against the start of synchronize_rcu. No fence stands here: one would
 * order what liburcu's sections do not, and hide what a strategy lacks.
 */
#ifndef MODEL_SHIM_URCU_MEMB_H
#define MODEL_SHIM_URCU_MEMB_H

#include "../../checker.h"

#define urcu_memb_register_thread() (model_rcu->register_thread())
#define urcu_memb_unregister_thread() (model_rcu->unregister_thread())
#define urcu_memb_read_lock() (model_rcu->read_lock(RL_INFO))
#define urcu_memb_read_unlock() (model_rcu->read_unlock(RL_INFO))
#define urcu_memb_synchronize_rcu() (model_rcu->synchronize(RL_INFO))

#endif
