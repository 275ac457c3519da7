/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TESTS_ROUTING_WALK_H
#define MTLINK_TESTS_ROUTING_WALK_H

#include "ns3/mtlink-routing-profile.h"
#include "ns3/mtlink-routing.h"
#include "ns3/mtlink-topology-builder.h"
#include "ns3/string.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** One hop of a route: link and VC class. */
using Step = std::pair<uint32_t, uint8_t>;

/**
 * Call f with every candidate route of one leg, as its steps. A route that comes back to a node
 * is handed over as it is then, not followed further.
 */
inline void
ForEachRoute(const Topology& topology,
             const Routing& routing,
             uint32_t from,
             uint32_t to,
             const std::function<void(const std::vector<Step>&)>& f)
{
    std::vector<Step> route;
    std::vector<uint32_t> nodes{from};
    const std::function<void(uint32_t, uint8_t)> visit = [&](uint32_t node, uint8_t vcClass) {
        const Hops hops = routing.NextHops(node, to, vcClass);
        for (const uint32_t link : hops.links)
        {
            const uint32_t next = topology.GetLinks()[link].to;
            const bool seen = std::find(nodes.begin(), nodes.end(), next) != nodes.end();
            route.emplace_back(link, hops.vcClass);
            if (seen || topology.IsEndpoint(next))
            {
                f(route);
            }
            else
            {
                nodes.push_back(next);
                visit(next, hops.vcClass);
                nodes.pop_back();
            }
            route.pop_back();
        }
    };
    visit(from, 0);
}

/** @return a routing profile with an algorithm by name. */
inline Ptr<RoutingProfile>
MakeProfile(const std::string& algorithm)
{
    auto profile = CreateObject<RoutingProfile>();
    profile->SetAttribute("Algorithm", StringValue(algorithm));
    return profile;
}

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TESTS_ROUTING_WALK_H
