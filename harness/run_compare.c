/*
 * The command `compare A B`.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdio.h>

#include "compare.h"
#include "launch.h"
#include "run.h"

int run_compare(const char *directory, const char *other, double fail_above)
{
	struct compare compare;
	struct error err;
	int ret, code;

	ret = compare_runs(&compare, directory, other, &err);
	if (ret) {
		fprintf(stderr, "krefbench: %s\n", err.text);
		code = ret == -ENOMEM ? EXIT_INVALID : EXIT_USAGE;
	} else {
		run_tell_torn(directory);
		run_tell_torn(other);
		ret = compare_print(&compare, fail_above, stdout);
		if (ret < 0)
			fputs("krefbench: no memory to compare\n", stderr);
		code = ret == 1 ? EXIT_SLOWER : ret ? EXIT_INVALID : EXIT_DONE;
	}
	compare_free(&compare);
	return code;
}
