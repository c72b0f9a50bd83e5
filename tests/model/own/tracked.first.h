/*
 * tracked in the model: a small ledger, since each execution makes one, and mutexes without tries, of
 * which a search would have too many.
 *
 * SPDX-License-Identifier: MIT
 */
#define KREF_LEDGER_MAX 64u
#define KREF_LEDGER_PAUSE 1
