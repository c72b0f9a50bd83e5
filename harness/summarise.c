/*
 * Makes summary.csv and ratios.csv of a run from its samples.csv.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "rounds.h"
#include "runfile.h"
#include "samples.h"
#include "summarise.h"
#include "tally.h"

static const char summary_header[] =
	"workload,strategy,variant,placement,threads,objects,node,launches,windows,ns_per_op,"
	"ns_per_op_lo,ns_per_op_hi,mops,fairness,ticks_per_op,cycles_per_op,instructions_per_op,"
	"cache_misses_per_op,retries_per_op,flags,setting,work_ns,layout,kind,failed_per_op,"
	"reclaim_ns_per_op,switches_per_op,migrations_per_op,replace_permille,kref_bytes,"
	"thread_bytes,reclaim_delay_ns,garbage_objects,garbage_bytes,disturbed_windows";

static const char ratios_header[] =
	"workload,placement,threads,objects,node,a,b,launches,ratio,ratio_lo,ratio_hi,verdict,"
	"setting,work_ns,layout,floor,judged,p_holm,replace_permille\n";

/* A file being written under another name, so that nobody reads half of it. */
struct output {
	FILE *file;
	char *path, *written;
};

static int output_open(struct output *output, const char *dir, const char *name,
		       struct error *err)
{
	int ret;

	*output = (struct output){ 0 };
	if (asprintf(&output->path, "%s/%s", dir, name) < 0) {
		output->path = NULL;
		return error_set(err, ENOMEM, "%s: no memory", dir);
	}
	if (asprintf(&output->written, "%s/%s.new", dir, name) < 0) {
		output->written = NULL;
		return error_set(err, ENOMEM, "%s: no memory", dir);
	}
	ret = runfile_check(output->path, err);
	if (!ret)
		output->file = runfile_create(output->written, &ret, err);
	return ret;
}

static int output_close(struct output *output, struct error *err)
{
	const int error = runfile_close(output->file);

	output->file = NULL;
	return error ? error_set(err, -error, "cannot write %s: %s", output->written, strerror(-error)) : 0;
}

static int output_rename(struct output *output, struct error *err)
{
	if (rename(output->written, output->path))
		return error_set(err, errno, "%s: %s", output->path, strerror(errno));
	free(output->written);
	output->written = NULL;
	return 0;
}

/* What was not renamed is removed. */
static void output_discard(struct output *output)
{
	if (output->file)
		fclose(output->file);
	if (output->written)
		remove(output->written);
	free(output->written);
	free(output->path);
}

/* The name before the next `+` of a placement such as `compact+spread`; length 0 at the end. */
static const char *placement_next(const char *text, int *length)
{
	text += strspn(text, "+");
	*length = (int)strcspn(text, "+");
	return text;
}

/* An absent figure is an empty field. */
static void put_number(FILE *file, double value)
{
	if (isfinite(value))
		fprintf(file, ",%.6g", value);
	else
		fputc(',', file);
}

static void put_estimate(FILE *file, const struct judge_estimate *estimate)
{
	put_number(file, estimate->median);
	put_number(file, estimate->lo);
	put_number(file, estimate->hi);
}

static void put_rate(FILE *file, const struct tally_point *point, int rate)
{
	put_number(file, point->ops[rate] > 0 ? point->events[rate] / point->ops[rate] : NAN);
}

static void point_write(FILE *file, const struct samples *samples, const struct tally_group *group,
			unsigned index, const struct judge_point *judged, const char *placement,
			int length)
{
	const struct tally_point *point = &group->points[index];

	fprintf(file, "%s,%s,%s,%.*s,%s,%s,%s,%zu,%llu", group->key[SAMPLES_WORKLOAD],
		point->strategy, point->variant, length, placement, group->key[SAMPLES_THREADS],
		group->key[SAMPLES_OBJECTS], group->key[SAMPLES_NODE], judged->ns_per_op.launches,
		(unsigned long long)point->windows);
	put_estimate(file, &judged->ns_per_op);
	put_number(file, 1000 * (double)group->threads / judged->ns_per_op.median);
	put_number(file, judged->fairness);
	put_rate(file, point, TALLY_TICKS);
	put_rate(file, point, TALLY_CYCLES);
	put_rate(file, point, TALLY_INSTRUCTIONS);
	put_rate(file, point, TALLY_CACHE_MISSES);
	put_rate(file, point, TALLY_RETRIES);
	fputc(',', file);
	flagset_write(&samples->flags, judged->flags, file);
	fprintf(file, ",%s,%s,%s,%s", group->key[SAMPLES_SETTING], group->key[SAMPLES_WORK_NS],
		group->key[SAMPLES_LAYOUT], samples_kind_names[point->kind]);
	put_rate(file, point, TALLY_FAILED);
	put_rate(file, point, TALLY_RECLAIM_NS);
	put_rate(file, point, TALLY_SWITCHES);
	put_rate(file, point, TALLY_MIGRATIONS);
	fprintf(file, ",%s", group->key[SAMPLES_REPLACE]);
	put_number(file, point->peaks[TALLY_KREF_BYTES]);
	put_number(file, point->peaks[TALLY_THREAD_BYTES]);
	put_rate(file, point, TALLY_RECLAIM_DELAY);
	put_number(file, point->peaks[TALLY_GARBAGE_OBJECTS]);
	put_number(file, point->peaks[TALLY_GARBAGE_BYTES]);
	fprintf(file, ",%llu", (unsigned long long)point->disturbed);
	for (int i = 0; i < samples->nr_counters; i++)
		put_rate(file, point, TALLY_NR_RATES + i);
	fputc('\n', file);
}

