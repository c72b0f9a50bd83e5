/*
 * What the launches of a group say: each point's figures, and each pair's ratio.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "judge_internal.h"
#include "stats.h"

#define LEVEL		0.95	/* of intervals */

/* samples.csv has about six digits: two ratios closer than this are the same figure. */
#define RESOLUTION	1e-5

/* Sorts the samples. */
static void estimate(double *samples, size_t nr, struct judge_estimate *result)
{
	const size_t most = nr > JUDGE_MOST_LAUNCHES ? nr : JUDGE_MOST_LAUNCHES;
	struct stats_interval interval, outer, outlook;

	*result = (struct judge_estimate){
		.launches = nr, .median = NAN, .lo = NAN, .hi = NAN, .width = NAN, .outlook = NAN,
	};
	if (!nr)
		return;
	stats_sort(samples, nr);
	result->median = stats_sorted_median(samples, nr);
	stats_sorted_interval(samples, nr, LEVEL, &interval);
	stats_sorted_outlook(samples, nr, LEVEL, nr, &outer);
	stats_sorted_outlook(samples, nr, LEVEL, most, &outlook);
	result->lo = interval.lo;
	result->hi = interval.hi;
	result->width = outer.hi - outer.lo;
	result->outlook = outlook.hi - outlook.lo;
}

/* Collects the launches' ratios of two points. Returns how many have one. */
static size_t pair_samples(const struct judging *work, unsigned lower, unsigned upper, enum way way)
{
	size_t nr = 0, pair = tally_pair(lower, upper);

	for (size_t i = 0; i < work->group->nr_launches; i++) {
		const struct tally_launch *launch = work->group->launches[i];
		double ratio;

		if (upper >= launch->nr_points)
			continue;
		ratio = way == BY_TOTALS ? tally_totals(work->group, launch, lower, upper) :
					   launch->medians[pair];
		if (!isnan(ratio))
			work->samples[nr++] = ratio;
	}
	return nr;
}

/* The ratio of a point to the baseline. */
static void against_baseline(const struct judging *work, unsigned point, enum way way,
			     struct judge_estimate *result)
{
	unsigned baseline = (unsigned)work->group->baseline;
	unsigned lower = point < baseline ? point : baseline;
	unsigned upper = point < baseline ? baseline : point;

	estimate(work->samples, pair_samples(work, lower, upper, way), result);
}

static void floors_find(struct judging *work)
{
	const struct tally_group *group = work->group;
	struct judge_estimate ratio;

	work->floor[BY_MEDIANS] = work->floor[BY_TOTALS] = NAN;
	for (unsigned i = 0; group->baseline >= 0 && i < group->nr_points; i++) {
		if (!tally_point_is_aa(&group->points[i]))
			continue;
		for (int way = 0; way < NR_WAYS; way++) {
			against_baseline(work, i, (enum way)way, &ratio);
			work->floor[way] = fmax(fabs(ratio.lo - 1), fabs(ratio.hi - 1));
		}
		break;
	}
}

/* A difference of ratios, of the ratio or of the baseline's time. */
static double relative(double difference, double ratio)
{
	return difference / fmax(1, ratio);
}

/*
 * Do the rounds' medians miss what this point costs? Where its totals differ from them, in most launches, by
 * more than those of the A/A control do, which hold every disturbance of the machine too; relatively, since
 * what disturbs slow ops as much as fast ones shows more in their ratio. With a deferred group the question
 * does not arise: it is judged by totals throughout.
 */
static bool is_bursty(const struct judging *work, unsigned point)
{
	const unsigned baseline = (unsigned)work->group->baseline;
	const unsigned lower = point < baseline ? point : baseline;
	const unsigned upper = point < baseline ? baseline : point;
	const size_t pair = tally_pair(lower, upper);
	struct judge_estimate medians, missed;
	size_t nr = 0;

	if (work->group->deferred || work->group->baseline < 0 || point == baseline)
		return false;
	against_baseline(work, point, BY_MEDIANS, &medians);
	for (size_t i = 0; i < work->group->nr_launches; i++) {
		const struct tally_launch *launch = work->group->launches[i];

		if (upper < launch->nr_points && !isnan(launch->medians[pair]))
			work->samples[nr++] = tally_totals(work->group, launch, lower, upper) -
					      launch->medians[pair];
	}
	estimate(work->samples, nr, &missed);
	/* The nearest that it may be to 0; false with a NAN: without a floor there is nothing to compare with */
	return relative(fmax(missed.lo, -missed.hi), medians.median) >
	       fmax(work->floor[BY_MEDIANS], work->floor[BY_TOTALS]) + RESOLUTION;
}

/*
 * Did the ratio to the baseline change during the run, by more than noise? Then the machine did not stay
 * what it was, and the interval is of a mixture.
 */
static int drift_find(const struct judging *work, unsigned point, bool bursty, bool *drift)
{
	const unsigned baseline = (unsigned)work->group->baseline;
	const enum way way = work->group->deferred || bursty ? BY_TOTALS : BY_MEDIANS;
	struct stats_shift shift;
	double median;
	size_t nr;

	*drift = false;
	if (work->group->baseline < 0 || point == baseline)
		return 0;
	nr = pair_samples(work, point < baseline ? point : baseline,
			  point < baseline ? baseline : point, way);
	if (!nr)
		return 0;
	for (size_t i = 0; i < nr; i++)
		if (!isfinite(work->samples[i]))
			return 0;
	if (stats_median(work->samples, nr, &median) ||
	    stats_drift(work->samples, nr, &shift))
		return -ENOMEM;
	*drift = shift.p <= JUDGE_DRIFT_P && fabs(shift.estimate / median) > work->floor[way];
	return 0;
}

