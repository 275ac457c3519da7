/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CONGESTION_COLLECTOR_H
#define MTLINK_CONGESTION_COLLECTOR_H

#include "link/waiting-chains.h"

#include "ns3/mtlink-results.h"
#include "ns3/mtlink-routing.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Writes down who held whom up: roots, the links that waited for them, and the flows.
 */
class CongestionCollector
{
  public:
    /**
     * @param [in] topology The graph; must outlive this.
     * @param [in] routing The routes; must outlive this.
     */
    CongestionCollector(const Topology& topology, const Routing& routing);

    /**
     * Fill RunResults::congestion and RunResults::congestionFlows.
     * @param [in] chains Who waited for whom.
     * @param [in,out] results Where to; has its links already.
     */
    void Collect(const WaitingChains& chains, RunResults& results);

  private:
    /**
     * @param [in] flow A flow that was held up by a root.
     * @return whether it may itself lead over the root, by one of the ways that the routing gives
     *         it without a detour.
     */
    bool IsCause(const WaitingChains::Flow& flow);

    /** @return all links over which the routing may lead a flow, sorted. */
    const std::vector<uint32_t>& GetWays(uint32_t src, uint32_t dst);

    const Topology& m_topology;                 //!< The graph
    const Routing& m_routing;                   //!< The routes
    std::pair<uint32_t, uint32_t> m_flow{0, 0}; //!< Whose ways are known
    std::vector<uint32_t> m_ways;               //!< See GetWays()
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CONGESTION_COLLECTOR_H
