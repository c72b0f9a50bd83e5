/*
 * Finds the last whole round and the last whole samples of single ops, and cuts off what is behind.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cut.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cut_scan.h"

static int check_done(const struct cut_scan *scan, struct error *err)
{
	const struct schedule *schedule = scan->schedule;

	for (unsigned launch = 1; launch <= scan->done; launch++)
		for (unsigned g = 0; g < schedule->plan->nr_groups; g++)
			if (schedule_has(schedule, launch, g) &&
			    !cut_scan_whole(scan, launch, g))
				return error_set(err, EBADMSG, "meta.json tells of %u launches, but "
						 "launch %u lacks rows in samples.csv or latency.csv",
						 scan->done, launch);
	return 0;
}

/*
 * Groups are measured in the order of the plan: some are whole, of one more there may be a part. Anything
 * else was left by a loss of power, and returns false.
 */
static bool open_launch(const struct cut_scan *scan, struct cut *cut)
{
	const struct schedule *schedule = scan->schedule;
	bool any_open = false;

	if (cut->launch > schedule->launches)
		return true;
	for (unsigned g = 0; g < schedule->plan->nr_groups; g++) {
		const unsigned at = cut_scan_place(scan, cut->launch, g);

		/* Of before its baseline crashed there may be rounds. */
		if (!schedule_has(schedule, cut->launch, g)) {
			if (scan->kept[at] &&
			    !schedule->points[schedule->plan->groups[g].first_point].left_out)
				return false;
			continue;
		}
		cut->nr_groups++;
		if (any_open && (scan->kept[at] || scan->sampled[at]))
			return false;
		cut->whole[g] = !any_open && cut_scan_whole(scan, cut->launch, g);
		cut->nr_whole += cut->whole[g];
		if (cut->whole[g] || any_open)
			continue;
		any_open = true;
		/* Samples come after the rounds. */
		if (scan->sampled[at] && scan->kept[at] != scan->planned[at])
			return false;
		if (scan->kept[at]) {
			cut->group = (int)g;
			cut->kept = scan->kept[at];
			cut->planned = scan->planned[at];
		}
	}
	return true;
}

static void drop_launch(struct cut *cut, unsigned nr_groups)
{
	memset(cut->whole, 0, nr_groups * sizeof(*cut->whole));
	cut->nr_whole = cut->kept = cut->planned = 0;
	cut->group = -1;
}

/* A file that is not there has nothing to cut off. */
static int cut_file(struct cut *cut, const char *path, off_t end, struct error *err)
{
	const int fd = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat file = { .st_size = 0 };
	int error = fd < 0 || fstat(fd, &file) ? -errno : 0;

	if (!error && file.st_size > end) {
		cut->dropped_bytes += (uint64_t)(file.st_size - end);
		error = ftruncate(fd, end) || fsync(fd) ? -errno : 0;
	}
	if (fd >= 0)
		close(fd);
	return error && error != -ENOENT ?
	       error_set(err, -error, "cannot cut %s: %s", path, strerror(-error)) : 0;
}

static int cut_files(struct cut_scan *scan, struct cut *cut, const char *samples, const char *latency,
		     struct error *err)
{
	const unsigned nr_groups = scan->schedule->plan->nr_groups;
	int error;

	if (!open_launch(scan, cut)) {
		drop_launch(cut, nr_groups);
		scan->samples = scan->done_samples;
		scan->latency = scan->done_latency;
	}
	cut->nr_rounds = scan->samples.nr_rounds;
	cut->measured_ns = scan->samples.measured_ns;
	error = cut_file(cut, samples, scan->samples.end, err);
	return error ? error : cut_file(cut, latency, scan->latency.end, err);
}

/* What was damaged is told first, if it is in a launch that was whole. */
static int read_files(struct cut_scan *scan, const struct schedule *schedule, unsigned launches_done,
		      unsigned turns, const char *samples, const char *latency, struct error *err)
{
	const int ret = cut_scan_read(scan, schedule, launches_done, turns, samples, latency, err);
	struct error other;
	int error;

	if (ret && ret != -EBADMSG)
		return ret;
	error = check_done(scan, ret ? &other : err);
	return error && ret ? ret : error;
}

int cut_make(struct cut *cut, const struct schedule *schedule, const char *directory,
	     unsigned launches_done, unsigned turns, struct error *err)
{
	struct cut_scan scan = { .done = 0 };
	char *samples = NULL, *latency = NULL;
	int error;

	*cut = (struct cut){ .launch = launches_done + 1, .group = -1 };
	if (launches_done > schedule->launches)
		return error_set(err, EBADMSG, "meta.json: launches_done: are more than were planned");
	cut->whole = calloc(schedule->plan->nr_groups, sizeof(*cut->whole));
	if (!cut->whole || asprintf(&samples, "%s/samples.csv", directory) < 0 ||
	    asprintf(&latency, "%s/latency.csv", directory) < 0)
		error = error_set(err, ENOMEM, "no memory");
	else
		error = read_files(&scan, schedule, launches_done, turns, samples, latency, err);
	if (!error)
		error = cut_files(&scan, cut, samples, latency, err);
	cut_scan_free(&scan);
	free(samples);
	free(latency);
	return error;
}

void cut_free(struct cut *cut)
{
	free(cut->whole);
	cut->whole = NULL;
}
