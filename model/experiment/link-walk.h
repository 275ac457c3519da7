/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_LINK_WALK_H
#define MTLINK_LINK_WALK_H

#include "ns3/mtlink-fabric.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Follow a packet through a fabric; the first of equivalent links stands for all.
 * @param [in] fabric The fabric.
 * @param [in] src Where it begins.
 * @param [in] dst Where it ends.
 * @param [in] call Called at each step with the link.
 */
template <typename Call>
void
ForEachHop(const MtlinkFabric& fabric, uint32_t src, uint32_t dst, const Call& call)
{
    const Routing& routing = fabric.GetRouting();
    for (uint32_t at = src; at != dst;)
    {
        const uint32_t target = routing.GetLegEnd(at, dst);
        for (uint8_t vcClass = 0; at != target;)
        {
            const Hops hops = routing.NextHops(at, target, vcClass);
            vcClass = hops.vcClass;
            call(hops.links.front());
            at = fabric.GetTopology().GetLinks()[hops.links.front()].to;
        }
    }
}

/**
 * @ingroup mtlink
 * Visit all places of all ways that packets may take through a fabric, each once in a leg.
 * @param [in] fabric The fabric.
 * @param [in] src Where they begin.
 * @param [in] dst Where they end.
 * @param [in] call Called with the node, and all links that a packet may take there.
 */
template <typename Call>
void
ForEachChoice(const MtlinkFabric& fabric, uint32_t src, uint32_t dst, const Call& call)
{
    const Routing& routing = fabric.GetRouting();
    for (uint32_t at = src; at != dst;)
    {
        const uint32_t target = routing.GetLegEnd(at, dst);
        std::vector<std::pair<uint32_t, uint8_t>> places{{at, 0}}; // in order, those before i done
        for (std::size_t i = 0; i < places.size(); ++i)
        {
            const auto [node, vcClass] = places[i];
            if (node == target)
            {
                continue;
            }
            const Hops hops = routing.NextHops(node, target, vcClass);
            call(node, hops.links);
            for (const uint32_t link : hops.links)
            {
                const std::pair next(fabric.GetTopology().GetLinks()[link].to, hops.vcClass);
                if (std::find(places.begin(), places.end(), next) == places.end())
                {
                    places.push_back(next);
                }
            }
        }
        at = target;
    }
}

/**
 * @ingroup mtlink
 * Walks the ways of messages, over all links that their hashes may choose.
 */
class LinkWalker
{
  public:
    /** @param [in] fabric Its ways; must outlive this. */
    explicit LinkWalker(const MtlinkFabric& fabric);

    /**
     * @param [in] sources Where messages begin.
     * @param [in] destination Where they end.
     * @param [in] visit Called with each link that they may take, perhaps several times.
     * @return the number of nodes looked at.
     */
    uint64_t Walk(std::span<const uint32_t> sources,
                  uint32_t destination,
                  const std::function<void(uint32_t)>& visit);

  private:
    /** Visit the links of a leg, but for those behind nodes that were seen on ways to its end. */
    uint64_t WalkLeg(uint32_t at, uint32_t end, const std::function<void(uint32_t)>& visit);

    const Topology& m_topology;                         //!< The graph
    const Routing& m_routing;                           //!< The routes
    uint32_t m_classes;                                 //!< VC classes, at most
    std::vector<uint32_t> m_seen;                       //!< By node and class: a stamp
    uint32_t m_stamp{0};                                //!< Of the end of a leg
    uint32_t m_end{UINT32_MAX};                         //!< That end
    std::vector<std::pair<uint32_t, uint8_t>> m_fronts; //!< Scratch of WalkLeg()
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_LINK_WALK_H
