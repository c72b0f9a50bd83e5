/*
 * Loads a run's folder: the three CSV files row by row, then groups and series over the sorted
 * rows.
 *
 * SPDX-License-Identifier: MIT
 */
#include "results.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "results_internal.h"

/* Reads fields by column name; the first failure sticks, so that a row is read without a ladder. */
struct reader {
	struct csv csv;
	struct results *results;
	struct error *err;
	int ret;
};

static const char *read_text(struct reader *reader, const char *name)
{
	int column = csv_column(&reader->csv, name, reader->err);
	const char *text;

	if (column < 0) {
		reader->ret = reader->ret ? reader->ret : column;
		return "";
	}
	text = results_texts_add(reader->results->texts, csv_text(&reader->csv, column));
	if (!text) {
		reader->ret = error_set(reader->err, ENOMEM, "out of memory");
		return "";
	}
	return text;
}

static double read_number(struct reader *reader, const char *name)
{
	double value = NAN;
	int column = csv_column(&reader->csv, name, reader->err);
	int ret = column < 0 ? column
			     : csv_number(&reader->csv, column, &value, reader->err);

	if (ret && !reader->ret)
		reader->ret = ret;
	return value;
}

/* Of ns, ratios, counts and bytes: far beyond what a run can hold, far from where a double ends. */
#define LEAST_FIGURE 1e-40
#define MOST_FIGURE 1e40

/* A number that is 0 or can be drawn on any axis. */
static double read_figure(struct reader *reader, const char *name)
{
	const double value = read_number(reader, name);

	if (!reader->ret && value != 0 && !isnan(value) &&
	    !(value >= LEAST_FIGURE && value <= MOST_FIGURE))
		reader->ret = error_set(reader->err, EBADMSG, "%s:%lu: %s: %g is no figure of a run",
					reader->csv.path, reader->csv.row, name, value);
	return value;
}

static unsigned read_unsigned(struct reader *reader, const char *name)
{
	uint64_t value = 0;
	int column = csv_column(&reader->csv, name, reader->err);
	int ret = column < 0 ? column
			     : csv_unsigned(&reader->csv, column, &value, reader->err);

	if (!ret && value > INT32_MAX)
		ret = error_set(reader->err, EBADMSG, "%s:%lu: %s is too large", reader->csv.path,
				reader->csv.row, name);
	if (ret && !reader->ret)
		reader->ret = ret;
	return (unsigned)value;
}

static void read_key(struct reader *reader, struct result_key *key)
{
	key->workload = read_text(reader, "workload");
	key->setting = read_text(reader, "setting");
	key->placement = read_text(reader, "placement");
	key->layout = read_text(reader, "layout");
	key->node = read_text(reader, "node");
	key->threads = read_unsigned(reader, "threads");
	if (!key->threads && !reader->ret)
		reader->ret = error_set(reader->err, EBADMSG, "%s:%lu: threads is 0",
					reader->csv.path, reader->csv.row);
	key->objects = read_unsigned(reader, "objects");
	key->replace = read_unsigned(reader, "replace_permille");
	key->work_ns = read_figure(reader, "work_ns");
	if (isnan(key->work_ns))
		key->work_ns = 0;
}

/* Whether a name ends so; *length is of what stands before. */
static bool ends_in(const char *name, const char *end, size_t *length)
{
	const size_t all = strlen(name), tail = strlen(end);

	*length = all - tail;
	return all > tail && !strcmp(name + *length, end);
}

static double sum_present(double a, double b)
{
	return isnan(a) ? b : isnan(b) ? a : a + b;
}

