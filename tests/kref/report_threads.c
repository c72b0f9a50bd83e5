/*
 * A report hook that one thread sets while another reports: what the hook uses is there. For TSan.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdlib.h>

#include "kref/kref.h"

/* Written before the hook is set, read by the hook: ordered by the hook itself. */
static unsigned expected;
static unsigned heard;

static void hear(enum kref_report kind, struct kref *kref)
{
	(void)kref;
	heard = expected + kind;
}

static void *report_until_heard(void *unused)
{
	while (!heard) {
		struct kref kref = KREF_INIT(1);

		/* The first tells of it on stderr, until there is a hook. */
		kref_report(KREF_REPORT_UNDERFLOW, &kref);
	}
	return unused;
}

int main(void)
{
	pthread_t reporter;

	if (pthread_create(&reporter, NULL, report_until_heard, NULL))
		return EXIT_FAILURE;
	expected = 7;
	kref_set_report_hook(hear);
	if (pthread_join(reporter, NULL))
		return EXIT_FAILURE;
	return heard == 7 + KREF_REPORT_UNDERFLOW ? EXIT_SUCCESS : EXIT_FAILURE;
}
