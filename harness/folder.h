/*
 * The folder of a run: where it is, and that it can be written before anything is measured.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_FOLDER_H
#define HARNESS_FOLDER_H

#include <stdbool.h>

#include "error.h"

/*
 * The project's folder: that above the folder of the running program. Returns a string to free, or
 * NULL without memory or /proc.
 */
char *folder_home(void);

/*
 * Sees whether the run's folder could be made: chosen, or NULL for a new one under home/results.
 * Returns 0, or -errno with err set: it is there and not empty, or cannot be written.
 */
int folder_check(const char *home, const char *chosen, struct error *err);

/*
 * Makes it: *directory is chosen, or results/<host>-<UTC time>, relative where the working folder
 * is home; a new one is no other run's, for which it may wait a second. *started_utc is set too.
 * Both are the caller's to free. Returns 0, or -errno with err set.
 */
int folder_make(const char *home, const char *chosen, const char *host, char **directory,
		char **started_utc, struct error *err);

/*
 * Syncs a file of the folder to disk; its entry there is synced with meta.json, which is written after it. Returns
 * 0, or -errno with err set.
 */
int folder_sync(const char *directory, const char *name, struct error *err);

/*
 * Makes samples.csv in directory, if fresh, and locks it for this process and those that it hands the descriptor
 * *held to, which are the launches, until the last of them has ended, however; an exec closes *held. Waits some
 * seconds for launches that outlive their run. Returns 0; -EEXIST (fresh) or -EBUSY with err set where another
 * run has the folder, or another -errno with err set.
 */
int folder_lock(const char *directory, bool fresh, int *held, struct error *err);

/*
 * Keeps other processes from making a report in directory until the descriptor that it returns is closed, and waits
 * for one that does so, if it is to. Returns -EWOULDBLOCK if not, or another negative errno where a folder cannot be
 * locked, as on some file systems.
 */
int folder_hold(const char *directory, bool wait);

/*
 * Takes away what the run that has locked the folder put there before its first launch, and where it made the
 * folder, that, unless something else is in it: then the same command works once there is room.
 */
void folder_undo(const char *directory, bool made);

/* Whether the folder, a full path, is one of home/results. */
bool folder_is_own(const char *home, const char *directory);

/* Points results/latest to a folder made there; others are left alone. 0 or -errno with err set. */
int folder_latest(const char *home, const char *chosen, const char *directory,
		  struct error *err);

#endif
