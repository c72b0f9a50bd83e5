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

#include "group.h"
#include "latency.h"
#include "samples.h"

struct extent {
	off_t end;
	uint64_t nr_rounds, measured_ns;
};

struct scan {
	const struct schedule *schedule;
	unsigned done, turns;
	/* Of [launch - 1][group], the open launch the last: */
	unsigned *kept, *planned;	/* rounds */
	unsigned *sampled;		/* rows of latency.csv */
	/* In samples.csv and latency.csv: all launches that are done, and all that is whole. */
	struct extent done_samples, samples, done_latency, latency;
	/* The round that is being read: */
	uint64_t launch, round, nr_windows;
	double window_ns;
	unsigned group;
};

static unsigned place_of(const struct scan *scan, uint64_t launch, unsigned group)
{
	return (unsigned)(launch - 1) * scan->schedule->plan->nr_groups + group;
}

/* Is it a launch that there may be rows of? */
static bool is_launch(const struct scan *scan, uint64_t launch)
{
	return launch && launch <= scan->done + 1 && launch <= scan->schedule->launches;
}

/* Where its baseline crashed a group has rounds of before, and where another point did, wider ones. */
static bool has_windows(const struct scan *scan, uint64_t launch, unsigned group, uint64_t nr)
{
	const struct schedule *schedule = scan->schedule;
	const struct schedule_block *block = schedule_block_of(schedule, (unsigned)launch);
	const struct group *planned = &schedule->plan->groups[group];
	unsigned fewest = 0, most = 0;

	for (unsigned i = planned->first_point; i < planned->first_point + planned->nr_cells; i++) {
		const unsigned left_out = schedule->points[i].left_out;

		fewest += schedule_measures(schedule, (unsigned)launch, i);
		most += block->measured[i] && (!left_out || left_out >= launch);
	}
	return nr && nr >= fewest && nr <= most;
}

/* Rows of latency.csv that a launch has of the group, once it is whole. */
static unsigned nr_sampled(const struct scan *scan, unsigned launch, unsigned group)
{
	const struct plan *plan = scan->schedule->plan;
	const struct group *planned = &plan->groups[group];
	unsigned nr = 0;

	if (!latency_wanted(plan, planned))
		return 0;
	for (unsigned i = 0; i < planned->nr_cells; i++) {
		const unsigned point = planned->first_point + i;
		const unsigned left_out = scan->schedule->points[point].left_out;

		if (schedule_measures(scan->schedule, launch, point))
			nr += group_samples(planned, i, launch, scan->turns);
		else if (!left_out || left_out > launch)
			return 0;
	}
	return nr;
}

/* No kill leaves this: somebody has changed the file, and cutting it off could lose what is not ours to lose. */
static int foreign(const struct csv *csv, struct error *err, const char *cause)
{
	return error_set(err, EINVAL, "%s:%lu: %s", csv->path, csv->row, cause);
}

/* Far above any, and their sum has 64 bits. */
#define MOST_WINDOW_NS 1e12

/* A round is whole once as many windows of it are there as its rows tell. */
static int take_window(struct scan *scan, const struct csv *csv, const struct sample *sample,
		       struct error *err)
{
	const int group = schedule_group(scan->schedule->plan, sample->key);
	unsigned *kept;

