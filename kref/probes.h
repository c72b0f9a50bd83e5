/*
 * Static probes (USDT) in the operations, for whoever watches a program that runs.
 *
 * SPDX-License-Identifier: MIT
 *
 * kref.h includes this where KREF_PROBES is defined; it needs <sys/sdt.h>, of SystemTap. A probe is
 * one nop in the code and a note in the file, and bpftrace, perf or gdb put something in its place.
 * The provider is kref, the first argument always the counter's address:
 *
 *	init, get, put, release
 *	get_unless_zero		second argument: whether a reference was taken
 *
 * Each is before its operation, get_unless_zero after it: once a put is done, another thread may have
 * freed the object. A kref_kill() is a put; a put that takes a lock has one put.
 */
#ifndef KREF_PROBES_H
#define KREF_PROBES_H

#include <sys/sdt.h>

#define KREF_PROBE(name, counter) DTRACE_PROBE1(kref, name, counter)
#define KREF_PROBE_RESULT(name, counter, result) DTRACE_PROBE2(kref, name, counter, result)

#endif