/* Columns NAME_per_op that struct result_point has no member for. */
static void read_counters(struct reader *reader, struct result_point *point)
{
	static const char *const members[] = {
		"ns", "ticks", "cycles", "instructions", "cache_misses", "retries", "failed",
		"reclaim_ns", "switches", "migrations",
	};
	struct results *results = reader->results;
	size_t nr = 0, length;

	point->moved_per_op = NAN;
	for (unsigned column = 0; column < reader->csv.nr_columns; column++) {
		const char *title = reader->csv.names[column];
		char name[128];
		bool member = false;

		if (!ends_in(title, "_per_op", &length))
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)length, title);
		for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
			member |= !strcmp(name, members[i]);
		if (member || nr == RESULTS_MAX_COUNTERS)
			continue;
		point->counters[nr] = read_figure(reader, title);
		results->counters[nr] = results_texts_add(results->texts, name);
		if (!strcmp(name, "moved_local") || !strcmp(name, "moved_remote"))
			point->moved_per_op = sum_present(point->moved_per_op, point->counters[nr]);
		if (!results->counters[nr++])
			reader->ret = error_set(reader->err, ENOMEM, "out of memory");
	}
	results->nr_counters = nr;
}

static void read_point(struct reader *reader, void *row)
{
	struct result_point *point = row;
	const char *kind;
	char cell[256];

	read_key(reader, &point->key);
	point->strategy = read_text(reader, "strategy");
	point->variant = read_text(reader, "variant");
	snprintf(cell, sizeof(cell), "%s@%s", point->strategy, point->variant);
	point->cell = results_texts_add(reader->results->texts, cell);
	if (!point->cell)
		reader->ret = error_set(reader->err, ENOMEM, "out of memory");
	point->flags = read_text(reader, "flags");
	kind = read_text(reader, "kind");
	point->kind = !strcmp(kind, "floor") ? RESULT_FLOOR :
		      !strcmp(kind, "peer") ? RESULT_PEER :
		      !strcmp(kind, "aid") ? RESULT_AID :
		      !strcmp(kind, "control") ? RESULT_CONTROL : RESULT_CANDIDATE;
	point->launches = read_unsigned(reader, "launches");
	point->windows = read_unsigned(reader, "windows");
	point->ns_per_op = read_figure(reader, "ns_per_op");
	point->ns_per_op_lo = read_figure(reader, "ns_per_op_lo");
	point->ns_per_op_hi = read_figure(reader, "ns_per_op_hi");
	point->mops = read_figure(reader, "mops");
	point->fairness = read_figure(reader, "fairness");
	point->ticks_per_op = read_figure(reader, "ticks_per_op");
	point->cycles_per_op = read_figure(reader, "cycles_per_op");
	point->instructions_per_op = read_figure(reader, "instructions_per_op");
	point->cache_misses_per_op = read_figure(reader, "cache_misses_per_op");
	point->retries_per_op = read_figure(reader, "retries_per_op");
	point->failed_per_op = read_figure(reader, "failed_per_op");
	point->reclaim_ns_per_op = read_figure(reader, "reclaim_ns_per_op");
	point->switches_per_op = read_figure(reader, "switches_per_op");
	point->migrations_per_op = read_figure(reader, "migrations_per_op");
	point->kref_bytes = read_figure(reader, "kref_bytes");
	point->thread_bytes = read_figure(reader, "thread_bytes");
	point->reclaim_delay_ns = read_figure(reader, "reclaim_delay_ns");
	point->garbage_objects = read_figure(reader, "garbage_objects");
	point->garbage_bytes = read_figure(reader, "garbage_bytes");
	read_counters(reader, point);
}

static void read_ratio(struct reader *reader, void *row)
{
	struct result_ratio *ratio = row;
	const char *verdict;

	read_key(reader, &ratio->key);
	ratio->a = read_text(reader, "a");
	ratio->b = read_text(reader, "b");
	ratio->judged = read_text(reader, "judged");
	ratio->launches = read_unsigned(reader, "launches");
	ratio->ratio = read_figure(reader, "ratio");
	ratio->lo = read_figure(reader, "ratio_lo");
	ratio->hi = read_figure(reader, "ratio_hi");
	ratio->floor = read_figure(reader, "floor");
	ratio->p_holm = read_number(reader, "p_holm");
	verdict = read_text(reader, "verdict");
	ratio->verdict = !strcmp(verdict, "faster") ? VERDICT_FASTER :
			 !strcmp(verdict, "slower") ? VERDICT_SLOWER :
			 !strcmp(verdict, "tie") ? VERDICT_TIE : VERDICT_NONE;
}

