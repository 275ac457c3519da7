/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DEADLOCK_H
#define MTLINK_DEADLOCK_H

#include "ns3/mtlink-routing.h"

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Result of the deadlock proof.
 */
struct DeadlockProof
{
    bool acyclic{false};            //!< No cycle: deadlock-free (Dally and Seitz 1987)
    uint64_t channels{0};           //!< (link, VC class) pairs that some route uses
    uint64_t dependencies{0};       //!< Edges between them
    std::vector<std::string> cycle; //!< The shortest cycle found, "gpu0:1 class 0", or nothing
    std::string trap; //!< A channel whose packets may have no binding way on, or nothing
};

/**
 * @ingroup mtlink
 * Build the dependency graph over (link, VC class) of all routes between all pairs of endpoints,
 * and look for a cycle with Boost.Graph's strong components. Endpoints, relays among them, take
 * packets in whole and end a chain, but for those that forward detours: there a packet keeps its
 * buffer until it leaves, so the channel by which it came waits for that by which it goes.
 *
 * All states are covered in which a packet may be: on its way to its target; on its way to where a
 * detour leads it, which may have begun at any switch that offers detours, on any class on which
 * packets come there; and on to any target from where a detour was reached. (The parts of a
 * detoured way are joined at their ends without looking who begins which: a superset.)
 *
 * A dependency leads from every channel, adaptive ones among them, to every binding alternative
 * of the packets that may come by it; nothing waits for an adaptive one. With virtual cut-through
 * a packet that waits lies in one buffer, that of the channel by which it came, so an adaptive hop
 * hands no dependency on: this is Duato's condition for cut-through networks ("A necessary and
 * sufficient condition for deadlock-free routing in cut-through and store-and-forward networks",
 * IEEE TPDS 7(8), 1996; the escape of "A new theory ...", TPDS 4(12), 1993). That an escape is
 * always offered is checked: see DeadlockProof::trap.
 * @param [in] topology The graph.
 * @param [in] routing The routes.
 * @return what was found.
 */
DeadlockProof ProveDeadlockFree(const Topology& topology, const Routing& routing);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DEADLOCK_H
