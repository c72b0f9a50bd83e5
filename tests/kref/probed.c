/*
 * A program with a probe in each operation that its strategy has: what test_probes.sh looks at.
 *
 * SPDX-License-Identifier: MIT
 *
 * NR krefs begin, are got GETS times each, looked up once where that can be, put as often, and end.
 */
#include <pthread.h>
#include <stdio.h>

#include "kref/kref.h"

#define NR 100
#define GETS 3

static struct kref krefs[NR];

static void release(struct kref *kref)
{
	(void)kref;
}

int main(void)
{
	if (kref_thread_enter(0))
		return 1;
	for (unsigned i = 0; i < NR; i++)
		kref_init(&krefs[i]);
	for (unsigned i = 0; i < NR; i++) {
		for (unsigned j = 0; j < GETS; j++)
			kref_get(&krefs[i]);
#if KREF_CAPS & KREF_CAN_GET_UNLESS_ZERO
		if (kref_get_unless_zero(&krefs[i]))
			kref_put(&krefs[i], release);
#endif
		for (unsigned j = 0; j < GETS; j++)
			kref_put(&krefs[i], release);
		kref_kill(&krefs[i], release);
	}
	kref_thread_leave();
	kref_quiesce();
	return 0;
}
