/*
 * refcache in the model: one way, so that every other object evicts, and how it is searched.
 *
 * SPDX-License-Identifier: MIT
 */
#define KREF_REFCACHE_WAYS 1u

/* Entering, flushing and leaving are too many steps for a search of all that can happen. */
#define MODEL_SEARCH_2 MODEL_RANDOM(50000)
