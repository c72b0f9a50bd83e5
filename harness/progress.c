/*
 * Writes the progress of a run to stderr.
 *
 * SPDX-License-Identifier: MIT
 */
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"

/* Between two plain lines: a log of an hour's run stays readable. */
#define PLAIN_EVERY_NS 10000000000ull

static void format_time(char *text, size_t bytes, double seconds)
{
	if (seconds >= 90)
		snprintf(text, bytes, "%.0f min", seconds / 60);
	else
		snprintf(text, bytes, "%.0f s", seconds);
}

void progress_start(struct progress *progress, const struct schedule *schedule)
{
	const struct plan *plan = schedule->plan;
	char text[32];

	*progress = (struct progress){
		.schedule = schedule,
		.terminal = isatty(STDERR_FILENO),
	};
	fprintf(stderr, "measuring %u points in %u group%s, %u launch%s", plan->nr_points,
		plan->nr_groups, plan->nr_groups == 1 ? "" : "s", schedule->launches,
		schedule->launches == 1 ? "" : "es");
	if (schedule->precision) {
		format_time(text, sizeof(text), (double)schedule->budget_ns * 1e-9);
		fprintf(stderr, " and more where ratios are not within +-%g%%, for about %s",
			100 * schedule->precision, text);
	}
	fputc('\n', stderr);
}

void progress_plan(struct progress *progress, unsigned launches)
{
	const struct schedule *schedule = progress->schedule;

	progress->done = 0;
	progress->total = launches * schedule->nr_active;
	progress->start_ns = clock_monotonic_ns();
	if (!schedule->nr_imprecise)
		return;
	progress_end(progress);
	fprintf(stderr, "%u of %u groups are not within +-%g%% yet: launches %u to %u for %u of them\n",
		schedule->nr_imprecise, schedule->plan->nr_groups, 100 * schedule->precision,
		schedule->launches - launches + 1, schedule->launches, schedule->nr_active);
}

/* The first active group from the given one on, NULL at the end. */
static const struct group *next_group(const struct schedule *schedule, unsigned from)
{
	while (from < schedule->plan->nr_groups && !schedule->active[from])
		from++;
	return from < schedule->plan->nr_groups ? &schedule->plan->groups[from] : NULL;
}

void progress_step(struct progress *progress, unsigned launch, unsigned from)
{
	const struct schedule *schedule = progress->schedule;
	const struct group *group = next_group(schedule, from);
	const uint64_t now = clock_monotonic_ns();
	char left[32] = "";

	progress->done += from > 0;
	if (!group || (!progress->terminal && progress->done &&
		       now - progress->last_ns < PLAIN_EVERY_NS))
		return;
	progress->last_ns = now;
	if (progress->done)
		format_time(left, sizeof(left), (double)(now - progress->start_ns) * 1e-9 *
			    (progress->total - progress->done) / progress->done);
	fprintf(stderr, "%s[%u/%u] launch %u of %u: %s %s, %u thread%s%s%s%s%s",
		progress->terminal ? "\r\033[K" : "", progress->done, progress->total, launch,
		schedule->launches, group->workload, plan_setting_name(group->setting),
		group->threads, group->threads == 1 ? "" : "s", *left ? ", " : "", left,
		*left ? " left" : "", progress->terminal ? "" : "\n");
}

void progress_end(struct progress *progress)
{
	if (progress->terminal)
		fprintf(stderr, "\r\033[K");
}
