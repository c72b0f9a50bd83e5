/*
 * Opens and replaces the files of a run's folder, which may come from anybody.
 *
 * SPDX-License-Identifier: MIT
 */
#include "runfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static FILE *stream(int fd, const char *mode, const char *path, int *error, struct error *err)
{
	FILE *file = fd < 0 ? NULL : fdopen(fd, mode);

	*error = file ? 0 : error_set(err, errno, "%s: %s", path, strerror(errno));
	if (!file && fd >= 0)
		close(fd);
	return file;
}

static FILE *open_to_read(const char *path, bool own, int *error, struct error *err)
{
	/* Or a pipe would be waited for. */
	const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | (own ? O_NOFOLLOW : 0));
	struct stat status;

	if (fd < 0 && errno == ELOOP && own)
		*error = error_set(err, EBADMSG, "%s: is a link", path);
	else if (fd < 0 || fstat(fd, &status))
		return stream(fd, "re", path, error, err);
	else if (!S_ISREG(status.st_mode))
		*error = error_set(err, EBADMSG, "%s: is no file", path);
	else if (own && status.st_uid != geteuid())
		*error = error_set(err, EPERM, "%s: is another user's", path);
	else
		return stream(fd, "re", path, error, err);
	if (fd >= 0)
		close(fd);
	return NULL;
}

FILE *runfile_open(const char *path, int *error, struct error *err)
{
	return open_to_read(path, false, error, err);
}

FILE *runfile_open_own(const char *path, int *error, struct error *err)
{
	return open_to_read(path, true, error, err);
}

int runfile_check(const char *path, struct error *err)
{
	struct stat status;

	if (lstat(path, &status) || S_ISREG(status.st_mode))
		return 0;
	return error_set(err, EBADMSG, "%s: is %s, and nothing is written through it", path,
			 S_ISLNK(status.st_mode) ? "a link" : "no file");
}

FILE *runfile_create(const char *path, int *error, struct error *err)
{
	*error = runfile_check(path, err);
	if (*error)
		return NULL;
	unlink(path);
	return stream(open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666), "we",
		      path, error, err);
}

FILE *runfile_append(const char *path, int *error, struct error *err)
{
	*error = runfile_check(path, err);
	if (*error)
		return NULL;
	return stream(open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666),
		      "ae", path, error, err);
}

/* The likely cause of a lost write, whose errno is gone. */
static int lost_write(int fd)
{
	struct statvfs where;
	struct stat status;
	struct rlimit most;

	if (!getrlimit(RLIMIT_FSIZE, &most) && !fstat(fd, &status) && (rlim_t)status.st_size >= most.rlim_cur)
		return -EFBIG;
	return !fstatvfs(fd, &where) && !where.f_bavail ? -ENOSPC : -EIO;
}

int runfile_close(FILE *file)
{
	int error = ferror(file) ? lost_write(fileno(file)) : 0;

	if (fclose(file) && !error)
		error = -errno;
	return error;
}

/* Writes the open file and closes it. */
static int fill(FILE *file, int (*write)(FILE *, const void *), const void *what, bool synced)
{
	int error = write(file, what), lost;

	if (!error && synced && (fflush(file) || fsync(fileno(file))))
		error = errno ? -errno : -EIO;
	lost = runfile_close(file);
	/* What write tells may be of that, too. */
	return lost ? lost : error;
}

/* A file's new name is kept by its folder. */
static int sync_folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	const int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	const int error = fd < 0 || fsync(fd) ? -errno : 0;

	if (fd >= 0)
		close(fd);
	free(folder);
	return error;
}

int runfile_replace(const char *path, int (*write)(FILE *, const void *), const void *what, bool synced,
		    struct error *err)
{
	char *aside;
	FILE *file;
	int error;

	if (asprintf(&aside, "%s.new", path) < 0)
		return error_set(err, ENOMEM, "no memory for %s", path);
	error = runfile_check(path, err);
	file = error ? NULL : runfile_create(aside, &error, err);
	if (!file)
		goto out;
	errno = 0;
	error = fill(file, write, what, synced);
	if (!error && rename(aside, path))
		error = -errno;
	if (error)
		unlink(aside);
	else if (synced)
		error = sync_folder_of(path);
	if (error)
		error_set(err, -error, "cannot write %s: %s", path, strerror(-error));
out:
	free(aside);
	return error;
}

int runfile_folder(const char *path, struct error *err)
{
	struct stat status;

	if (!mkdir(path, 0777))
		return 0;
	if (errno != EEXIST)
		return error_set(err, errno, "%s: %s", path, strerror(errno));
	if (!lstat(path, &status) && S_ISDIR(status.st_mode))
		return 0;
	return error_set(err, EBADMSG, "%s: is a link or no folder, and nothing is written through it",
			 path);
}
