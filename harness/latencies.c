/*
 * Folds latency.csv to one histogram a point and its percentiles.
 *
 * SPDX-License-Identifier: MIT
 */
#include "latencies.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "csv.h"
#include "runfile.h"
#include "stats.h"

const unsigned latencies_permille[LATENCIES_PERCENTILES] = { 500, 900, 990, 999 };
const char *const latencies_names[LATENCIES_PERCENTILES] = { "p50", "p90", "p99", "p999" };

static const char *const key_columns[] = {
	"workload", "strategy", "variant", "kind", "setting", "placement", "threads", "objects",
	"node", "work_ns", "layout", "replace_permille",
};

#define NR_KEYS (sizeof(key_columns) / sizeof(*key_columns))

struct reader {
	struct csv csv;
	int key[NR_KEYS];
	int launch, samples, max_ns, clock_ns, stamps, ops, flags;
	struct histogram row_ops, row_stamps;
};

static int damaged(const struct reader *reader, struct error *err, const char *cause)
{
	return error_set(err, EBADMSG, "%s:%lu: %s", reader->csv.path, reader->csv.row, cause);
}

static int find_columns(struct reader *reader, struct error *err)
{
	const struct {
		int *column;
		const char *name;
	} columns[] = {
		{ &reader->launch, "launch" }, { &reader->samples, "samples" },
		{ &reader->max_ns, "max_ns" }, { &reader->clock_ns, "clock_ns" },
		{ &reader->stamps, "stamps" }, { &reader->ops, "ops" }, { &reader->flags, "flags" },
	};

	for (size_t i = 0; i < NR_KEYS; i++) {
		reader->key[i] = csv_column(&reader->csv, key_columns[i], err);
		if (reader->key[i] < 0)
			return reader->key[i];
	}
	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++) {
		*columns[i].column = csv_column(&reader->csv, columns[i].name, err);
		if (*columns[i].column < 0)
			return *columns[i].column;
	}
	return 0;
}

/* The row's key; NULL without memory. */
static char *key_make(const struct reader *reader)
{
	char *key = NULL;
	size_t length;
	FILE *out = open_memstream(&key, &length);

	if (!out)
		return NULL;
	for (size_t i = 0; i < NR_KEYS; i++)
		fprintf(out, "%s%s", i ? "," : "", csv_text(&reader->csv, reader->key[i]));
	if (!fclose(out))
		return key;
	free(key);
	return NULL;
}

const struct latencies_point *latencies_find(const struct latencies *latencies, const char *key)
{
	for (size_t i = 0; i < latencies->nr; i++)
		if (!strcmp(latencies->points[i].key, key))
			return &latencies->points[i];
	return NULL;
}

/* The row's point, added where there is none; NULL without memory. */
static struct latencies_point *point_get(struct latencies *latencies, const struct reader *reader)
{
	char *key = key_make(reader);
	const struct latencies_point *found = key ? latencies_find(latencies, key) : NULL;
	struct latencies_point *grown;

	if (found || !key) {
		free(key);
		return (struct latencies_point *)found;
	}
	grown = realloc(latencies->points, (latencies->nr + 1) * sizeof(*grown));
	if (!grown) {
		free(key);
		return NULL;
	}
	latencies->points = grown;
	memset(&grown[latencies->nr], 0, sizeof(*grown));
	grown[latencies->nr].key = key;
	return &grown[latencies->nr++];
}

/* A whole word of the flags that says that something came between. */
static bool is_disturbed(const char *flags)
{
	static const char *const words[] = { "steal", "switched", "migrated", "clock-step" };

	for (; *flags; flags += strcspn(flags, "+"), flags += *flags == '+')
		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
			if (strcspn(flags, "+") == strlen(words[i]) &&
			    !strncmp(flags, words[i], strlen(words[i])))
				return true;
	return false;
}

/* The row's histograms, and whether they are what the row says of them. */
static int read_histograms(struct reader *reader, struct error *err)
{
	struct csv *csv = &reader->csv;
	uint64_t samples, max_ns = 0;
	int ret = csv_unsigned(csv, reader->samples, &samples, err);

	if (!ret && samples)
		ret = csv_unsigned(csv, reader->max_ns, &max_ns, err);
	if (ret)
		return ret;
	if (histogram_read(&reader->row_ops, csv_text(csv, reader->ops)) ||
	    reader->row_ops.nr != samples ||
	    histogram_bucket(reader->row_ops.max_ns) != histogram_bucket(max_ns))
		return damaged(reader, err, "ops are not the samples of a window");
	if (histogram_read(&reader->row_stamps, csv_text(csv, reader->stamps)))
		return damaged(reader, err, "stamps are not those of a window");
	reader->row_ops.max_ns = max_ns;
	return 0;
}

