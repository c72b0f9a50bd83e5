/*
 * rcuref in the model: how three threads are searched. Few switches revive an object.
 *
 * SPDX-License-Identifier: MIT
 */
#define MODEL_SEARCH_3 MODEL_BOUND(2)
