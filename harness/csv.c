/*
 * Reads the comma-separated files of a run's folder, one row at a time.
 *
 * SPDX-License-Identifier: MIT
 *
 * Nothing is repaired: these files are written by this program, so a quote, a carriage return or a
 * NUL means that something else has touched them, and figures drawn from them would be a guess.
 * The one damage to be expected, a last line cut short by a crash, is dropped and reported as
 * torn.
 */
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "runfile.h"
#include "text.h"

static int csv_damaged(const struct csv *csv, struct error *err, const char *cause)
{
	return error_set(err, EBADMSG, "%s:%lu: %s", csv->path, csv->row, cause);
}

static int field_damaged(const struct csv *csv, int column, struct error *err, const char *cause)
{
	return error_set(err, EBADMSG, "%s:%lu: %s: '%.40s' is not %s", csv->path, csv->row,
			 csv->names[column], csv->fields[column], cause);
}

/*
 * Cuts the line at its commas; line[length] is its newline. At most max fields are stored, all are
 * counted. Returns the cause where the line cannot be one of ours, or NULL.
 */
static const char *line_split(char *line, size_t length, char **fields, unsigned max,
			      unsigned *nr_fields)
{
	char *end = line + length, *field = line;
	unsigned nr = 0;

	*end = ',';
	for (char *p = line; p <= end; p++) {
		if (*p > ',')	/* nearly all characters: letters, digits, point and minus */
			continue;
		if (*p == ',') {
			if (nr < max)
				fields[nr] = field;
			nr++;
			*p = '\0';
			field = p + 1;
		} else if (*p == '\0') {
			return "holds a NUL byte";
		} else if (*p == '\r') {
			return "holds a carriage return";
		} else if (text_control(p)) {
			return "holds a control character";
		} else if (*p == '"') {
			return "holds a quote";
		}
	}
	*nr_fields = nr;
	return NULL;
}

/* Far above any of ours: a file without line ends would use up the memory. */
#define MOST_LINE_BYTES (16u << 20)

static int line_grow(const struct csv *csv, char **line, size_t *size, struct error *err)
{
	const size_t more = *size ? 2 * *size : 512;
	char *grown = more > MOST_LINE_BYTES ? NULL : realloc(*line, more);

	if (grown) {
		*line = grown;
		*size = more;
		return 0;
	}
	if (more > MOST_LINE_BYTES)
		return error_set(err, EBADMSG, "%s:%lu: is longer than %u MiB", csv->path, csv->row + 1,
				 MOST_LINE_BYTES >> 20);
	return error_set(err, ENOMEM, "%s:%lu: no memory for the line", csv->path, csv->row + 1);
}

/* Reads one line. Returns 1 with its length without the newline, 0 at the end, or -errno. */
static int line_read(struct csv *csv, char **line, size_t *size, size_t *length,
		     struct error *err)
{
	const char *newline = NULL;
	size_t got = 0;
	bool any = false;
	int ret;

	errno = 0;
	while (!newline) {
		ret = *size < got + 2 ? line_grow(csv, line, size, err) : 0;
		if (ret)
			return ret;
		if (!fgets(*line + got, (int)(*size - got), csv->file))
			break;
		any = true;
		if (feof(csv->file))
			break;
		/* The first is of this line, or there is none and the buffer full; a NUL before it ends nothing. */
		newline = memchr(*line + got, '\n', *size - got);
		got = *size - 1;
	}
	if (ferror(csv->file))
		return error_set(err, errno ? errno : EIO, "%s:%lu: cannot read: %s", csv->path,
				 csv->row + 1, strerror(errno ? errno : EIO));
	if (!newline) {
		csv->torn = any;
		return 0;
	}
	csv->row++;
	*length = (size_t)(newline - *line);
	return 1;
}

static int header_check(const struct csv *csv, struct error *err)
{
	for (unsigned i = 0; i < csv->nr_columns; i++) {
		if (!*csv->names[i])
			return csv_damaged(csv, err, "a column of the header has no name");
		for (unsigned j = 0; j < i; j++)
			if (!strcmp(csv->names[i], csv->names[j]))
				return error_set(err, EBADMSG, "%s:%lu: column '%.40s' twice",
						 csv->path, csv->row, csv->names[i]);
	}
	return 0;
}

static int header_read(struct csv *csv, struct error *err)
{
	size_t size = 0, length;
	const char *cause;
	unsigned nr = 1;
	int ret;

	ret = line_read(csv, &csv->header, &size, &length, err);
	if (ret < 0)
		return ret;
	if (!ret)
		return error_set(err, EBADMSG, "%s:1: the header line is missing", csv->path);
	for (size_t i = 0; i < length; i++)
		nr += csv->header[i] == ',';
	csv->names = calloc(nr, sizeof(*csv->names));
	csv->fields = calloc(nr, sizeof(*csv->fields));
	if (!csv->names || !csv->fields)
		return error_set(err, ENOMEM, "%s: no memory for the header", csv->path);
	cause = line_split(csv->header, length, csv->names, nr, &csv->nr_columns);
	if (cause)
		return csv_damaged(csv, err, cause);
	return header_check(csv, err);
}

int csv_open(struct csv *csv, const char *path, struct error *err)
{
	int ret;

	memset(csv, 0, sizeof(*csv));
	csv->path = strdup(path);
	if (!csv->path)
		return error_set(err, ENOMEM, "%s: no memory", path);
	csv->file = runfile_open(path, &ret, err);
	if (!csv->file)
		goto close;
	ret = header_read(csv, err);
	if (ret)
		goto close;
	return 0;
close:
	csv_close(csv);
	return ret;
}

