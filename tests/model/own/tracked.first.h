/*
 * tracked in the model: a small ledger, since each execution makes one.
 *
 * SPDX-License-Identifier: MIT
 */
#define KREF_LEDGER_MAX 16u
