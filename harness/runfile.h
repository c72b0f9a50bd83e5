/*
 * Opens and replaces the files of a run's folder, which may come from anybody.
 *
 * SPDX-License-Identifier: MIT
 *
 * A folder from elsewhere may hold links to other places and pipes that nobody writes to. Its own path may
 * be a link; what is inside it is files. Not guarded is a folder that others change meanwhile.
 */
#ifndef HARNESS_RUNFILE_H
#define HARNESS_RUNFILE_H

#include <stdbool.h>
#include <stdio.h>

#include "error.h"

/* For reading. Links to files are followed. NULL with *error a negative errno and err set. */
FILE *runfile_open(const char *path, int *error, struct error *err);

/* As runfile_open(), of a file of this user's that is no link: -EPERM, -EBADMSG. */
FILE *runfile_open_own(const char *path, int *error, struct error *err);

/* 0 where path is a file or is not there yet; -EBADMSG with err set for a link or anything else. */
int runfile_check(const char *path, struct error *err);

/*
 * For writing, in the place of any file that was there: other names of that keep what they had. NULL with
 * *error a negative errno and err set, -EBADMSG as runfile_check().
 */
FILE *runfile_create(const char *path, int *error, struct error *err);

/* For writing behind what it has, if it is there. As runfile_create(). */
FILE *runfile_append(const char *path, int *error, struct error *err);

/*
 * Replaces path by what write puts into a file beside it, path.new: a reader, and after a loss of power where
 * synced is asked for, finds the old file or the new one, each whole. write returns 0 or a negative errno; what
 * is its argument. 0, or a negative errno with err set and path as it was; -EBADMSG as runfile_check().
 */
int runfile_replace(const char *path, int (*write)(FILE *, const void *), const void *what, bool synced,
		    struct error *err);

/*
 * fclose() of what was written. 0, or a negative errno: where the cause of a lost write is gone it is told by the
 * file's limit and the folder's free space, so that -ENOSPC may be wrong, after a fault of the device on a full one.
 */
int runfile_close(FILE *file);

/* Makes the folder path unless it is there. 0, or a negative errno with err set: -EBADMSG for a link. */
int runfile_folder(const char *path, struct error *err);

#endif