double judge_launch_ns(const struct tally_group *group, size_t launch, unsigned point, bool bursty)
{
	const struct tally_launch *of = group->launches[launch];

	if (point >= of->nr_points || of->nr_measured < group->most_measured)
		return NAN;
	return group->deferred || bursty ? of->ns_totals[point] : of->ns_medians[point];
}

static int point_judge(const struct judging *work, unsigned index)
{
	const struct tally_group *group = work->group;
	struct judge_point *point = &work->judge->points[index];
	struct judge_estimate fairness;
	const bool bursty = is_bursty(work, index);
	size_t nr = 0, nr_measured = 0, nr_fair = 0;
	bool drift;

	if (drift_find(work, index, bursty, &drift))
		return -ENOMEM;
	for (size_t i = 0; i < group->nr_launches; i++) {
		const double ns = judge_launch_ns(group, i, index, bursty);

		if (!isnan(ns))
			work->samples[nr++] = ns;
		nr_measured += index < group->launches[i]->nr_points &&
			       !isnan(group->launches[i]->ns_medians[index]);
	}
	estimate(work->samples, nr, &point->ns_per_op);
	for (size_t i = 0; i < group->nr_launches; i++)
		if (index < group->launches[i]->nr_points &&
		    !isnan(group->launches[i]->fairness[index]))
			work->samples[nr_fair++] = group->launches[i]->fairness[index];
	estimate(work->samples, nr_fair, &fairness);
	point->fairness = fairness.median;
	point->flags = group->points[index].flags | (bursty ? FLAGSET_BURSTY : 0) |
		       (drift ? FLAGSET_DRIFT : 0) |
		       (nr < STATS_INTERVAL_LAUNCHES || nr_measured < work->needed[WITH_BASELINE] ?
			FLAGSET_FEW_LAUNCHES : 0);
	return 0;
}

/* The pair's ratio; p is the sign test's, not yet corrected, NAN where it is not compared. */
static void pair_judge(const struct judging *work, unsigned lower, unsigned upper,
		       struct judge_pair *pair)
{
	const struct tally_group *group = work->group;
	bool swap = (int)lower == group->baseline;
	uint64_t flags = work->judge->points[lower].flags | work->judge->points[upper].flags;
	enum way way = group->deferred || flags & FLAGSET_BURSTY ? BY_TOTALS : BY_MEDIANS;
	size_t nr = pair_samples(work, lower, upper, way);

	*pair = (struct judge_pair){
		.a = swap ? upper : lower,
		.b = swap ? lower : upper,
		.verdict = "",
		.floor = work->floor[way],
		.p = NAN,
		.totals = way == BY_TOTALS,
	};
	if (!judge_is_control(group, lower) && !judge_is_control(group, upper))
		pair->p = nr < work->needed[judge_family(group, lower, upper)] ? 1 :
			  stats_sign_p(work->samples, nr, 1);
	estimate(work->samples, nr, &pair->ratio);
}

static int judging_run(struct judging *work)
{
	const struct tally_group *group = work->group;
	int ret = 0;

	judge_needs(work);
	floors_find(work);
	for (unsigned i = 0; !ret && i < group->nr_points; i++)
		ret = point_judge(work, i);
	for (unsigned lower = 0; lower < group->nr_points; lower++)
		for (unsigned upper = lower + 1; !ret && upper < group->nr_points; upper++)
			pair_judge(work, lower, upper, &work->judge->pairs[work->judge->nr_pairs++]);
	for (int family = 0; !ret && family < NR_FAMILIES; family++)
		ret = judge_verdicts(work, (enum family)family);
	return ret;
}

int judge_group(const struct tally_group *group, struct judge *judge)
{
	struct judging work = { .group = group, .judge = judge };
	int ret = -ENOMEM;

	*judge = (struct judge){ 0 };
	judge->points = calloc(group->nr_points, sizeof(*judge->points));
	judge->pairs = calloc(tally_pair(0, group->nr_points) + 1, sizeof(*judge->pairs));
	work.samples = calloc(group->nr_launches + 1, sizeof(*work.samples));
	if (judge->points && judge->pairs && work.samples)
		ret = judging_run(&work);
	free(work.samples);
	return ret;
}

/* Infinite where it is not a number. */
static double half_width(double width, double ratio)
{
	return isnan(width) ? INFINITY : relative(width / 2, ratio);
}

struct judge_width judge_width(const struct tally_group *group, const struct judge *judge,
			       unsigned point)
{
	for (size_t i = 0; i < judge->nr_pairs; i++) {
		const struct judge_pair *pair = &judge->pairs[i];
		const struct judge_estimate *ratio = &pair->ratio;

		if (pair->a != point || (int)pair->b != group->baseline || !ratio->launches ||
		    group->points[point].kind == SAMPLES_AID ||
		    (judge_is_control(group, point) && !tally_point_is_aa(&group->points[point])))
			continue;
		return (struct judge_width){
			.now = half_width(ratio->width, ratio->median),
			.outlook = half_width(ratio->outlook, ratio->median),
		};
	}
	return (struct judge_width){ 0, 0 };
}

void judge_free(struct judge *judge)
{
	free(judge->points);
	free(judge->pairs);
}
