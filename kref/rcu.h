/*
 * RCU for the strategies that stand in its reader sections: liburcu.
 *
 * SPDX-License-Identifier: MIT
 *
 * The memb flavour; with KREF_RCU_QSBR the qsbr flavour, whose threads are then in a section
 * wherever they are online. A program that registers its threads with that flavour itself defines
 * KREF_RCU_REGISTERED. With _LGPL_SOURCE, as liburcu wants it said, sections are inline.
 */
#ifndef KREF_RCU_H
#define KREF_RCU_H

#ifdef KREF_RCU_QSBR
#include <urcu/urcu-qsbr.h>
#define KREF_RCU(operation) urcu_qsbr_##operation
#else
#include <urcu/urcu-memb.h>
#define KREF_RCU(operation) urcu_memb_##operation
#endif

#include "atomic.h"
#include "state.h"

/*
 * TSan sees nothing of liburcu, and is told: what comes before a release of an address comes before
 * its later acquires. KREF_RCU_GRACE stands for grace periods, which come after the sections before
 * them.
 */
#ifdef KREF_TSAN
#ifdef __cplusplus
extern "C" {
#endif
KREF_ONE_PER_PROGRAM char kref_rcu_grace;
void __tsan_acquire(void *address);
void __tsan_release(void *address);
#ifdef __cplusplus
}
#endif
#define KREF_RCU_GRACE (&kref_rcu_grace)
#define KREF_RCU_ACQUIRE(address) __tsan_acquire(address)
#define KREF_RCU_RELEASE(address) __tsan_release(address)
#else
#define KREF_RCU_ACQUIRE(address) ((void)0)
#define KREF_RCU_RELEASE(address) ((void)0)
#endif

static inline void kref_rcu_register(void)
{
#ifndef KREF_RCU_REGISTERED
	KREF_RCU(register_thread)();
#endif
}

static inline void kref_rcu_unregister(void)
{
#ifndef KREF_RCU_REGISTERED
	KREF_RCU(unregister_thread)();
#endif
}

static inline void kref_rcu_read_lock(void)
{
	KREF_RCU(read_lock)();
}

static inline void kref_rcu_read_unlock(void)
{
	KREF_RCU_RELEASE(KREF_RCU_GRACE);
	KREF_RCU(read_unlock)();
}

/* Waits for a grace period: every section that began before it has ended, and is ordered before. */
static inline void kref_rcu_synchronize(void)
{
	KREF_RCU(synchronize_rcu)();
	KREF_RCU_ACQUIRE(KREF_RCU_GRACE);
}

#endif