	if (group < 0 || !is_launch(scan, sample->launch) || !sample->rounds ||
	    sample->round > sample->rounds || sample->rounds > GROUP_MAX_ROUNDS ||
	    !has_windows(scan, sample->launch, (unsigned)group, sample->round_windows) ||
	    !(sample->figure[SAMPLES_WINDOW_NS] < MOST_WINDOW_NS))
		return foreign(csv, err, "is no row of this run's plan");
	kept = &scan->kept[place_of(scan, sample->launch, (unsigned)group)];
	if (!scan->nr_windows) {
		if (sample->launch < scan->launch || sample->round != *kept + 1)
			return foreign(csv, err, "the round does not follow the last one");
		scan->launch = sample->launch;
		scan->round = sample->round;
		scan->group = (unsigned)group;
		scan->window_ns = 0;
	} else if (scan->launch != sample->launch || scan->round != sample->round ||
		   scan->group != (unsigned)group) {
		return foreign(csv, err, "the round before has too few windows");
	}
	scan->window_ns += sample->figure[SAMPLES_WINDOW_NS];
	if (++scan->nr_windows < sample->round_windows)
		return 0;
	scan->nr_windows = 0;
	*kept = (unsigned)sample->round;
	scan->planned[kept - scan->kept] = (unsigned)sample->rounds;
	scan->samples.end = ftello(csv->file);
	scan->samples.nr_rounds++;
	scan->samples.measured_ns += (uint64_t)scan->window_ns;
	if (sample->launch <= scan->done)
		scan->done_samples = scan->samples;
	return 0;
}

/* An empty file, or one whose header was torn, has no row yet. */
static bool has_header(const char *path)
{
	FILE *file = fopen(path, "re");
	int c = EOF;

	while (file && (c = fgetc(file)) != EOF && c && c != '\n')
		;
	if (file)
		fclose(file);
	return c == '\n';
}

/* Damage behind the launches that are done is where the file ends: cut_make() sees whether it is. */
static int read_samples(struct scan *scan, const char *path, struct error *err)
{
	struct samples samples;
	struct sample sample;
	int ret;

	if (!has_header(path))
		return 0;
	ret = samples_open(&samples, path, err);
	if (ret)
		return ret == -EBADMSG ? -EINVAL : ret;
	scan->samples.end = scan->done_samples.end = ftello(samples.csv.file);
	while ((ret = samples_next(&samples, &sample, err)) > 0) {
		ret = take_window(scan, &samples.csv, &sample, err);
		if (ret)
			break;
	}
	samples_close(&samples);
	return ret;
}

static const char *const key_names[SAMPLES_NR_KEYS] = {
	[SAMPLES_WORKLOAD] = "workload", [SAMPLES_SETTING] = "setting",
	[SAMPLES_PLACEMENT] = "placement", [SAMPLES_THREADS] = "threads",
	[SAMPLES_OBJECTS] = "objects", [SAMPLES_NODE] = "node", [SAMPLES_WORK_NS] = "work_ns",
	[SAMPLES_LAYOUT] = "layout", [SAMPLES_REPLACE] = "replace_permille",
};

static int take_sampled(struct scan *scan, const struct csv *csv, int launch_column,
			const int *columns, struct error *err)
{
	const char *key[SAMPLES_NR_KEYS];
	uint64_t launch;
	unsigned *sampled, wanted;
	int group, ret = csv_unsigned(csv, launch_column, &launch, err);

	if (ret)
		return ret;
	for (unsigned i = 0; i < SAMPLES_NR_KEYS; i++)
		key[i] = csv_text(csv, columns[i]);
	group = schedule_group(scan->schedule->plan, key);
	if (group < 0 || !is_launch(scan, launch))
		return foreign(csv, err, "is no row of this run's plan");
	sampled = &scan->sampled[place_of(scan, launch, (unsigned)group)];
	wanted = nr_sampled(scan, (unsigned)launch, (unsigned)group);
	if (++*sampled > wanted)
		return foreign(csv, err, "the group has more rows than points to sample");
	if (*sampled == wanted)
		scan->latency.end = ftello(csv->file);
	if (launch <= scan->done)
		scan->done_latency = scan->latency;
	return 0;
}

static int read_latency(struct scan *scan, const char *path, struct error *err)
{
	int launch, columns[SAMPLES_NR_KEYS], ret;
	struct csv csv;

	if (!has_header(path))
		return 0;
	ret = csv_open(&csv, path, err);
	if (ret)
		return ret == -EBADMSG ? -EINVAL : ret;
	launch = csv_column(&csv, "launch", err);
	ret = launch < 0 ? -EINVAL : 0;
	for (unsigned i = 0; !ret && i < SAMPLES_NR_KEYS; i++) {
		columns[i] = csv_column(&csv, key_names[i], err);
		ret = columns[i] < 0 ? -EINVAL : 0;
	}
	scan->latency.end = scan->done_latency.end = ftello(csv.file);
	while (!ret && (ret = csv_next(&csv, err)) > 0)
		ret = take_sampled(scan, &csv, launch, columns, err);
	csv_close(&csv);
	return ret;
}

