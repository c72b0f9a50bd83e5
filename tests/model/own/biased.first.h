/*
 * biased in the model: what can be searched of it.
 *
 * SPDX-License-Identifier: MIT
 */

/* Entering and leaving are too many steps for a search of all that can happen. */
#define MODEL_SEARCH_2 MODEL_BOUND(1)
