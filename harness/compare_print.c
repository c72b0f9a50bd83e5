/*
 * Prints what compare.c found: what differs, the whole run, what is called, and every row.
 *
 * SPDX-License-Identifier: MIT
 */
#include "compare.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "facts.h"

/* Where rows lie so much farther apart than they should, what stands out of that says little. */
#define SCATTER_MOST 2

static const char *const verdict_names[COMPARE_NR_VERDICTS] = {
	[COMPARE_TIE] = "tie", [COMPARE_SLOWER] = "slower", [COMPARE_FASTER] = "faster",
	[COMPARE_DRIFT] = "drift",
	[COMPARE_FEW] = "few-launches", [COMPARE_NO_FLOOR] = "no-control",
	[COMPARE_CONTROL] = "control",
};

static const char *plural(size_t nr)
{
	return nr == 1 ? "" : "s";
}

/* A shift as a percentage with its sign, in 6 columns: a stop in B is no number of percent. */
static const char *percent(double shift, char buf[16])
{
	double value = 100 * expm1(shift);

	if (isnan(value))
		return "     -";
	if (fabs(value) < 0.05)
		value = 0;	/* and not -0.0 */
	if (value > 9999)
		return ">9999%";
	snprintf(buf, 16, "%+5.*f%%", fabs(value) < 99.95 ? 1 : 0, value);
	return buf;
}

/* The same inside a sentence. */
static const char *percent_word(double shift, char buf[16])
{
	const char *text = percent(shift, buf);

	return text + strspn(text, " ");
}

/* With the interval: 22 columns. */
static void shift_print(const struct stats_shift *shift, FILE *out)
{
	char estimate[16], lo[16], hi[16];

	fprintf(out, "%s [%s %s]", percent(shift->estimate, estimate),
		percent(shift->lo, lo), percent(shift->hi, hi));
}

/* What is as by default goes without saying. */
static void group_print(const struct tally_group *group, FILE *out)
{
	char *const *key = group->key;

	fprintf(out, "%s %s", key[SAMPLES_WORKLOAD], key[SAMPLES_SETTING]);
	if (strcmp(key[SAMPLES_PLACEMENT], "compact"))
		fprintf(out, ", %s", key[SAMPLES_PLACEMENT]);
	if (strcmp(key[SAMPLES_OBJECTS], "1"))
		fprintf(out, ", %s objects", key[SAMPLES_OBJECTS]);
	if (*key[SAMPLES_NODE])
		fprintf(out, ", node %s", key[SAMPLES_NODE]);
	if (strcmp(key[SAMPLES_WORK_NS], "0"))
		fprintf(out, ", work %s ns", key[SAMPLES_WORK_NS]);
	if (strcmp(key[SAMPLES_LAYOUT], "padded"))
		fprintf(out, ", %s", key[SAMPLES_LAYOUT]);
	if (strcmp(key[SAMPLES_REPLACE], "0"))
		fprintf(out, ", %s of 1000 replace", key[SAMPLES_REPLACE]);
	fprintf(out, ", %s thread%s", key[SAMPLES_THREADS], plural(group->threads));
}

static void row_name_print(const struct compare_row *row, FILE *out)
{
	group_print(row->group, out);
	if (row->point)
		fprintf(out, ": %s@%s", row->point->strategy, row->point->variant);
	else
		fprintf(out, ": all of it");
}

static void run_print(char letter, const struct compare_run *run, FILE *out)
{
	const char *commit = json_string_value(json_object_get(run->meta, "commit"));
	const char *started = json_string_value(json_object_get(run->meta, "started_utc"));

	fprintf(out, "%c  ", letter);
	fact_text(run->directory, out);
	fputs("  ", out);
	fact_text(commit ? commit : "", out);
	fputs("  ", out);
	fact_text(started ? started : "", out);
	fprintf(out, "  %zu launch%s\n", run->nr_launches, run->nr_launches == 1 ? "" : "es");
}

