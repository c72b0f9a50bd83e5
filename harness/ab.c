/*
 * Prints the pairs of variants of a run of ab, those that differ first.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ab.h"

#include <math.h>
#include <string.h>

#include "findings.h"
#include "results.h"

#define OTHER "b"

struct counts {
	unsigned slower, faster, tie, none;	/* none: without a verdict */
	bool too_slow;
};

static bool is_other(const struct result_point *point)
{
	return point->kind != RESULT_CONTROL && !strcmp(point->variant, OTHER);
}

/* The same strategy in the first variant, NULL where that is a hole. */
static const struct result_point *twin_of(const struct result_group *group,
					  const struct result_point *point)
{
	for (size_t i = 0; i < group->nr_points; i++) {
		const struct result_point *twin = &group->points[i];

		if (twin->kind != RESULT_CONTROL && twin->strategy == point->strategy &&
		    twin->variant != point->variant)
			return twin;
	}
	return NULL;
}

static void pair_print(const struct results *results, const struct result_group *group,
		       const struct result_point *point, const struct versus *versus, FILE *out)
{
	static const char *const names[] = {
		[VERDICT_NONE] = "-", [VERDICT_FASTER] = "faster", [VERDICT_SLOWER] = "slower",
		[VERDICT_TIE] = "tie",
	};
	char label[256];

	fprintf(out, "  %-6s  %+7.2f%% [%+7.2f%% %+7.2f%%]  %s, %u thread%s", names[versus->verdict],
		100 * (versus->ratio - 1), 100 * (versus->lo - 1), 100 * (versus->hi - 1),
		results_label(results, &group->key, label, sizeof(label)), group->key.threads,
		group->key.threads == 1 ? "" : "s");
	if (group->key.work_ns > 0)
		fprintf(out, ", %.6g ns of work", group->key.work_ns);
	fprintf(out, ": %s\n", point->strategy);
}

static void pair_count(struct counts *counts, const struct versus *versus, double fail_above)
{
	counts->slower += versus->verdict == VERDICT_SLOWER;
	counts->faster += versus->verdict == VERDICT_FASTER;
	counts->tie += versus->verdict == VERDICT_TIE;
	counts->none += versus->verdict == VERDICT_NONE;
	/* false with a NAN: no limit */
	counts->too_slow |= versus->verdict == VERDICT_SLOWER && versus->ratio - 1 > fail_above;
}

static void pairs_print(const struct results *results, bool other_commit, bool different, double fail_above,
			struct counts *counts, FILE *out)
{
	for (size_t g = 0; g < results->nr_groups; g++) {
		const struct result_group *group = &results->groups[g];

		for (size_t i = 0; i < group->nr_points; i++) {
			const struct result_point *point = &group->points[i];
			const struct result_point *twin = is_other(point) ? twin_of(group, point) : NULL;
			struct versus versus;

			if (!twin)
				continue;
			versus = other_commit ? findings_pair(group, twin->cell, point->cell) :
						findings_pair(group, point->cell, twin->cell);
			if (!versus.found || isnan(versus.ratio))
				continue;
			if ((versus.verdict == VERDICT_SLOWER || versus.verdict == VERDICT_FASTER) !=
			    different)
				continue;
			pair_count(counts, &versus, fail_above);
			pair_print(results, group, point, &versus, out);
		}
	}
}

/* Whether something is above the limit. */
static int limit_print(const struct counts *counts, double fail_above, FILE *out)
{
	const bool tested = counts->slower + counts->faster + counts->tie;

	fprintf(out, "limit %g%%: %s\n", 100 * fail_above,
		counts->too_slow ? "failed, something is slower by more" :
		tested ? "passed, nothing is slower by more" :
		"nothing can be seen to be slower");
	return counts->too_slow ? 1 : tested ? 0 : 2;
}

int ab_print(const char *directory, bool other_commit, double fail_above, FILE *out, struct error *err)
{
	struct counts counts = { 0 };
	struct results results;
	int error = results_load(&results, directory, err);

	if (error)
		return error;
	fprintf(out, "%s, in the same rounds: time per op [95%% interval]\n",
		other_commit ? "What is here against the other commit" : "b against what is here");
	pairs_print(&results, other_commit, true, fail_above, &counts, out);
	pairs_print(&results, other_commit, false, fail_above, &counts, out);
	fprintf(out, "%u slower, %u faster, %u tie", counts.slower, counts.faster, counts.tie);
	if (counts.none)
		fprintf(out, ", %u without a verdict (too few launches, or no control)", counts.none);
	fputs("\nThe chance that any is called that did not change is 5% in each group.\n", out);
	results_free(&results);
	return isnan(fail_above) ? 0 : limit_print(&counts, fail_above, out);
}
