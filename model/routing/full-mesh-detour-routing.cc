/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "routing/full-mesh-detour-routing.h"

#include "routing/routing-registry.h"

#include "ns3/mtlink-error.h"
#include "ns3/mtlink-full-mesh-topology.h"

namespace ns3
{
namespace mtlink
{

namespace
{

std::unique_ptr<RoutingAlgorithm>
MakeDetour(const Topology& topology, uint32_t domain, const RoutingProfile&)
{
    if (!dynamic_cast<const FullMeshTopology*>(topology.GetDomains()[domain].builder))
    {
        throw ParameterError("algorithm", "detour is for kind full_mesh");
    }
    return std::make_unique<FullMeshDetourRouting>(topology, domain);
}

const Registered<RoutingKind> REGISTERED(
    GetRoutingAlgorithms(),
    "detour",
    {.by = WayBy::LOAD, .isForwarded = true, .hasThreshold = true, .make = MakeDetour});

} // namespace

FullMeshDetourRouting::FullMeshDetourRouting(const Topology& topology, uint32_t domain)
    : FullMeshRouting(topology, domain),
      m_endpoints(topology.GetDomains()[domain].endpoints)
{
    if (m_endpoints.size() < 3)
    {
        throw ParameterError("algorithm",
                             "a detour needs a third endpoint, and this full mesh has " +
                                 std::to_string(m_endpoints.size()) + ": use minimal");
    }
}

std::string
FullMeshDetourRouting::GetDefinition() const
{
    return "One detour at most: a packet takes one of the parallel links to its destination, or a "
           "link to any third endpoint, which forwards it by one of its own links to the "
           "destination (two-phase routing, Valiant 1982, on a complete graph). Packets go direct "
           "unless more waits for the direct links than these send in the time that a detour takes "
           "longer (the least queue, as in UGAL, Singh 2005); then ports with nothing of their own "
           "to send take packets from that queue. 2 VC classes: 0 on a detour's first link, 1 on "
           "its second and on direct links. Class 0 waits for class 1 only, and class 1 ends at "
           "endpoints that always take packets in, so no cycle can close.";
}

uint32_t
FullMeshDetourRouting::GetVcClasses() const
{
    return CLASSES;
}

Hops
FullMeshDetourRouting::NextHops(uint32_t node, uint32_t target, uint8_t) const
{
    return {GetLinksTo(GetIndex(node), GetIndex(target)), LAST};
}

bool
FullMeshDetourRouting::IsForwarded() const
{
    return true;
}

void
FullMeshDetourRouting::GetForwardedDetours(uint32_t endpoint,
                                           std::vector<Alternative>& detours) const
{
    const uint32_t own = GetIndex(endpoint);
    for (uint32_t via = 0; via < m_endpoints.size(); ++via)
    {
        if (via != own)
        {
            detours.push_back({{GetLinksTo(own, via), FIRST}, m_endpoints[via], true});
        }
    }
}

} // namespace mtlink
} // namespace ns3
