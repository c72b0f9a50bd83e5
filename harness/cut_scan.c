/*
 * Reads the rows of a run that was cut off.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cut_scan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "group.h"
#include "latency.h"
#include "runfile.h"
#include "samples.h"

unsigned cut_scan_place(const struct cut_scan *scan, uint64_t launch, unsigned group)
{
	return (unsigned)(launch - 1) * scan->schedule->plan->nr_groups + group;
}

/* Is it a launch that there may be rows of? */
static bool is_launch(const struct cut_scan *scan, uint64_t launch)
{
	return launch && launch <= scan->done + 1 && launch <= scan->schedule->launches;
}

/* Where its baseline crashed a group has rounds of before, and where another point did, wider ones. */
static bool has_windows(const struct cut_scan *scan, uint64_t launch, unsigned group, uint64_t nr)
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
static unsigned nr_sampled(const struct cut_scan *scan, unsigned launch, unsigned group)
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
static int take_window(struct cut_scan *scan, const struct csv *csv, const struct sample *sample,
		       struct error *err)
{
	const int group = schedule_group(scan->schedule->plan, sample->key);
	unsigned *kept;

	if (group < 0 || !is_launch(scan, sample->launch) || !sample->rounds ||
	    sample->round > sample->rounds || sample->rounds > GROUP_MAX_ROUNDS ||
	    !has_windows(scan, sample->launch, (unsigned)group, sample->round_windows) ||
	    !(sample->figure[SAMPLES_WINDOW_NS] < MOST_WINDOW_NS))
		return foreign(csv, err, "is no row of this run's plan");
	kept = &scan->kept[cut_scan_place(scan, sample->launch, (unsigned)group)];
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

/* An empty file, or one whose header was torn, has no row yet: 0. Returns 1, or -errno with err set. */
static int has_header(const char *path, struct error *err)
{
	int error, c;
	FILE *file = runfile_open(path, &error, err);

	if (!file)
		return error == -ENOENT ? 0 : error == -EBADMSG ? -EINVAL : error;
	while ((c = fgetc(file)) != EOF && c && c != '\n')
		;
	fclose(file);
	return c == '\n';
}

/* Damage behind the launches that are done is where the file ends: cut_make() sees whether it is. */
static int read_samples(struct cut_scan *scan, const char *path, struct error *err)
{
	struct samples samples;
	struct sample sample;
	int ret = has_header(path, err);

	if (ret <= 0)
		return ret;
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

static int take_sampled(struct cut_scan *scan, const struct csv *csv, int launch_column,
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
	sampled = &scan->sampled[cut_scan_place(scan, launch, (unsigned)group)];
	wanted = nr_sampled(scan, (unsigned)launch, (unsigned)group);
	if (++*sampled > wanted)
		return foreign(csv, err, "the group has more rows than points to sample");
	if (*sampled == wanted)
		scan->latency.end = ftello(csv->file);
	if (launch <= scan->done)
		scan->done_latency = scan->latency;
	return 0;
}

static int read_latency(struct cut_scan *scan, const char *path, struct error *err)
{
	int launch, columns[SAMPLES_NR_KEYS], ret = has_header(path, err);
	struct csv csv;

	if (ret <= 0)
		return ret;
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

bool cut_scan_whole(const struct cut_scan *scan, unsigned launch, unsigned group)
{
	const unsigned at = cut_scan_place(scan, launch, group);

	return scan->kept[at] && scan->kept[at] == scan->planned[at] &&
	       scan->sampled[at] == nr_sampled(scan, launch, group);
}

int cut_scan_read(struct cut_scan *scan, const struct schedule *schedule, unsigned launches_done,
		  unsigned turns, const char *samples, const char *latency, struct error *err)
{
	const size_t nr = (size_t)(launches_done + 1) * schedule->plan->nr_groups;
	struct error other;
	int ret, error;

	*scan = (struct cut_scan){ .schedule = schedule, .done = launches_done, .turns = turns };
	scan->kept = calloc(3 * nr, sizeof(*scan->kept));
	if (!scan->kept)
		return error_set(err, ENOMEM, "no memory for %zu groups", nr);
	scan->planned = scan->kept + nr;
	scan->sampled = scan->planned + nr;
	ret = read_samples(scan, samples, err);
	if (ret && ret != -EBADMSG)
		return ret;
	error = read_latency(scan, latency, &other);
	/* Damage may be cut off, what is not of this run may not. */
	if (ret && (!error || error == -EBADMSG))
		return ret;
	if (error)
		*err = other;
	return error;
}

void cut_scan_free(struct cut_scan *scan)
{
	free(scan->kept);
	scan->kept = NULL;
}
