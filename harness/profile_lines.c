/*
 * Reads perf c2c's tables and says what lies in the lines that moved.
 *
 * SPDX-License-Identifier: MIT
 *
 * Of the report only the last table is read. A cache line has its counts and then its address, each
 * place in it that was touched has its shares of these, its offset and, further on, its function:
 *
 *	#   Num  RmtHitm  LclHitm   L1 Hit  L1 Miss      N/A              Offset  Node ...
 *	      0        4     2092        0        0        0      0x20ea08034080
 *	          75.00%   49.62%    0.00%    0.00%    0.00%                 0x0     0 ... [.] run ...
 *
 * How many columns there are differs between versions and processors; those of loads that another core
 * answered come first, and have Hitm or Peer in their names.
 */
#include "profile_lines.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "profile_take.h"
#include "profile_tool.h"

#define MOST_PLACES 12
#define MOST_COLUMNS 16

struct reading {
	struct words *words;
	const struct lines_scene *scene;
	bool inside;			/* the table */
	unsigned nr_moves;		/* columns of loads that another core answered */
	unsigned places;
	/* The cache line whose places come. */
	uint64_t address;
	double counts[MOST_COLUMNS], moves;
};

/* What lies there, by the cell's own account. */
static void name_place(const struct lines_scene *scene, uint64_t address, char *text, size_t bytes)
{
	const struct workload *cell = scene->cell;
	const uint64_t offset = address - scene->arena;

	if (address < scene->arena || offset >= cell->bytes(scene->params))
		snprintf(text, bytes, "0x%" PRIx64 ", which is not in the objects' memory", address);
	else if (!cell->field || !cell->field(scene->params, offset, text, bytes))
		snprintf(text, bytes, "byte %" PRIu64 " of the objects' memory", offset);
}

/* Numbers up to an address. Returns how many; 0: the line is no such line. */
static unsigned read_columns(const char *line, double *values, uint64_t *address, bool *shares)
{
	*shares = false;
	for (unsigned nr = 0; nr < MOST_COLUMNS; nr++) {
		char *end;

		line += strspn(line, " \t");
		if (!strncmp(line, "0x", 2)) {
			*address = strtoull(line, &end, 16);
			return nr;
		}
		values[nr] = strtod(line, &end);
		if (end == line)
			return 0;
		*shares |= *end == '%';
		line = end + (*end == '%');
	}
	return 0;
}

static void read_header(struct reading *reading, const char *line)
{
	const char *name = strstr(line, " Num ");

	reading->nr_moves = 0;
	for (name += 4; ; reading->nr_moves++) {
		const size_t length = strcspn(name += strspn(name, " "), " \n");

		if (!memmem(name, length, "Hitm", 4) && !memmem(name, length, "Peer", 4))
			return;
		name += length;
	}
}

/* "getput_run", after the mark of user code or of the kernel's. */
static void read_function(const char *line, char *function, size_t bytes)
{
	const char *mark = strstr(line, "[.] ");

	if (!mark)
		mark = strstr(line, "[k] ");
	mark = mark ? mark + 4 : "";
	snprintf(function, bytes, "%.*s", (int)strcspn(mark, " \n"), mark);
}

static void add_place(struct reading *reading, const char *line, const double *shares,
		      uint64_t offset)
{
	char place[256], function[256];
	double moves = 0;

	for (unsigned i = 0; i < reading->nr_moves; i++)
		moves += shares[i] / 100 * reading->counts[i];
	/* Only written there: the loads tell who has to wait. */
	if (moves < 0.5)
		return;
	name_place(reading->scene, reading->address + offset, place, sizeof(place));
	read_function(line, function, sizeof(function));
	words_add(reading->words, "%s: %.0f of %.0f sampled loads of its cache line (0x%" PRIx64 ") that "
		  "another core had to answer, in %s.", place, moves, reading->moves,
		  reading->address, *function ? function : "unknown code");
	reading->places++;
}

static void read_line(struct reading *reading, const char *line)
{
	double values[MOST_COLUMNS];
	uint64_t address = 0;
	bool shares;
	unsigned nr;

	reading->inside |= strstr(line, "Shared Cache Line Distribution Pareto") != NULL;
	if (!reading->inside)
		return;
	if (*line == '#' && strstr(line, " Num "))
		read_header(reading, line);
	nr = read_columns(line, values, &address, &shares);
	if (nr > reading->nr_moves && !shares) {
		/* The first is the line's number. */
		memcpy(reading->counts, values + 1, (nr - 1) * sizeof(*values));
		reading->address = address;
		reading->moves = 0;
		for (unsigned i = 0; i < reading->nr_moves; i++)
			reading->moves += reading->counts[i];
	} else if (nr >= reading->nr_moves && shares && reading->places < MOST_PLACES) {
		add_place(reading, line, values, address);
	}
}

int lines_read(struct words *words, FILE *report, const struct lines_scene *scene)
{
	struct reading reading = { .words = words, .scene = scene };
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, report) > 0)
		read_line(&reading, line);
	free(line);
	if (!reading.inside)
		return -EBADMSG;
	if (!reading.places)
		words_add(words, "No cache line was seen to move between cores.");
	return words->failed ? -ENOMEM : 0;
}

static int read_report(struct words *words, const char *data, const struct lines_scene *scene,
		       struct error *err)
{
	const char *const argv[] = { "perf", "c2c", "report", "--stdio", "-i", data, NULL };
	struct tool tool;
	int error = tool_open(&tool, argv, NULL, NULL);

	if (error)
		return error_set(err, -error, "cannot run perf c2c report: %s", strerror(-error));
	error = lines_read(words, tool.output, scene);
	tool_close(&tool);
	return error ? error_set(err, -error, "perf c2c report has no table of cache lines") : 0;
}

int lines_take(struct words *words, const struct profile *profile, const struct workload *cell,
	       const struct params *params, const struct profile_take *like, struct error *err)
{
	char data[PATH_MAX];
	const char *const record[] = { "perf", "c2c", "record", "-u", "--", "-q", "-o", data, NULL };
	struct profile_take take = *like;
	struct profile_told told = { .ns_per_op = NAN };
	struct lines_scene scene = { cell, params, 0 };
	int error = 0;

	snprintf(data, sizeof(data), "%s/c2c.data", like->directory);
	take.record = record;
	if (!profile->event.hardware)
		error = error_set(err, ENODEV, "%s", profile->event.why);
	if (!error)
		error = profile_take(&take, &told, err);
	scene.arena = told.arena;
	if (!error)
		error = read_report(words, data, &scene, err);
	profile_told_free(&told);
	if (error == -ECANCELED)
		return error;
	if (error)
		words_add(words, "Cache lines that moved between cores are not known: perf c2c takes a "
			  "processor that samples loads with their addresses (%s).", err->text);
	return words->failed ? error_set(err, ENOMEM, "no memory") : 0;
}
