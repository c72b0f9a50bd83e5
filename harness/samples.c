/*
 * Reads samples.csv: each row one measured window, as a struct.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "samples.h"

/* Counts have 64 bits, and no time is so short: what is made of figures stays far from a double's end. */
#define LEAST_FIGURE 1e-12
#define MOST_FIGURE 1e20

const char *const samples_kind_names[SAMPLES_NR_KINDS] = {
	"candidate", "floor", "peer", "aid", "control",
};

static const char *const key_names[SAMPLES_NR_KEYS] = {
	"workload", "setting", "placement", "threads", "objects", "node", "work_ns", "layout",
	"replace_permille",
};

static const char *const figure_names[SAMPLES_NR_FIGURES] = {
	"window_ns", "ops", "mops", "ns_per_op", "fairness", "ticks", "counted_ops", "cycles",
	"instructions", "cache_misses", "switches", "migrations", "retries", "failed", "total_ops",
	"reclaim_ns", "delays", "delay_ns", "garbage_objects", "garbage_bytes", "kref_bytes",
	"thread_bytes",
};

int samples_damaged(const struct samples *samples, struct error *err, const char *cause)
{
	return error_set(err, EBADMSG, "%s:%lu: %s", samples->csv.path, samples->csv.row, cause);
}

static int columns_find(const struct csv *csv, const char *const *names, int *columns, int nr,
			struct error *err)
{
	for (int i = 0; i < nr; i++) {
		columns[i] = csv_column(csv, names[i], err);
		if (columns[i] < 0)
			return columns[i];
	}
	return 0;
}

/* The column's index, or -1: runs from before there was such have it not. */
static int column_find(const struct csv *csv, const char *name)
{
	int column = (int)csv->nr_columns;

	while (column-- && strcmp(csv->names[column], name))
		;
	return column;
}

/* The columns after counter_group, which a run from before there were such has not. */
static int counters_bind(struct samples *samples, struct error *err)
{
	const struct csv *csv = &samples->csv;
	unsigned column = 0;

	while (column < csv->nr_columns && strcmp(csv->names[column], "counter_group"))
		column++;
	while (++column < csv->nr_columns) {
		if (samples->nr_counters == SAMPLES_MAX_COUNTERS)
			return samples_damaged(samples, err, "too many counters");
		samples->counters[samples->nr_counters] = csv->names[column];
		samples->figure[SAMPLES_NR_FIGURES + samples->nr_counters++] = (int)column;
	}
	return 0;
}

static int samples_bind(struct samples *s, struct error *err)
{
	static const char *const names[] = {
		"launch", "round", "strategy", "variant", "kind", "deferred", "flags",
	};
	enum { NR_NAMES = sizeof(names) / sizeof(*names) };
	int columns[NR_NAMES], ret;

	ret = columns_find(&s->csv, names, columns, NR_NAMES, err);
	if (!ret)
		ret = columns_find(&s->csv, key_names, s->key, SAMPLES_NR_KEYS, err);
	if (!ret)
		ret = columns_find(&s->csv, figure_names, s->figure, SAMPLES_NR_FIGURES, err);
	if (ret)
		return ret;
	s->launch = columns[0];
	s->round = columns[1];
	s->strategy = columns[2];
	s->variant = columns[3];
	s->kind = columns[4];
	s->deferred = columns[5];
	s->flag = columns[6];
	s->round_windows = column_find(&s->csv, "round_windows");
	s->rounds = column_find(&s->csv, "rounds");
	return counters_bind(s, err);
}

int samples_open(struct samples *samples, const char *path, struct error *err)
{
	int ret;

	samples->nr_counters = 0;
	ret = flagset_init(&samples->flags);
	if (ret)
		return error_set(err, -ret, "%s: %s", path, strerror(-ret));
	ret = csv_open(&samples->csv, path, err);
	if (ret)
		goto free_flags;
	ret = samples_bind(samples, err);
	if (ret)
		goto close;
	return 0;
close:
	csv_close(&samples->csv);
free_flags:
	flagset_free(&samples->flags);
	return ret;
}

static int kind_parse(const struct samples *samples, struct sample *sample, struct error *err)
{
	const char *text = csv_text(&samples->csv, samples->kind);
	int kind = 0;

	while (kind < SAMPLES_NR_KINDS && strcmp(text, samples_kind_names[kind]))
		kind++;
	if (kind == SAMPLES_NR_KINDS)
		return samples_damaged(samples, err, "kind is none of candidate, floor, peer, aid, control");
	sample->kind = (enum samples_kind)kind;
	text = csv_text(&samples->csv, samples->deferred);
	if (strcmp(text, "0") && strcmp(text, "1"))
		return samples_damaged(samples, err, "deferred is neither 0 nor 1");
	sample->deferred = *text == '1';
	return 0;
}

