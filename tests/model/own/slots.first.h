/*
 * Slots in the model: one object at a time has some, so that an index is used anew at once.
 *
 * SPDX-License-Identifier: MIT
 */
#define MODEL_STATE slots
#define KREF_SLOTS_MAX 2u
/* Making the tables and the index takes many steps, and all of them before the count's. */
#define MODEL_SEARCH_2 MODEL_BOUND(2)