static void differences_print(const struct compare *compare, FILE *out)
{
	run_print('A', &compare->a, out);
	run_print('B', &compare->b, out);
	fputs("\nWhat differs between the runs\n", out);
	if (!compare_meta_print(compare->a.meta, compare->b.meta, out))
		fputs("  nothing that meta.json tells\n", out);
	if (compare->only_a || compare->only_b)
		fprintf(out, "  points that only one has, left out\n    A  %zu\n    B  %zu\n",
			compare->only_a, compare->only_b);
	fputs("Two runs are not paired. The intervals hold for what varies from launch to launch inside "
	      "a run;\nthe state of the machine, which changes from one run to the next, is not in "
	      "them.\n", out);
}

static void whole_print(const struct compare *compare, FILE *out)
{
	const struct stats_shift *whole = &compare->whole.shift;

	fputs("\nThe whole run (time per op in B over that in A, the median of all groups)\n", out);
	fputs("  ", out);
	shift_print(whole, out);
	if (whole->coverage < 0.95)
		fprintf(out, "   only %.0f%% sure: too few launches",
			100 * whole->coverage);
	fputs("\n  The machine, or all that was measured: the two cannot be told apart.\n", out);
}

/* The larger change first. */
static int called_compare(const void *left, const void *right)
{
	const struct compare_row *a = *(const struct compare_row *const *)left;
	const struct compare_row *b = *(const struct compare_row *const *)right;
	const double size_a = fabs(a->own.shift.estimate), size_b = fabs(b->own.shift.estimate);

	return size_a != size_b ? (size_a < size_b) - (size_a > size_b) : (a > b) - (a < b);
}

static bool is_called(const struct compare_row *row)
{
	return row->verdict == COMPARE_SLOWER || row->verdict == COMPARE_FASTER;
}

static int called_print(const struct compare *compare, FILE *out)
{
	const struct compare_row **called = calloc(compare->nr_rows + 1, sizeof(*called));
	size_t nr = 0;

	if (!called)
		return -ENOMEM;
	for (size_t i = 0; i < compare->nr_rows; i++)
		if (is_called(&compare->rows[i]))
			called[nr++] = &compare->rows[i];
	qsort(called, nr, sizeof(*called), called_compare);
	if (nr)
		fputs("\nCalled different (by itself: a group beside the run, a point beside its group)"
		      "\n          by itself                    B/A\n", out);
	for (size_t i = 0; i < nr; i++) {
		char total[16];

		fprintf(out, "  %s  ", verdict_names[called[i]->verdict]);
		shift_print(&called[i]->own.shift, out);
		fprintf(out, "  %s  ", percent(called[i]->total.shift.estimate, total));
		row_name_print(called[i], out);
		fputc('\n', out);
	}
	free(called);
	return 0;
}

static void counts_print(const struct compare *compare, FILE *out)
{
	const size_t *nr = compare->nr_verdicts;
	size_t nr_bursty = 0;

	fprintf(out, "\n%zu group%s and points: %zu slower, %zu faster, %zu tie", compare->nr_judged,
		plural(compare->nr_judged), nr[COMPARE_SLOWER], nr[COMPARE_FASTER],
		nr[COMPARE_TIE]);
	if (nr[COMPARE_DRIFT])
		fprintf(out, ", %zu drift (inside a run, too)", nr[COMPARE_DRIFT]);
	if (nr[COMPARE_FEW])
		fprintf(out, ", %zu few-launches (for any verdict)", nr[COMPARE_FEW]);
	if (nr[COMPARE_NO_FLOOR])
		fprintf(out, ", %zu no-control (of noise)", nr[COMPARE_NO_FLOOR]);
	if (compare->scatter >= 1.05)
		fprintf(out, "\nBetween the runs the rows lie %.1f times as far apart as launches inside "
			"them tell: the machine\nwas in another state, or most of them changed. A row is "
			"called only where it stands out of that.", compare->scatter);
	fputs("\nWhere nothing changed, the chance that any is called is 5% for all of them together "
	      "(Mann-Whitney,\nHolm); none is called inside the noise floor of its group. Where half a "
	      "group changed, the other\nhalf seems to: look at B/A, too.\n", out);
	for (size_t i = 0; i < compare->nr_rows; i++)
		nr_bursty += compare->rows[i].bursty_a != compare->rows[i].bursty_b;
	if (nr_bursty)
		fprintf(out, "%zu point%s, marked *: bursty in one run only. Medians are compared, which "
			"leave its bursts out.\n", nr_bursty, plural(nr_bursty));
}

