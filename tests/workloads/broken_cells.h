/*
 * The list of the broken cells: which workload, which broken strategy, and how it has to be caught.
 *
 * SPDX-License-Identifier: MIT
 *
 * BROKEN(workload, strategy, setting, workers, verdict). REPLACE: held, and ops replace. CAUGHT: verification refuses a window.
 * RACE: it shows when two workers meet; refused then, or the wrecked list, reclaim queue or heap
 * kills or hangs the process first. Where a pair is absent the bug cannot show: handoff_queue and
 * the queues under one mutex never count in two threads at once (lost), handoff_queue has one
 * reference at a time (double, early), only lookups by get_unless_zero can resurrect.
 * handoff_spawn's two puts could meet, but stand microseconds apart: in 10000 ops none was lost.
 */
BROKEN(getput, leak, HELD, 1, CAUGHT)
BROKEN(handoff_spawn, leak, CHURN, 2, CAUGHT)
BROKEN(handoff_queue, leak, CHURN, 2, CAUGHT)
BROKEN(handoff_queue_extra, leak, CHURN, 2, CAUGHT)
BROKEN(queue_mutex, leak, HELD, 1, CAUGHT)
BROKEN(queue_mutex, leak, CHURN, 1, CAUGHT)
BROKEN(queue_mutex_free_outside, leak, CHURN, 1, CAUGHT)
BROKEN(queue_put_mutex, leak, CHURN, 1, CAUGHT)
BROKEN(queue_put_lock, leak, CHURN, 1, CAUGHT)
BROKEN(queue_unless_zero, leak, CHURN, 1, CAUGHT)
BROKEN(queue_rcu, leak, CHURN, 1, CAUGHT)
BROKEN(queue_rcu_qsbr, leak, CHURN, 1, CAUGHT)
BROKEN(queue_rcu_sync, leak, CHURN, 1, CAUGHT)
BROKEN(queue_mutex, leak, REPLACE, 1, CAUGHT)
BROKEN(queue_mutex_free_outside, leak, REPLACE, 1, CAUGHT)
BROKEN(queue_put_mutex, leak, REPLACE, 1, CAUGHT)
BROKEN(queue_put_lock, leak, REPLACE, 1, CAUGHT)
BROKEN(queue_unless_zero, leak, REPLACE, 1, CAUGHT)
BROKEN(queue_rcu, leak, REPLACE, 1, CAUGHT)
BROKEN(queue_rcu_qsbr, leak, REPLACE, 1, CAUGHT)
BROKEN(queue_rcu_sync, leak, REPLACE, 1, CAUGHT)

BROKEN(getput, double, HELD, 1, CAUGHT)
BROKEN(handoff_spawn, double, CHURN, 2, CAUGHT)
BROKEN(handoff_queue_extra, double, CHURN, 2, RACE)
BROKEN(queue_mutex, double, HELD, 1, CAUGHT)
BROKEN(queue_mutex, double, CHURN, 2, RACE)
BROKEN(queue_mutex_free_outside, double, HELD, 1, CAUGHT)
BROKEN(queue_put_mutex, double, HELD, 1, CAUGHT)
BROKEN(queue_put_lock, double, HELD, 1, CAUGHT)
BROKEN(queue_unless_zero, double, HELD, 1, CAUGHT)
BROKEN(queue_rcu, double, HELD, 1, CAUGHT)
BROKEN(queue_rcu, double, CHURN, 2, RACE)
BROKEN(queue_rcu_qsbr, double, HELD, 1, CAUGHT)
BROKEN(queue_rcu_sync, double, HELD, 1, CAUGHT)

BROKEN(getput, early, HELD, 1, CAUGHT)
BROKEN(handoff_spawn, early, CHURN, 2, CAUGHT)
BROKEN(handoff_queue_extra, early, CHURN, 2, RACE)
BROKEN(queue_mutex, early, HELD, 1, CAUGHT)
BROKEN(queue_mutex, early, CHURN, 2, RACE)
BROKEN(queue_mutex, early, REPLACE, 1, CAUGHT)
BROKEN(queue_rcu, early, REPLACE, 1, CAUGHT)
BROKEN(queue_mutex_free_outside, early, HELD, 1, CAUGHT)
BROKEN(queue_put_mutex, early, HELD, 1, CAUGHT)
BROKEN(queue_put_lock, early, HELD, 1, CAUGHT)
BROKEN(queue_unless_zero, early, HELD, 1, CAUGHT)
BROKEN(queue_rcu, early, HELD, 1, CAUGHT)
BROKEN(queue_rcu, early, CHURN, 2, RACE)
BROKEN(queue_rcu_qsbr, early, HELD, 1, CAUGHT)
BROKEN(queue_rcu_sync, early, HELD, 1, CAUGHT)

BROKEN(getput, lost, HELD, 2, RACE)
BROKEN(handoff_queue_extra, lost, CHURN, 2, RACE)
BROKEN(queue_put_mutex, lost, HELD, 2, RACE)
BROKEN(queue_put_lock, lost, HELD, 2, RACE)
BROKEN(queue_unless_zero, lost, HELD, 2, RACE)
BROKEN(queue_unless_zero, lost, CHURN, 2, RACE)
BROKEN(queue_rcu, lost, HELD, 2, RACE)
BROKEN(queue_rcu_qsbr, lost, HELD, 2, RACE)
BROKEN(queue_rcu_sync, lost, HELD, 2, RACE)

BROKEN(queue_unless_zero, resurrect, CHURN, 2, RACE)
BROKEN(queue_rcu, resurrect, CHURN, 2, RACE)
BROKEN(queue_rcu_qsbr, resurrect, CHURN, 2, RACE)
BROKEN(queue_rcu_sync, resurrect, CHURN, 2, RACE)
