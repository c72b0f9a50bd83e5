/*
 * Writes a schedule as JSON and reads it back.
 *
 * SPDX-License-Identifier: MIT
 *
 * What there is of each point or group stands in one string: meta.json is for people, too, and there may be
 * thousands of points.
 */
#include "schedule_keep.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *blocks_keep(const struct schedule *schedule)
{
	const unsigned n = schedule->plan->nr_points;
	char *points = malloc(n + 1);
	json_t *all = json_array();

	for (unsigned b = 0; points && b < schedule->nr_blocks; b++) {
		const struct schedule_block *block = &schedule->blocks[b];

		for (unsigned i = 0; i < n; i++)
			points[i] = block->measured[i] ? '1' : '0';
		points[n] = '\0';
		json_array_append_new(all, json_pack("{s:i, s:s}", "launches", (int)block->launches,
						     "points", points));
	}
	free(points);
	return all;
}

static void print_widths(FILE *out, const struct schedule *schedule)
{
	for (unsigned i = 0; i < schedule->plan->nr_points; i++)
		fprintf(out, "%s%.17g %.17g", i ? " " : "", schedule->points[i].width.now,
			schedule->points[i].width.outlook);
}

static void print_took(FILE *out, const struct schedule *schedule)
{
	for (unsigned i = 0; i < schedule->plan->nr_groups; i++)
		fprintf(out, "%s%llu", i ? " " : "", (unsigned long long)schedule->took_ns[i]);
}

static void print_left_out(FILE *out, const struct schedule *schedule)
{
	for (unsigned i = 0; i < schedule->plan->nr_points; i++)
		fprintf(out, "%s%u", i ? " " : "", schedule->points[i].left_out);
}

static json_t *printed(const struct schedule *schedule,
		       void (*print)(FILE *, const struct schedule *))
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	json_t *string = NULL;

	if (out)
		print(out, schedule);
	if (out && !fclose(out))
		string = json_string(text);
	free(text);
	return string ? string : json_null();
}

json_t *schedule_keep(const struct schedule *schedule)
{
	json_t *all = json_pack("{s:o, s:b, s:o, s:o, s:o}", "blocks", blocks_keep(schedule),
				"ended", schedule->ended,
				"widths", printed(schedule, print_widths),
				"took_ns", printed(schedule, print_took),
				"left_out", printed(schedule, print_left_out));

	return all ? all : json_null();
}

static int damaged(struct error *err, const char *name)
{
	return error_set(err, EBADMSG, "meta.json: schedule: %s is not of this run's plan", name);
}

static bool is_mask(const char *text, size_t length)
{
	return text && strlen(text) == length && strspn(text, "01") == length;
}

static int block_restore(struct schedule *schedule, const json_t *kept, bool first,
			 struct error *err)
{
	const json_int_t launches = json_integer_value(json_object_get(kept, "launches"));
	const char *measured = json_string_value(json_object_get(kept, "points"));
	const unsigned n = schedule->plan->nr_points;

	if (!is_mask(measured, n) || !strchr(measured, '1') || launches < 1 || launches > SCHEDULE_MOST_OF_ALL * 10)
		return damaged(err, "blocks");
	/* The schedule was opened with the first. */
	if (first)
		return launches == (json_int_t)schedule->launches && strspn(measured, "1") == n ? 0 :
		       damaged(err, "blocks");
	if ((unsigned)launches + schedule->launches > schedule_most(schedule))
		return damaged(err, "blocks");
	memset(schedule->active, 0, schedule->plan->nr_groups * sizeof(*schedule->active));
	for (unsigned i = 0; i < n; i++) {
		struct schedule_point *point = &schedule->points[i];

		point->measured = measured[i] == '1';
		point->done += point->measured ? (unsigned)launches : 0;
		schedule->active[point->group] |= point->measured;
	}
	schedule->launches += (unsigned)launches;
	return schedule_block_add(schedule, (unsigned)launches) ?
	       error_set(err, ENOMEM, "no memory for the plan of the launches") : 0;
}

static int blocks_restore(struct schedule *schedule, const json_t *blocks, struct error *err)
{
	int error = json_array_size(blocks) ? 0 : damaged(err, "blocks");
	const json_t *block;
	size_t i;

	json_array_foreach(blocks, i, block) {
		if (!error)
			error = block_restore(schedule, block, !i, err);
	}
	schedule->nr_active = 0;
	for (unsigned g = 0; g < schedule->plan->nr_groups; g++)
		schedule->nr_active += schedule->active[g];
	return error;
}

/* Of a group in a launch: 11 days. */
#define MOST_TOOK_NS 1000000000000000ull

static bool next_width(const char **text, double *width)
{
	char *end;

	*width = strtod(*text, &end);
	if (end == *text || !(*width >= 0))
		return false;
	*text = end;
	return true;
}

static int widths_restore(struct schedule *schedule, const char *text, struct error *err)
{
	for (unsigned i = 0; i < schedule->plan->nr_points; i++) {
		struct judge_width *width = &schedule->points[i].width;

		if (!text || !next_width(&text, &width->now) || !next_width(&text, &width->outlook))
			return damaged(err, "widths");
	}
	return *text ? damaged(err, "widths") : 0;
}

static int took_restore(struct schedule *schedule, const char *text, struct error *err)
{
	for (unsigned i = 0; i < schedule->plan->nr_groups; i++) {
		char *end = NULL;

		if (text && !strchr(text, '-'))
			schedule->took_ns[i] = strtoull(text, &end, 10);
		/* Of all groups together there is to be a sum. */
		if (!end || end == text || schedule->took_ns[i] > MOST_TOOK_NS)
			return damaged(err, "took_ns");
		text = end;
	}
	return *text ? damaged(err, "took_ns") : 0;
}

/* The blocks are those that were planned: what was left out of them since is told of each point. */
static int left_out_restore(struct schedule *schedule, const char *text, struct error *err)
{
	for (unsigned i = 0; i < schedule->plan->nr_points; i++) {
		unsigned long launch = 0;
		char *end = NULL;

		if (text)
			launch = strtoul(text, &end, 10);
		if (end == text || launch > schedule->launches)
			return damaged(err, "left_out");
		text = end;
		if (launch)
			schedule_leave_out(schedule, i, (unsigned)launch);
	}
	return 0;
}

int schedule_restore(struct schedule *schedule, const json_t *kept, struct error *err)
{
	int error = blocks_restore(schedule, json_object_get(kept, "blocks"), err);

	if (!error)
		error = widths_restore(schedule, json_string_value(json_object_get(kept, "widths")),
				       err);
	if (!error)
		error = took_restore(schedule, json_string_value(json_object_get(kept, "took_ns")), err);
	if (!error)
		error = left_out_restore(schedule, json_string_value(json_object_get(kept, "left_out")),
					 err);
	if (!error && !json_is_boolean(json_object_get(kept, "ended")))
		error = damaged(err, "ended");
	if (!error)
		schedule->ended = json_is_true(json_object_get(kept, "ended"));
	return error;
}
