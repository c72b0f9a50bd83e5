/*
 * snzi in the model: threads 0 and 2 at one leaf, thread 1 at another.
 *
 * SPDX-License-Identifier: MIT
 */
#define MODEL_SELF_OBJECTS
#define KREF_SNZI_LEAVES 2
#define MODEL_SEARCH_2 MODEL_BOUND(4)
