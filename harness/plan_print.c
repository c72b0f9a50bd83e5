/*
 * Prints placements line by line, each with what it adds to the line before.
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan_print.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "budget.h"
#include "schedule.h"
#include "thread_counts.h"

#define COLUMNS 100
/* Where the processors begin: behind the threads and the boundary. */
#define INDENT 20

/* A line that goes on under its processors where it gets too long. */
struct line {
	FILE *out;
	unsigned column;
};

static void line_put(struct line *line, const char *before, const char *word)
{
	const unsigned length = (unsigned)(strlen(before) + strlen(word));

	/* A comma may follow. */
	if (line->column + length + 1 > COLUMNS && line->column > INDENT) {
		/* What stands before a word ends the line, but for a blank. */
		fprintf(line->out, "%.*s\n%*s", (int)strcspn(before, " "), before, INDENT, "");
		line->column = INDENT;
		before += strlen(before);
	}
	fprintf(line->out, "%s%s", before, word);
	line->column += (unsigned)(strlen(before) + strlen(word));
}

static const char *boundary_after(const struct place *place, enum placement placement, unsigned n)
{
	for (unsigned i = 0; i < place->nr_boundaries[placement]; i++)
		if (place->boundaries[placement][i].n == n)
			return step_name(place->boundaries[placement][i].kind);
	return "";
}

/* The processors from the first-th to before the end-th: `L3 8, core 9-15,20`. */
static void print_added(struct line *line, const struct place *place, enum placement placement,
			unsigned first, unsigned end)
{
	const int *cpus = place->cpus[placement];
	const enum step *steps = place->steps[placement];

	for (unsigned i = first, last; i < end; i = last + 1) {
		/* The first of all is new in everything, which nobody needs to be told. */
		const bool same = i > first && i > 1 && steps[i] == steps[i - 1];
		char word[48];

		for (last = i; i && last + 1 < end && steps[last + 1] == steps[i] &&
		     cpus[last + 1] == cpus[last] + 1; last++)
			;
		if (last == i + 1)	/* two are no range yet */
			last = i;
		snprintf(word, sizeof(word), last > i ? "%s%s%d-%d" : "%s%s%d",
			 same || !i ? "" : step_name(steps[i]), same || !i ? "" : " ", cpus[i],
			 cpus[last]);
		line_put(line, i == first ? "" : same ? "," : ", ", word);
	}
}

static int by_value(const void *a, const void *b)
{
	const unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return (x > y) - (x < y);
}

static void print_counts(const struct thread_counts *counts, const struct place *place,
			 enum placement placement, FILE *out)
{
	const unsigned all = place->nr_cpus[placement];
	unsigned given = 0;

	for (unsigned i = 0; i < counts->nr; i++) {
		const unsigned n = counts->values[i];
		struct line line = { out, INDENT };

		fprintf(out, "%9u  %-9s", n, boundary_after(place, placement, n));
		print_added(&line, place, placement, given, n < all ? n : all);
		if (n > all)
			line_put(&line, given < all ? ", " : "", "oversubscribed");
		fputc('\n', out);
		given = n < all ? n : all;
	}
}

/* "16 L3 caches"; what hwloc does not know is not 0. */
static void print_number(unsigned n, const char *one, const char *separator, FILE *out)
{
	if (n)
		fprintf(out, "%u %s%s%s", n, one, n == 1 ? "" : "s", separator);
}

static bool takes(const struct place *place, enum placement placement, int cpu)
{
	for (unsigned i = 0; i < place->nr_cpus[placement]; i++)
		if (place->cpus[placement][i] == cpu)
			return true;
	return false;
}

/* ": 16 processors in 16 cores, 2 L3 caches, 1 package". */
static int print_extent(const struct place *place, enum placement placement, FILE *out)
{
	/* The seats' numbers are below the number of seats. */
	enum { CORES, L3S, NODES, PACKAGES, NR };
	bool *seen = calloc((size_t)NR * place->nr_seats + 1, sizeof(*seen));
	unsigned nr[NR] = { 0 };

	if (!seen)
		return -ENOMEM;
	for (unsigned i = 0; i < place->nr_seats; i++) {
		const struct seat *seat = &place->seats[i];
		const unsigned numbers[NR] = { seat->core, seat->l3, seat->node, seat->package };

		for (unsigned kind = 0; kind < NR && takes(place, placement, seat->cpu); kind++) {
			bool *one = &seen[(size_t)kind * place->nr_seats + numbers[kind]];

			nr[kind] += !*one;
			*one = true;
		}
	}
	free(seen);
	fputs(": ", out);
	print_number(place->nr_cpus[placement], "processor", " in ", out);
	print_number(nr[CORES], "core", ", ", out);
	print_number(place->nr_l3 ? nr[L3S] : 0, "L3 cache", ", ", out);
	print_number(place->nr_nodes ? nr[NODES] : 0, "NUMA node", ", ", out);
	print_number(nr[PACKAGES], "package", "\n", out);
	return 0;
}

/* An earlier one that is printed and gives the same processors in the same order; NULL: none. */
static const char *same_as(const struct place *place, enum placement placement)
{
	for (enum placement p = 0; p < placement; p++)
		if (place->nr_cpus[p] == place->nr_cpus[placement] &&
		    !memcmp(place->cpus[p], place->cpus[placement],
			    place->nr_cpus[p] * sizeof(int)))
			return place_name(place, p);
	return NULL;
}

static int print_placement(const struct options *options, const struct place *place,
			   enum placement placement, FILE *out)
{
	struct thread_counts counts;
	const char *same;