int csv_column(const struct csv *csv, const char *name, struct error *err)
{
	for (unsigned i = 0; i < csv->nr_columns; i++)
		if (!strcmp(csv->names[i], name))
			return (int)i;
	return error_set(err, EBADMSG, "%s:1: no column '%s'", csv->path, name);
}

int csv_next(struct csv *csv, struct error *err)
{
	const char *cause;
	size_t length;
	unsigned nr;
	int ret;

	ret = line_read(csv, &csv->line, &csv->line_size, &length, err);
	if (ret <= 0)
		return ret;
	cause = line_split(csv->line, length, csv->fields, csv->nr_columns, &nr);
	if (cause)
		return csv_damaged(csv, err, cause);
	if (nr != csv->nr_columns)
		return error_set(err, EBADMSG, "%s:%lu: %u fields where the header has %u",
				 csv->path, csv->row, nr, csv->nr_columns);
	return 1;
}

int csv_next_again(struct csv *csv, int column, const char **text, struct error *err)
{
	char *comma, *end;
	size_t length;
	int ret = line_read(csv, &csv->line, &csv->line_size, &length, err);

	if (ret <= 0)
		return ret;
	/* From the end: the fields there are short. */
	end = comma = csv->line + length;
	for (unsigned i = csv->nr_columns; i > (unsigned)column && comma; i--) {
		end = comma;
		comma = memrchr(csv->line, ',', (size_t)(end - csv->line));
	}
	if (!comma && column)
		return csv_damaged(csv, err, "has too few fields");
	/* line_read() has made room for it. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
	*end = '\0';
	*text = comma ? comma + 1 : csv->line;
	return 1;
}

const char *csv_text(const struct csv *csv, int column)
{
	return csv->fields[column];
}

#define DIGITS_EXACT	(UINT64_C(1) << 53)	/* a double holds every integer up to here */

/* A decimal number as written: (-1)^negative x digits x 10^exponent. */
struct decimal {
	uint64_t digits;
	int exponent;
	bool negative;
};

static const char *decimal_digits(const char *p, struct decimal *number, int step)
{
	for (; *p >= '0' && *p <= '9'; p++) {
		if (number->digits > DIGITS_EXACT)	/* too many: only the syntax matters now */
			continue;
		number->digits = number->digits * 10 + (uint64_t)(*p - '0');
		number->exponent -= step;
	}
	return p;
}

/* The exponent's digits; what is far out of a double's range is as good as any such number. */
static const char *decimal_exponent(const char *p, struct decimal *number)
{
	bool negative = *p == '-';
	int exponent = 0;

	if (*p == '-' || *p == '+')
		p++;
	if (*p < '0' || *p > '9')
		return NULL;
	for (; *p >= '0' && *p <= '9'; p++)
		if (exponent < 100000)
			exponent = exponent * 10 + (*p - '0');
	number->exponent += negative ? -exponent : exponent;
	return p;
}

/* Checks the syntax, stricter than strtod(): no blanks, hexadecimals, infinities or NaNs. */
static bool decimal_parse(const char *text, struct decimal *number)
{
	const char *p = text, *first;
	bool any;

	*number = (struct decimal){ .negative = *p == '-' };
	if (*p == '-' || *p == '+')
		p++;
	first = p;
	p = decimal_digits(p, number, 0);
	any = p > first;
	if (*p == '.') {
		first = ++p;
		p = decimal_digits(p, number, 1);
		any |= p > first;
	}
	if (any && (*p == 'e' || *p == 'E'))
		p = decimal_exponent(p + 1, number);
	return any && p && !*p;
}

/*
 * Both factors are exact doubles (below 2^53, powers of ten up to 10^22), so the one operation
 * rounds right (Clinger, How to read floating point numbers accurately, 1990). It is several times
 * as fast as strtod(), and millions of windows have twenty figures each.
 */
static bool decimal_exact(const struct decimal *number, double *value)
{
	static const double power[] = {
		1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
		1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
	};
	double digits = (double)number->digits;

	if (number->digits > DIGITS_EXACT || number->exponent < -22 || number->exponent > 22)
		return false;
	if (number->exponent < 0)
		digits /= power[-number->exponent];
	else
		digits *= power[number->exponent];
	*value = number->negative ? -digits : digits;
	return true;
}

int csv_number(const struct csv *csv, int column, double *value, struct error *err)
{
	const char *text = csv->fields[column];
	struct decimal number;
	locale_t c_locale;

	if (!*text) {
		*value = NAN;
		return 0;
	}
	if (!decimal_parse(text, &number))
		return field_damaged(csv, column, err, "a number");
	if (decimal_exact(&number, value))
		return 0;
	c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	if (!c_locale)
		return error_set(err, errno, "%s: no C locale", csv->path);
	*value = strtod_l(text, NULL, c_locale);
	freelocale(c_locale);
	if (!isfinite(*value))
		return field_damaged(csv, column, err, "a finite number");
	return 0;
}

int csv_unsigned(const struct csv *csv, int column, uint64_t *value, struct error *err)
{
	const char *p = csv->fields[column];
	uint64_t number = 0;

	if (!*p)
		return field_damaged(csv, column, err, "an unsigned integer");
	for (; *p; p++) {
		if (*p < '0' || *p > '9')
			return field_damaged(csv, column, err, "an unsigned integer");
		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, (uint64_t)(*p - '0'), &number))
			return field_damaged(csv, column, err, "below 2^64");
	}
	*value = number;
	return 0;
}

void csv_close(struct csv *csv)
{
	if (csv->file)
		fclose(csv->file);
	free(csv->fields);
	free(csv->names);
	free(csv->header);
	free(csv->line);
	free(csv->path);
	memset(csv, 0, sizeof(*csv));
}
