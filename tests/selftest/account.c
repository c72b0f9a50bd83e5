/*
 * The account of a self-test: what a run of known effects found, and whether that is good enough.
 *
 * SPDX-License-Identifier: MIT
 *
 * Usage: account DIR PAGE. Reads the run in DIR, writes the page and prints it. Exits 0 when the
 * method kept its promises, 1 when not, or when the run is not complete, 2 for what cannot be read
 * or written.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results.h"
#include "stats.h"

#define MAX_PERCENT	99

/* The promises. */
#define SAME_AT_LEAST	80	/* comparisons with the baseline of what equals it */
#define FALSE_PERCENT	5	/* of a row of equal things, may be called different */
#define FOUND_PERCENT	2	/* so much slower is found at one thread ... */
#define FOUND_OF_TEN	9	/* ... so often */

/* What the run says of all comparisons at one thread count whose true ratio is the same. */
struct row {
	unsigned threads;
	bool baseline;			/* with it; else between others that are equal */
	unsigned percent;		/* a takes so much longer; 0: the same thing twice */
	size_t nr, slower, faster;	/* with a verdict, and which */
	double median;			/* error: measured ratio over true ratio, less 1 */
	double largest;			/* the farthest from 0 */
	const struct result_ratio *where;
};

struct account {
	const struct results *results;
	struct row *rows;		/* by threads; with the baseline first, by percent */
	size_t nr;
};

/* How much slower than the baseline the cell is made, in percent; -1: it is a control. */
static int percent_of(const char *cell)
{
	unsigned percent;

	if (!strncmp(cell, RESULTS_BASELINE "@", sizeof(RESULTS_BASELINE)) ||
	    !strncmp(cell, "twin", 4))
		return 0;
	return sscanf(cell, "slow1%2u", &percent) == 1 ? (int)percent : -1;
}

/* Controls are given no verdict, so that the baseline here is never its own A/A. */
static bool row_takes(const struct row *row, const struct result_ratio *ratio)
{
	const bool baseline = !strncmp(ratio->b, RESULTS_BASELINE "@", sizeof(RESULTS_BASELINE));
	const int percent = percent_of(ratio->a);

	if (ratio->verdict == VERDICT_NONE || ratio->key.threads != row->threads ||
	    baseline != row->baseline)
		return false;
	return baseline ? percent == (int)row->percent : percent == percent_of(ratio->b);
}

static void row_fill(struct row *row, const struct results *results, double *errors)
{
	for (size_t i = 0; i < results->nr_ratios; i++) {
		const struct result_ratio *ratio = &results->ratios[i];
		double error;

		if (!row_takes(row, ratio))
			continue;
		error = ratio->ratio / (1 + row->percent / 100.0) - 1;
		row->slower += ratio->verdict == VERDICT_SLOWER;
		row->faster += ratio->verdict == VERDICT_FASTER;
		if (!row->nr || fabs(error) > fabs(row->largest)) {
			row->largest = error;
			row->where = ratio;
		}
		errors[row->nr++] = error;
	}
	if (row->nr)
		row->median = stats_median_inplace(errors, row->nr);
}

/* The fewest threads above these that the run has; 0: none. */
static unsigned threads_after(const struct results *results, unsigned threads)
{
	unsigned next = 0;

	for (size_t i = 0; i < results->nr_groups; i++) {
		const unsigned some = results->groups[i].key.threads;

		if (some > threads && (!next || some < next))
			next = some;
	}
	return next;
}

/* Where the run has such comparisons. */
static void account_add(struct account *account, struct row row, double *errors)
{
	row_fill(&row, account->results, errors);
	if (row.nr)
		account->rows[account->nr++] = row;
}

/* Returns 0 or -ENOMEM; the rows are the caller's to free. */
static int account_make(struct account *account, const struct results *results)
{
	double *errors = calloc(results->nr_ratios + 1, sizeof(*errors));
	unsigned threads = 0;

	account->results = results;
	account->nr = 0;
	account->rows = calloc(results->nr_ratios + 1, sizeof(*account->rows));
	if (!errors || !account->rows) {
		free(errors);
		return -ENOMEM;
	}
	while ((threads = threads_after(results, threads))) {
		struct row row = { .threads = threads, .baseline = true };

		for (; row.percent <= MAX_PERCENT; row.percent++)
			account_add(account, row, errors);
		account_add(account, (struct row){ .threads = threads }, errors);
	}
	free(errors);
	return 0;
}

static bool row_found(const struct row *row)
{
	return 10 * row->slower >= FOUND_OF_TEN * row->nr;
}

/* The smallest percent from which on all are found at these threads; 0: not even the largest. */
static unsigned smallest_found(const struct account *account, unsigned threads)
{
	unsigned smallest = 0;

	for (size_t i = account->nr; i-- > 0;) {
		const struct row *row = &account->rows[i];

		if (row->threads != threads || !row->baseline)
			continue;
		if (!row->percent || !row_found(row))
			break;
		smallest = row->percent;
	}
	return smallest;
}

static size_t nr_same(const struct account *account)
{
	size_t nr = 0;

	for (size_t i = 0; i < account->nr; i++)
		if (account->rows[i].baseline && !account->rows[i].percent)
			nr += account->rows[i].nr;
	return nr;
}

static bool keeps_false(const struct account *account)
{
	for (size_t i = 0; i < account->nr; i++) {
		const struct row *row = &account->rows[i];

		if (!row->percent && 100 * (row->slower + row->faster) > FALSE_PERCENT * row->nr)
			return false;
	}
	return nr_same(account) >= SAME_AT_LEAST;
}