static void pair_write(FILE *file, const struct tally_group *group, const struct judge_pair *pair,
		       const char *placement, int length)
{
	const struct tally_point *a = &group->points[pair->a], *b = &group->points[pair->b];

	fprintf(file, "%s,%.*s,%s,%s,%s,%s@%s,%s@%s,%zu", group->key[SAMPLES_WORKLOAD], length,
		placement, group->key[SAMPLES_THREADS], group->key[SAMPLES_OBJECTS],
		group->key[SAMPLES_NODE], a->strategy, a->variant, b->strategy, b->variant,
		pair->ratio.launches);
	put_estimate(file, &pair->ratio);
	fprintf(file, ",%s,%s,%s,%s", pair->verdict, group->key[SAMPLES_SETTING],
		group->key[SAMPLES_WORK_NS], group->key[SAMPLES_LAYOUT]);
	put_number(file, pair->floor);
	fprintf(file, ",%s", pair->totals ? "totals" : "median");
	put_number(file, pair->p);
	fprintf(file, ",%s", group->key[SAMPLES_REPLACE]);
	fputc('\n', file);
}

/* A group measured for several placements at once is written under each of their names. */
static void group_write(FILE *summary, FILE *ratios, const struct samples *samples,
			const struct tally_group *group, const struct judge *judge)
{
	const char *placement = group->key[SAMPLES_PLACEMENT];
	int length;

	for (placement = placement_next(placement, &length); length;
	     placement = placement_next(placement + length, &length)) {
		for (unsigned i = 0; i < group->nr_points; i++)
			if (group->points[i].windows)
				point_write(summary, samples, group, i, &judge->points[i], placement,
					    length);
		for (size_t i = 0; i < judge->nr_pairs; i++)
			if (judge->pairs[i].ratio.launches)
				pair_write(ratios, group, &judge->pairs[i], placement, length);
	}
}

static int groups_write(FILE *summary, FILE *ratios, const struct samples *samples,
			const struct tally *tally, struct error *err)
{
	struct judge judge;
	int ret = 0;

	fputs(summary_header, summary);
	for (int i = 0; i < samples->nr_counters; i++)
		fprintf(summary, ",%s_per_op", samples->counters[i]);
	fputc('\n', summary);
	fputs(ratios_header, ratios);
	for (size_t i = 0; !ret && i < tally->nr_groups; i++) {
		ret = judge_group(tally->groups[i], &judge);
		if (!ret)
			group_write(summary, ratios, samples, tally->groups[i], &judge);
		judge_free(&judge);
	}
	return ret ? error_set(err, -ret, "no memory to summarise") : 0;
}

/* In a file of somebody else's a counter may be called so that its rate is a column that there is already. */
static int counters_check(const struct samples *samples, struct error *err)
{
	for (int i = 0; i < samples->nr_counters; i++) {
		const char *name = samples->counters[i], *at = summary_header;
		const size_t length = strlen(name);

		/* None of them is the first or the last. */
		while ((at = strstr(at + 1, name)) && (at[-1] != ',' || strncmp(at + length, "_per_op,", 8)))
			;
		if (at)
			return error_set(err, EBADMSG, "%s: column '%.40s' is no counter's", samples->csv.path,
					 name);
	}
	return 0;
}

static int outputs_write(const char *dir, const struct samples *samples,
			 const struct tally *tally, struct error *err)
{
	struct output summary, ratios = { 0 };
	int ret;

	ret = output_open(&summary, dir, "summary.csv", err);
	if (!ret)
		ret = output_open(&ratios, dir, "ratios.csv", err);
	if (!ret)
		ret = groups_write(summary.file, ratios.file, samples, tally, err);
	if (!ret)
		ret = output_close(&summary, err);
	if (!ret)
		ret = output_close(&ratios, err);
	if (!ret)
		ret = output_rename(&summary, err);
	if (!ret)
		ret = output_rename(&ratios, err);
	output_discard(&ratios);
	output_discard(&summary);
	return ret;
}

/* Everything but the locale, which may write a decimal comma. */
static int summarise_in_c(const char *dir, const char *const *crashed, struct tally *tally,
			  struct error *err)
{
	struct samples samples;
	char *path;
	int ret;

	if (asprintf(&path, "%s/samples.csv", dir) < 0)
		return error_set(err, ENOMEM, "%s: no memory", dir);
	ret = samples_open(&samples, path, err);
	if (ret)
		goto free_path;
	ret = counters_check(&samples, err);
	if (!ret)
		ret = rounds_read(&samples, tally, err);
	if (!ret && crashed)
		tally_leave_out(tally, crashed);
	if (!ret)
		ret = outputs_write(dir, &samples, tally, err);
	samples_close(&samples);
free_path:
	free(path);
	return ret;
}

int summarise(const char *dir, const char *const *crashed, struct tally *tally, struct error *err)
{
	locale_t plain, before;
	int ret;

	plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	if (!plain)
		return error_set(err, errno, "no C locale: %s", strerror(errno));
	before = uselocale(plain);
	ret = summarise_in_c(dir, crashed, tally, err);
	uselocale(before);
	freelocale(plain);
	return ret;
}