static int figures_check(const struct samples *samples, struct sample *sample, struct error *err)
{
	double *mops = &sample->figure[SAMPLES_MOPS], *ns = &sample->figure[SAMPLES_NS_PER_OP];

	for (int i = 0; i < SAMPLES_MAX_FIGURES; i++) {
		if (sample->figure[i] < 0)
			return samples_damaged(samples, err, "a figure is below 0");
		if (sample->figure[i] > MOST_FIGURE ||
		    (sample->figure[i] > 0 && sample->figure[i] < LEAST_FIGURE))
			return samples_damaged(samples, err, "a figure is none of a window");
	}
	if (!(sample->figure[SAMPLES_WINDOW_NS] > 0))
		return samples_damaged(samples, err, "window_ns is not above 0");
	if (*ns == 0)
		return samples_damaged(samples, err, "ns_per_op is 0");
	if (isnan(*ns))
		*ns = 1000 * (double)sample->threads / *mops;	/* infinite for 0, NAN for NAN */
	else if (isnan(*mops))
		*mops = 1000 * (double)sample->threads / *ns;
	return 0;
}

static int texts_check(const struct samples *samples, const struct sample *sample,
		       struct error *err)
{
	if (!*sample->key[SAMPLES_WORKLOAD] || !*sample->strategy || !*sample->variant)
		return samples_damaged(samples, err, "a part of the cell's name is empty");
	if (!sample->key[SAMPLES_PLACEMENT][strspn(sample->key[SAMPLES_PLACEMENT], "+")])
		return samples_damaged(samples, err, "placement is empty");
	if (!sample->threads)
		return samples_damaged(samples, err, "threads is 0");
	return 0;
}

/* What summary.csv passes on as it is, to readers who take it for numbers. */
static int keys_check(const struct samples *samples, const struct sample *sample, struct error *err)
{
	uint64_t objects, replace;
	double work_ns;
	int ret;

	ret = csv_unsigned(&samples->csv, samples->key[SAMPLES_OBJECTS], &objects, err);
	if (!ret)
		ret = csv_unsigned(&samples->csv, samples->key[SAMPLES_REPLACE], &replace, err);
	if (!ret)
		ret = csv_number(&samples->csv, samples->key[SAMPLES_WORK_NS], &work_ns, err);
	if (ret)
		return ret;
	if (sample->threads > INT32_MAX || objects > INT32_MAX || replace > INT32_MAX)
		return samples_damaged(samples, err, "threads, objects or replace_permille is too large");
	if (work_ns < 0 || work_ns > MOST_FIGURE || (work_ns > 0 && work_ns < LEAST_FIGURE))
		return samples_damaged(samples, err, "work_ns is none of a window");
	return 0;
}

static int integers_parse(const struct samples *samples, struct sample *sample, struct error *err)
{
	int ret;

	ret = csv_unsigned(&samples->csv, samples->launch, &sample->launch, err);
	if (!ret)
		ret = csv_unsigned(&samples->csv, samples->round, &sample->round, err);
	if (!ret)
		ret = csv_unsigned(&samples->csv, samples->key[SAMPLES_THREADS], &sample->threads,
				   err);
	if (!ret)
		ret = keys_check(samples, sample, err);
	sample->round_windows = 0;
	if (!ret && samples->round_windows >= 0)
		ret = csv_unsigned(&samples->csv, samples->round_windows, &sample->round_windows,
				   err);
	sample->rounds = 0;
	if (!ret && samples->rounds >= 0)
		ret = csv_unsigned(&samples->csv, samples->rounds, &sample->rounds, err);
	return ret;
}

static int flags_parse(struct samples *samples, const char *text, struct sample *sample,
		       struct error *err)
{
	int ret;

	sample->flags = 0;
	ret = flagset_parse(&samples->flags, text, &sample->flags);
	if (ret == -ENOMEM)
		return error_set(err, ENOMEM, "%s: no memory", samples->csv.path);
	return ret ? samples_damaged(samples, err, "flags are not names joined by +") : 0;
}

int samples_next(struct samples *samples, struct sample *sample, struct error *err)
{
	const struct csv *csv = &samples->csv;
	int ret;

	ret = csv_next(&samples->csv, err);
	if (ret <= 0)
		return ret;
	for (int i = 0; i < SAMPLES_NR_KEYS; i++)
		sample->key[i] = csv_text(csv, samples->key[i]);
	sample->strategy = csv_text(csv, samples->strategy);
	sample->variant = csv_text(csv, samples->variant);
	ret = integers_parse(samples, sample, err);
	if (!ret)
		ret = texts_check(samples, sample, err);
	if (!ret)
		ret = kind_parse(samples, sample, err);
	if (!ret)
		ret = flags_parse(samples, csv_text(csv, samples->flag), sample, err);
	for (int i = SAMPLES_NR_FIGURES; i < SAMPLES_MAX_FIGURES; i++)
		sample->figure[i] = NAN;
	for (int i = 0; !ret && i < SAMPLES_NR_FIGURES + samples->nr_counters; i++)
		ret = csv_number(csv, samples->figure[i], &sample->figure[i], err);
	if (!ret)
		ret = figures_check(samples, sample, err);
	return ret ? ret : 1;
}

int samples_next_flags(struct samples *samples, struct sample *sample, struct error *err)
{
	const char *text;
	const int ret = csv_next_again(&samples->csv, samples->flag, &text, err);
	const int error = ret > 0 ? flags_parse(samples, text, sample, err) : 0;

	return error ? error : ret;
}

void samples_close(struct samples *samples)
{
	csv_close(&samples->csv);
	flagset_free(&samples->flags);
}