static void read_hole(struct reader *reader, void *row)
{
	struct result_hole *hole = row;

	hole->workload = read_text(reader, "workload");
	hole->strategy = read_text(reader, "strategy");
	hole->variant = read_text(reader, "variant");
	hole->setting = read_text(reader, "setting");
	hole->reason = read_text(reader, "reason");
}

static void read_handover(struct reader *reader, void *row)
{
	struct result_handover *handover = row;

	handover->cpu_a = read_unsigned(reader, "cpu_a");
	handover->cpu_b = read_unsigned(reader, "cpu_b");
	handover->step = read_text(reader, "step");
	handover->ns = read_figure(reader, "ns");
	handover->lo = read_figure(reader, "ns_lo");
	handover->hi = read_figure(reader, "ns_hi");
}

static void read_floor(struct reader *reader, void *row)
{
	struct result_floor *floor = row;

	floor->placement = read_text(reader, "placement");
	floor->threads = read_unsigned(reader, "threads");
	floor->ns_per_op = read_figure(reader, "ns_per_op");
}

/* Reads a whole file into *rows; the caller frees it, also after an error. */
static int read_file(struct results *results, const char *dir, const char *name, size_t size,
		     void (*read_row)(struct reader *, void *), void **rows, size_t *nr,
		     struct error *err)
{
	struct reader reader = { .results = results, .err = err };
	size_t room = 0;
	char *path, *grown;
	int ret;

	if (asprintf(&path, "%s/%s", dir, name) < 0)
		return error_set(err, ENOMEM, "out of memory");
	ret = csv_open(&reader.csv, path, err);
	free(path);
	if (ret)
		return ret;
	while ((ret = csv_next(&reader.csv, err)) > 0) {
		if (*nr == room) {
			room = room ? 2 * room : 64;
			grown = realloc(*rows, room * size);
			if (!grown) {
				ret = error_set(err, ENOMEM, "out of memory");
				break;
			}
			*rows = grown;
		}
		memset((char *)*rows + *nr * size, 0, size);
		read_row(&reader, (char *)*rows + *nr * size);
		(*nr)++;
		ret = reader.ret;
		if (ret)
			break;
	}
	csv_close(&reader.csv);
	return ret;
}

static int load_files(struct results *results, const char *dir, struct error *err)
{
	int ret;

	ret = results_meta_load(&results->meta, dir, err);
	if (!ret)
		ret = read_file(results, dir, "summary.csv", sizeof(*results->points), read_point,
				(void **)&results->points, &results->nr_points, err);
	if (!ret)
		ret = read_file(results, dir, "ratios.csv", sizeof(*results->ratios), read_ratio,
				(void **)&results->ratios, &results->nr_ratios, err);
	if (ret)
		return ret;
	ret = read_file(results, dir, "holes.csv", sizeof(*results->holes), read_hole,
			(void **)&results->holes, &results->nr_holes, err);
	if (!ret || ret == -ENOENT)
		ret = read_file(results, dir, "handover.csv", sizeof(*results->handovers),
				read_handover, (void **)&results->handovers,
				&results->nr_handovers, err);
	if (!ret || ret == -ENOENT)
		ret = read_file(results, dir, "floors.csv", sizeof(*results->floors), read_floor,
				(void **)&results->floors, &results->nr_floors, err);
	if (!ret || ret == -ENOENT)
		ret = latencies_load(&results->latencies, dir, err);
	return ret == -ENOENT ? 0 : ret;
}

int results_load(struct results *results, const char *dir, struct error *err)
{
	int ret;

	memset(results, 0, sizeof(*results));
	results->texts = results_texts_new();
	if (!results->texts)
		return error_set(err, ENOMEM, "out of memory");
	ret = load_files(results, dir, err);
	if (!ret && results_group(results))
		ret = error_set(err, ENOMEM, "out of memory");
	if (ret)
		results_free(results);
	return ret;
}

void results_free(struct results *results)
{
	json_decref(results->meta);
	free(results->variants);
	free(results->series);
	free(results->groups);
	latencies_free(&results->latencies);
	free(results->floors);
	free(results->handovers);
	free(results->holes);
	free(results->ratios);
	free(results->points);
	results_texts_free(results->texts);
	memset(results, 0, sizeof(*results));
}