static void rows_print(const struct compare *compare, FILE *out)
{
	for (size_t i = 0; i < compare->nr_rows; i++) {
		const struct compare_row *row = &compare->rows[i];

		if (!row->point) {
			fputc('\n', out);
			group_print(row->group, out);
			fprintf(out, "\n  %-19s %8s %8s  %6s  %22s\n", "", "A ns", "B ns", "B/A",
				"by itself");
			fprintf(out, "  %-37s", "all of it");
		} else {
			char name[64];

			snprintf(name, sizeof(name), "%s@%s", row->point->strategy,
				 row->point->variant);
			fprintf(out, "  %-19s %8.4g %8.4g", name, row->ns_a, row->ns_b);
		}
		fputs("  ", out);
		shift_print(&row->total.shift, out);
		fputs("  ", out);
		shift_print(&row->own.shift, out);
		fprintf(out, " %s%s\n", verdict_names[row->verdict],
			row->bursty_a != row->bursty_b ? " *" : "");
	}
}

/* The row above the limit that is slower by most, NULL where none is; *nr counts them. */
static const struct compare_row *slowest_above(const struct compare *compare, double limit,
					       size_t *nr)
{
	const struct compare_row *slowest = NULL;

	*nr = 0;
	for (size_t i = 0; i < compare->nr_rows; i++) {
		const struct compare_row *row = &compare->rows[i];

		if (!compare_row_above(row, limit))
			continue;
		if (!slowest || row->total.shift.estimate > slowest->total.shift.estimate)
			slowest = row;
		(*nr)++;
	}
	return slowest;
}

/* The last line: whether something is above the limit, and what. */
static int limit_print(const struct compare *compare, double limit, FILE *out)
{
	const size_t *verdicts = compare->nr_verdicts;
	const size_t nr_drifted = verdicts[COMPARE_DRIFT];
	const size_t nr_tested = verdicts[COMPARE_SLOWER] + verdicts[COMPARE_FASTER] +
				 verdicts[COMPARE_TIE];
	const struct compare_row *slowest;
	char by[16];
	size_t nr;

	slowest = slowest_above(compare, limit, &nr);
	fprintf(out, "\nlimit %g%%: ", 100 * limit);
	if (slowest) {
		fprintf(out, "FAILED, %zu slower by more, most by %s: ", nr,
			percent_word(slowest->total.shift.estimate, by));
		row_name_print(slowest, out);
		fputc('\n', out);
		return 1;
	}
	if (compare_whole_above(compare, limit)) {
		fprintf(out, "FAILED, the run as a whole is slower by %s: the machine, or all of it\n",
			percent_word(compare->whole.shift.estimate, by));
		return 1;
	}
	if (!nr_tested) {
		fputs("nothing can be seen to be slower: see the verdicts\n", out);
		return 2;
	}
	if (compare->scatter > SCATTER_MOST) {
		fprintf(out, "nobody can tell, the rows lie %.1f times too far apart: measure again, or "
			"with ab\n", compare->scatter);
		return 2;
	}
	fputs("passed, nothing is slower by more", out);
	if (nr_drifted)
		fprintf(out, "; of %zu that drifted inside a run it is not known", nr_drifted);
	fputc('\n', out);
	return 0;
}

int compare_print(const struct compare *compare, double limit, FILE *out)
{
	int ret;

	differences_print(compare, out);
	whole_print(compare, out);
	ret = called_print(compare, out);
	if (ret)
		return ret;
	counts_print(compare, out);
	rows_print(compare, out);
	return isnan(limit) ? 0 : limit_print(compare, limit, out);
}
