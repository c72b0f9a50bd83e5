/*
 * Finds, checks and makes the folder of a run.
 *
 * SPDX-License-Identifier: MIT
 */
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

char *folder_home(void)
{
	char path[PATH_MAX];
	/* Not resolved: a build may have put another program in this one's place. */
	const ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (length <= 0)
		return NULL;
	path[length] = '\0';
	/* .../build/krefbench: two names off. */
	for (int i = 0; i < 2; i++) {
		char *slash = strrchr(path, '/');

		if (slash)
			*slash = '\0';
	}
	return strdup(path);
}

/* The results folder, as a path that a reader of the last line can use as it is. */
static char *results_of(const char *home)
{
	char *here = realpath(".", NULL);
	char *path = NULL;

	if (here && !strcmp(here, home))
		path = strdup("results");
	else if (asprintf(&path, "%s/results", home) < 0)
		path = NULL;
	free(here);
	return path;
}

/* 0 when path, or the nearest folder above it that exists, can be written. */
static int writable(const char *path, struct error *err)
{
	char *at = strdup(path);
	struct stat file;
	int error = 0;

	if (!at)
		return error_set(err, ENOMEM, "no memory");
	while (stat(at, &file) && errno == ENOENT) {
		char *slash = strrchr(at, '/');

		if (slash && slash != at)
			*slash = '\0';
		else
			strcpy(at, slash ? "/" : ".");
	}
	if (stat(at, &file))
		error = -errno;
	else if (!S_ISDIR(file.st_mode))
		error = -ENOTDIR;
	else if (access(at, W_OK | X_OK))
		error = -errno;
	free(at);
	return error ? error_set(err, -error, "--out: \"%s\" cannot be written: %s; give a folder "
				 "that can", path, strerror(-error)) : 0;
}

/* Nothing of the user's is to be replaced. What is there and cannot be listed is told by writable(). */
static int unused(const char *path, struct error *err)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;
	bool empty = true, run = false;

	while (folder && (entry = readdir(folder))) {
		empty &= !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..");
		run |= !strcmp(entry->d_name, "samples.csv");
	}
	if (folder)
		closedir(folder);
	return empty ? 0 : error_set(err, run ? EEXIST : ENOTEMPTY, "--out: \"%s\" %s; give a new folder", path,
				     run ? "holds a run already" : "is not empty");
}

int folder_check(const char *home, const char *chosen, struct error *err)
{
	char *results;
	int error;

	if (chosen) {
		error = unused(chosen, err);
		return error ? error : writable(chosen, err);
	}
	results = results_of(home);
	error = results ? writable(results, err) : error_set(err, ENOMEM, "no memory");
	free(results);
	return error;
}

/* mkdir -p; fresh: the last must not exist. */
static int make_folders(char *path, bool fresh)
{
	struct stat file;

	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0755) && errno != EEXIST) {
			*slash = '/';
			return -errno;
		}
		*slash = '/';
	}
	if (mkdir(path, 0755) && (fresh || errno != EEXIST))
		return -errno;
	if (stat(path, &file))
		return -errno;
	return S_ISDIR(file.st_mode) ? 0 : -ENOTDIR;
}

/* A host's name as part of a file's: what is unusual in one becomes _. */
static void plain_name(char *name)
{
	for (; *name; name++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._",
			    *name))
			*name = '_';
}

/* Names the folder for this second and makes it; -EEXIST: another run has it. */
static int make_new(const char *results, const char *host, char **directory, char **started_utc)
{
	const time_t now = time(NULL);
	char stamp[32], iso[32], name[128];
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &utc);
	strftime(iso, sizeof(iso), "%Y-%m-%dT%H:%M:%SZ", &utc);
	snprintf(name, sizeof(name), "%.64s-%s", host, stamp);
	plain_name(name);
	free(*started_utc);
	*started_utc = strdup(iso);
	if (results) {
		free(*directory);
		if (asprintf(directory, "%s/%s", results, name) < 0)
			*directory = NULL;
	}
	return *directory && *started_utc ? make_folders(*directory, results) : -ENOMEM;
}

