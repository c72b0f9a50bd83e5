/*
 * benchmark.json and the console's table, both Google Benchmark's.
 *
 * SPDX-License-Identifier: MIT
 */
#include "run_internal.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gbench.h"
#include "stats.h"

/* The launches' values of one point, in rows from *nr on; advances *nr. */
static void add_rows(const struct run *run, unsigned point, unsigned threads, const char *name,
		     struct gbench_row *rows, unsigned *nr)
{
	const unsigned first = *nr;

	for (unsigned launch = 0; launch < run->schedule.launches; launch++) {
		const double value = run->values[(size_t)launch * run->plan->nr_points + point];

		if (!isnan(value))
			rows[(*nr)++] = (struct gbench_row){
				.name = name,
				.threads = threads,
				.repetition = launch,
				.ns_per_op = value,
			};
	}
	for (unsigned i = first; i < *nr; i++)
		rows[i].repetitions = *nr - first;
}

/* The medians of the launches, for the console. */
static unsigned median_rows(const struct gbench_row *rows, unsigned nr, struct gbench_row *medians,
			    double *scratch)
{
	unsigned n = 0;

	for (unsigned i = 0; i < nr; i += rows[i].repetitions) {
		for (unsigned r = 0; r < rows[i].repetitions; r++)
			scratch[r] = rows[i + r].ns_per_op;
		medians[n] = rows[i];
		medians[n].repetition = 0;
		medians[n].ns_per_op = stats_median_inplace(scratch, rows[i].repetitions);
		medians[n++].repetitions = 1;
	}
	return n;
}

static int write_benchmark(const struct run *run, const struct gbench_row *rows, unsigned nr,
			   struct error *err)
{
	char *path;
	int error;

	if (asprintf(&path, "%s/benchmark.json", run->directory) < 0)
		return error_set(err, ENOMEM, "no memory");
	gbench_context("krefbench_run", run->directory);
	error = gbench_write(path, rows, nr);
	free(path);
	return error ? error_set(err, -error, "cannot write benchmark.json: %s",
				 strerror(-error)) : 0;
}

int run_tell_benchmark(const struct run *run, struct error *err)
{
	const struct plan *plan = run->plan;
	const size_t most = (size_t)plan->nr_points * run->schedule.launches;
	struct gbench_row *rows = calloc(most, sizeof(*rows));
	struct gbench_row *medians = calloc(plan->nr_points, sizeof(*medians));
	char (*names)[PLAN_NAME_BYTES] = calloc(plan->nr_points, sizeof(*names));
	double *scratch = calloc(run->schedule.launches, sizeof(*scratch));
	unsigned nr = 0, point = 0;
	int error = 0;

	if (!rows || !medians || !names || !scratch)
		error = error_set(err, ENOMEM, "no memory for benchmark.json");
	for (unsigned g = 0; !error && g < plan->nr_groups; g++)
		for (unsigned i = 0; i < plan->groups[g].nr_cells; i++, point++) {
			plan_point_name(&plan->groups[g], plan->groups[g].cells[i], names[point],
					sizeof(names[point]));
			add_rows(run, point, plan->groups[g].threads, names[point], rows, &nr);
		}
	if (!error) {
		error = write_benchmark(run, rows, nr, err);
		if (!run->interrupted)
			gbench_print(medians, median_rows(rows, nr, medians, scratch), run_is_ab(run));
	}
	free(rows);
	free(medians);
	free(names);
	free(scratch);
	return error;
}