static int values_add(struct latencies_point *point, const struct histogram *ops)
{
	for (unsigned i = 0; i < LATENCIES_PERCENTILES; i++) {
		const double value = histogram_percentile(ops, latencies_permille[i]);
		double *grown;

		if (isnan(value))
			continue;
		grown = realloc(point->values[i], (point->nr_values[i] + 1) * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		point->values[i] = grown;
		grown[point->nr_values[i]++] = value;
	}
	return 0;
}

static int row_add(struct latencies *latencies, struct reader *reader, struct error *err)
{
	struct latencies_point *point;
	double clock_ns = NAN;
	uint64_t launch;
	int ret = csv_unsigned(&reader->csv, reader->launch, &launch, err);

	if (!ret)
		ret = csv_number(&reader->csv, reader->clock_ns, &clock_ns, err);
	if (!ret)
		ret = read_histograms(reader, err);
	if (ret)
		return ret;
	point = point_get(latencies, reader);
	if (!point || values_add(point, &reader->row_ops))
		return error_set(err, ENOMEM, "no memory for latencies");
	if (launch <= point->last_launch)
		return damaged(reader, err, "the point came before in this launch");
	point->last_launch = launch;
	point->launches++;
	point->disturbed += is_disturbed(csv_text(&reader->csv, reader->flags));
	point->clock_ns = fmax(point->clock_ns, clock_ns);
	histogram_merge(&point->ops, &reader->row_ops);
	histogram_merge(&point->stamps, &reader->row_stamps);
	return 0;
}

static int point_fold(struct latencies_point *point)
{
	point->stamps_ns = histogram_percentile(&point->stamps, 500);
	for (unsigned i = 0; i < LATENCIES_PERCENTILES; i++) {
		struct latencies_percentile *percentile = &point->percentiles[i];
		struct stats_interval interval = { NAN, NAN, NAN };

		percentile->ns = histogram_percentile(&point->ops, latencies_permille[i]);
		if (point->nr_values[i] >= STATS_INTERVAL_LAUNCHES &&
		    stats_interval(point->values[i], point->nr_values[i], 0.95, &interval))
			return -ENOMEM;
		percentile->lo = interval.lo;
		percentile->hi = interval.hi;
	}
	return 0;
}

static int rows_read(struct latencies *latencies, struct reader *reader, struct error *err)
{
	int ret = find_columns(reader, err);

	while (!ret && (ret = csv_next(&reader->csv, err)) > 0)
		ret = row_add(latencies, reader, err);
	for (size_t i = 0; !ret && i < latencies->nr; i++)
		if (point_fold(&latencies->points[i]))
			ret = error_set(err, ENOMEM, "no memory for latencies");
	return ret;
}

int latencies_load(struct latencies *latencies, const char *dir, struct error *err)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	char *path;
	int ret;

	*latencies = (struct latencies){ .nr = 0 };
	if (!reader || asprintf(&path, "%s/latency.csv", dir) < 0) {
		free(reader);
		return error_set(err, ENOMEM, "no memory for latencies");
	}
	ret = csv_open(&reader->csv, path, err);
	if (!ret) {
		ret = rows_read(latencies, reader, err);
		csv_close(&reader->csv);
	}
	free(path);
	free(reader);
	return ret;
}

/* An absent figure is an empty field. */
static void put_number(FILE *out, double value)
{
	if (isnan(value))
		fputc(',', out);
	else
		fprintf(out, ",%.6g", value);
}

static void put_rows(FILE *out, const struct latencies *latencies)
{
	for (size_t i = 0; i < NR_KEYS; i++)
		fprintf(out, "%s,", key_columns[i]);
	fputs("launches,disturbed_windows,samples,clock_ns,stamps_ns", out);
	for (unsigned i = 0; i < LATENCIES_PERCENTILES; i++)
		fprintf(out, ",%s_ns,%s_ns_lo,%s_ns_hi", latencies_names[i], latencies_names[i],
			latencies_names[i]);
	fputs(",max_ns\n", out);
	for (size_t i = 0; i < latencies->nr; i++) {
		const struct latencies_point *point = &latencies->points[i];

		fprintf(out, "%s,%u,%u,%llu", point->key, point->launches, point->disturbed,
			(unsigned long long)point->ops.nr);
		put_number(out, point->clock_ns);
		put_number(out, point->stamps_ns);
		for (unsigned j = 0; j < LATENCIES_PERCENTILES; j++) {
			put_number(out, point->percentiles[j].ns);
			put_number(out, point->percentiles[j].lo);
			put_number(out, point->percentiles[j].hi);
		}
		put_number(out, point->ops.nr ? (double)point->ops.max_ns : NAN);
		fputc('\n', out);
	}
}

int latencies_write(const struct latencies *latencies, const char *dir, struct error *err)
{
	char *path = NULL, *aside = NULL;
	FILE *out;
	int ret;

	if (asprintf(&path, "%s/percentiles.csv", dir) < 0 || asprintf(&aside, "%s.new", path) < 0) {
		free(path);
		return error_set(err, ENOMEM, "no memory for latencies");
	}
	ret = runfile_check(path, err);
	out = ret ? NULL : runfile_create(aside, &ret, err);
	if (!out)
		goto out;
	put_rows(out, latencies);
	ret = runfile_close(out);
	if (!ret && rename(aside, path))
		ret = -errno;
	if (ret) {
		error_set(err, -ret, "cannot write %s: %s", path, strerror(-ret));
		unlink(aside);
	}
out:
	free(aside);
	free(path);
	return ret;
}

void latencies_free(struct latencies *latencies)
{
	for (size_t i = 0; i < latencies->nr; i++) {
		free(latencies->points[i].key);
		for (unsigned j = 0; j < LATENCIES_PERCENTILES; j++)
			free(latencies->points[i].values[j]);
	}
	free(latencies->points);
	*latencies = (struct latencies){ .nr = 0 };
}
