/*
 * What a run that was killed left to the readers that bring it to where it was. The input holds the schedule of
 * meta.json, samples.csv and latency.csv, each from a line with @ on.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#include <sys/stat.h>

#include "harness/cut.h"
#include "harness/schedule_keep.h"

enum { NR_CELLS = 3, NR_GROUPS = 2, LAUNCHES_DONE = 1, TURNS = 12 };

static const struct workload cells[NR_CELLS] = {
	{ .strategy = "refcount", .variant = "gcc" },
	{ .strategy = "refcount", .variant = "aa", .kind = CELL_CONTROL },
	{ .strategy = "cas", .variant = "gcc" },
};
static const struct workload *entries[NR_CELLS] = { &cells[0], &cells[1], &cells[2] };
static struct group groups[NR_GROUPS] = {
	{ .workload = "one", .placements = "compact", .threads = 1, .objects = 1, .cells = entries,
	  .nr_cells = NR_CELLS },
	{ .workload = "two", .placements = "compact", .threads = 2, .objects = 1, .cells = entries,
	  .nr_cells = NR_CELLS, .first_point = NR_CELLS },
};
static const struct plan plan = {
	.groups = groups, .nr_groups = NR_GROUPS, .nr_points = NR_GROUPS * NR_CELLS,
};
static const struct options options = { .precision = 0.01, .budget_s = 60 };

/* Up to the next line with @, which *at then is behind. */
static const char *part(const char **at, const char *end, size_t *size)
{
	const char *from = *at;

	for (const char *line = from; line < end; line++) {
		if (*line == '@' && (line == from || line[-1] == '\n') && end - line > 1 && line[1] == '\n') {
			*at = line + 2;
			*size = (size_t)(line - from);
			return from;
		}
	}
	*at = end;
	*size = (size_t)(end - from);
	return from;
}

static void check_error(int error, const struct error *err)
{
	fuzz_promise(!error || *err->text, "a refusal has its line");
	fuzz_promise(!strpbrk(err->text, "\n\r\033"), "an error is one line of text");
}

static off_t size_of(const char *name)
{
	char path[128];
	struct stat status;

	snprintf(path, sizeof(path), "%s/%s", fuzz_dir(), name);
	return stat(path, &status) ? -1 : status.st_size;
}

/* What was cut off is all that is to be. */
static void check_cut(const struct schedule *schedule, const struct cut *cut, off_t before)
{
	struct error err = { "" };
	struct cut again;

	fuzz_promise(size_of("samples.csv") + size_of("latency.csv") + (off_t)cut->dropped_bytes == before,
		     "it tells how much it cuts off");
	fuzz_promise(!cut_make(&again, schedule, fuzz_dir(), LAUNCHES_DONE, TURNS, &err), err.text);
	fuzz_promise(!again.dropped_bytes && again.nr_rounds == cut->nr_rounds && again.group == cut->group &&
		     again.kept == cut->kept && again.nr_whole == cut->nr_whole, "cut again, it is the same");
	cut_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *at = (const char *)data, *end = at + size, *text;
	struct schedule schedule;
	struct error err = { "" };
	struct cut cut;
	off_t before;
	size_t length;
	json_t *kept;
	int error;

	text = part(&at, end, &length);
	kept = json_loadb(text, length, 0, NULL);
	text = part(&at, end, &length);
	fuzz_write("samples.csv", text, length);
	fuzz_write("latency.csv", at, (size_t)(end - at));
	before = (off_t)(length + (size_t)(end - at));
	if (schedule_open(&schedule, &plan, &options, &err))
		abort();
	error = kept ? schedule_restore(&schedule, kept, &err) : 0;
	check_error(error, &err);
	json_decref(kept);
	if (!error) {
		error = cut_make(&cut, &schedule, fuzz_dir(), LAUNCHES_DONE, TURNS, &err);
		check_error(error, &err);
		fuzz_promise(!error || size_of("samples.csv") + size_of("latency.csv") == before,
			     "what is refused is not cut");
		if (!error)
			check_cut(&schedule, &cut, before);
		cut_free(&cut);
	}
	schedule_close(&schedule);
	return 0;
}
