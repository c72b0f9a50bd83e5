/*
 * Tests of harness/csv.c: what it reads, and that it refuses every damaged file.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/csv.h"

static char path[64];

static int file_create(void **state)
{
	int fd;

	(void)state;
	strcpy(path, "/tmp/test_csv.XXXXXX");
	fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int file_remove(void **state)
{
	(void)state;
	return unlink(path);
}

static void file_write(const char *bytes, size_t length)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static void open_text(struct csv *csv, const char *text)
{
	struct error err = { "" };

	file_write(text, strlen(text));
	assert_int_equal(csv_open(csv, path, &err), 0);
}

/* One line, that names the file, the line and the cause. */
static void assert_says(const struct error *err, unsigned line, const char *cause)
{
	char where[96];

	snprintf(where, sizeof(where), "%s:%u: ", path, line);
	if (strncmp(err->text, where, strlen(where)) || !strstr(err->text, cause) ||
	    strchr(err->text, '\n'))
		fail_msg("expected '%s...%s', got '%s'", where, cause, err->text);
}

static void refused_header(const char *bytes, size_t length, const char *cause)
{
	struct error err = { "" };
	struct csv csv;

	file_write(bytes, length);
	assert_int_equal(csv_open(&csv, path, &err), -EBADMSG);
	assert_says(&err, 1, cause);
	csv_close(&csv);	/* a second close is harmless */
}

static void refused_row(const char *bytes, size_t length, const char *cause)
{
	struct error err = { "" };
	struct csv csv;

	file_write(bytes, length);
	assert_int_equal(csv_open(&csv, path, &err), 0);
	assert_int_equal(csv_next(&csv, &err), 1);
	assert_int_equal(csv_next(&csv, &err), -EBADMSG);
	assert_says(&err, 3, cause);
	csv_close(&csv);
}

static void test_rows_and_columns(void **state)
{
	struct error err = { "" };
	struct csv csv;
	uint64_t number;

	(void)state;
	open_text(&csv, "name,count,last\na b,18446744073709551615,\n,0,a+b\n");
	assert_int_equal(csv_column(&csv, "name", &err), 0);
	assert_int_equal(csv_column(&csv, "last", &err), 2);
	assert_int_equal(csv_column(&csv, "las", &err), -EBADMSG);
	assert_says(&err, 1, "'las'");
	assert_int_equal(csv_next(&csv, &err), 1);
	assert_string_equal(csv_text(&csv, 0), "a b");
	assert_int_equal(csv_unsigned(&csv, 1, &number, &err), 0);
	assert_true(number == UINT64_MAX);
	assert_string_equal(csv_text(&csv, 2), "");
	assert_int_equal(csv.row, 2);
	assert_int_equal(csv_next(&csv, &err), 1);
	assert_string_equal(csv_text(&csv, 0), "");
	assert_string_equal(csv_text(&csv, 2), "a+b");
	assert_int_equal(csv_next(&csv, &err), 0);
	assert_false(csv.torn);
	csv_close(&csv);
}

static void test_missing_file(void **state)
{
	struct error err = { "" };
	struct csv csv;

	(void)state;
	assert_int_equal(csv_open(&csv, "/nonexistent/samples.csv", &err), -ENOENT);
	assert_non_null(strstr(err.text, "/nonexistent/samples.csv"));
	assert_int_equal(csv_open(&csv, "/tmp", &err), -EBADMSG);
}

static void test_damaged_header(void **state)
{
	(void)state;
	refused_header("", 0, "header line is missing");
	refused_header("a,b,c", 5, "header line is missing");
	refused_header("a,b\r\n1,2\r\n", 10, "carriage return");
	refused_header("a,\0b\n", 5, "NUL");
	refused_header("a,,b\n", 5, "no name");
	refused_header("a,b,a\n", 6, "twice");
}

static void test_damaged_row(void **state)
{
	(void)state;
	refused_row("a,b\n1,2\n1\n1,2\n", 14, "1 fields where the header has 2");
	refused_row("a,b\n1,2\n1,2,3\n", 14, "3 fields where the header has 2");
	refused_row("a,b\n1,2\n\n", 9, "1 fields");
	refused_row("a,b\n1,2\n1,2\r\n", 13, "carriage return");
	refused_row("a,b\n1,2\n1,\0\n", 12, "NUL");
	refused_row("a,b\n1,2\n1,\033[31m\n", 16, "control character");
	refused_row("a,b\n1,2\n1,\xc2\x9b" "31m\n", 17, "control character");
	refused_row("a,b\n1,2\n\0\0\0\n", 12, "NUL");
	refused_row("a,b\n1,2\n\"1\",2\n", 14, "quote");
}

