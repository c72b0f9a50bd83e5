/*
 * Tests of harness/build_id.c: it is the one that the linker wrote, as readelf tells it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/build_id.h"

/* "" without readelf. */
static void read_by_readelf(char id[BUILD_ID_TEXT_BYTES])
{
	char *program = realpath("/proc/self/exe", NULL), *command = NULL;
	FILE *pipe;

	*id = '\0';
	assert_non_null(program);
	assert_true(asprintf(&command, "readelf -n '%s' 2>/dev/null | sed -n 's/.*Build ID: //p'", program) > 0);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	if (!fgets(id, BUILD_ID_TEXT_BYTES, pipe))
		*id = '\0';
	id[strcspn(id, "\n")] = '\0';
	pclose(pipe);
	free(command);
	free(program);
}

static void test_is_the_linkers(void **state)
{
	char id[BUILD_ID_TEXT_BYTES], wanted[BUILD_ID_TEXT_BYTES];

	(void)state;
	read_by_readelf(wanted);
	if (!*wanted) {
		print_message("no readelf here\n");
		skip();
	}
	build_id_read(id);
	assert_string_equal(id, wanted);
	assert_int_equal(strlen(id), 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_is_the_linkers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
