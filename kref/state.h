/*
 * The seam to state beyond the object: a strategy's own, of the program and of each thread.
 *
 * SPDX-License-Identifier: MIT
 *
 * A strategy NAME that needs such state defines struct kref_NAME_domain and struct
 * kref_NAME_thread, and reaches them as KREF_DOMAIN and KREF_SELF only (pointers to them), unless
 * somebody has defined those before:
 *
 *	#ifndef KREF_DOMAIN
 *	KREF_ONE_PER_PROGRAM struct kref_NAME_domain kref_NAME_domain;
 *	KREF_ONE_PER_PROGRAM KREF_THREAD_LOCAL struct kref_NAME_thread *kref_NAME_self;
 *	#define KREF_DOMAIN (&kref_NAME_domain)
 *	#define KREF_SELF kref_NAME_self
 *	#endif
 *
 * A model checker does: its threads share one thread of the system, and its atomics begin and end
 * with each execution.
 */
#ifndef KREF_STATE_H
#define KREF_STATE_H

#include <stdlib.h>

/* Weak, so that every file of a program may hold it and the linker keeps one, in C and C++. */
#ifndef KREF_ONE_PER_PROGRAM
#define KREF_ONE_PER_PROGRAM __attribute__((weak, visibility("default")))
#endif

#ifdef __cplusplus
#define KREF_THREAD_LOCAL thread_local
#else
#define KREF_THREAD_LOCAL _Thread_local
#endif

/* nr objects of a type that may hold atomics, zeroed; a null pointer without memory. */
#ifndef KREF_NEW
#define KREF_NEW(type, nr) ((type *)calloc((nr), sizeof(type)))
#define KREF_DELETE(pointer) free(pointer)
#endif

#endif