static void torn_after(const char *bytes, size_t length, int rows)
{
	struct error err = { "" };
	struct csv csv;

	file_write(bytes, length);
	assert_int_equal(csv_open(&csv, path, &err), 0);
	while (rows--)
		assert_int_equal(csv_next(&csv, &err), 1);
	assert_int_equal(csv_next(&csv, &err), 0);
	assert_true(csv.torn);
	csv_close(&csv);
}

static void test_torn_last_line(void **state)
{
	(void)state;
	torn_after("a,b\n1,2\n3", 9, 1);
	torn_after("a,b\n1,2\n3,4", 11, 1);	/* whole to look at, but 4 may have been 42 */
	torn_after("a,b\n1,2\n3,\0\0\0", 13, 1);
	torn_after("a,b\n1", 5, 0);
}

static void test_long_line(void **state)
{
	size_t length = 4 << 20, i;
	struct error err = { "" };
	struct csv csv;
	char *bytes;

	(void)state;
	bytes = malloc(length);
	assert_non_null(bytes);
	memset(bytes, 'x', length);
	memcpy(bytes, "a,b\n", 4);
	/* Of a file, and no string. NOLINTNEXTLINE(bugprone-not-null-terminated-result) */
	memcpy(bytes + length - 3, ",7\n", 3);
	file_write(bytes, length);
	assert_int_equal(csv_open(&csv, path, &err), 0);
	assert_int_equal(csv_next(&csv, &err), 1);
	for (i = 0; csv_text(&csv, 0)[i] == 'x'; i++)
		;
	assert_int_equal(i, length - 7);
	assert_string_equal(csv_text(&csv, 1), "7");
	csv_close(&csv);
	free(bytes);
}

/* A file that has no end of a line, and one that is a hole: its size is never read into memory. */
static void test_endless_line(void **state)
{
	struct error err = { "" };
	struct csv csv;

	(void)state;
	file_write("a,b\n1,2\n", 8);
	assert_int_equal(truncate(path, 1ll << 40), 0);
	assert_int_equal(csv_open(&csv, path, &err), 0);
	assert_int_equal(csv_next(&csv, &err), 1);
	assert_int_equal(csv_next(&csv, &err), -EBADMSG);
	assert_says(&err, 3, "is longer than 16 MiB");
	csv_close(&csv);
	file_write("", 0);
	assert_int_equal(truncate(path, 1ll << 40), 0);
	assert_int_equal(csv_open(&csv, path, &err), -EBADMSG);
	assert_says(&err, 1, "is longer than 16 MiB");
}

/* Wherever the line's end falls in what was read at once. */
static void test_each_length(void **state)
{
	char bytes[4200];
	struct csv csv;

	(void)state;
	for (int length = 1; length < 2050; length++) {
		struct error err = { "" };

		snprintf(bytes, sizeof(bytes), "a\n%0*d\n2\n%0*d", length, 1, length, 3);
		file_write(bytes, strlen(bytes));
		assert_int_equal(csv_open(&csv, path, &err), 0);
		assert_int_equal(csv_next(&csv, &err), 1);
		assert_int_equal(strlen(csv_text(&csv, 0)), length);
		assert_int_equal(csv_next(&csv, &err), 1);
		assert_string_equal(csv_text(&csv, 0), "2");
		assert_false(csv.torn);
		assert_int_equal(csv_next(&csv, &err), 0);
		assert_true(csv.torn);
		csv_close(&csv);
	}
}

static void number_is(const char *text, double expected)
{
	struct error err = { "" };
	double value = -1;
	struct csv csv;
	char rows[512];

	snprintf(rows, sizeof(rows), "a,b\n%s,x\n", text);
	open_text(&csv, rows);
	assert_int_equal(csv_next(&csv, &err), 1);
	if (csv_number(&csv, 0, &value, &err))
		fail_msg("%s", err.text);
	if (isnan(expected) != isnan(value) || (!isnan(expected) && value != expected) ||
	    (!isnan(expected) && signbit(value) != signbit(expected)))
		fail_msg("'%s' is %.17g, expected %.17g", text, value, expected);
	csv_close(&csv);
}

