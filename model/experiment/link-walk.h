/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_LINK_WALK_H
#define MTLINK_LINK_WALK_H

#include "ns3/mtlink-fabric.h"

#include <cstdint>

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
 * @param [in] call Called at each step with the node, and all links that it may take there.
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
            call(at, hops.links);
            at = fabric.GetTopology().GetLinks()[hops.links.front()].to;
        }
    }
}

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_LINK_WALK_H
