/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TOPOLOGY_CHECK_H
#define MTLINK_TOPOLOGY_CHECK_H

#include "ns3/mtlink-topology.h"

#include <optional>
#include <span>

namespace ns3
{
namespace mtlink
{

/** GetBisection() is not computed for graphs of more links (one direction each) than this. */
inline constexpr size_t BISECTION_LINKS = 250000;

/**
 * @ingroup mtlink
 * Check that every node can be reached from every other, endpoints passing traffic on too.
 * @param [in] topology The graph.
 * @throws ParameterError that names a node which the first endpoint does not reach.
 */
void CheckConnected(const Topology& topology);

/**
 * @ingroup mtlink
 * @param [in] topology A connected graph.
 * @param [in] most Endpoints to look from, evenly chosen; with less than all of them the result is
 *             a lower bound, where all endpoints are alike the diameter itself.
 * @return the most links on a shortest path between two endpoints, endpoints in between allowed.
 */
uint32_t GetDiameter(const Topology& topology, uint32_t most = UINT32_MAX);

/**
 * @ingroup mtlink
 * What the first half of the endpoints, by rank (floor(n/2) of them), can send to the others at
 * once over ideal routes: the maximum flow from all of the one half to all of the other (Boost's
 * Boykov-Kolmogorov). Endpoints pass traffic on too. It is one cut of the fabric, that of ranks in
 * order, not the least of all halvings; the endpoints' own links bound it.
 * @param [in] topology The graph.
 * @param [in] capacity By link id, in bit/s or any other unit; empty: every link counts 1.
 * @return the flow, in the unit of the capacities; nothing where there are fewer than 2 endpoints
 *         or more than BISECTION_LINKS links.
 */
std::optional<uint64_t> GetBisection(const Topology& topology,
                                     std::span<const uint64_t> capacity = {});

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TOPOLOGY_CHECK_H
