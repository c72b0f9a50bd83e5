/*
 * biased in the model: how it is searched.
 *
 * SPDX-License-Identifier: MIT
 */

/* Entering and leaving are too many steps for a search of all that can happen. */
#define MODEL_SEARCH_2 MODEL_BOUND(1)
