/*
 * Reads the comma-separated files of a run's folder, one row at a time.
 *
 * SPDX-License-Identifier: MIT
 *
 * The files hold plain fields: no quotes, no commas or line breaks inside a field. Memory is
 * bounded by the longest line, of at most 16 MiB.
 */
#ifndef HARNESS_CSV_H
#define HARNESS_CSV_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "error.h"

struct csv {
	FILE *file;
	char *path;
	char *line;		/* the current row, fields cut apart by NUL */
	size_t line_size;
	char *header;
	char **names;		/* into header */
	char **fields;		/* into line */
	unsigned nr_columns;
	unsigned long row;	/* line number in the file, the header is 1 */
	bool torn;		/* the last line had no newline and was dropped */
};

/* Opens path and reads its header. Returns 0, or a negative errno with err set. */
int csv_open(struct csv *csv, const char *path, struct error *err);

/*
 * The index of a column by its name, for csv_text() and the like; -EBADMSG with err set where the
 * file has no such column.
 */
int csv_column(const struct csv *csv, const char *name, struct error *err);

/*
 * Reads the next row: 1 on success, 0 at the end, -EBADMSG with err set (path, line, cause) when a
 * row has not as many fields as the header or is too long. A last line without its newline is dropped, and torn
 * says so.
 */
int csv_next(struct csv *csv, struct error *err);

/*
 * As csv_next(), of a file that csv_next() has read to its end before: only this column's field, in text until
 * the next row. Last columns take least time.
 */
int csv_next_again(struct csv *csv, int column, const char **text, struct error *err);

/* The field of the current row; valid until the next csv_next(). */
const char *csv_text(const struct csv *csv, int column);

/*
 * The field as a finite number, independent of the locale. An empty field is absent: *value becomes
 * NAN. Returns 0, or -EBADMSG with err set.
 */
int csv_number(const struct csv *csv, int column, double *value, struct error *err);

/* The field as an unsigned integer, never empty. Returns 0, or -EBADMSG with err set. */
int csv_unsigned(const struct csv *csv, int column, uint64_t *value, struct error *err);

void csv_close(struct csv *csv);

#endif