static bool keeps_found(const struct account *account)
{
	for (size_t i = 0; i < account->nr; i++)
		if (account->rows[i].threads == 1 && account->rows[i].percent == FOUND_PERCENT)
			return row_found(&account->rows[i]);
	return false;
}

/* As a shell takes it. The options of a self-test hold no single quote. */
static void put_command(FILE *out, json_t *list)
{
	fputs("    build/krefbench-selftest", out);
	/* The first is what a user of the suite types. */
	for (size_t i = 1; i < json_array_size(list); i++) {
		const char *argument = json_string_value(json_array_get(list, i));

		fprintf(out, strpbrk(argument ? argument : "", "()|*$ ") ? " '%s'" : " %s",
			argument ? argument : "");
	}
	fputc('\n', out);
}

static void put_origin(FILE *out, const struct results *results)
{
	const json_t *compiler = json_array_get(results_meta(results, "toolchain", NULL), 0);

	fprintf(out, "%s, %.0f processors, %s; Linux %s; %s.\nCommit %s, %.10s.\n\n",
		results_meta_text(results, "machine", "cpu"),
		results_meta_number(results, "machine", "pus"),
		strcmp(results_meta_text(results, "machine", "virtualisation"), "none seen") ?
		"virtual machine" : "no virtual machine",
		results_meta_text(results, "kernel", NULL),
		json_string_value(json_object_get(compiler, "compiler")),
		results_meta_text(results, "commit", NULL),
		results_meta_text(results, "finished_utc", NULL));
	fputs("    make selftest\n", out);
	put_command(out, results_meta(results, "command", NULL));
}

static void put_row(FILE *out, const struct row *row)
{
	fprintf(out, "| %u | %s | %.2f | %zu | %zu | %zu | %+.2f %% | %+.2f %% | %s, %.*s |\n",
		row->threads, row->baseline ? "the baseline" : "each other",
		1 + row->percent / 100.0, row->nr, row->slower, row->faster,
		100 * row->median, 100 * row->largest, row->where->key.workload,
		(int)strcspn(row->where->a, "@"), row->where->a);
}

static void put_promises(FILE *out, const struct account *account)
{
	unsigned threads = 0;

	fprintf(out, "\n- At most %u percent false verdicts in each row of ratio 1.00, and %u "
		"comparisons or more\n  with the baseline (here %zu): %s.\n", FALSE_PERCENT,
		SAME_AT_LEAST, nr_same(account), keeps_false(account) ? "kept" : "BROKEN");
	fprintf(out, "- %u percent slower at one thread is found %u times in 10: %s.\n",
		FOUND_PERCENT, FOUND_OF_TEN, keeps_found(account) ? "kept" : "BROKEN");
	while ((threads = threads_after(account->results, threads))) {
		const unsigned smallest = smallest_found(account, threads);

		fprintf(out, "- Smallest slow-down found %u times in 10 at %u thread%s: ",
			FOUND_OF_TEN, threads, threads == 1 ? "" : "s");
		if (smallest)
			fprintf(out, "%u percent.\n", smallest);
		else
			fputs("none of these.\n", out);
	}
}

static void put_page(FILE *out, const struct account *account)
{
	fputs("# Self-test of the measuring method\n\n"
	      "What the method finds where the truth is known; `make selftest` wrote this page. "
	      "Twins are the\nbaseline's code compiled again: the true ratio is 1.00, and each "
	      "verdict but a tie is false. Slow ones\ndo 101, 102 or 105 ops and report 100. All "
	      "stand in groups of a usual run's size, are measured with\nits defaults and judged "
	      "as strategies are.\n\n", out);
	put_origin(out, account->results);
	fputs("\n| threads | against | true ratio | comparisons | called slower | called faster | "
	      "median error | largest error | of |\n|---|---|---|---|---|---|---|---|---|\n", out);
	for (size_t i = 0; i < account->nr; i++)
		put_row(out, &account->rows[i]);
	put_promises(out, account);
	fputs("\nAn error is that of the measured ratio against the true one.\n", out);
}

static int write_page(const char *path, const struct account *account)
{
	FILE *file = fopen(path, "we");
	int failed;

	if (!file) {
		fprintf(stderr, "account: %s: %s\n", path, strerror(errno));
		return 2;
	}
	put_page(file, account);
	failed = ferror(file);
	if (fclose(file) || failed) {
		fprintf(stderr, "account: %s: cannot write\n", path);
		return 2;
	}
	put_page(stdout, account);
	return keeps_false(account) && keeps_found(account) ? 0 : 1;
}

static int tell(const struct results *results, const char *path)
{
	const char *status = results_meta_text(results, "status", NULL);
	struct account account;
	int code;

	if (strcmp(status, "complete") != 0) {
		fprintf(stderr, "account: the run is %s, not complete\n", *status ? status : "cut");
		return 1;
	}
	if (account_make(&account, results)) {
		fputs("account: no memory\n", stderr);
		code = 2;
	} else {
		code = write_page(path, &account);
	}
	free(account.rows);
	return code;
}

int main(int argc, char **argv)
{
	struct results results;
	struct error err;
	int code;

	if (argc != 3) {
		fputs("Usage: account DIR PAGE\n", stderr);
		return 2;
	}
	if (results_load(&results, argv[1], &err)) {
		fprintf(stderr, "account: %s\n", err.text);
		return 2;
	}
	code = tell(&results, argv[2]);
	results_free(&results);
	return code;
}