/* Is all there that this launch measures of the group? */
static bool is_whole(const struct scan *scan, unsigned launch, unsigned group)
{
	const unsigned at = place_of(scan, launch, group);

	return scan->kept[at] && scan->kept[at] == scan->planned[at] &&
	       scan->sampled[at] == nr_sampled(scan, launch, group);
}

static int check_done(const struct scan *scan, struct error *err)
{
	const struct schedule *schedule = scan->schedule;

	for (unsigned launch = 1; launch <= scan->done; launch++)
		for (unsigned g = 0; g < schedule->plan->nr_groups; g++)
			if (schedule_has(schedule, launch, g) &&
			    !is_whole(scan, launch, g))
				return error_set(err, EBADMSG, "meta.json tells of %u launches, but "
						 "launch %u lacks rows in samples.csv or latency.csv",
						 scan->done, launch);
	return 0;
}

/*
 * Groups are measured in the order of the plan: some are whole, of one more there may be a part. Anything
 * else was left by a loss of power, and returns false.
 */
static bool open_launch(const struct scan *scan, struct cut *cut)
{
	const struct schedule *schedule = scan->schedule;
	bool any_open = false;

	if (cut->launch > schedule->launches)
		return true;
	for (unsigned g = 0; g < schedule->plan->nr_groups; g++) {
		const unsigned at = place_of(scan, cut->launch, g);

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
		cut->whole[g] = !any_open && is_whole(scan, cut->launch, g);
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

static int cut_files(struct scan *scan, struct cut *cut, const char *samples, const char *latency,
		     struct error *err)
{
	const unsigned nr_groups = scan->schedule->plan->nr_groups;
	const size_t nr = (size_t)(scan->done + 1) * nr_groups;
	struct error other;
	int ret, error;

	scan->kept = calloc(3 * nr, sizeof(*scan->kept));
	cut->whole = calloc(nr_groups, sizeof(*cut->whole));
	if (!scan->kept || !cut->whole)
		return error_set(err, ENOMEM, "no memory for %zu groups", nr);
	scan->planned = scan->kept + nr;
	scan->sampled = scan->planned + nr;
	ret = read_samples(scan, samples, err);
	if (!ret || ret == -EBADMSG) {
		error = read_latency(scan, latency, ret ? &other : err);
		ret = ret ? ret : error;
	}
	if (ret && ret != -EBADMSG)
		return ret;
	/* What was damaged is told first, if it is in a launch that was whole. */
	error = check_done(scan, ret ? &other : err);
	if (error)
		return ret ? ret : error;
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

int cut_make(struct cut *cut, const struct schedule *schedule, const char *directory,
	     unsigned launches_done, unsigned turns, struct error *err)
{
	struct scan scan = { .schedule = schedule, .done = launches_done, .turns = turns };
	char *samples = NULL, *latency = NULL;
	int error;

	*cut = (struct cut){ .launch = launches_done + 1, .group = -1 };
	if (launches_done > schedule->launches)
		return error_set(err, EBADMSG, "meta.json: launches_done: are more than were planned");
	if (asprintf(&samples, "%s/samples.csv", directory) < 0 ||
	    asprintf(&latency, "%s/latency.csv", directory) < 0)
		error = error_set(err, ENOMEM, "no memory");
	else
		error = cut_files(&scan, cut, samples, latency, err);
	free(scan.kept);
	free(samples);
	free(latency);
	return error;
}

void cut_free(struct cut *cut)
{
	free(cut->whole);
	cut->whole = NULL;
}
