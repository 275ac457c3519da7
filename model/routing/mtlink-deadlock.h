/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DEADLOCK_H
#define MTLINK_DEADLOCK_H

#include "mtlink-routing.h"

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
};

/**
 * @ingroup mtlink
 * Build the dependency graph over (link, VC class) of all routes between all pairs of endpoints,
 * and look for a cycle with Boost.Graph's strong components. Endpoints, relays among them, take
 * packets in whole and end a chain.
 * @param [in] topology The graph.
 * @param [in] routing The routes.
 * @return what was found.
 */
DeadlockProof ProveDeadlockFree(const Topology& topology, const Routing& routing);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DEADLOCK_H
