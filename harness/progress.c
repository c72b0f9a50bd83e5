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

void progress_start(struct progress *progress, const struct plan *plan, unsigned launches)
{
	*progress = (struct progress){
		.plan = plan,
		.launches = launches,
		.start_ns = clock_monotonic_ns(),
		.terminal = isatty(STDERR_FILENO),
	};
	fprintf(stderr, "measuring %u points in %u groups, %u launches\n", plan->nr_points,
		plan->nr_groups, launches);
}

static void format_left(char *text, size_t bytes, double seconds)
{
	if (seconds >= 90)
		snprintf(text, bytes, "%.0f min left", seconds / 60);
	else
		snprintf(text, bytes, "%.0f s left", seconds);
}

void progress_step(struct progress *progress, unsigned launch, unsigned done)
{
	const struct plan *plan = progress->plan;
	const struct group *group = done < plan->nr_groups ? &plan->groups[done] : NULL;
	const unsigned total = progress->launches * plan->nr_groups;
	const unsigned all_done = (launch - 1) * plan->nr_groups + done;
	const uint64_t now = clock_monotonic_ns();
	char left[32] = "";

	if (!group || (!progress->terminal && all_done &&
		       now - progress->last_ns < PLAIN_EVERY_NS))
		return;
	progress->last_ns = now;
	if (all_done)
		format_left(left, sizeof(left), (double)(now - progress->start_ns) * 1e-9 *
			    (total - all_done) / all_done);
	fprintf(stderr, "%s[%u/%u] launch %u of %u: %s %s, %u thread%s%s%s%s",
		progress->terminal ? "\r\033[K" : "", all_done, total, launch, progress->launches,
		group->workload, plan_setting_name(group->setting), group->threads,
		group->threads == 1 ? "" : "s", *left ? ", " : "", left,
		progress->terminal ? "" : "\n");
}

void progress_end(struct progress *progress)
{
	if (progress->terminal)
		fprintf(stderr, "\r\033[K");
}