int folder_make(const char *home, const char *chosen, const char *host, char **directory,
		char **started_utc, struct error *err)
{
	const struct timespec tenth = { .tv_nsec = 100000000 };
	char *results = chosen ? NULL : results_of(home);
	int error;

	*directory = chosen ? strdup(chosen) : NULL;
	*started_utc = NULL;
	error = chosen || results ? 0 : -ENOMEM;
	/* Two runs that begin in one second must not write into one folder: the later one waits. */
	while (!error && (error = make_new(results, host, directory, started_utc)) == -EEXIST &&
	       results && !nanosleep(&tenth, NULL))
		error = 0;
	free(results);
	return error ? error_set(err, -error, "--out: \"%s\" cannot be made: %s",
				 *directory ? *directory : "", strerror(-error)) : 0;
}

static int lock(int fd)
{
	const struct timespec tenth = { .tv_nsec = 100000000 };

	for (unsigned i = 0; i < 50; i++) {
		if (!flock(fd, LOCK_EX | LOCK_NB))
			return 0;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -errno;
		nanosleep(&tenth, NULL);
	}
	return -EBUSY;
}

int folder_lock(const char *directory, bool fresh, int *held, struct error *err)
{
	char *path;
	int fd, error;

	*held = -1;
	if (asprintf(&path, "%s/samples.csv", directory) < 0)
		return error_set(err, ENOMEM, "no memory");
	/* No link, which would lead out of the folder, and no pipe, which would be waited for. */
	fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | (fresh ? O_EXCL : 0),
		  0644);
	error = fd < 0 ? -errno : lock(fd);
	if (error == -EEXIST)
		error_set(err, EEXIST, "--out: \"%s\" holds a run already; give a new folder", directory);
	else if (error == -EBUSY)
		error_set(err, EBUSY, "--resume: the run in %s is still running", directory);
	else if (error)
		error_set(err, -error, "cannot lock %s: %s", path, strerror(-error));
	if (error && fd >= 0)
		close(fd);
	if (!error)
		*held = fd;
	free(path);
	return error;
}

int folder_hold(const char *directory, bool wait)
{
	const int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error = fd < 0 ? -errno : 0;

	while (!error && flock(fd, LOCK_EX | (wait ? 0 : LOCK_NB)))
		error = errno == EINTR ? 0 : -errno;
	if (error && fd >= 0)
		close(fd);
	return error ? error : fd;
}

int folder_sync(const char *directory, const char *name, struct error *err)
{
	char *path;
	int fd, error;

	if (asprintf(&path, "%s/%s", directory, name) < 0)
		return error_set(err, ENOMEM, "no memory");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	error = fd < 0 || fsync(fd) ? -errno : 0;
	if (fd >= 0)
		close(fd);
	if (error)
		error_set(err, -error, "cannot save %s: %s", path, strerror(-error));
	free(path);
	return error;
}

void folder_undo(const char *directory, bool made)
{
	static const char *const names[] = { "topology.xml", "holes.csv", "meta.json", "samples.csv" };
	char *path;

	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (asprintf(&path, "%s/%s", directory, names[i]) < 0)
			continue;
		unlink(path);
		free(path);
	}
	if (made)
		rmdir(directory);
}

bool folder_is_own(const char *home, const char *directory)
{
	char *results, *real;
	size_t length;
	bool own;

	if (asprintf(&results, "%s/results", home) < 0)
		return false;
	real = realpath(results, NULL);
	length = real ? strlen(real) : 0;
	own = real && !strncmp(directory, real, length) && directory[length] == '/' &&
	      !strchr(directory + length + 1, '/');
	free(real);
	free(results);
	return own;
}

int folder_latest(const char *home, const char *chosen, const char *directory,
		  struct error *err)
{
	const char *name = strrchr(directory, '/');
	char *link = NULL, *fresh = NULL;
	int error = 0;

	if (chosen)
		return 0;
	if (asprintf(&link, "%s/results/latest", home) < 0 ||
	    asprintf(&fresh, "%s/results/.latest.%d", home, (int)getpid()) < 0)
		error = -ENOMEM;
	/* By rename, so that latest is never missing. */
	else if (symlink(name ? name + 1 : directory, fresh))
		error = -errno;
	else if (rename(fresh, link)) {
		error = -errno;
		unlink(fresh);
	}
	free(link);
	free(fresh);
	return error ? error_set(err, -error, "cannot point results/latest to %s: %s", directory,
				 strerror(-error)) : 0;
}
