/*
 * rcuref in the model: its revival of an object takes three threads, and few switches.
 *
 * SPDX-License-Identifier: MIT
 */
#define MODEL_SEARCH_3 MODEL_BOUND(2)
