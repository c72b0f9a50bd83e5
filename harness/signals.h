/*
 * Catches the signals that ask a run, or one of its launches, to end.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_SIGNALS_H
#define HARNESS_SIGNALS_H

/*
 * Has handler called for SIGTERM, and for SIGINT and SIGHUP unless they are ignored, as nohup(1) and jobs in the
 * background of a script want it; SIG_DFL: gives them back. flags are sigaction()'s.
 */
void signals_catch(void (*handler)(int), int flags);

#endif
