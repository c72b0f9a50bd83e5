/*
 * Static probes (USDT) in the operations, for whoever watches a program that runs.
 *
 * SPDX-License-Identifier: MIT
 *
 * kref.h includes this where KREF_PROBES is defined; it needs <sys/sdt.h>, of SystemTap. A probe is
 * one nop in the code and a note in the file, and bpftrace, perf or gdb put something in its place.
 * The provider is kref, the first argument always the counter's address:
 *
 *	init, put, release
 *	get			of a kref_get_unless_zero() that took a reference, too
 *	get_unless_zero		second argument: whether it took one
 *
 * Each is before its operation, those of get_unless_zero after it: once a put is done, another thread
 * may have freed the object. A kref_kill() is a put; a put that takes a lock has one put.
 */
#ifndef KREF_PROBES_H
#define KREF_PROBES_H

#include <sys/sdt.h>

#define KREF_PROBE(name, counter) DTRACE_PROBE1(kref, name, counter)
#define KREF_PROBE_LOOKUP(counter, taken)				\
	do {								\
		DTRACE_PROBE2(kref, get_unless_zero, counter, taken);	\
		if (taken)						\
			KREF_PROBE(get, counter);			\
	} while (0)

#endif
