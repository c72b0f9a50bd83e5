/*
 * Stands for a strategy's header where there is no cell of it: the reason.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef WORKLOADS_HOLE_H
#define WORKLOADS_HOLE_H

#define KREF_CAPS 0u

#if defined(CELL_LACKS_COMMIT)
#define KREF_HOLE "the other commit has no such strategy or workload"
#elif defined(CELL_LACKS_GLIB)
#define KREF_HOLE "glib's headers are not there"
#elif defined(CELL_IS_FLOOR)
#define KREF_HOLE "a floor of the lookup under RCU: it stands beside queue_rcu"
#elif defined(CELL_IS_PEER)
#define KREF_HOLE "a peer with a type of its own: only getput is written for it"
#endif

#endif
