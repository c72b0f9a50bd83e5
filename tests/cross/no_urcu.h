/*
 * Stands in for a strategy that needs liburcu, where there is none for the processor.
 *
 * SPDX-License-Identifier: MIT
 */
#define KREF_HOLE "apt has no liburcu-dev for this processor"
#define KREF_CAPS 0u
