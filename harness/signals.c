/*
 * Catches the signals that ask a run, or one of its launches, to end.
 *
 * SPDX-License-Identifier: MIT
 */
#include "signals.h"

#include <signal.h>
#include <stddef.h>

void signals_catch(void (*handler)(int), int flags)
{
	const struct sigaction action = { .sa_handler = handler, .sa_flags = flags };
	static const int ignorable[] = { SIGINT, SIGHUP };
	struct sigaction before;

	/* Always: a run ends its launches by it. */
	sigaction(SIGTERM, &action, NULL);
	for (unsigned i = 0; i < sizeof(ignorable) / sizeof(*ignorable); i++)
		if (!sigaction(ignorable[i], NULL, &before) && before.sa_handler != SIG_IGN)
			sigaction(ignorable[i], &action, NULL);
}
