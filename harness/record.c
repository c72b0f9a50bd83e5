/*
 * Formats samples and holes as rows of CSV.
 *
 * SPDX-License-Identifier: MIT
 *
 * Numbers are written in the C locale: the program never calls setlocale().
 */
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runfile.h"

static const char samples_header[] =
	"launch,round,position,round_windows,rounds,workload,strategy,variant,kind,deferred,setting,placement,threads,"
	"objects,node,work_ns,layout,replace_permille,window_ns,batch_ops,ops,mops,ns_per_op,"
	"fairness,ticks,"
	"counted_ops,cycles,instructions,cache_misses,switches,migrations,retries,failed,"
	"total_ops,reclaim_ns,delays,delay_ns,garbage_objects,garbage_bytes,kref_bytes,"
	"thread_bytes,flags,counter_group";

static const char *const kind_names[] = {
	[CELL_CANDIDATE] = "candidate",
	[CELL_FLOOR] = "floor",
	[CELL_PEER] = "peer",
	[CELL_AID] = "aid",
	[CELL_CONTROL] = "control",
};

int record_append(int fd, const char *data, size_t length)
{
	while (length) {
		ssize_t written = write(fd, data, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		data += written;
		length -= (size_t)written;
	}
	return 0;
}

/* Before the flags stand the counters that all processors have, at the end the others. */
#define FIRST_AT_END COUNTER_FIRST_OF_PROCESSOR

static int write_header(const struct record *record)
{
	char *header = NULL;
	size_t length;
	FILE *file = open_memstream(&header, &length);
	int error = -ENOMEM;

	if (file) {
		fputs(samples_header, file);
		for (unsigned i = FIRST_AT_END; i < record->counting->nr; i++)
			fprintf(file, ",%s", record->counting->names[i]);
		fputc('\n', file);
		error = fclose(file) ? -ENOMEM : record_append(record->fd, header, length);
	}
	free(header);
	return error;
}

int record_open(struct record *record, const char *directory, const struct count_plan *counting,
		struct error *err)
{
	struct stat file;
	char *path;
	int error = 0;

	memset(record, 0, sizeof(*record));
	record->counting = counting;
	if (asprintf(&path, "%s/samples.csv", directory) < 0)
		return error_set(err, ENOMEM, "no memory");
	record->fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (record->fd < 0 || fstat(record->fd, &file))
		error = -errno;
	else if (!file.st_size)
		error = write_header(record);
	if (error) {
		error_set(err, -error, "cannot write %s: %s", path, strerror(-error));
		if (record->fd >= 0)
			close(record->fd);
	}
	free(path);
	return error;
}

/* An absent figure is an empty field. */
static void print_count(FILE *row, double value)
{
	if (isnan(value))
		fputc(',', row);
	else
		fprintf(row, ",%.0f", value);
}

static void print_rate(FILE *row, double value)
{
	if (isfinite(value))
		fprintf(row, ",%.6g", value);
	else
		fputc(',', row);
}

/* Marks in a kept row where the flags end: the round may add one. */
#define FLAGS_END '\n'

struct sums {
	uint64_t ops, ticks, counted_ops;
	double counters[COUNTERS_MAX];	/* NAN where any worker's is absent */
	bool multiplexed, no_overlap, starved, switched, migrated;
};

static struct sums sum_workers(const struct window_result *result, unsigned nr_workers)
{
	struct sums sums = { .ops = 0 };

	for (unsigned i = 0; i < nr_workers; i++) {
		const struct window_worker *worker = &result->workers[i];

		/* A helper's cycles belong to the ops of the worker that it helps. */
		for (unsigned c = 0; c < COUNTERS_MAX; c++)
			sums.counters[c] += worker->counters[c];
		sums.multiplexed |= worker->multiplexed;
		sums.no_overlap |= worker->no_overlap;
		sums.switched |= worker->switched;
		sums.migrated |= worker->migrated;
		sums.ticks += worker->ticks;
		if (!worker->counts)
			continue;
		sums.ops += worker->ops;
		sums.counted_ops += worker->counted_ops;
		sums.starved |= !worker->no_overlap && !worker->ops;
	}
	return sums;
}

void record_print_flags(FILE *row, const struct record_window *window,
			const struct window_result *result)
{
	const struct sums all = sum_workers(result, window->group->threads), *const sums = &all;
	const struct {
		bool set;
		const char *name;
	} flags[] = {
		{ sums->no_overlap, "short-overlap" },
		{ sums->starved, "starved" },
		{ window->group->oversubscribed, "oversubscribed" },
		{ window->shared_reclaim, "shared-reclaim" },
		{ sums->multiplexed, "multiplexed" },
		{ sums->migrated, "migrated" },
		{ sums->switched, "switched" },
		{ result->clock_step, "clock-step" },
		{ window->resumed, "resumed" },
	};
	const char *separator = "";

	fputc(',', row);
	for (unsigned i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		if (!flags[i].set)
			continue;
		fprintf(row, "%s%s", separator, flags[i].name);
		separator = "+";
	}
}

void record_print_point(FILE *row, const struct record_window *window)
{
	const struct group *group = window->group;
	const struct workload *cell = window->cell;

	fprintf(row, "%s,%s,%s,%s,%d,%s,%s,%u,%u,", group->workload, cell->strategy, cell->variant,
		kind_names[cell->kind], group->deferred, plan_setting_name(group->setting),
		group->placements, group->threads, group->objects);
	fprintf(row, "%s,%u,%s,%u", window->node, group->work_ns, group->packed ? "packed" : "padded",
		group->replace);
}

/* What came late, where anything may; and what counting takes. */
static void print_memory(FILE *row, const struct record_window *window,
			 const struct window_result *result)
{
	const struct garbage *garbage = &result->garbage;
	const struct workload *cell = window->cell;

	if (result->has_garbage)
		fprintf(row, ",%llu,%llu,%llu,%llu", (unsigned long long)garbage->delays,
			(unsigned long long)garbage->delay_ns,
			(unsigned long long)garbage->objects,
			(unsigned long long)garbage->bytes);
	else
		fputs(",,,,", row);
	fprintf(row, ",%zu,%zu", cell->kref_bytes + window->group->threads * cell->slot_bytes,
		cell->thread_bytes);
}

/* Counters first to last - 1; of an op that starts threads nobody counts all. */
static void print_counters(FILE *row, const struct record_window *window, const struct sums *sums,
			   unsigned first, unsigned last)
{
	for (unsigned i = first; i < last; i++)
		print_count(row, window->cell->starts_threads ? NAN : sums->counters[i]);
}

static void print_row(FILE *row, const struct record *record, const struct record_window *window,
		      const struct window_result *result)
{
	const unsigned threads = window->group->threads;
	const struct sums sums = sum_workers(result, threads);

	fprintf(row, "%u,%u,%u,%u,%u,", window->launch, window->round, window->position,
		window->round_windows, window->rounds);
	record_print_point(row, window);
	fprintf(row, ",%llu,%llu,%llu", (unsigned long long)result->window_ns,
		(unsigned long long)result->batch_ops, (unsigned long long)sums.ops);
	print_rate(row, window->mops);
	print_rate(row, 1000 * threads / window->mops);
	print_rate(row, window->fairness);
	fprintf(row, ",%llu,%llu", (unsigned long long)sums.ticks,
		(unsigned long long)sums.counted_ops);
	print_counters(row, window, &sums, 0, FIRST_AT_END);
	print_count(row, window->cell->hides_retries ? NAN : (double)result->retries);
	fprintf(row, ",%llu,%llu,", (unsigned long long)result->failed,
		(unsigned long long)result->total_ops);
	if (result->has_reclaim)
		fprintf(row, "%llu", (unsigned long long)result->reclaim_ns);
	print_memory(row, window, result);
	record_print_flags(row, window, result);
	fputc(FLAGS_END, row);
	if (window->counter_group)
		fprintf(row, ",%u", window->counter_group);
	else
		fputc(',', row);
	print_counters(row, window, &sums, FIRST_AT_END, record->counting->nr);
}

int record_add(struct record *record, const struct record_window *window,
	       const struct window_result *result, struct error *err)
{
	const unsigned nr_rows = window->group->nr_cells;
	size_t length;
	FILE *row;

	if (record->nr_rows < nr_rows) {
		char **rows = realloc(record->rows, nr_rows * sizeof(*rows));

		if (!rows)
			return error_set(err, ENOMEM, "no memory for a round's rows");
		memset(rows + record->nr_rows, 0, (nr_rows - record->nr_rows) * sizeof(*rows));
		record->rows = rows;
		record->nr_rows = nr_rows;
	}
	row = open_memstream(&record->rows[window->point], &length);
	if (row)
		print_row(row, record, window, result);
	return row && !fclose(row) ? 0 : error_set(err, ENOMEM, "no memory for a round's rows");
}

void record_drop(struct record *record)
{
	for (unsigned i = 0; i < record->nr_rows; i++) {
		free(record->rows[i]);
		record->rows[i] = NULL;
	}
}

/* A row of which only the flags are open still. */
static void end_row(FILE *round, const char *row, bool stolen)
{
	const int length = (int)strcspn(row, (char[]){ FLAGS_END, '\0' });

	fprintf(round, "%.*s%s%s%s\n", length, row, stolen && row[length - 1] != ',' ? "+" : "",
		stolen ? "steal" : "", row + length + 1);
}

int record_round(struct record *record, bool stolen, struct error *err)
{
	char *rows = NULL;
	size_t length;
	FILE *round = open_memstream(&rows, &length);
	int error = round ? 0 : -ENOMEM;

	for (unsigned i = 0; !error && i < record->nr_rows; i++)
		if (record->rows[i])
			end_row(round, record->rows[i], stolen);
	if (round && fclose(round))
		error = -ENOMEM;
	/* One write: a kill leaves whole rounds, or one torn line at the very end. */
	if (!error)
		error = record_append(record->fd, rows, length);
	free(rows);
	record_drop(record);
	return error ? error_set(err, -error, "cannot write samples.csv: %s", strerror(-error)) : 0;
}

int record_close(struct record *record, struct error *err)
{
	int error = fdatasync(record->fd) ? -errno : 0;

	if (close(record->fd) && !error)
		error = -errno;
	record_drop(record);
	free(record->rows);
	return error ? error_set(err, -error, "cannot save samples.csv: %s", strerror(-error)) : 0;
}

int record_holes(const char *directory, const struct registry *registry, struct error *err)
{
	char *path;
	FILE *file;
	int error = 0;

	if (asprintf(&path, "%s/holes.csv", directory) < 0)
		return error_set(err, ENOMEM, "no memory");
	file = runfile_create(path, &error, err);
	if (!file)
		goto out;
	fprintf(file, "workload,strategy,variant,setting,reason\n");
	for (unsigned i = 0; i < registry->nr_cells; i++) {
		const struct workload *cell = registry->cells[i];

		for (unsigned s = 0; s < NR_SETTINGS; s++)
			if (cell->settings & 1u << s && cell->hole[s])
				fprintf(file, "%s,%s,%s,%s,%s\n", cell->name, cell->strategy,
					cell->variant, plan_setting_name(s), cell->hole[s]);
	}
	error = runfile_close(file);
	if (error)
		error_set(err, -error, "cannot write %s: %s", path, strerror(-error));
out:
	free(path);
	return error;
}