	fprintf(out, "\n%s", place_name(place, placement));
	if (place->missing[placement]) {
		fprintf(out, ": not here, %s\n", place->missing[placement]);
		return 0;
	}
	same = options->placement_given ? NULL : same_as(place, placement);
	if (same) {
		fprintf(out, ": as %s%s\n", same,
			placement == PLACE_SMT_PAIRS ? ", in even numbers" : "");
		return 0;
	}
	if (print_extent(place, placement, out) ||
	    thread_counts_make(&counts, &options->threads, place, placement, 1))
		return -ENOMEM;
	if (counts.nr)
		qsort(counts.values, counts.nr, sizeof(*counts.values), by_value);
	print_counts(&counts, place, placement, out);
	thread_counts_free(&counts);
	return 0;
}

static void print_machine(const struct options *options, const struct place *place, FILE *out)
{
	hwloc_obj_t package = hwloc_get_obj_by_type(place->topology, HWLOC_OBJ_PACKAGE, 0);
	const char *model = package ? hwloc_obj_get_info_by_name(package, "CPUModel") : NULL;

	int length = model ? (int)strlen(model) : 0;

	while (length && model[length - 1] == ' ')
		length--;
	fprintf(out, "%s%s%.*s\n", options->topology ? options->topology : "this machine",
		length ? ": " : "", length, length ? model : "");
	print_number(place->nr_packages, "package", ", ", out);
	print_number(place->nr_nodes, "NUMA node", ", ", out);
	print_number(place->nr_l3, "L3 cache", ", ", out);
	print_number(place->nr_cores, "core", ", ", out);
	print_number(place->nr_seats, "processor", "\n", out);
	if (!place->nr_packages)
		fputs("hwloc knows no packages here: all count as one\n", out);
	if (!place->nr_l3)
		fputs("hwloc knows no L3 caches here: scatter spreads over NUMA nodes instead\n", out);
	if (!place->nr_cores)
		fputs("hwloc knows no cores here: each processor counts as one\n", out);
}

/* Two units at most, such as 5 min or 1 h 20 min. */
static void print_time(double seconds, FILE *out)
{
	const unsigned long s = (unsigned long)(seconds + 0.5), min = (s + 30) / 60;

	if (s < 120)
		fprintf(out, "%lu s", s);
	else if (min < 120)
		fprintf(out, "%lu min", min);
	else
		fprintf(out, "%lu h %lu min", min / 60, min % 60);
}

/* A line for each workload and setting, whose groups come one after the other. */
static void print_groups(const struct plan *plan, FILE *out)
{
	const struct group *groups = plan->groups;

	fputs("workload                  setting  groups  points\n", out);
	for (unsigned i = 0, end; i < plan->nr_groups; i = end) {
		unsigned points = 0;

		for (end = i; end < plan->nr_groups && groups[end].setting == groups[i].setting &&
		     !strcmp(groups[end].workload, groups[i].workload); end++)
			points += groups[end].nr_cells;
		fprintf(out, "%-25s %-7s %7u %7u\n", groups[i].workload,
			plan_setting_name(groups[i].setting), end - i, points);
	}
	fprintf(out, "%-25s %-7s %7u %7u\n", "all", "", plan->nr_groups, plan->nr_points);
}

static void print_placements(const struct options *options, const struct place *place, FILE *out)
{
	const char *separator = "";

	for (enum placement p = 0; p < NR_PLACEMENTS; p++) {
		if (!options->placements[p])
			continue;
		fprintf(out, "%s%s", separator, place_name(place, p));
		separator = ", ";
	}
	fputs(":\n\n", out);
}

static int print_measured(const struct plan *plan, const struct options *options,
			  const struct place *place, FILE *out, struct error *err)
{
	struct schedule schedule;
	int error = schedule_open(&schedule, plan, options, err);

	if (!error) {
		fprintf(out, "\nThese options would measure, in ");
		print_placements(options, place, out);
		print_groups(plan, out);
		fprintf(out, "\n%u launches", schedule.launches);
		if (schedule.precision)
			fprintf(out, " at least; a group that is not yet within %g%% has up to %d",
				100 * schedule.precision, JUDGE_MOST_LAUNCHES);
		fputs("\nbudget ", out);
		print_time(1e-9 * (schedule.precision ? (double)schedule.budget_ns :
				   (double)budget_group_ns(plan, options) * plan->nr_groups *
				   schedule.launches), out);
		fputs(schedule.precision ? " of measuring\n" : " inside windows\n", out);
	}
	schedule_close(&schedule);
	return error;
}

static const char legend[] =
	"\n"
	"Each line gives the processors that so many threads add to those of the line before, behind\n"
	"what each is new in: package, node, L3, core, or SMT where its core is in use already.\n"
	"A boundary: of its kind all that is in use is full and the next thread begins another, or\n"
	"each has one thread and the next shares one.\n"
	"\n"
	"  threads  boundary adds\n";

int plan_print(const struct plan *plan, const struct options *options, const struct place *place,
	       FILE *out, struct error *err)
{
	print_machine(options, place, out);
	fputs(legend, out);
	for (enum placement p = 0; p < NR_PLACEMENTS; p++) {
		if (options->placement_given ? !options->placements[p] : p == PLACE_LIST)
			continue;
		if (print_placement(options, place, p, out))
			return error_set(err, ENOMEM, "no memory to print %s",
					 place_name(place, p));
	}
	return print_measured(plan, options, place, out, err);
}
