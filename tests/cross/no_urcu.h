/*
 * Stands in for a strategy that needs liburcu, where there is none for the processor.
 *
 * SPDX-License-Identifier: MIT
 */
#define KREF_HOLE "no liburcu-dev from apt for this processor"
#define KREF_CAPS 0u
