/*
 * lockref in the model: one try, so that the lock is taken often.
 *
 * SPDX-License-Identifier: MIT
 */
#define KREF_LOCKREF_TRIES 1
#define MODEL_SEARCH_2 MODEL_BOUND(3)