static void test_number(void **state)
{
	(void)state;
	number_is("", NAN);
	number_is("0", 0);
	number_is("-0", -0.0);
	number_is("17.25", 17.25);
	number_is("+1.5e3", 1.5e3);
	number_is("-1E-3", -1e-3);
	number_is(".5", .5);
	number_is("5.", 5);
	number_is("0.1", 0.1);
	number_is("1.23457e+06", 1.23457e+06);
	number_is("9007199254740993", 9007199254740993.0);
	number_is("0.30000000000000004", 0.30000000000000004);
	number_is("1e23", 1e23);
	/* a product or quotient of doubles would round these twice, and wrong */
	number_is("73785690282684228e-16", 73785690282684228e-16);
	number_is("916e23", 916e23);
	number_is("624e-23", 624e-23);
	number_is("8.98846567431158e307", 8.98846567431158e307);
	number_is("4.9e-324", 4.9e-324);
	number_is("1e-999999999999", 0);
	number_is("123456789012345678901234567890", 123456789012345678901234567890.0);
	number_is("0.000000000000000000000000000000000001", 1e-36);
	number_is("00000000000000000000000000000000000012.5", 12.5);
}

/* A comma for the point must change nothing; de_DE may be missing, then C alone is tested. */
static void test_number_in_any_locale(void **state)
{
	(void)state;
	if (!setlocale(LC_ALL, "de_DE.UTF-8"))
		print_message("no de_DE.UTF-8 here\n");
	number_is("17.25", 17.25);
	number_is("0.30000000000000004", 0.30000000000000004);
	setlocale(LC_ALL, "C");
}

static void field_refused(const char *text, bool whole)
{
	struct error err = { "" };
	uint64_t integer;
	struct csv csv;
	char rows[128];
	double value;
	int ret;

	snprintf(rows, sizeof(rows), "a,b\nx,%s\n", text);
	open_text(&csv, rows);
	assert_int_equal(csv_next(&csv, &err), 1);
	ret = whole ? csv_unsigned(&csv, 1, &integer, &err) : csv_number(&csv, 1, &value, &err);
	if (ret != -EBADMSG)
		fail_msg("'%s' gave %d", text, ret);
	assert_says(&err, 2, "b: '");
	csv_close(&csv);
}

static void test_not_a_number(void **state)
{
	static const char *const texts[] = {
		"x", "1x", "1 ", " 1", "1.2.3", "inf", "-inf", "nan", "NAN", "infinity", "0x10",
		".", "-", "+", "e5", "1e", "1e+", "--1", "1e999", "-1e999", "1;5",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		field_refused(texts[i], false);
}

static void test_not_an_unsigned(void **state)
{
	static const char *const texts[] = {
		"", "-1", "+1", "1.0", "1e3", " 1", "1 ", "x", "18446744073709551616",
		"99999999999999999999999",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		field_refused(texts[i], true);
}

/* Each column, first and last and empty, and no word of a row that lost its fields since. */
static void test_one_column_again(void **state)
{
	static const char *const wanted[2][3] = { { "1", "", "last" }, { "2", "b", "" } };
	struct error err = { "" };
	struct csv csv;
	const char *text;

	(void)state;
	for (int column = 0; column < 3; column++) {
		open_text(&csv, "a,b,c\n1,,last\n2,b,\n3\n");
		for (int row = 0; row < 2; row++) {
			assert_int_equal(csv_next_again(&csv, column, &text, &err), 1);
			assert_string_equal(text, wanted[row][column]);
		}
		if (column) {
			assert_int_equal(csv_next_again(&csv, column, &text, &err), -EBADMSG);
			assert_says(&err, 4, "too few fields");
		}
		csv_close(&csv);
	}
	open_text(&csv, "a,b\n1,2\n3,torn");
	assert_int_equal(csv_next_again(&csv, 1, &text, &err), 1);
	assert_int_equal(csv_next_again(&csv, 1, &text, &err), 0);
	csv_close(&csv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_and_columns),
		cmocka_unit_test(test_missing_file),
		cmocka_unit_test(test_damaged_header),
		cmocka_unit_test(test_damaged_row),
		cmocka_unit_test(test_torn_last_line),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_endless_line),
		cmocka_unit_test(test_each_length),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_number_in_any_locale),
		cmocka_unit_test(test_not_a_number),
		cmocka_unit_test(test_not_an_unsigned),
		cmocka_unit_test(test_one_column_again),
	};

	return cmocka_run_group_tests(tests, file_create, file_remove);
}
