/*
 * Scenarios of percpu: those of the slots.
 *
 * SPDX-License-Identifier: MIT
 */
#include "slots.h"
